"""An edition's life: who moves it, when the calendar does, and what holds it back."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace

import pytest
import time_machine
from django.db import connection
from django.utils import translation

from basins.models import User
from basins.rules.people import NotYours
from opendoors import tasks
from opendoors.enums import EDITION_TRANSITIONS, EditionState
from opendoors.errors import EditionStepRefused, HostingError
from opendoors.models import Edition, EditionStateChange
from opendoors.rules import editions
from opendoors.rules.editions import EditionData
from tests.factories import basin, local
from tests.opendoors.factories import EditionFactory, HostFactory, VisitFactory

pytestmark = pytest.mark.django_db

FIRST = dt.date(2026, 11, 16)
OPENS, CLOSES = local(dt.date(2026, 9, 1), "09:00"), local(dt.date(2026, 11, 6), "18:00")
BEFORE, OPEN, BETWEEN, DURING, AFTER = (
    local(dt.date(2026, 8, 1), "12:00"),
    local(dt.date(2026, 10, 1), "12:00"),
    local(dt.date(2026, 11, 10), "12:00"),
    local(dt.date(2026, 11, 17), "12:00"),
    local(dt.date(2026, 11, 21), "12:00"),
)
DATA = EditionData(
    slug="2026",
    name_fr="Le Grand Bain",
    name_nl="Het Grote Bad",
    starts_on=FIRST,
    ends_on=FIRST + dt.timedelta(days=4),
    signup_opens_at=OPENS,
    signup_closes_at=CLOSES,
)


def edition_in(state: EditionState, **fields: object) -> Edition:
    edition: Edition = EditionFactory(
        state=state,
        starts_on=FIRST,
        ends_on=DATA.ends_on,
        signup_opens_at=OPENS,
        signup_closes_at=CLOSES,
        **fields,
    )
    VisitFactory(edition=edition)
    return edition


# --- Writing -------------------------------------------------------------------------------------


def test_a_new_edition_is_a_draft(alice: User) -> None:
    edition = editions.create(basin=basin(), data=DATA, by=alice)

    assert Edition.objects.get() == edition
    assert edition.state == EditionState.DRAFT


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": FIRST - dt.timedelta(days=1)}, ""),
        ({"signup_closes_at": OPENS}, ""),
        ({"signup_closes_at": AFTER}, "signup_closes_at"),
        ({"name_fr": "", "name_nl": ""}, "name_fr"),
        ({"name_fr": "a\x1eb"}, "name_fr"),
        ({"name_fr": "x" * 81}, "name_fr"),
        ({"slug": "with space"}, "slug"),
        ({"bands": [["09:00", "25:00"]]}, "bands"),
        ({"bands": [["10:00", "09:00"]]}, "bands"),
        ({"bands": [["09:00", "11:00"], ["10:00", "12:00"]]}, "bands"),
        ({"bands": []}, "bands"),
        ({"bands": [["09:00", "10:00"], ["11:00"]]}, "bands"),
        ({"ends_on": FIRST.replace(year=FIRST.year + 1000)}, "ends_on"),
        ({"ends_on": FIRST + dt.timedelta(days=31)}, "ends_on"),
        ({"signup_opens_at": OPENS.replace(year=OPENS.year - 3)}, "signup_opens_at"),
    ],
)
def test_what_makes_no_sense_is_refused(alice: User, changes: dict[str, object], field: str) -> None:
    with pytest.raises(HostingError) as refused:
        editions.create(basin=basin(), data=replace(DATA, **changes), by=alice)  # type: ignore[arg-type]  # on purpose

    assert refused.value.field == field
    assert not Edition.objects.exists()


def test_a_line_of_bands_that_cannot_be_read_is_named(alice: User) -> None:
    with pytest.raises(HostingError) as refused, translation.override(None):
        editions.create(basin=basin(), data=replace(DATA, bands=[["09:00", "10:00"], ["11:00"]]), by=alice)

    assert str(refused.value.message).startswith("Line 2, “11:00”: ")


def test_an_edition_lasts_a_month_at_most(alice: User) -> None:
    made = editions.create(basin=basin(), data=replace(DATA, ends_on=FIRST + dt.timedelta(days=30)), by=alice)

    assert made.ends_on == FIRST + dt.timedelta(days=30)


def test_an_address_is_given_once_per_basin(alice: User) -> None:
    editions.create(basin=basin(), data=DATA, by=alice)

    editions.create(basin=basin("nord"), data=DATA, by=None)
    with pytest.raises(HostingError):
        editions.create(basin=basin(), data=DATA, by=alice)

    assert Edition.objects.count() == 2


def test_an_edit_is_a_new_version_of_the_programme(alice: User) -> None:
    edition = editions.create(basin=basin(), data=DATA, by=alice)

    editions.edit(edition=edition, data=replace(DATA, intro_fr="Bonjour"), by=alice)

    edition.refresh_from_db()
    assert (edition.intro_fr, edition.programme_version) == ("Bonjour", 2)


def test_days_cannot_leave_visits_outside(alice: User) -> None:
    edition = edition_in(EditionState.DRAFT)

    with pytest.raises(HostingError) as refused:
        editions.edit(edition=edition, data=replace(DATA, starts_on=FIRST + dt.timedelta(days=1)), by=alice)

    edition.refresh_from_db()
    assert (refused.value.field, edition.starts_on) == ("starts_on", FIRST)


# --- Steps by people -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "to", "now"),
    [
        (EditionState.DRAFT, EditionState.PUBLISHED, BEFORE),
        (EditionState.PUBLISHED, EditionState.DRAFT, BEFORE),
        (EditionState.PUBLISHED, EditionState.OPEN, OPEN),
        (EditionState.OPEN, EditionState.CLOSED, OPEN),
        (EditionState.CLOSED, EditionState.OPEN, OPEN),
        (EditionState.CLOSED, EditionState.RUNNING, DURING),
        (EditionState.RUNNING, EditionState.EVALUATED, AFTER),
    ],
)
def test_a_step_is_taken_and_logged(alice: User, state: EditionState, to: EditionState, now: dt.datetime) -> None:
    edition = edition_in(state)

    editions.move(edition=edition, to=to, by=alice, now=now)

    edition.refresh_from_db()
    assert edition.state == to
    assert list(EditionStateChange.objects.values_list("from_state", "to_state", "by")) == [(state, to, alice.pk)]


@pytest.mark.parametrize(
    ("state", "to", "now"),
    [
        (EditionState.DRAFT, EditionState.OPEN, OPEN),
        (EditionState.PUBLISHED, EditionState.OPEN, BEFORE),
        (EditionState.PUBLISHED, EditionState.OPEN, BETWEEN),
        (EditionState.CLOSED, EditionState.OPEN, BETWEEN),
        (EditionState.CLOSED, EditionState.RUNNING, BETWEEN),
        (EditionState.RUNNING, EditionState.EVALUATED, DURING),
        (EditionState.EVALUATED, EditionState.DRAFT, AFTER),
    ],
)
def test_a_step_against_state_or_dates_is_refused(
    alice: User, state: EditionState, to: EditionState, now: dt.datetime
) -> None:
    edition = edition_in(state)

    with pytest.raises(EditionStepRefused):
        editions.move(edition=edition, to=to, by=alice, now=now)

    edition.refresh_from_db()
    assert edition.state == state
    assert not EditionStateChange.objects.exists()


def test_the_refusal_says_when(alice: User) -> None:
    edition = edition_in(EditionState.PUBLISHED)

    with translation.override("en"):
        (forward, back, _call) = editions.steps(edition, now=BEFORE)

    assert (back.to, back.is_possible, back.is_back) == (EditionState.DRAFT, True, True)
    assert (forward.to, forward.is_possible) == (EditionState.OPEN, False)
    assert "2026" in str(forward.refusal)


@pytest.mark.parametrize("missing", ["name_fr", "name_nl", "intro_fr", "intro_nl"])
def test_what_is_published_stands_in_both_languages(alice: User, missing: str) -> None:
    edition = edition_in(EditionState.DRAFT, **{missing: ""})

    with pytest.raises(EditionStepRefused):
        editions.move(edition=edition, to=EditionState.PUBLISHED, by=alice, now=BEFORE)


def test_sign_up_needs_a_visit(alice: User) -> None:
    edition = edition_in(EditionState.PUBLISHED)
    edition.visits.all().delete()

    with pytest.raises(EditionStepRefused):
        editions.move(edition=edition, to=EditionState.OPEN, by=alice, now=OPEN)


def test_of_two_who_press_at_once_the_second_is_told(alice: User) -> None:
    first, second = edition_in(EditionState.OPEN), Edition.objects.get()
    editions.move(edition=first, to=EditionState.CLOSED, by=alice, now=OPEN)

    with pytest.raises(EditionStepRefused):
        editions.move(edition=second, to=EditionState.CLOSED, by=alice, now=OPEN)

    assert EditionStateChange.objects.count() == 1


def test_staff_of_another_basin_neither_write_nor_move(bram: User) -> None:
    edition = edition_in(EditionState.OPEN)

    with pytest.raises(NotYours):
        editions.create(basin=basin(), data=replace(DATA, slug="other"), by=bram)
    with pytest.raises(NotYours):
        editions.edit(edition=edition, data=DATA, by=bram)
    with pytest.raises(NotYours):
        editions.move(edition=edition, to=EditionState.CLOSED, by=bram, now=OPEN)

    assert list(Edition.objects.values_list("state", "programme_version")) == [("open", 1)]


# --- Steps by the calendar -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "now", "after"),
    [
        (EditionState.DRAFT, DURING, EditionState.DRAFT),
        (EditionState.PUBLISHED, BEFORE, EditionState.PUBLISHED),
        (EditionState.PUBLISHED, OPENS, EditionState.OPEN),
        (EditionState.OPEN, OPEN, EditionState.OPEN),
        (EditionState.OPEN, CLOSES, EditionState.CLOSED),
        (EditionState.CLOSED, BETWEEN, EditionState.CLOSED),
        (EditionState.CLOSED, local(FIRST, "00:00"), EditionState.RUNNING),
        (EditionState.PUBLISHED, DURING, EditionState.RUNNING),
        (EditionState.RUNNING, AFTER, EditionState.RUNNING),
        (EditionState.EVALUATED, AFTER, EditionState.EVALUATED),
    ],
)
def test_the_calendar_moves_what_is_due(state: EditionState, now: dt.datetime, after: EditionState) -> None:
    edition = edition_in(state)

    editions.advance_by_calendar(now=now)

    edition.refresh_from_db()
    assert edition.state == after


def test_the_calendar_opens_no_week_without_visits_as_nobody_else_may() -> None:
    edition = edition_in(EditionState.PUBLISHED)
    edition.visits.all().delete()

    taken = editions.advance_by_calendar(now=OPEN)

    edition.refresh_from_db()
    assert (taken, edition.state) == (0, EditionState.PUBLISHED)


def test_the_calendar_takes_steps_of_the_table_alone() -> None:
    assert {
        (before, to) for before, to in editions.BY_CALENDAR.items() if to not in EDITION_TRANSITIONS[before]
    } == set()


def test_what_was_closed_by_hand_is_not_reopened() -> None:
    edition = edition_in(EditionState.CLOSED)

    taken = editions.advance_by_calendar(now=OPEN)

    edition.refresh_from_db()
    assert (taken, edition.state) == (0, EditionState.CLOSED)


def test_the_calendar_runs_twice_and_writes_once() -> None:
    edition_in(EditionState.PUBLISHED)

    taken = [editions.advance_by_calendar(now=OPENS) for _run in range(2)]

    assert taken == [1, 0]
    step = EditionStateChange.objects.get()
    assert (step.to_state, step.by) == (EditionState.OPEN, None)


def test_the_task_asks_the_calendar_of_now() -> None:
    edition = edition_in(EditionState.PUBLISHED)

    with time_machine.travel(OPENS, tick=False):
        tasks.advance_editions()

    edition.refresh_from_db()
    assert edition.state == EditionState.OPEN


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_log_each_step_once() -> None:
    edition_in(EditionState.PUBLISHED)
    gate = threading.Barrier(4)
    taken: list[int] = []

    def run() -> None:
        connection.ensure_connection()
        gate.wait(timeout=20)
        try:
            taken.append(editions.advance_by_calendar(now=OPENS))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _clock in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sum(taken) == 1
    assert EditionStateChange.objects.count() == 1


# --- The call to hosts ---------------------------------------------------------------------------

CALLED = {"call_opens_at": local(dt.date(2026, 6, 1), "09:00"), "call_closes_at": local(dt.date(2026, 7, 31), "18:00")}


def refusal(edition: Edition, to: EditionState, when: dt.datetime) -> str:
    with translation.override("en"):
        step = next(step for step in editions.steps(edition, now=when) if step.to == to)
        return str(step.refusal)


def test_the_call_opens_once_it_has_dates_and_both_languages() -> None:
    in_june = local(dt.date(2026, 6, 2), "09:00")
    without_dates = edition_in(EditionState.DRAFT)
    half = edition_in(EditionState.DRAFT, slug="half", call_text_fr="Ouvrez", call_text_nl="", **CALLED)
    whole = edition_in(EditionState.DRAFT, slug="whole", **CALLED)

    assert refusal(without_dates, EditionState.CALL, in_june).startswith("Write first from when until when")
    assert "Dutch" in refusal(half, EditionState.CALL, in_june)
    assert refusal(whole, EditionState.CALL, in_june) == ""
    assert "closed" in refusal(whole, EditionState.CALL, CALLED["call_closes_at"])


def test_a_person_opens_the_call_and_the_calendar_leaves_it(alice: User) -> None:
    edition = edition_in(EditionState.DRAFT, **CALLED)

    with time_machine.travel(local(dt.date(2026, 6, 2), "09:00"), tick=False):
        editions.move(edition=edition, to=EditionState.CALL, by=alice)
    editions.advance_by_calendar(now=AFTER)

    assert Edition.objects.get().state == EditionState.CALL


def test_publishing_warns_of_hosts_that_wait_and_goes_ahead(alice: User) -> None:
    edition = edition_in(EditionState.CALL, **CALLED)
    HostFactory(edition=edition, state="proposed")
    HostFactory(edition=edition, state="proposed")
    HostFactory(edition=edition, state="changes")
    HostFactory(edition=edition, state="refused")

    with translation.override(None):
        step = next(step for step in editions.steps(edition) if step.to == EditionState.PUBLISHED)
        assert str(step.warning) == "2 hosts still wait for your word. You can say yes later, too."
    editions.move(edition=edition, to=EditionState.PUBLISHED, by=alice)

    assert Edition.objects.get().state == EditionState.PUBLISHED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"call_closes_at": None}, "call_closes_at"),
        ({"call_opens_at": None}, "call_opens_at"),
        ({"call_closes_at": local(FIRST, "09:00")}, "call_closes_at"),
        ({"call_closes_at": CALLED["call_opens_at"]}, ""),
        ({"visits_per_visitor": 0}, "visits_per_visitor"),
        ({"offer_hours": 0}, "offer_hours"),
    ],
)
def test_dates_of_the_call_and_limits_make_sense(alice: User, changes: dict[str, object], field: str) -> None:
    with pytest.raises(HostingError) as refused:
        editions.create(basin=basin(), data=replace(DATA, **CALLED | changes), by=alice)  # type: ignore[arg-type]

    assert refused.value.field == field


def test_a_proposed_visit_holds_the_days_as_well(alice: User) -> None:
    edition = edition_in(EditionState.CALL, **CALLED)
    edition.visits.update(state="proposed")

    with pytest.raises(HostingError):
        editions.edit(edition=edition, data=replace(DATA, starts_on=FIRST + dt.timedelta(days=1)), by=alice)
