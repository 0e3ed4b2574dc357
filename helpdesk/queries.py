"""What is read, scoped to who reads. What one may not see is not there, so its page is 404."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from basins.models import PartnerKey, User
from basins.rights import Right
from core import signing
from helpdesk.access import SCOPE_ASK
from helpdesk.enums import SHOWN_TO_ASKER
from helpdesk.models import AnswerRecord, AskedDocument, Asker, Message, SentLetter, Snippet, Ticket

LINK = "helpdesk.asker"


def tickets_for(user: User | AnonymousUser, basin: str | None = None) -> QuerySet[Ticket]:
    """The tickets whose basin's helpdesk the person answers at, in one basin or in all of theirs."""
    if not isinstance(user, User):
        return Ticket.objects.none()
    codes = user.basins_with(Right.ANSWER_TICKETS)
    tickets = Ticket.objects.filter(basin__code__in=codes if basin is None else {basin} & set(codes))
    return tickets.select_related("basin", "municipality", "asker", "assignee", "theme", "audience")


def tickets_of(email: str) -> QuerySet[Ticket]:
    """What was asked with an address, for whoever proved to hold it; merged ones lead to where they went."""
    tickets = Ticket.objects.filter(asker__email=email.strip().lower()).exclude(asker__email="")
    return tickets.select_related("basin", "asker", "merged_into__basin")


def tickets_asked_with(key: PartnerKey) -> QuerySet[Ticket]:
    """What a partner asked with its key, wherever it is now."""
    if SCOPE_ASK not in key.scopes:
        return Ticket.objects.none()
    return Ticket.objects.filter(key=key).select_related("basin", "municipality", "asker", "theme", "audience")


def snippets_for(user: User, basin: str) -> QuerySet[Snippet]:
    """The sentences offered to who answers in a basin: its own and those of all five."""
    if basin not in user.basins_with(Right.ANSWER_TICKETS):
        return Snippet.objects.none()
    offered = Snippet.objects.filter(is_active=True)
    return offered.filter(basin=None) | offered.filter(basin__code=basin)


def thread_of(ticket: Ticket) -> QuerySet[Message]:
    """All that was said, in order, with the records of the answers: for staff."""
    records = Prefetch("records", AnswerRecord.objects.order_by("position", "pk"))
    return ticket.messages.select_related("author", "call__expert").prefetch_related(records)


def thread_for_asker(ticket: Ticket) -> QuerySet[Message]:
    """What the asker reads: their own words and the desk's, never what colleagues note for each other."""
    return thread_of(ticket).filter(kind__in=SHOWN_TO_ASKER)


def documents_of(ticket: Ticket) -> QuerySet[AskedDocument]:
    """What was asked for with a ticket, without the files themselves, which one download reads."""
    return ticket.documents.defer("file").select_related("asked_in", "asked_by")


def ticket_of_mails(message_ids: Iterable[str]) -> Ticket | None:
    """The ticket to which one of these Message-IDs belongs, the last one named first; merged ones lead on.

    Ids of what came in and of what went out. Two queries.
    """
    wanted = [each for each in message_ids if each]
    known = {
        message_id: ticket
        for model in (SentLetter, Message)
        for message_id, ticket in model.objects.filter(message_id__in=wanted).values_list("message_id", "ticket")
    }
    found = next((known[each] for each in reversed(wanted) if each in known), None)
    return None if found is None else where_it_went(Ticket.objects.select_related("basin", "asker").get(pk=found))


def where_it_went(ticket: Ticket) -> Ticket:
    """The ticket into which this one was merged, itself where it was not."""
    while ticket.merged_into_id is not None:
        ticket = Ticket.objects.select_related("basin", "asker").get(pk=ticket.merged_into_id)
    return ticket


def participants_of(ticket: Ticket) -> set[str]:
    """The addresses whose mails belong to a ticket: its asker's, and those of the tickets merged into it."""
    askers = Asker.objects.filter(Q(ticket=ticket) | Q(ticket__merged_into=ticket)).exclude(email="")
    return set(askers.values_list("email", flat=True))


def by_link(token: str) -> Asker:
    """The asker whose link it is, with the ticket.

    Raises ``BadToken``; also for a link whose ticket is gone.
    """
    found = Asker.objects.filter(uuid=signing.read_uuid(LINK, token)).select_related("ticket__basin").first()
    if found is None or not hasattr(found, "ticket"):
        raise signing.BadToken
    return found


def ticket_url(asker: Asker) -> str:
    """The asker's page, in the reader's language: the address carries no ticket, only who may read it."""
    return asker_url("ticket", asker, asker.ticket.basin.code)


def asker_url(name: str, asker: Asker, basin: str) -> str:
    """One of the pages of the asker's link, on the site of the basin that has the ticket now."""
    return reverse(f"helpdesk:{name}", kwargs={"basin": basin, "token": signing.make_token(LINK, asker.uuid)})


def desk_url(name: str, basin: str | None) -> str:
    """The form and what belongs to it, on a basin's site or (None) the Region's."""
    return reverse(f"helpdesk:{name}", kwargs={"basin": basin}) if basin else reverse(f"helpdesk_region:{name}")
