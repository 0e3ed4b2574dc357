"""What the helpdesk keeps of people: all of it on demand, and what the privacy page says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from basins.missions import PersonalRecord, PrivacyRow
from helpdesk import queries
from helpdesk.enums import SHOWN_TO_ASKER
from helpdesk.models import AskedDocument, HeldMail, Ticket


def records_of(email: str) -> Iterator[PersonalRecord]:
    """Everything held on an address, each row with the reason why."""
    tickets = queries.tickets_of(email).select_related("municipality", "theme", "audience")
    for ticket in tickets.prefetch_related(
        "messages", "events", Prefetch("documents", AskedDocument.objects.defer("file"))
    ):
        yield PersonalRecord(
            what=_("Question to the helpdesk"),
            reference=ticket.code,
            fields={**_asker_of(ticket), **_ticket_of(ticket)},
            reason=_("To answer you. Its words are erased twelve months after it was closed."),
        )
    for mail in HeldMail.objects.filter(from_email__iexact=email.strip()):
        yield PersonalRecord(
            what=_("Mail to the helpdesk that waits to be looked at"),
            reference=str(mail.uuid),
            fields={
                "name": mail.from_name,
                "email": mail.from_email,
                "subject": mail.subject,
                "words": mail.body,
                "quoted": mail.quoted,
                "received_at": mail.received_at,
            },
            reason=_("To find out to which question it belongs."),
        )


def _asker_of(ticket: Ticket) -> dict[str, object]:
    asker = ticket.asker
    names = ("name", "email", "phone", "organisation", "function", "profession", "language")
    return {name: getattr(asker, name) for name in names}


def _ticket_of(ticket: Ticket) -> dict[str, object]:
    said = [
        {"kind": each.kind, "said_at": each.said_at, "words": each.body, "quoted": each.quoted}
        for each in ticket.messages.all()
        if each.kind in SHOWN_TO_ASKER
    ]
    return {
        "subject": ticket.subject,
        "basin": ticket.basin.code,
        "postcode": ticket.postcode,
        "kind": ticket.kind,
        "state": ticket.state,
        "outcome": ticket.outcome,
        "received_at": ticket.received_at,
        "closed_at": ticket.closed_at,
        "helped": ticket.helped,
        "helped_words": ticket.helped_words,
        "merged_into": ticket.merged_into.code if ticket.merged_into else None,
        "messages": said,
        "documents": [
            {"name": each.name, "asked_at": each.asked_at, "received_at": each.received_at, "bytes": each.size}
            for each in ticket.documents.all()
        ],
    }


def privacy_rows() -> Iterable[PrivacyRow]:
    """For the page on privacy: what, why, how long."""
    after = _("12 months after the question is closed; after that only figures")
    return [
        PrivacyRow(
            _("Who asks the helpdesk: name, e-mail address, phone, organisation, profession"), _("To answer you"), after
        ),
        PrivacyRow(
            _("What you ask and what is answered; nothing that tells who the person is"),
            _("To look for an answer, and to learn from it"),
            after,
        ),
        PrivacyRow(
            _("A document that the helpdesk asked you for, without the name its file had"),
            _("To answer you; the colleagues of that helpdesk alone open it"),
            after,
        ),
        PrivacyRow(
            _("Which colleague of a helpdesk read which question, and when"),
            _("So that it can be asked afterwards who read what"),
            _("As long as the question’s figures"),
        ),
    ]
