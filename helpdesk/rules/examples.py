"""A solved ticket becomes an example for everybody: drafted by one colleague, looked at and published by another.

What may tell who somebody is keeps an example back, whoever confirms it: in public there is no exception.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import RoleGrant, User
from basins.rights import ROLE_RIGHTS, Right
from basins.rules.people import NotYours
from core.bilingual import LANGUAGE_CODES
from core.text import fold
from directory.models import Organization, Service
from helpdesk import access
from helpdesk.enums import ExampleState, MessageKind, Outcome
from helpdesk.errors import ExampleTellsWho, StepRefused, TicketInvalid
from helpdesk.models import AnswerRecord, Asker, Example, Ticket
from helpdesk.rules import identity
from helpdesk.rules.checking import known_of
from helpdesk.rules.indexing import CONFIG
from helpdesk.rules.log import check_row, locked, refuse_erased, refuse_stranger

logger = logging.getLogger(__name__)

WORDS = ("title", "question", "helped")
LONGEST = 2000
RECORDS_AT_MOST = 8
_SENTENCE_END = re.compile(r"[.?!\n]+")
_SENTENCE_FROM = 30  # characters: what is shorter, anybody would say so


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleData:
    """What a colleague writes; a language may be left empty until it is published."""

    title_fr: str = ""
    title_nl: str = ""
    question_fr: str = ""
    question_nl: str = ""
    helped_fr: str = ""
    helped_nl: str = ""
    records: list[UUID] = field(default_factory=list)


def draft_of(ticket: Ticket) -> ExampleData:
    """The ticket's own words to begin with, in the language they were said in, everything masked that tells who.

    The asker's organisation and name are taken out as well; nothing is stored by this.
    """
    language = ticket.language
    first = ticket.messages.filter(kind=MessageKind.FROM_ASKER).order_by("said_at", "pk").first()
    answer = ticket.messages.filter(kind=MessageKind.ANSWER).order_by("-said_at", "-pk").first()
    words = {
        f"title_{language}": _anonymous(ticket, ticket.subject)[:120],
        f"question_{language}": _anonymous(ticket, first.body if first else "")[:LONGEST],
    }
    if answer is not None:
        spoken = answer.language
        words[f"helped_{spoken}"] = _anonymous(ticket, answer.body)[:LONGEST]
    return ExampleData(**words, records=[row.record for row in records_of(ticket)])


def records_of(ticket: Ticket) -> list[AnswerRecord]:
    """The records that the ticket's answers named, each once, in their order."""
    rows = AnswerRecord.objects.filter(message__ticket=ticket).order_by("message__said_at", "position", "pk")
    return list({row.record: row for row in rows}.values())


def _anonymous(ticket: Ticket, words: str) -> str:
    masked = identity.masked(words)
    for own in (ticket.asker.organisation, ticket.asker.name):
        if len(own) > 3:
            masked = masked.replace(own, identity.MASK)
    return masked


@transaction.atomic
def write(*, ticket: Ticket, data: ExampleData, by: User) -> Example:
    """Keep a draft of the ticket's example; what was public is a draft again until somebody looks at it anew.

    Locks the ticket. Raises ``NotYours``, ``StepRefused``, ``TicketInvalid``.
    """
    row = locked(ticket)
    refuse_stranger(row, by)
    refuse_erased(row)
    if row.outcome != Outcome.SOLVED:
        raise StepRefused(_("Only a closed ticket that was answered can become an example."))
    example = Example.objects.filter(ticket=row).first() or Example(ticket=row)
    example.basin, example.theme, example.audience = row.basin, row.theme, row.audience
    for name in WORDS:
        for code in LANGUAGE_CODES:
            setattr(example, f"{name}_{code}", getattr(data, f"{name}_{code}").strip())
    example.records = _known_records(data.records)
    example.state, example.written_by = ExampleState.DRAFT, by
    example.published_at = example.published_by = None
    check_row(example)
    example.save()
    _index(example)
    return example


