"""The team's view of the days: sums that are right, corrections that count, and nothing for other teams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from basins.models import User
from core.models import LongJob
from opendoors import queries_day
from opendoors.enums import EditionState, VisitState
from opendoors.models import BookedVisit, Edition
from tests.basins.people_tools import sign_in, staff_session
from tests.opendoors.day_tools import NINE, guest, running_week, visit_today
from tests.opendoors.staff_tools import page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NINE, tick=False):
        yield


@pytest.fixture
def edition() -> Edition:
    return running_week()


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice's browser."""
    return staff_session(client, alice)


def test_the_visits_are_counted_day_by_day(edition: Edition) -> None:
    one = visit_today(edition=edition, walk_ins=3)
    other = visit_today(edition=edition, day=1)
    visit_today(edition=edition, day=1, state=VisitState.CANCELLED)
    guest(one, attendance="present", seats=2)
    for attendance in ("excused", ""):
        guest(one, attendance=attendance)
    guest(one, held_until=NINE)
    guest(other, attendance="absent")

    days = queries_day.days_of_attendance(edition)
    sums = queries_day.totals(visit for day in days for visit in day.visits)

    assert [[visit.pk for visit in day.visits] for day in days] == [[one.pk], [other.pk]]
    assert (sums.present, sums.excused, sums.absent, sums.unsaid, sums.walk_ins, sums.booked) == (2, 1, 1, 1, 3, 5)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(
    desk: Client, edition: Edition, number: int, django_assert_num_queries: Any
) -> None:
    for day in range(number):
        guest(visit_today(edition=edition, day=day))
    desk.get(page("staff_day", slug="2026"))

    with django_assert_num_queries(6):
        desk.get(page("staff_day", slug="2026"))


def test_the_team_corrects_one_by_one(desk: Client, edition: Edition) -> None:
    visit = visit_today(edition=edition)
    row = guest(visit, attendance="absent")
    url = page("staff_day_visit", slug="2026", visit=visit.uuid)

    with time_machine.travel(NINE.replace(hour=12), tick=False):
        answer = desk.post(url, {f"a-{row.uuid}": "present", f"was-{row.uuid}": "absent"})

    row.refresh_from_db()
    assert (answer.status_code, row.attendance, row.attendance_by) == (302, "present", "staff")


def test_the_team_says_that_all_were_there_but_one(desk: Client, edition: Edition) -> None:
    visit = visit_today(edition=edition)
    one, two, three = guest(visit), guest(visit), guest(visit)
    url = page("staff_day_visit", slug="2026", visit=visit.uuid)

    desk.post(url, {f"a-{one.uuid}": "absent", "all": "present"})

    found = [BookedVisit.objects.get(pk=row.pk) for row in (one, two, three)]
    assert [(row.attendance, row.attendance_by) for row in found] == [
        ("absent", "staff"),
        ("present", "staff"),
        ("present", "staff"),
    ]


def test_an_evaluated_week_is_read_and_no_longer_corrected(desk: Client) -> None:
    visit = visit_today(edition=running_week(state=EditionState.EVALUATED))
    row = guest(visit, "Daan Dubois")
    url = page("staff_day_visit", slug="2026", visit=visit.uuid)

    shown, sent = desk.get(url), desk.post(url, {f"a-{row.uuid}": "present"})

    assert ("Daan Dubois" in shown.text, 'class="btn">' in shown.text) == (True, False)
    assert (sent.status_code, BookedVisit.objects.get().attendance) == (422, "")


@pytest.mark.parametrize("what", ["sheets", "posters"])
def test_all_papers_are_one_job_away(desk: Client, edition: Edition, what: str) -> None:
    visit_today(edition=edition)

    answers = {desk.post(page("staff_day_paper", slug="2026"), {"what": what})["Location"] for _ in range(2)}

    assert (len(answers), LongJob.objects.get().params["what"]) == (1, what)


def test_another_paper_there_is_not(desk: Client, edition: Edition) -> None:
    assert desk.post(page("staff_day_paper", slug="2026"), {"what": "money"}).status_code == 404


def urls(edition: Edition) -> list[str]:
    visit = visit_today(edition=edition)
    return [page("staff_day", slug="2026"), page("staff_day_visit", slug="2026", visit=visit.uuid)]


def test_another_basins_team_finds_nothing(client: Client, edition: Edition, bram: User) -> None:
    staff_session(client, bram)

    assert [client.get(url).status_code for url in urls(edition)] == [404, 404]


def test_without_the_second_factor_nothing_is_shown(client: Client, edition: Edition, alice: User) -> None:
    sign_in(client, alice)

    assert [client.get(url).status_code for url in urls(edition)] == [302, 302]


def test_a_visit_of_another_edition_is_not_found(desk: Client, edition: Edition) -> None:
    other = visit_today(edition=running_week(slug="2027"))

    assert desk.get(page("staff_day_visit", slug="2026", visit=other.uuid)).status_code == 404
