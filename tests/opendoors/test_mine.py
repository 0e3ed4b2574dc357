"""What the open-door weeks show somebody of their own, and what waits for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation

from basins.models import User
from opendoors.enums import EditionState, HostState, VisitState, WaitingState, WishState
from opendoors.mission import mission
from opendoors.models import Answer, Booking, Edition, Host, Visitor, WaitingRequest, Wish
from tests.basins.people_tools import sign_in
from tests.opendoors.evaluation_tools import came, past_edition, said
from tests.opendoors.factories import EditionFactory, HostFactory, VisitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override(None):
        yield


@pytest.fixture
def edition() -> Edition:
    return EditionFactory(slug="2026")


def labels(user: User) -> list[str]:
    return [task.label for task in mission.tasks_for(user)]


def wish(edition: Edition, *, state: str = WishState.WAITING, email: str = "daan@example.org") -> Wish:
    visitor, _new = Visitor.objects.get_or_create(edition=edition, email=email, defaults={"language": "nl"})
    request = WaitingRequest.objects.create(visitor=visitor, name="Daan", wanted=1)
    now = timezone.now()
    offered = {"offered_at": now, "expires_at": now + dt.timedelta(hours=48)} if state == WishState.OFFERED else {}
    return Wish.objects.create(request=request, visit=VisitFactory(edition=edition), state=state, **offered)


# --- Mine ----------------------------------------------------------------------------------------


def test_a_place_in_line_is_shown_with_its_reason(edition: Edition, daan: User) -> None:
    mine = wish(edition)

    (section,) = mission.mine(daan)

    assert section.title == f"My place on the waiting list · Le Grand Bain {edition.starts_on.year}"
    assert [(item.title.value, item.place) for item in section.items] == [
        (mine.visit.host.name, "You are next: what comes free is offered to you.")
    ]


def test_a_line_one_left_is_not_shown(edition: Edition, daan: User) -> None:
    row = wish(edition)
    Wish.objects.filter(pk=row.pk).update(state=WishState.RELEASED, ended_at=timezone.now())

    assert list(mission.mine(daan)) == []


def test_a_host_has_a_section_for_each_service_with_its_page(edition: Edition, chantal: User, client: Client) -> None:
    first = VisitFactory(edition=edition).host
    VisitFactory(edition=edition, day=1)

    sections = list(mission.mine(chantal))
    with translation.override("fr"):
        in_french = list(mission.mine(chantal))

    assert len(sections) == 2
    assert sections[0].title == f"My service opens its door · {first.name}"
    with translation.override("fr"):
        assert sign_in(client, chantal).get(in_french[0].url).status_code == 200


def test_who_answered_the_call_sees_the_proposal_without_a_public_page(chantal: User) -> None:
    edition = EditionFactory(state=EditionState.CALL)
    host = HostFactory(edition=edition, state=HostState.PROPOSED)
    VisitFactory(edition=edition, host=host, place__host=host, state=VisitState.PROPOSED)

    (section,) = mission.mine(chantal)

    assert [(item.place, item.url) for item in section.items] == [("proposed", "")]


@pytest.mark.parametrize("state", [HostState.REFUSED, HostState.WITHDRAWN])
def test_who_does_not_host_has_no_section(edition: Edition, chantal: User, state: str) -> None:
    visit = VisitFactory(edition=edition)
    Host.objects.filter(pk=visit.host.pk).update(state=state)

    assert list(mission.mine(chantal)) == []


# --- Waiting for me ------------------------------------------------------------------------------


def test_an_offer_waits_until_it_lapses(edition: Edition, daan: User) -> None:
    row = wish(edition, state=WishState.OFFERED)

    (task,) = mission.tasks_for(daan)

    assert task.label == f"A seat came free: {row.visit.host.name}. Take it or leave it."
    assert task.due == row.expires_at
    assert row.expires_at is not None
    with time_machine.travel(row.expires_at + dt.timedelta(minutes=1)):
        assert labels(daan) == []


def test_an_address_waits_to_be_confirmed(edition: Edition, daan: User) -> None:
    visitor = came(VisitFactory(edition=edition))
    Booking.objects.filter(visitor=visitor).update(held_until=timezone.now() + dt.timedelta(hours=5))

    assert labels(daan) == ["Confirm your address for Le Grand Bain, or the seats go to others"]


def test_a_request_whose_address_is_not_confirmed_waits_too(edition: Edition, daan: User) -> None:
    row = wish(edition)
    WaitingRequest.objects.filter(pk=row.request.pk).update(held_until=timezone.now() + dt.timedelta(hours=5))

    (task,) = mission.tasks_for(daan)

    assert task.due == WaitingRequest.objects.get().held_until


def test_the_questionnaire_waits_until_it_is_answered(daan: User) -> None:
    visitor = came(VisitFactory(edition=past_edition(), host__contact_email=""))

    before = labels(daan)
    said(visitor, rating=4)

    assert (before, labels(daan)) == (["Say how Le Grand Bain was: one minute"], [])


def test_a_host_s_questionnaire_waits_too(chantal: User) -> None:
    host = VisitFactory(edition=past_edition()).host

    before = labels(chantal)
    Answer.objects.create(edition=host.edition, role="host", host=host, language="fr", rating=4)

    assert (before, labels(chantal)) == ([f"Say how it was to open your door: {host.name}"], [])


def test_a_team_is_told_of_proposals_and_of_what_is_missing(alice: User, bram: User) -> None:
    for number in range(2):
        HostFactory(edition=EditionFactory(slug=f"call-{number}", state=EditionState.CALL), state=HostState.PROPOSED)
    edition = past_edition()
    visit = VisitFactory(edition=edition)
    for name in ("a", "b"):
        said(came(visit, f"{name}@example.org"), missing="Un interprète.")

    assert sorted(labels(alice)) == [
        "A service waits for your word: Le Grand Bain",
        "A service waits for your word: Le Grand Bain",
        "Le Grand Bain: 2 answers name something missing",
    ]
    assert labels(bram) == []


def test_a_request_that_ended_waits_for_nobody(edition: Edition, daan: User) -> None:
    row = wish(edition)
    WaitingRequest.objects.filter(pk=row.request.pk).update(
        held_until=timezone.now() + dt.timedelta(hours=5), state=WaitingState.LEFT, ended_at=timezone.now()
    )

    assert labels(daan) == []