def _known_records(wanted: list[UUID]) -> list[UUID]:
    if len(set(wanted)) > RECORDS_AT_MOST:
        raise TicketInvalid(
            _("At most %(number)d records: choose those that help most.") % {"number": RECORDS_AT_MOST}, field="records"
        )
    known = {*Service.objects.filter(uuid__in=wanted).values_list("uuid", flat=True)}
    known |= {*Organization.objects.filter(uuid__in=wanted).values_list("uuid", flat=True)}
    return [each for each in dict.fromkeys(wanted) if each in known]


def findings_of(example: Example) -> list[identity.Finding]:
    """What may tell who somebody is in any of its texts; a helpdesk's own number may stand there."""
    known = known_of(Asker())
    return [found for words in _texts(example) for found in identity.findings(words, known=known)]


def _texts(example: Example) -> list[str]:
    return [getattr(example, f"{name}_{code}") or "" for name in WORDS for code in LANGUAGE_CODES]


def why_not_yet(example: Example, by: User) -> list[str]:
    """All that keeps this colleague from publishing it, in words; nothing: it may go out."""
    reasons = []
    if not all(_texts(example)):
        reasons.append(str(_("Title, question and what helped stand in both languages first.")))
    if any(identity.MASK in words for words in _texts(example)):
        reasons.append(str(_("Write what is masked in words of your own: “a service of the neighbourhood”.")))
    if findings_of(example):
        reasons.append(str(ExampleTellsWho(findings_of(example)).message))
    if example.written_by_id == by.pk and _has_colleagues(example, by):
        reasons.append(str(_("A second look: a colleague who did not write it publishes it.")))
    return reasons


def is_retold(example: Example) -> bool:
    """Whether no longer sentence of who asked stands there as it was written. The desk is told, not stopped."""
    if example.ticket is None:
        return True
    said = example.ticket.messages.filter(kind=MessageKind.FROM_ASKER).values_list("body", flat=True)
    sentences = {_plain(each) for body in said for each in _SENTENCE_END.split(body)}
    told = [_plain(getattr(example, f"question_{code}") or "") for code in LANGUAGE_CODES]
    return not any(f" {each} " in f" {words} " for words in told for each in sentences if len(each) >= _SENTENCE_FROM)


def _plain(words: str) -> str:
    return " ".join(re.findall(r"\w+", fold(words)))


def _has_colleagues(example: Example, by: User) -> bool:
    roles = [role for role, rights in ROLE_RIGHTS.items() if Right.ANSWER_TICKETS in rights]
    grants = RoleGrant.objects.filter(basin=example.basin, role__in=roles, ended_at=None, user__is_active=True)
    return grants.exclude(user=by).exists()


@transaction.atomic
def publish(*, example: Example, by: User) -> Example:
    """Show it to everybody. Locks the example. Raises ``NotYours``, ``StepRefused``, ``ExampleTellsWho``."""
    row = _locked(example, by)
    if row.state == ExampleState.PUBLISHED:
        return row
    if found := findings_of(row):
        raise ExampleTellsWho(found)
    if reasons := why_not_yet(row, by):
        raise StepRefused(reasons[0])
    row.state, row.published_by, row.published_at = ExampleState.PUBLISHED, by, timezone.now()
    row.save()
    logger.info("example %s is public", row.uuid)
    return row


@transaction.atomic
def take_back(*, example: Example, by: User) -> Example:
    """Show it no more; its words stay for the desk. Locks the example. Raises ``NotYours``."""
    row = _locked(example, by)
    if row.state == ExampleState.PUBLISHED:
        row.state, row.published_by, row.published_at = ExampleState.TAKEN_BACK, None, None
        row.save()
        logger.info("example %s is public no more", row.uuid)
    return row


def _locked(example: Example, by: User) -> Example:
    rows = Example.objects.select_for_update(of=("self",), no_key=True).select_related("basin", "written_by")
    row = rows.get(pk=example.pk)
    if not access.answers_for(by, row.basin.code):
        raise NotYours(_("This example is not with your helpdesk."))
    return row


def _index(example: Example) -> None:
    folded = fold("\n".join(_texts(example)))
    Example.objects.filter(pk=example.pk).update(search_vector=SearchVector(Value(folded), config=CONFIG))
