"""The grid: where a visit stands, what is kept, what is live."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import translation

from opendoors import grid
from opendoors.enums import VisitState
from opendoors.live import live_seats
from opendoors.models import Edition, Visit
from opendoors.rules import waiting
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits
from tests.opendoors.waiting_tools import ask, give_back, held_by, states, wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


def places(edition: Edition) -> list[tuple[int, int, str]]:
    """Day and band (from 0) of each visit, and the hours on its card."""
    return [
        (d, b, card.hours)
        for d, day in enumerate(grid.days_of(edition))
        for b, band in enumerate(day.bands)
        for card in band.cards
    ]


def test_a_visit_stands_in_its_day_and_band(edition: Edition) -> None:
    VisitFactory(edition=edition, day=2, begin="12:00", end="13:30")

    assert places(edition) == [(2, 1, "")]


def test_a_visit_between_bands_stands_in_the_last_one_and_says_its_hours(edition: Edition) -> None:
    VisitFactory(edition=edition, begin="14:00", end="15:00")

    assert places(edition) == [(0, 1, "14\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}– 15\N{NO-BREAK SPACE}h")]


def test_a_visit_before_the_first_band_stands_in_the_first(edition: Edition) -> None:
    VisitFactory(edition=edition, begin="08:00", end="09:00")

    assert [(day, band) for day, band, _ in places(edition)] == [(0, 0)]


def test_five_working_days_stand_whether_they_have_visits_or_not(edition: Edition) -> None:
    assert len(grid.days_of(edition)) == 5


def test_a_weekend_stands_only_with_visits(edition: Edition) -> None:
    edition.ends_on = edition.starts_on + dt.timedelta(days=6)
    VisitFactory(edition=edition, day=5)

    assert [day.date.weekday() for day in grid.days_of(edition)] == [0, 1, 2, 3, 4, 5]


def test_on_a_phone_the_first_day_with_visits_is_open_and_the_empty_ones_say_so(edition: Edition) -> None:
    VisitFactory(edition=edition, day=2)

    html = grid.render_grid(edition, bookable=True)

    assert [f'id="d{n}" checked' in html for n in range(1, 6)] == [False, False, True, False, False]
    assert [f'class="d{n} off"' in html for n in range(1, 6)] == [True, True, False, True, True]


def test_figures_count_what_is_on(edition: Edition) -> None:
    first, _second, off = week_of_visits(edition, 3, seats=4)
    VisitFactory(edition=edition, host=first.host, place=first.place, day=4, seats=4)
    Visit.objects.filter(pk=off.pk).update(state=VisitState.CANCELLED)

    figures = grid.programme_figures(edition)

    assert (figures.visits, figures.hosts, figures.seats) == (3, 2, 12)


def test_a_ticked_card_that_is_full_can_still_be_unticked(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=1, seats_taken=1)

    html = grid.render_grid(edition, bookable=True, ticks=grid.Ticks(chosen=[visit.uuid]))

    assert html.count(f'value="{visit.uuid}" checked') == 1


def test_a_full_card_leads_to_the_waiting_list(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=1, seats_taken=1)

    html = grid.render_grid(edition, bookable=True)

    assert html.count(f'name="waits" value="{visit.uuid}">') == 1


def test_a_card_that_is_waited_for_comes_back_ticked(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=1, seats_taken=1)

    html = grid.render_grid(edition, bookable=True, ticks=grid.Ticks(waits=[visit.uuid]))

    assert html.count(f'name="waits" value="{visit.uuid}" checked') == 1


def test_a_card_with_too_few_seats_for_a_team_leads_to_the_waiting_list(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=5, seats_taken=3)

    html = grid.render_grid(edition, bookable=True, ticks=grid.Ticks(seats=3))

    assert html.count(f'name="waits" value="{visit.uuid}">') == 1


def test_a_seat_on_offer_to_the_line_is_not_free(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=3, seats_taken=1, seats_held=2)

    html = grid.render_grid(edition, bookable=True)

    assert html.count(f'name="waits" value="{visit.uuid}">') == 1


@pytest.mark.parametrize("state", ["called off", "changing"])
def test_a_card_that_takes_nobody_cannot_be_ticked(edition: Edition, state: str) -> None:
    """Called off; or full, where one changes what one holds: the waiting list is on the page of the week."""
    called_off = VisitState.CANCELLED if state == "called off" else VisitState.PLANNED
    visit = VisitFactory(edition=edition, seats=1, seats_taken=1, state=called_off)

    html = grid.render_grid(edition, bookable=True, may_wait=state == "called off")

    assert html.count(f'name="visits" value="{visit.uuid}" disabled') == 1


def test_a_closed_week_lets_go_what_one_holds_and_nothing_else(edition: Edition) -> None:
    mine, other = week_of_visits(edition, 2)

    html = grid.render_grid(edition, bookable=False, ticks=grid.Ticks(chosen=[mine.uuid]), may_untick=True)

    assert html.count(f'value="{mine.uuid}" checked') == 1
    assert html.count(f'value="{other.uuid}" disabled') == 1


def test_a_mark_in_somebody_s_text_stays_text(edition: Edition) -> None:
    VisitFactory(edition=edition, host__name=f"Maison {grid.MARK}seats:00000000-0000-0000-0000-000000000000")

    html = grid.render_grid(edition, bookable=True)

    assert html.count("Maison") == 2  # on the card, and in the link to its page


# --- The line ------------------------------------------------------------------------------------


def said(edition: Edition, visit: Visit, *, may_wait: bool = True) -> str:
    """What a card says of its seats, in words."""
    with translation.override("en"):
        html = grid.seats_html(grid.live_seats(edition)[visit.uuid], "en", may_wait)
    return re.sub("<[^>]+>", "", html)


def test_a_full_card_says_how_many_are_in_line(edition: Edition) -> None:
    visit, other = week_of_visits(edition, 2, seats=1)
    for number, each in enumerate((visit, other)):
        held_by(f"{number}@example.org", each)
    words = [said(edition, visit)]
    wait(visit, other, email="eva@example.org")
    words.append(said(edition, visit))
    ask(visit, email="unconfirmed@example.org")
    wait(visit, email="group@example.org")
    words.append(said(edition, visit))

    assert words == [
        "Full · waiting list", "Full · waiting list: 1 in line", "Full · waiting list: 3 in line"
    ]  # fmt: skip
    assert said(edition, other) == "Full · waiting list: 1 in line"
    assert said(edition, visit, may_wait=False) == "Full"


def test_who_left_or_has_an_offer_is_in_line_no_more(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=1)
    keeper = held_by("keeper@example.org", visit)
    first, second = (wait(visit, email=f"{name}@example.org") for name in ("first", "second"))

    give_back(keeper)
    offered = grid.live_seats(edition)[visit.uuid]
    waiting.leave(request=second, by=None)

    assert (offered.left, offered.waiting, states(first)) == (0, 1, ["offered"])
    assert grid.live_seats(edition)[visit.uuid].waiting == 0


def test_the_lines_of_all_full_visits_cost_no_query_more(edition: Edition, django_assert_num_queries: Any) -> None:
    for number, visit in enumerate(week_of_visits(edition, 3, seats=1)):
        held_by(f"{number}@example.org", visit)
        wait(visit, email=f"{number}@example.com")

    with django_assert_num_queries(1):
        seats = live_seats(edition)

    assert [now.waiting for now in seats.values()] == [1, 1, 1]
