"""What the team's pages say of what is over: visits called off, seats given back, texts that are missing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import resolve

from basins.models import User
from core.spoken import short_date
from opendoors.enums import EditionState, VisitState
from opendoors.models import BookedVisit, Edition, Visit
from opendoors.rules import booking
from tests.basins.people_tools import staff_session
from tests.opendoors.factories import EditionFactory, HostFactory, VisitFactory, week_of_visits
from tests.opendoors.staff_tools import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    made: Edition = EditionFactory(slug="2026", state=EditionState.OPEN)
    return made


@pytest.fixture
def team(client: Client, alice: User) -> Client:
    """Alice at work."""
    return staff_session(client, alice)


@pytest.fixture
def off(edition: Edition) -> Visit:
    made: Visit = VisitFactory(edition=edition, state=VisitState.CANCELLED)
    return made


def test_a_visit_called_off_is_shown_as_such_with_nothing_to_save(team: Client, off: Visit) -> None:
    call_off = page("staff_visit_call_off", slug="2026", visit=off.uuid)

    answer = team.get(page("staff_visit", slug="2026", visit=off.uuid))

    assert (answer.status_code, "form" in answer.context, call_off in answer.text) == (200, False, False)
    assert "annulée" in answer.text


@pytest.mark.parametrize("name", ["staff_visit", "staff_visit_call_off"])
def test_what_is_sent_for_a_visit_called_off_is_refused(team: Client, off: Visit, name: str) -> None:
    before = Visit.objects.values().get()

    answer = team.post(page(name, slug="2026", visit=off.uuid), {"seats": "3"})

    assert (answer.status_code, Visit.objects.values().get()) == (409, before)


def test_calling_off_is_not_asked_twice(team: Client, off: Visit) -> None:
    url = page("staff_visit_call_off", slug="2026", visit=off.uuid)

    answer = team.get(url)

    assert resolve(url).view_name == "opendoors:staff_visit_call_off"
    assert "question" not in answer.context


@pytest.mark.parametrize(("language", "said"), [("fr", "libérée le "), ("nl", "vrijgegeven op ")])
def test_a_visit_given_back_says_when(team: Client, edition: Edition, language: str, said: str) -> None:
    visits = week_of_visits(edition, 2)
    booked = booking.book(
        visits=[visit.uuid for visit in visits], name="Daan", email="daan@example.org", language="nl", by=None
    )
    booking.change(booking=booked, visits=[visits[0].uuid], by=None)

    shown = team.get(page("staff_bookings", language, slug="2026")).text

    moment = BookedVisit.objects.exclude(cancelled_at=None).get().cancelled_at
    assert moment is not None
    assert f"{said}{short_date(moment, language)}<" in shown


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", "Nog geen tekst in het Frans."), ("fr", "Pas encore de texte en français.")],
)
def test_a_missing_text_is_named_in_the_readers_language(
    team: Client, edition: Edition, language: str, said: str
) -> None:
    host = HostFactory(edition=edition, description_fr="", description_nl="")

    shown = team.get(page("staff_host", language, slug="2026", host=host.uuid)).text

    assert f'<p class="meta" lang="{language}">{said}</p>' in shown
