"""An edition's life: written, announced, open, closed, running, evaluated.

People move it along; the calendar does it too when the dates have come. Whether somebody may book
is not decided by the state alone but by the sign-up window as well (``rules.booking``), so a clock
that stood still costs nobody a seat.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from itertools import pairwise

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from basins.models import Basin, User
from core import spoken
from core.bilingual import LANGUAGE_CODES, both
from core.checks import field_label
from opendoors.enums import EDITION_TRANSITIONS, EditionState, VisitState
from opendoors.errors import EditionStepRefused, HostingError
from opendoors.models import Edition, EditionStateChange, default_bands
from opendoors.rules.checks import check_row, refuse_stranger

logger = logging.getLogger(__name__)

Words = str | Promise

# The steps the calendar takes. Publishing is a person's act, and so is the evaluation.
BY_CALENDAR = {
    EditionState.PUBLISHED: EditionState.OPEN,
    EditionState.OPEN: EditionState.CLOSED,
    EditionState.CLOSED: EditionState.RUNNING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionData:
    """What a team writes about its week. Moments are aware; bands are local wall-clock times."""

    slug: str
    name_fr: str
    name_nl: str
    starts_on: date
    ends_on: date
    signup_opens_at: datetime
    signup_closes_at: datetime
    intro_fr: str = ""
    intro_nl: str = ""
    bands: Sequence[Sequence[str]] = field(default_factory=default_bands)
    reminder_days_before: int = 5


@dataclass(frozen=True, slots=True)
class Step:
    """A state that may follow, and why not now (empty: it may)."""

    to: EditionState
    refusal: Words = ""

    @property
    def is_possible(self) -> bool:
        return not self.refusal


@transaction.atomic
def create(*, basin: Basin, data: EditionData, by: User | None) -> Edition:
    """A new edition, as a draft. Raises ``HostingError``, ``NotYours``."""
    edition = Edition(basin=basin, **asdict(data))
    refuse_stranger(edition, by)
    _check(edition)
    edition.save()
    logger.info("Edition %s was created by %s", edition.uuid, by and by.uuid)
    return edition


@transaction.atomic
def edit(*, edition: Edition, data: EditionData, by: User | None) -> Edition:
    """Rewrite an edition; visits that would fall outside its days hold it back.

    Locks the edition's row: visits are added under the same lock. Raises ``HostingError``, ``NotYours``.
    """
    refuse_stranger(edition, by)
    edition = _locked(edition)
    for name, value in asdict(data).items():
        setattr(edition, name, value)
    _check(edition)
    outside = edition.visits.filter(state=VisitState.PLANNED).exclude(
        starts_at__date__gte=data.starts_on, ends_at__date__lte=data.ends_on
    )
    if number := outside.count():
        raise HostingError(
            ngettext_lazy(
                "One visit would lie outside these days. Move it first.",
                "%(number)d visits would lie outside these days. Move them first.",
                number,
            )
            % {"number": number},
            field="starts_on",
        )
    # Name and bands stand on the rendered grid: what was rendered before is no longer true.
    edition.programme_version += 1
    edition.save()
    logger.info("Edition %s was edited by %s", edition.uuid, by and by.uuid)
    return edition


def steps(edition: Edition, *, now: datetime | None = None) -> list[Step]:
    """The states that may follow, in the order of an edition's life, each with what stands in its way."""
    now = now or timezone.now()
    allowed = EDITION_TRANSITIONS[EditionState(edition.state)]
    return [Step(to, _refusal(edition, to, now)) for to in EditionState if to in allowed]


@transaction.atomic
def move(*, edition: Edition, to: EditionState, by: User | None, now: datetime | None = None) -> Edition:
    """One step by a person, with its log row.

    Locks the edition's row, so that of two people who press at once the second is told what the
    first did. Raises ``EditionStepRefused`` with the reason, ``NotYours``.
    """
    refuse_stranger(edition, by)
    edition = _locked(edition)
    if refusal := _refusal(edition, to, now or timezone.now()):
        raise EditionStepRefused(refusal)
    _step(edition, to, by=by)
    return edition


def advance_by_calendar(*, now: datetime) -> int:
    """Take the steps whose date has come; returns how many were taken.

    One transaction per edition, under the lock of its row: run twice at once, the second run finds
    the work done. An edition that slept through several dates takes several steps, each logged.
    """
    waiting = Edition.objects.filter(state__in=BY_CALENDAR).order_by("pk")
    due = [edition for edition in waiting if state_due(edition, now=now)]
    taken = 0
    for edition in due:
        with transaction.atomic():
            locked = _locked(edition)
            while to := state_due(locked, now=now):
                _step(locked, to, by=None)
                taken += 1
    return taken


