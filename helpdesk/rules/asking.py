"""A question comes in: by the form, by mail, by phone, through a partner. One way in for all of them."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, PartnerKey, User
from basins.rules.people import NotYours
from core.cache import count_this_hour
from directory.models import TaxonomyTerm
from helpdesk import access
from helpdesk.enums import Channel, EventKind, MessageKind, RoutingReason, TicketKind
from helpdesk.errors import TicketInvalid, TooManyAsked
from helpdesk.models import Asker, Message, Ticket
from helpdesk.rules import letters
from helpdesk.rules.checking import known_of, refuse_bad_contact, refuse_identity
from helpdesk.rules.indexing import index
from helpdesk.rules.log import check_row, note_event
from helpdesk.rules.routing import Routed, route
from helpdesk.rules.targets import due_of

logger = logging.getLogger(__name__)

SUBJECT_AT_MOST = 90  # characters of the first sentence, where nobody gave the question a title
BODY_AT_MOST = 8000
ASKED_PER_HOUR = 30  # from one network: a whole team behind one address gets through, a script does not
SAME_FOR = dt.timedelta(days=1)
_FIRST_SENTENCE = re.compile(r"(?<=[.?!])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskerData:
    """Who asks. Nothing of this is about the person whom it is for."""

    name: str = ""
    email: str = ""
    phone: str = ""
    organisation: str = ""
    function: str = ""
    profession: str = ""
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestData:
    """What is asked, and for which place. ``basin``: chosen by who asks; ``page``: that of the site."""

    body: str
    subject: str = ""
    kind: str = TicketKind.QUESTION
    postcode: str = ""
    basin: Basin | None = None
    page: Basin | None = None
    theme: TaxonomyTerm | None = None
    audience: TaxonomyTerm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailData:
    """The headers by which a mail is found again."""

    message_id: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    quoted: str = ""


def ask(
    *,
    asker: AskerData,
    request: RequestData,
    channel: Channel,
    by: User | None = None,
    key: PartnerKey | None = None,
    confirmed: bool = False,
    is_incomplete: bool = False,
    network: str = "",
    once: UUID | None = None,
    mail: MailData | None = None,
    received_at: dt.datetime | None = None,
) -> Ticket:
    """Take a question in: asker, ticket, first words, history and the letter that says so, or nothing at all.

    ``by``: the colleague who notes a call; ``key``: the partner whose program asks. ``confirmed``: somebody looked at
    what may tell who the person is and said that it does not; mail is looked at by staff afterwards. ``once``: of a
    form sent twice the second finds the first's ticket, if all of it is the same.

    Raises ``TicketInvalid``, ``PersonNamed``, ``NationalNumberFound``, ``PlaceUnknown``, ``PlaceMissing``,
    ``NotYours``, ``TooManyAsked``.
    """
    if once is not None and (known := _the_same(once, asker, request)) is not None:
        return known
    try:
        return _take_in(
            asker=asker,
            request=request,
            channel=channel,
            by=by,
            key=key,
            confirmed=confirmed,
            is_incomplete=is_incomplete,
            network=network,
            once=once,
            mail=mail or MailData(),
            received_at=received_at or timezone.now(),
        )
    except IntegrityError:
        # Sent twice at the same instant: the other one came through first.
        if once is not None and (known := _the_same(once, asker, request)) is not None:
            return known
        raise


@transaction.atomic
def _take_in(
    *,
    asker: AskerData,
    request: RequestData,
    channel: Channel,
    by: User | None,
    key: PartnerKey | None,
    confirmed: bool,
    is_incomplete: bool,
    network: str,
    once: UUID | None,
    mail: MailData,
    received_at: dt.datetime,
) -> Ticket:
    person = _asker_row(asker, channel)
    subject = " ".join(request.subject.split()) or title_of(request.body)
    if not subject:
        raise TicketInvalid(_("Say what you are looking for."), field="body")
    if len(request.body) > BODY_AT_MOST:
        raise TicketInvalid(
            _("This is too long: at most %(number)d characters.") % {"number": BODY_AT_MOST}, field="body"
        )
    refuse_bad_contact(email=person.email, phone=person.phone, function=person.function)
    texts = {"body": request.body, "subject": request.subject, "name": person.name, "organisation": person.organisation}
    refuse_identity(texts, known=known_of(person), confirmed=confirmed)
    routed = _routed(request, channel)
    _refuse_stranger(routed.basin, by, key)
    if network and by is None and count_this_hour("helpdesk:asked", network) > ASKED_PER_HOUR:
        raise TooManyAsked
    person.save()
    ticket = Ticket(
        basin=routed.basin,
        postcode=request.postcode.strip(),
        municipality=routed.municipality,
        routing=routed.reason,
        channel=channel,
        kind=request.kind,
        theme=request.theme,
        audience=request.audience,
        subject=subject[:200],
        language=asker.language,
        asker=person,
        key=key,
        is_incomplete=is_incomplete,
        received_at=received_at,
    )
    if once is not None:
        # In this order: what came through since it was first looked for is the same form, or another's identifier.
        is_taken = Ticket.objects.filter(uuid=once).exists()
        if is_taken and (known := _the_same(once, asker, request)) is not None:
            return known
        if not is_taken:
            ticket.uuid = once
    check_row(ticket)
    ticket.save()
    first = Message(
        ticket=ticket,
        kind=MessageKind.FROM_ASKER,
        channel=channel,
        author=by,
        language=asker.language,
        body=request.body.strip(),
        quoted=mail.quoted.strip(),
        said_at=received_at,
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        references=list(mail.references),
    )
    check_row(first)
    first.save()
    ticket.due_at = due_of(ticket)
    ticket.save(update_fields=["due_at", "modified"])
    note_event(ticket, EventKind.ASKED, by=by, after=routed.basin.code)
    index(ticket)
    letters.received(ticket)
    logger.info("ticket %s came %s, for %s", ticket.code, channel, routed.basin.code)
    return ticket


def title_of(body: str) -> str:
    """The first sentence or line, cut between words: what a question is called where nobody gave it a title."""
    line = next((each.strip() for each in body.splitlines() if each.strip()), "")
    title = _FIRST_SENTENCE.split(line, maxsplit=1)[0].rstrip(".")
    if len(title) <= SUBJECT_AT_MOST:
        return title
    return title[:SUBJECT_AT_MOST].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _asker_row(data: AskerData, channel: Channel) -> Asker:
    row = Asker(
        name=" ".join(data.name.split()),
        email=data.email.strip().lower(),
        phone=data.phone.strip(),
        organisation=" ".join(data.organisation.split()),
        function=" ".join(data.function.split()),
        profession=data.profession,
        language=data.language,
    )
    if channel == Channel.PHONE:
        if not (row.name or row.email or row.phone):
            raise TicketInvalid(_("Note a name, a number or an address: somebody has to be called back."), field="name")
    elif not row.email:
        raise TicketInvalid(_("Write your e-mail address, for example name@service.be"), field="email")
    if channel in {Channel.WEB, Channel.PARTNER} and not row.name:
        raise TicketInvalid(_("Write your name."), field="name")
    check_row(row)
    return row


def _routed(request: RequestData, channel: Channel) -> Routed:
    if channel == Channel.MAIL and request.page is not None and not request.postcode:
        return Routed(request.page, None, RoutingReason.ADDRESS)
    return route(postcode=request.postcode, chosen=request.basin, page=request.page)


def _refuse_stranger(basin: Basin, by: User | None, key: PartnerKey | None) -> None:
    if key is not None and not access.may_ask_for_others(key, basin.code):
        raise NotYours(_("Your key does not ask in the %(basin)s basin.") % {"basin": basin})
    # A call is noted by any helpdesk: who answers the phone does not choose where the person lives.
    if by is not None and not access.answers_somewhere(by):
        raise NotYours(_("You do not answer at a helpdesk."))


def _the_same(once: UUID, asker: AskerData, request: RequestData) -> Ticket | None:
    """The ticket that the same form made before. Whoever knows an identifier alone learns nothing from it."""
    found = (
        Ticket.objects.filter(
            uuid=once, asker__email=asker.email.strip().lower(), created__gte=timezone.now() - SAME_FOR
        )
        .select_related("basin", "asker")
        .first()
    )
    if found is None:
        return None
    first = found.messages.first()
    return found if first is not None and first.body == request.body.strip() else None
