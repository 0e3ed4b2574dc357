"""Forgetting in time: what the privacy page promises after the week, and what stays for the figures."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from basins.enums import Sector
from basins.models import User
from opendoors.enums import BookedState
from opendoors.mission import mission
from opendoors.models import Answer, BookedVisit, Booking, Edition, Host, Visit, Visitor, WaitingRequest
from opendoors.rules import answering, booking, forgetting
from tests.opendoors.evaluation_tools import past_edition, present, said
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


# --- What was said of and by a person --------------------------------------------------------------


@pytest.fixture
def answered() -> Answer:
    """An answer of Daan, who came a fortnight ago, with a quote that is public."""
    visitor = present(VisitFactory(edition=past_edition()))
    texts = {"best": "Bien.", "missing": "Un interprète.", "may_quote": True, "is_quoted": True}
    return said(visitor, rating=4, **texts)


def said_now() -> tuple[object, ...]:
    return Answer.objects.values_list("visitor", "rating", "best", "missing", "is_quoted").get()


def test_somebody_who_asks_takes_words_and_quotes_back_and_the_mark_stays(answered: Answer) -> None:
    mission.forget("daan@example.org")

    assert said_now() == (None, 4, "", "", False)


def test_in_time_the_name_goes_and_a_public_quote_stays(answered: Answer) -> None:
    mission.forget_expired(twelve_months_after(answered.edition) + dt.timedelta(days=1))

    assert said_now() == (None, 4, "Bien.", "", True)


def test_in_time_words_that_are_not_public_go(answered: Answer) -> None:
    Answer.objects.update(is_quoted=False)

    mission.forget_expired(twelve_months_after(answered.edition) + dt.timedelta(days=1))

    assert said_now() == (None, 4, "", "", False)


def test_a_host_s_answer_is_forgotten_with_its_contact(chantal: User) -> None:
    host = VisitFactory(edition=past_edition()).host
    Answer.objects.create(edition=host.edition, role="host", host=host, language="fr", rating=2, best="Bien.")

    mission.forget(chantal.email)

    left = Answer.objects.get()
    assert (left.host, left.rating, left.best) == (None, 2, "")


def test_the_needs_that_came_of_answers_stay(answered: Answer, alice: User) -> None:
    need = answering.make_need(answer=answered, title="Interprètes", by=alice)

    mission.forget("daan@example.org")

    assert Answer.objects.get().need == need


def test_everything_that_is_held_is_told(answered: Answer) -> None:
    Booking.objects.update(companions="Bo")
    visitor = Visitor.objects.get()
    request = WaitingRequest.objects.create(visitor=visitor, name="Daan", wanted=1, companions="Cas")

    records = {record.reference: record.fields for record in mission.personal_data("Daan@example.org")}

    booking_made = records[Booking.objects.get().reference]
    assert (booking_made["companions"], len(booking_made["attendance"])) == ("Bo", 1)
    assert records[request.reference]["companions"] == "Cas"
    assert records[str(answered.uuid)]["missing"] == "Un interprète."
