"""An import meets bookings on real connections: nobody waits for ever, and a control that shows the deadlock."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from opendoors.models import Edition, Visit
from opendoors.rules import booking, hosting, importing
from tests.opendoors.factories import EditionFactory, week_of_visits
from tests.opendoors.programme_tools import lines
from tests.opendoors.race_tools import all_at_once, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def import_against_a_basket(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """A file that names two visits against the order of their keys; when its first one is rewritten, a
    basket with both comes in. How the two ended.
    """
    visits = week_of_visits(edition, 2)
    content = lines(*(_line(visit, seats=9) for visit in reversed(visits)))
    one_is_written = threading.Event()
    rewrite = hosting.edit_visit

    def rewrite_and_wait(**given: Any) -> Visit:
        visit = rewrite(**given)
        if not one_is_written.is_set():
            one_is_written.set()
            wait_until_blocked()
        return visit

    monkeypatch.setattr(hosting, "edit_visit", rewrite_and_wait)

    def act(n: int) -> str:
        try:
            if n == 0:
                importing.apply(edition=edition, content=content, by=None)
                return "imported"
            one_is_written.wait(timeout=30)
            basket = [visit.uuid for visit in visits]
            booking.book(visits=basket, name="Daan", email="daan@example.org", language="nl", by=None)
        except OperationalError as error:
            return "deadlock" if "deadlock" in str(error) else str(error)
        return "booked"

    return dict(all_at_once(2, act))


def _line(visit: Visit, *, seats: int) -> str:
    begins, ends = timezone.localtime(visit.starts_at), timezone.localtime(visit.ends_at)
    return f"{begins:%Y-%m-%d},{begins:%H:%M},{ends:%H:%M},{visit.host.name},{seats},fr"


def test_an_import_and_a_basket_in_the_other_order_both_end_well(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = EditionFactory()

    answers = import_against_a_basket(edition, monkeypatch)

    assert answers == {"imported": 1, "booked": 1}
    assert list(Visit.objects.values_list("seats", "seats_taken")) == [(9, 1), (9, 1)]


def test_locked_in_the_order_of_the_file_they_block_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the lock at the start, one of the two is thrown out by the database."""
    monkeypatch.setattr(hosting, "lock_visits", lambda visits: None)
    edition = EditionFactory()

    answers = import_against_a_basket(edition, monkeypatch)

    assert answers["deadlock"] == 1
    assert sum(answers.values()) == 2
