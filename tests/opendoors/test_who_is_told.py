"""Before a visit is called off or a booking given back: who is told, and what exactly goes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from basins.models import User
from core import spoken
from opendoors.enums import EditionState
from opendoors.models import Edition
from opendoors.rules import booking
from opendoors.web.host_link import who_is_told
from tests.basins.people_tools import staff_session
from tests.opendoors.factories import EditionFactory, VisitFactory
from tests.opendoors.staff_tools import page
from tests.opendoors.waiting_tools import wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    made: Edition = EditionFactory(slug="2026", state=EditionState.OPEN)
    return made


def test_those_in_line_are_counted_with_those_who_hold_a_seat(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=1)
    booking.book(visits=[visit.uuid], name="Daan", email="daan@example.org", language="nl", by=None)
    for number in range(2):
        wait(visit, email=f"{number}@example.org")

    with translation.override("en"):
        said = who_is_told([visit])

    assert said == ("1 person holds a seat. 2 people wait for a seat. They are told by mail. This cannot be undone.")


def test_giving_back_for_somebody_names_day_hours_and_seats(client: Client, alice: User, edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=4)
    held = booking.book(visits=[visit.uuid], name="Daan", email="daan@example.org", language="nl", seats=2, by=None)
    staff_session(client, alice)

    html = client.get(page("staff_booking_cancel", slug="2026", reference=held.reference)).content.decode()

    with translation.override("fr"):
        when = f"{spoken.weekday_date(visit.starts_at)}, {spoken.hours(visit.starts_at, visit.ends_at)}"
        assert f"{visit.host.name}, {when} (2 places)" in html
