"""An edition's life: written, hosts called for, announced, open, closed, running, evaluated.

People move it along; the calendar does it too when the dates have come. Whether somebody may book
is not decided by the state alone but by the sign-up window as well (``rules.booking``), so a clock
that stood still costs nobody a seat.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
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
from opendoors.enums import EDITION_TRANSITIONS, EditionState, HostState, VisitState
from opendoors.errors import EditionStepRefused, HostingError
from opendoors.models import Edition, EditionStateChange, default_bands
from opendoors.rules.checks import check_row, refuse_numbers, refuse_stranger

logger = logging.getLogger(__name__)

Words = str | Promise

# The steps the calendar takes. Publishing is a person's act, and so is the evaluation.
BY_CALENDAR = {
    EditionState.PUBLISHED: EditionState.OPEN,
    EditionState.OPEN: EditionState.CLOSED,
    EditionState.CLOSED: EditionState.RUNNING,
}


LONGEST = timedelta(days=31)
SIGNUP_OPENS_AT_MOST_BEFORE = timedelta(days=731)


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
    call_text_fr: str = ""
    call_text_nl: str = ""
    call_opens_at: datetime | None = None
    call_closes_at: datetime | None = None
    visits_per_visitor: int | None = None
    seats_per_organisation: int | None = None
    offer_hours: int = 48


@dataclass(frozen=True, slots=True)
class Step:
    """A state that may follow, why not now (empty: it may), and what one should know before."""

    to: EditionState
    refusal: Words = ""
    warning: Words = ""
    is_back: bool = False  # to an earlier state

    @property
    def is_possible(self) -> bool:
        return not self.refusal


@transaction.atomic
def create(*, basin: Basin, data: EditionData, by: User | None) -> Edition:
    """A new edition, as a draft. Raises ``HostingError``, ``NationalNumberFound``, ``NotYours``."""
    edition = Edition(basin=basin, **asdict(data))
    refuse_stranger(edition, by)
    refuse_numbers(data)
    _check(edition)
    edition.save()
    logger.info("Edition %s was created by %s", edition.uuid, by and by.uuid)
    return edition


@transaction.atomic
def edit(*, edition: Edition, data: EditionData, by: User | None) -> Edition:
    """Rewrite an edition; visits that would fall outside its days hold it back.

    Locks the edition's row: visits are added under the same lock. Raises ``HostingError``,
    ``NationalNumberFound``, ``NotYours``.
    """
    refuse_stranger(edition, by)
    refuse_numbers(data)
    edition = _locked(edition)
    for name, value in asdict(data).items():
        setattr(edition, name, value)
    _check(edition)
    outside = edition.visits.exclude(state=VisitState.CANCELLED).exclude(
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
    """The states that may follow, those onward first, each with what stands in its way."""
    now = now or timezone.now()
    order, state = list(EditionState), EditionState(edition.state)
    found = [
        Step(to, _refusal(edition, to, now), _warning(edition, to), order.index(to) < order.index(state))
        for to in order
        if to in EDITION_TRANSITIONS[state]
    ]
    return sorted(found, key=lambda step: step.is_back)


def why_no_call(edition: Edition, *, now: datetime | None = None) -> str:
    """Why no host can sign up now, in the reader's words; ``""`` when one can.

    A person opens the call; its dates count as well, so that a day that was announced holds without anybody there.
    """
    now = now or timezone.now()
    opens, closes = edition.call_opens_at, edition.call_closes_at
    if closes is not None and now >= closes:
        return str(_("The call to hosts closed on %(day)s.") % {"day": spoken.plain_date(closes)})
    if edition.state not in {EditionState.DRAFT, EditionState.CALL}:
        return str(_("The call to hosts is over: the programme is published."))
    if opens is not None and now < opens:
        return str(_("The call to hosts opens on %(day)s.") % {"day": spoken.plain_date(opens)})
    return "" if edition.state == EditionState.CALL else str(_("The call to hosts is not open yet."))


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
        case EditionState.CALL:
            said = _refusal_of_call(edition, now)
        case EditionState.PUBLISHED:
            said = _missing_texts(edition, "name", "intro")
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


def _refusal_of_call(edition: Edition, now: datetime) -> Words:
    if edition.call_closes_at is None:
        return _("Write first from when until when hosts can answer the call.")
    if now >= edition.call_closes_at:
        return _("The call closed on %(when)s. To open it again, change that date first.") % {
            "when": spoken.moment(edition.call_closes_at)
        }
    return _missing_texts(edition, "name", "call_text")


def _warning(edition: Edition, to: EditionState) -> Words:
    """Nothing stands in the way, but hosts wait for a word: a late one keeps no programme back."""
    if to != EditionState.PUBLISHED:
        return ""
    undecided = edition.hosts.filter(state=HostState.PROPOSED).count()
    if not undecided:
        return ""
    return ngettext_lazy(
        "%(number)d host still waits for your word. You can say yes later, too.",
        "%(number)d hosts still wait for your word. You can say yes later, too.",
        undecided,
    ) % {"number": undecided}


def _missing_texts(edition: Edition, *names: str) -> Words:
    """What a basin publishes stands in both languages."""
    for name in names:
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
    _check_bands(edition.bands)
    check_row(edition)
    _check_length(edition)
    if timezone.localdate(edition.signup_closes_at) > edition.ends_on:
        raise HostingError(_("Sign-up cannot close after the last day."), field="signup_closes_at")
    if bool(edition.call_opens_at) != bool(edition.call_closes_at):
        missing = "call_closes_at" if edition.call_opens_at else "call_opens_at"
        raise HostingError(_("The call to hosts has two dates: it closes after it opens."), field=missing)
    if edition.call_closes_at and timezone.localdate(edition.call_closes_at) >= edition.starts_on:
        raise HostingError(_("The call to hosts closes before the first day."), field="call_closes_at")


def _check_length(edition: Edition) -> None:
    """A slip in the year would make a programme of a thousand weeks."""
    if edition.ends_on - edition.starts_on >= LONGEST:
        raise HostingError(_("An edition lasts %(days)d days at most.") % {"days": LONGEST.days}, field="ends_on")
    if edition.starts_on - timezone.localdate(edition.signup_opens_at) > SIGNUP_OPENS_AT_MOST_BEFORE:
        raise HostingError(_("Sign-up opens within the two years before the first day."), field="signup_opens_at")


def _check_bands(written: Sequence[Sequence[str]]) -> None:
    bands = []
    for number, band in enumerate(written, start=1):
        try:
            begin, end = (time.fromisoformat(one) for one in band)
        except ValueError as error:
            raise HostingError(
                _("Line %(number)d, “%(line)s”: write when the band begins and ends, for example 09:00 10:30.")
                % {"number": number, "line": " ".join(band)},
                field="bands",
            ) from error
        bands.append((begin, end))
    if not bands or any(begin >= end for begin, end in bands):
        raise HostingError(_("Each band ends after it begins."), field="bands")
    if any(later[0] < earlier[1] for earlier, later in pairwise(bands)):
        raise HostingError(_("The bands follow one another through the day."), field="bands")


def bump_programme(edition_id: int) -> None:
    """Say that the programme changed: what was rendered of it is no longer true.

    Called first in every change to the programme, so that its row lock puts such changes in a queue.
    """
    Edition.objects.filter(pk=edition_id).update(programme_version=F("programme_version") + 1, modified=timezone.now())
