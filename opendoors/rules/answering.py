"""What visitors and hosts say afterwards, and what the team makes of it: a quote, a need of the basin.

Who answers is known (one answer per visitor and per host, to be changed later) but not shown: the
team reads answers without names. ``by`` is the member of the team who acts; answering needs none, the
signed link is the right.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import Need, User
from basins.rules.needs import raise_need
from basins.rules.privacy import refuse_national_numbers
from core import checks
from core.bilingual import text
from core.spoken import plain_date
from opendoors.enums import AnswerRole, Attendance, BookedState, HostState, VisitState
from opendoors.errors import AnswerRefused
from opendoors.models import Answer, BookedVisit, Edition, Host, Visitor
from opendoors.queries import LINK_LIVES_ON
from opendoors.rules.checks import refuse_stranger

logger = logging.getLogger(__name__)

CAME = ("", Attendance.PRESENT)  # nobody noted it, or somebody saw them
TITLE_AT_MOST = 200
OCCASION = "answer:"  # what the list of needs calls an answer, before its UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerData:
    """The questionnaire as it was filled in; what was left open is empty."""

    rating: int | None = None
    knows_better: str = ""
    will_contact: str = ""
    again: str = ""
    best: str = ""
    missing: str = ""
    may_quote: bool = False

    @property
    def says_something(self) -> bool:
        return any((self.rating, self.knows_better, self.will_contact, self.again, self.best, self.missing))


def last_day(edition: Edition) -> dt.date:
    """Until then answers are taken and changed: as long as the links in the mails open something."""
    return edition.ends_on + LINK_LIVES_ON


def why_visitor_cannot(visitor: Visitor) -> str:
    """Why somebody cannot say now how the visits were, in the reader's words; ``""`` when one can."""
    made = BookedVisit.objects.filter(
        booking__visitor=visitor,
        state=BookedState.CONFIRMED,
        visit__state=VisitState.PLANNED,
        visit__ends_at__lte=timezone.now(),
    )
    if not made.exists():
        return str(_("We ask you how it was after your first visit."))
    if not made.filter(attendance__in=CAME).exists():
        return str(_("You could not come this time: there is nothing to answer."))
    return _why_over(visitor.edition)


def why_host_cannot(host: Host) -> str:
    """The same for a service that opened its door."""
    made = host.visits.filter(state=VisitState.PLANNED, ends_at__lte=timezone.now())
    if host.state != HostState.ACCEPTED or not made.exists():
        return str(_("We ask you how it was after your first visit."))
    return _why_over(host.edition)


def _why_over(edition: Edition) -> str:
    if timezone.localdate() > last_day(edition):
        return str(_("The questionnaire closed on %(day)s.") % {"day": plain_date(last_day(edition))})
    return ""


@transaction.atomic
def answer(
    *,
    data: AnswerData,
    language: str,
    by: User | None,
    visitor: Visitor | None = None,
    host: Host | None = None,
) -> Answer:
    """Keep what a visitor or a host says, in place of what they said before.

    What was quoted and now reads differently, or may no longer be quoted, leaves the public page.
    Locks the visitor's or the host's row: of two answers at once the second changes the first.
    Raises ``AnswerRefused``, ``NationalNumberFound``.
    """
    if visitor is not None:
        visitor = (
            Visitor.objects.select_for_update(of=("self",), no_key=True)
            .select_related("edition__basin")
            .get(pk=visitor.pk)
        )
        role, edition, reason = AnswerRole.VISITOR, visitor.edition, why_visitor_cannot(visitor)
    elif host is not None:
        host = (
            Host.objects.select_for_update(of=("self",), no_key=True).select_related("edition__basin").get(pk=host.pk)
        )
        role, edition, reason = AnswerRole.HOST, host.edition, why_host_cannot(host)
    else:
        raise TypeError("An answer is a visitor's or a host's.")
    if reason:
        raise AnswerRefused(reason)
    if not data.says_something:
        raise AnswerRefused(_("Answer at least one question."), field="rating")
    refuse_national_numbers(best=data.best, missing=data.missing)
    row = Answer.objects.filter(visitor=visitor, host=host, role=role).first() or Answer(
        edition=edition, role=role, visitor=visitor, host=host
    )
    reads_the_same = row.best == data.best.strip() and data.may_quote
    row.language, row.is_quoted = language, row.is_quoted and reads_the_same
    for name, value in asdict(data).items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    checks.check_row(row, refusal=AnswerRefused)
    row.save()
    logger.info("answer %s of a %s was kept", row.uuid, role)
    return row


@transaction.atomic
def quote(*, answer: Answer, quoted: bool, by: User) -> Answer:
    """Show on the public page what was good, without a name, or take it off.

    Locks the row. Raises ``AnswerRefused`` where the person did not agree or wrote nothing, ``NotYours``.
    """
    row = _locked(answer, by)
    if quoted and not row.may_quote:
        raise AnswerRefused(_("This person did not agree to be quoted."))
    if quoted and not row.best:
        raise AnswerRefused(_("There is nothing to quote."))
    row.is_quoted = quoted
    row.save(update_fields=["is_quoted", "modified"])
    logger.info("answer %s is %s by %s", row.uuid, "quoted" if quoted else "no longer quoted", by.uuid)
    return row


@transaction.atomic
def make_need(*, answer: Answer, title: str, by: User) -> Need:
    """Put what is missing into the basin's list of needs, in the words of who said it but without a name.

    A need of the same title gets a further mention. Asked again for the same answer this changes
    nothing. Locks the row, then the basin's needs. Raises ``AnswerRefused``, ``NotYours`` and what
    ``raise_need`` raises.
    """
    row = _locked(answer, by)
    if row.need is not None:
        return row.need
    if not row.missing:
        raise AnswerRefused(_("This answer names nothing that is missing."))
    edition = row.edition
    row.need = raise_need(
        source="opendoors",
        source_key=f"{OCCASION}{row.uuid}",
        source_label=f"{text(edition, 'name', row.language)} {edition.starts_on.year}",
        basin=edition.basin,
        title=title[:TITLE_AT_MOST],
        language=row.language,
        words=row.missing,
        heard_on=timezone.localtime(row.created).date(),
        by=by,
    )
    row.save(update_fields=["need", "modified"])
    return row.need


def _locked(answer: Answer, by: User) -> Answer:
    row = Answer.objects.select_for_update(of=("self",)).select_related("edition__basin").get(pk=answer.pk)
    refuse_stranger(row.edition, by)
    return row