def state_due(edition: Edition, *, now: datetime) -> EditionState | None:
    """The step that the calendar takes now, held back by what would hold back a person.

    Asked as of the day the step was due: that sign-up has closed since is no reason not to have opened it.
    """
    to = BY_CALENDAR.get(EditionState(edition.state))
    if to is None or now < (due := _due_at(edition, to)) or _refusal(edition, to, due):
        return None
    return to


def _due_at(edition: Edition, to: EditionState) -> datetime:
    """The moment at which the calendar brings an edition into a state."""
    if to == EditionState.OPEN:
        return edition.signup_opens_at
    if to == EditionState.CLOSED:
        return edition.signup_closes_at
    # Closed by hand before its date, an edition may still be opened again: the week waits for the date.
    first_day = datetime.combine(edition.starts_on, time.min, tzinfo=spoken.BRUSSELS)
    return max(edition.signup_closes_at, first_day)


def _step(edition: Edition, to: EditionState, *, by: User | None) -> None:
    EditionStateChange.objects.create(edition=edition, from_state=edition.state, to_state=to, by=by)
    edition.state = to
    edition.programme_version += 1
    edition.save(update_fields=["state", "programme_version", "modified"])
    logger.info("Edition %s is now %s", edition.uuid, to)


def _locked(edition: Edition) -> Edition:
    return Edition.objects.select_related("basin").select_for_update(of=("self",), no_key=True).get(pk=edition.pk)


def _refusal(edition: Edition, to: EditionState, now: datetime) -> Words:
    """What stands in the way of a step, in words that say what to do; empty when nothing does."""
    state = EditionState(edition.state)
    if to not in EDITION_TRANSITIONS[state]:
        return _("“%(to)s” cannot follow “%(state)s”.") % {"to": to.label, "state": state.label}
    today = timezone.localdate(now)
    said: Words = ""
    match to:
        case EditionState.PUBLISHED:
            said = _missing_texts(edition)
        case EditionState.OPEN if now < edition.signup_opens_at:
            said = _("Sign-up opens on %(when)s. To open it now, change that date first.") % {
                "when": spoken.moment(edition.signup_opens_at)
            }
        case EditionState.OPEN if now >= edition.signup_closes_at:
            said = _("Sign-up closed on %(when)s. To open it again, change that date first.") % {
                "when": spoken.moment(edition.signup_closes_at)
            }
        case EditionState.OPEN if not edition.visits.filter(state=VisitState.PLANNED).exists():
            said = _("There is no visit to sign up for yet.")
        case EditionState.RUNNING if today < edition.starts_on:
            said = _("The first day is %(when)s.") % {"when": spoken.long_date(edition.starts_on)}
        case EditionState.EVALUATED if today <= edition.ends_on:
            said = _("The last day is %(when)s: evaluate when it is over.") % {
                "when": spoken.long_date(edition.ends_on)
            }
    return said


def _missing_texts(edition: Edition) -> Words:
    """What a basin publishes stands in both languages."""
    for name in ("name", "intro"):
        texts = both(edition, name)
        if (name == "name" or any(texts.values())) and not all(texts.values()):
            label = field_label(Edition, name)
            missing = next(code for code in LANGUAGE_CODES if not texts[code])
            return (
                _("The %(field)s is missing in French.") if missing == "fr" else _("The %(field)s is missing in Dutch.")
            ) % {"field": label}
    return ""


def _check(edition: Edition) -> None:
    if not any(both(edition, "name").values()):
        raise HostingError(_("Write the name in at least one language."), field="name_fr")
    check_row(edition)
    if timezone.localdate(edition.signup_closes_at) > edition.ends_on:
        raise HostingError(_("Sign-up cannot close after the last day."), field="signup_closes_at")
    try:
        bands = [(time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in edition.bands]
    except ValueError as error:
        raise HostingError(_("Write each band as two times, for example 09:00 10:30."), field="bands") from error
    if not bands or any(begin >= end for begin, end in bands):
        raise HostingError(_("Each band ends after it begins."), field="bands")
    if any(later[0] < earlier[1] for earlier, later in pairwise(bands)):
        raise HostingError(_("The bands follow one another through the day."), field="bands")


def bump_programme(edition_id: int) -> None:
    """Say that the programme changed: what was rendered of it is no longer true.

    Called first in every change to the programme, so that its row lock puts such changes in a queue.
    """
    Edition.objects.filter(pk=edition_id).update(programme_version=F("programme_version") + 1, modified=timezone.now())
