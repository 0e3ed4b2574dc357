"""A programme file that would end the waiting of people asks first, and tells them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from opendoors.import_words import sentences
from opendoors.models import Visit
from opendoors.rules import importing
from opendoors.rules.importing import WaitingWouldEnd
from tests.opendoors.factories import EditionFactory, VisitFactory
from tests.opendoors.programme_tools import lines, problems
from tests.opendoors.waiting_tools import give_back, held_by, letters, wait

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def cut(visit: Visit, seats: int) -> bytes:
    """A file that gives a visit so many seats."""
    starts, ends = timezone.localtime(visit.starts_at), timezone.localtime(visit.ends_at)
    return lines(f"{starts:%Y-%m-%d,%H:%M},{ends:%H:%M},{visit.host.name},{seats},")


@pytest.fixture
def lined() -> Visit:
    """Six seats of which two are taken; groups of five and of six wait for it."""
    visit: Visit = VisitFactory(edition=EditionFactory(), seats=6)
    held_by("keeper@example.org", visit, seats=2)
    for number in (5, 6):
        wait(visit, email=f"group{number}@example.org", seats=number)
    visit.refresh_from_db()
    return visit


@pytest.mark.parametrize(("seats", "ended"), [(7, 0), (5, 1), (4, 2)])
def test_the_dry_run_says_whose_waiting_would_end(lined: Visit, seats: int, ended: int) -> None:
    report = importing.examine(edition=lined.edition, content=cut(lined, seats))

    assert (report.visits_changed, report.waiting_ended, report.problems) == (1, ended, [])
    assert letters("waiting_too_large") == []


def test_it_is_said_in_words(lined: Visit) -> None:
    said = [sentences(importing.examine(edition=lined.edition, content=cut(lined, seats)))[-1] for seats in (5, 4)]

    assert said == [
        "1 place in line ends, with a letter: its visit gets fewer seats than the group asked for.",
        "2 places in line end, each with a letter: their visits get fewer seats than the groups asked for.",
    ]


def test_nothing_is_imported_that_ends_waiting_unless_it_may(lined: Visit) -> None:
    with pytest.raises(WaitingWouldEnd) as caught:
        importing.apply(edition=lined.edition, content=cut(lined, 4), by=None)
    lined.refresh_from_db()
    before = (lined.seats, letters("waiting_too_large"))

    report = importing.apply(edition=lined.edition, content=cut(lined, 4), by=None, may_end_waiting=True)

    lined.refresh_from_db()
    assert (caught.value.report.waiting_ended, caught.value.field, before) == (2, "end_waiting", (6, []))
    assert (report.applied, lined.seats) == (True, 4)
    assert letters("waiting_too_large") == ["group5@example.org", "group6@example.org"]


def test_who_joins_while_a_file_is_compared_is_asked_about_too(lined: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison reads without the visits' locks: the rule of the visit itself has the last word."""
    reads = iter([{}, importing.waiting_seats(lined.edition)])
    monkeypatch.setattr(importing, "waiting_seats", lambda _edition: next(reads))

    with pytest.raises(WaitingWouldEnd) as caught:
        importing.apply(edition=lined.edition, content=cut(lined, 4), by=None)

    assert caught.value.report.waiting_ended == 2
    assert letters("waiting_too_large") == []


def test_seats_on_offer_are_a_problem_of_the_dry_run() -> None:
    visit = VisitFactory(edition=EditionFactory(), seats=3)
    keepers = [held_by(f"{n}@example.org", visit) for n in range(3)]
    wait(visit)
    give_back(keepers[0])

    assert problems(visit.edition, cut(visit, 2)) == [
        (
            "Line 2, column “seats”: Seats taken: 2; on offer to the waiting list: 1. "
            "There cannot be fewer than both together."
        )
    ]


def test_the_command_asks_for_it_by_name(lined: Visit, tmp_path: Path) -> None:
    file = tmp_path / "week.csv"
    file.write_bytes(cut(lined, 4))
    command = ("import_programme", lined.edition.basin.code, lined.edition.slug, str(file), "--apply")

    with pytest.raises(CommandError, match="--end-waiting does"):
        call_command(*command, stdout=io.StringIO())
    call_command(*command, "--end-waiting", stdout=io.StringIO())

    assert letters("waiting_too_large") == ["group5@example.org", "group6@example.org"]
