"""Pages by keyset: every row once, a changed row again at the end, the same cost everywhere."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from opendoors.models import Edition, Visit
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db

VISITS = "/api/v1/opendoors/visits/"


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


def at_minutes(visits: list[Visit]) -> list[str]:
    """Give the visits one modification a minute, in their order; their identifiers."""
    start = timezone.now() - dt.timedelta(hours=1)
    for number, visit in enumerate(visits):
        Visit.objects.filter(pk=visit.pk).update(modified=start + dt.timedelta(minutes=number))
    return [str(visit.uuid) for visit in visits]


def ids(page: dict[str, Any]) -> list[str]:
    return [row["id"] for row in page["results"]]


def walk(greet: Client, url: str) -> list[str]:
    found: list[str] = []
    next_url: str | None = url
    while next_url:
        page = greet.get(next_url).json()
        found += ids(page)
        next_url = page["next"]
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_each_row_comes_once_in_order_of_change(greet: Client, edition: Edition, limit: int) -> None:
    wanted = at_minutes(week_of_visits(edition, 7))
    assert walk(greet, f"{VISITS}?limit={limit}") == wanted


def test_rows_changed_at_the_same_moment_come_once_each(greet: Client, edition: Edition) -> None:
    visits = week_of_visits(edition, 5)
    Visit.objects.update(modified=timezone.now())
    assert walk(greet, f"{VISITS}?limit=2") == sorted(str(visit.uuid) for visit in visits)


def test_row_changed_between_two_pages_moves_to_the_end(greet: Client, edition: Edition) -> None:
    visits = week_of_visits(edition, 4)
    one, two, three, four = at_minutes(visits)
    first = greet.get(VISITS, {"limit": 2}).json()
    assert ids(first) == [one, two]
    visits[0].save()  # seen already: comes again
    visits[2].save()  # not seen yet: comes, later
    assert walk(greet, first["next"]) == [four, one, three]


def test_row_deleted_between_two_pages_shifts_nothing(greet: Client, edition: Edition) -> None:
    visits = week_of_visits(edition, 4)
    _one, _two, three, four = at_minutes(visits)
    first = greet.get(VISITS, {"limit": 2}).json()
    visits[0].delete()
    visits[1].delete()
    assert walk(greet, first["next"]) == [three, four]


def test_last_page_has_no_next(greet: Client, edition: Edition) -> None:
    week_of_visits(edition, 2)
    response = greet.get(VISITS, {"limit": 2})
    assert response.json()["next"] is None
    assert "Link" not in response


def test_next_page_stands_in_the_link_header_too(greet: Client, edition: Edition) -> None:
    week_of_visits(edition, 2)
    response = greet.get(VISITS, {"limit": "1", "edition": str(edition.uuid)})
    assert response["Link"] == f'<{response.json()["next"]}>; rel="next"'
    assert f"edition={edition.uuid}" in response["Link"]


def test_nothing_is_a_page_too(greet: Client) -> None:
    assert greet.get(VISITS).json() == {"results": [], "next": None}


@pytest.mark.parametrize("limit", ["200", "201", "999999999999999999999"])
def test_page_holds_two_hundred_rows_at_most(greet: Client, edition: Edition, limit: str) -> None:
    week_of_visits(edition, 1)
    host, place, start = (
        VisitFactory(edition=edition).host,
        VisitFactory(edition=edition).place,
        timezone.now(),
    )
    Visit.objects.bulk_create(
        Visit(
            edition=edition,
            host=host,
            place=place,
            seats=1,
            starts_at=start + dt.timedelta(hours=number),
            ends_at=start + dt.timedelta(hours=number, minutes=30),
        )
        for number in range(200)
    )
    assert len(greet.get(VISITS, {"limit": limit}).json()["results"]) == 200


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        "AAAA",
        base64.urlsafe_b64encode(b"2026-01-01T00:00:00|x").decode(),
        base64.urlsafe_b64encode(b"2026-01-01T00:00:00|00000000-0000-0000-0000-000000000000").decode(),
        base64.urlsafe_b64encode(b"0001-01-01T00:00:00+23:59|00000000-0000-0000-0000-000000000000").decode(),
        base64.urlsafe_b64encode(b"|").decode(),
        "A" * 5000,
    ],
)
def test_cursor_that_is_not_ours(greet: Client, cursor: str) -> None:
    response = greet.get(VISITS, {"cursor": cursor})
    assert (response.status_code, response.json()["code"]) == (400, "bad-cursor")


def test_page_is_found_through_the_index(greet: Client, edition: Edition) -> None:
    week_of_visits(edition, 3)
    url = greet.get(VISITS, {"limit": 1}).json()["next"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    with connection.execute_wrapper(explain := Explain()):
        greet.get(url)
    assert "opendoors_visit_feed" in explain.plan
    assert "Index Cond: (ROW(modified, uuid) > ROW(" in explain.plan


class Explain:
    """Asks PostgreSQL how it would run the statement that pages."""

    plan = ""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if " > (" in sql:
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                self.plan = "\n".join(line for (line,) in cursor.fetchall())
        return execute(sql, params, many, context)
