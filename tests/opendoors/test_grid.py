"""The grid: where a visit stands, what is kept, what is live."""

from __future__ import annotations

import datetime as dt

import pytest

from opendoors import grid
from opendoors.enums import VisitState
from opendoors.models import Edition, Visit
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits

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

    html = grid.render_grid(edition, bookable=True, chosen=[visit.uuid])

    assert html.count(f'value="{visit.uuid}" checked') == 1


def test_a_full_card_cannot_be_ticked(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=1, seats_taken=1)

    html = grid.render_grid(edition, bookable=True)

    assert html.count(f'value="{visit.uuid}" disabled') == 1


def test_a_closed_week_lets_go_what_one_holds_and_nothing_else(edition: Edition) -> None:
    mine, other = week_of_visits(edition, 2)

    html = grid.render_grid(edition, bookable=False, chosen=[mine.uuid], may_untick=True)

    assert html.count(f'value="{mine.uuid}" checked') == 1
    assert html.count(f'value="{other.uuid}" disabled') == 1


def test_a_mark_in_somebody_s_text_stays_text(edition: Edition) -> None:
    VisitFactory(edition=edition, host__name=f"Maison {grid.MARK}seats:00000000-0000-0000-0000-000000000000")

    html = grid.render_grid(edition, bookable=True)

    assert html.count("Maison") == 2  # on the card, and in the link to its page
