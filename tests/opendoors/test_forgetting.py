"""Forgetting in time: what the privacy page promises after the week, and what stays for the figures."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from opendoors.enums import BookedState, Sector
from opendoors.mission import mission
from opendoors.models import BookedVisit, Booking, Edition, Host, Visit, Visitor
from opendoors.rules import booking, forgetting
from tests.opendoors.factories import EditionFactory, VisitFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 13, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def edition() -> Edition:
    """A week in which Daan, who needs wheelchair access, holds a seat."""
    with time_machine.travel(NOW, tick=True):
        made: Edition = EditionFactory()
        visit = VisitFactory(edition=made, host__contact_phone="02 123 45 67")
        booking.book(
            visits=[visit.uuid],
            name="Daan",
            email="daan@example.org",
            language="nl",
            by=None,
            organisation="WGC",
            sector=Sector.SOCIAL,
            access_needs=True,
        )
    return made


def twelve_months_after(edition: Edition) -> dt.date:
    return edition.ends_on.replace(year=edition.ends_on.year + 1)


def test_people_are_kept_for_twelve_months_after_the_week(edition: Edition) -> None:
    erased = mission.forget_expired(twelve_months_after(edition))

    assert erased == 0
    assert Visitor.objects.get().email == "daan@example.org"
    assert Host.objects.get().contact_email == "chantal@example.org"


def test_then_visitors_and_contacts_go(edition: Edition) -> None:
    erased = mission.forget_expired(twelve_months_after(edition) + dt.timedelta(days=1))

    visitor, host = Visitor.objects.get(), Host.objects.get()
    assert erased == 3  # the booking, its visitor, the host
    assert visitor.email == f"erased-{visitor.uuid}@invalid"
    assert Booking.objects.values_list("name", "access_needs").get() == ("—", False)
    assert (host.contact_name, host.contact_email, host.contact_phone) == ("", "", "")


def test_the_figures_stay(edition: Edition) -> None:
    mission.forget_expired(twelve_months_after(edition) + dt.timedelta(days=1))

    assert Booking.objects.values_list("organisation", "sector").get() == ("WGC", "social")
    assert Visit.objects.get().seats_taken == 1
    assert BookedVisit.objects.get().state == BookedState.CONFIRMED


def test_a_second_night_finds_nothing_left(edition: Edition) -> None:
    day = twelve_months_after(edition) + dt.timedelta(days=1)

    assert [mission.forget_expired(day) for _night in range(2)] == [3, 0]


def test_other_editions_are_left_alone(edition: Edition) -> None:
    with time_machine.travel(NOW, tick=True):
        later = EditionFactory(starts_on=edition.starts_on + dt.timedelta(days=7))
        VisitFactory(edition=later)

    forgetting.forget_ended_before(later.ends_on)

    assert list(Host.objects.order_by("pk").values_list("contact_email", flat=True)) == ["", "chantal@example.org"]
