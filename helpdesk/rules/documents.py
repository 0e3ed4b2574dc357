"""A document that the desk asks for: the one file that comes in, on the page of who asked, while it is asked for.

Whatever is attached elsewhere (a mail, a form, a partner's program) is not kept.
"""

from __future__ import annotations

import logging
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.privacy import holds_national_number
from helpdesk.enums import FROM_THE_DESK, Channel, DocumentStep, EventKind, TicketState
from helpdesk.errors import DocumentAskedAlready, DocumentNotAsked, DocumentRefused, TicketClosed, TicketInvalid
from helpdesk.models import AskedDocument, Ticket
from helpdesk.queries import where_it_went
from helpdesk.rules import answering, identity, replying
from helpdesk.rules.checking import known_of
from helpdesk.rules.document_kinds import kind_of
from helpdesk.rules.log import check_row, locked, note_event, refuse_erased, refuse_stranger, step
from helpdesk.rules.targets import due_of

logger = logging.getLogger(__name__)

AT_MOST = 5 * 1024 * 1024
# Said with every request, in the mail and on the page.
NOBODY_IN_IT = _("Nothing in it may tell who the person is: black out names, numbers and dates of birth first.")


@transaction.atomic
def ask(*, ticket: Ticket, words: str, by: User) -> AskedDocument:
    """Ask who asked for one file: ``words`` say which. They get them as a question of the helpdesk, and it waits.

    What a colleague answered meanwhile does not stand against it: it is no second answer. The same words sent twice
    are one request. Locks the ticket. Raises ``DocumentAskedAlready``, ``TicketInvalid`` where there is no address for
    the link or no words, and what ``answering.answer`` raises.
    """
    row = locked(ticket)
    refuse_stranger(row, by)
    refuse_erased(row)
    if row.is_closed:
        raise TicketClosed
    open_one = open_of(row)
    if open_one is not None:
        if open_one.asked_in.author_id == by.pk and open_one.asked_in.body == words.strip():
            return open_one
        raise DocumentAskedAlready
    if not row.asker.email:
        raise TicketInvalid(
            _("There is no mail address, so there is no page on which to put a file. Complete the address first.")
        )
    if not words.strip():
        raise TicketInvalid(_("Say which document you need, and what for."), field="words")
    last = row.messages.order_by("-pk").values_list("uuid", flat=True).first()
    said = answering.answer(ticket=row, body=words, by=by, seen=last, asks_back=True)
    if AskedDocument.objects.filter(asked_in=said).exists():
        # The same words within minutes are one message; its request was taken back or its file came.
        raise TicketInvalid(_("You asked this a moment ago. Say it in other words."), field="words")
    document = AskedDocument(ticket=row, asked_in=said, asked_by=by, asked_at=said.said_at)
    check_row(document)
    document.save()
    note_event(row, EventKind.DOCUMENT, by=by, after=DocumentStep.ASKED)
    return document


@transaction.atomic
def take_back(*, document: AskedDocument, by: User) -> AskedDocument:
    """Ask no longer: the field on the page of who asked is gone, and what waited for it alone waits no more.

    Locks the ticket. Raises ``NotYours``, ``DocumentNotAsked``.
    """
    row = locked(document.ticket)
    refuse_stranger(row, by)
    found = open_of(row)
    if found is None or found.pk != document.pk:
        raise DocumentNotAsked
    _end(found, row, by=by)
    asked_since = row.messages.filter(kind__in=FROM_THE_DESK, pk__gt=found.asked_in_id)
    if row.state == TicketState.WAITING and not asked_since.exists():
        step(row, TicketState.OPEN, by=by)
        row.due_at = due_of(row)
        row.save()
    return found


@transaction.atomic
def receive(*, ticket: Ticket, name: str, content: bytes) -> AskedDocument:
    """Keep the file that was asked for, under a neutral name; the thread says that it came, and the clock runs again.

    ``name`` is how the file was called: read for what tells who the person is, then dropped. The same file sent twice
    is one. Locks the ticket. Raises ``DocumentRefused``, ``DocumentNotAsked``, ``StepRefused``.
    """
    row = locked(where_it_went(ticket))
    refuse_erased(row)
    document = open_of(row)
    if document is None:
        lately = row.documents.filter(received_at__gte=timezone.now() - replying.TWICE).order_by("-received_at").first()
        if lately is not None and bytes(lately.file or b"") == content:
            return lately
        raise DocumentNotAsked
    _check_name(row, name)
    document.kind = _checked_kind(content)
    document.file, document.size, document.received_at = content, len(content), timezone.now()
    check_row(document)
    document.save()
    number = row.documents.exclude(received_at=None).count()
    with translation.override(row.asker.language):
        words = gettext("(Document %(number)d, which the helpdesk asked for, was sent.)") % {"number": number}
    replying.reply(ticket=row, body=words, channel=Channel.WEB, language=row.asker.language, confirmed=True)
    note_event(row, EventKind.DOCUMENT, by=None, after=DocumentStep.RECEIVED)
    logger.info("ticket %s: a document came, %s, %d bytes", row.code, document.kind, document.size)
    return document


def open_of(ticket: Ticket) -> AskedDocument | None:
    """The request of a ticket that waits for its file."""
    open_ones = AskedDocument.objects.filter(ticket=ticket, received_at=None, taken_back_at=None)
    return open_ones.select_related("asked_in", "ticket").first()


def let_go(ticket: Ticket, *, by: User | None) -> None:
    """A ticket that is closed asks for nothing any more. The caller holds the ticket's lock."""
    found = open_of(ticket)
    if found is not None:
        _end(found, ticket, by=by)


def move(ticket: Ticket, into: Ticket, *, by: User) -> None:
    """The documents go where the words went; of two open requests that of ``into`` stays. Both tickets are locked."""
    if open_of(into) is not None:
        let_go(ticket, by=by)
    ticket.documents.update(ticket=into, modified=timezone.now())


def _end(document: AskedDocument, ticket: Ticket, *, by: User | None) -> None:
    document.taken_back_at = timezone.now()
    check_row(document)
    document.save(update_fields=["taken_back_at", "modified"])
    note_event(ticket, EventKind.DOCUMENT, by=by, after=DocumentStep.TAKEN_BACK)


def _check_name(row: Ticket, name: str) -> None:
    # In a name the parts are tied together: «1941_03_12».
    stem = PurePath(name).stem
    texts = {stem, stem.replace("_", " "), stem.replace("_", "-")}
    known = known_of(row.asker)
    if any(holds_national_number(each) or identity.findings(each, known=known) for each in texts):
        raise DocumentRefused(
            _(
                "The name of the file may tell who the person is. Give it another name, look whether the document "
                "itself names the person, and choose it again."
            )
        )


def _checked_kind(content: bytes) -> str:
    if not content:
        raise DocumentRefused(_("The file is empty. Choose another one."))
    if len(content) > AT_MOST:
        raise DocumentRefused(_("The file is larger than 5 MB. Choose a smaller one."))
    kind = kind_of(content)
    if kind is None:
        raise DocumentRefused(_("This is no PDF, JPEG, PNG or DOCX without macros. Choose another file."))
    return kind
