"""A host answers the call; the team says yes, asks for a change, or says no: each step a row and a letter."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from basins.models import User
from basins.rules.people import NotYours
from core.models import OutboxMessage
from opendoors.enums import HOST_TRANSITIONS, BookedState, EditionState, HostState, VisitState
from opendoors.errors import CallClosed, HostingError, HostStepRefused, TooManyProposals
from opendoors.models import BookedVisit, Edition, Host, HostStateChange, Visit
from opendoors.rules import validating
from opendoors.rules.editions import why_no_call
from opendoors.rules.programme_data import PlaceData
from tests.basins.people_tools import in_french
from tests.opendoors.booking_tools import book
from tests.opendoors.factories import HostFactory, VisitFactory
from tests.opendoors.host_tools import CONTACT, called_edition, host_data, propose, visit_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return called_edition()


def letters(kind: str) -> list[str]:
    return list(OutboxMessage.objects.filter(kind=kind).order_by("to").values_list("to", flat=True))


# --- Signing up ----------------------------------------------------------------------------------


def test_a_proposal_is_stored_with_its_visits_and_stands_in_no_programme(edition: Edition) -> None:
    host = propose(edition, visit_data(edition), visit_data(edition, day=1))

    assert (host.state, host.places.count()) == (HostState.PROPOSED, 1)
    assert set(host.visits.values_list("state", flat=True)) == {VisitState.PROPOSED}
    assert host.visits.count() == 2


def test_the_first_step_is_logged_without_an_actor(edition: Edition) -> None:
    host = propose(edition)

    step = HostStateChange.objects.get()
    assert (step.host, step.from_state, step.to_state, step.by) == (host, "", HostState.PROPOSED, None)


def test_the_contact_gets_the_link_and_the_team_is_told(edition: Edition, alice: User, bram: User) -> None:
    propose(edition, contact_email="  Chantal@Example.org ")

    assert letters("opendoors.host_proposed") == [CONTACT]
    assert letters("opendoors.team_host") == [alice.email]


def test_a_basin_without_a_team_is_told_at_its_helpdesk(edition: Edition) -> None:
    edition.basin.helpdesk_email = "info@example.org"
    edition.basin.save()

    propose(edition)

    languages = OutboxMessage.objects.filter(kind="opendoors.team_host").values_list("to", "language")
    assert sorted(languages) == [("info@example.org", "fr"), ("info@example.org", "nl")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contact_name": " "}, "contact_name"),
        ({"contact_email": ""}, "contact_email"),
        ({"contact_email": "no address"}, "contact_email"),
        ({"description_fr": " "}, "description_fr"),
    ],
)
def test_what_the_team_needs_to_say_yes_is_asked_for(edition: Edition, changes: dict[str, str], field: str) -> None:
    with pytest.raises(HostingError) as refused:
        propose(edition, **changes)

    assert refused.value.field == field
    assert not Host.objects.exists()


def test_one_language_is_enough(edition: Edition) -> None:
    host = propose(edition, description_fr="", description_nl="Wij tonen u het huis.")

    assert host.description_nl == "Wij tonen u het huis."


def test_a_proposal_has_a_visit_and_not_too_many(edition: Edition) -> None:
    with pytest.raises(HostingError):
        validating.propose(edition=edition, data=host_data(), place=PlaceData(), visits=[])
    with pytest.raises(HostingError):
        propose(
            edition,
            *(visit_data(edition, day=day % 5, begin=f"{9 + day}:00".zfill(5), end="18:00") for day in range(6)),
        )

    assert not Host.objects.exists()


def test_a_visit_that_is_wrong_is_named_by_its_place_in_the_form(edition: Edition) -> None:
    with pytest.raises(HostingError) as refused:
        propose(edition, visit_data(edition), visit_data(edition, day=9))

    assert (refused.value.extra["visit"], refused.value.field) == (1, "starts_at")
    assert not Host.objects.exists()


def test_a_service_takes_part_once(edition: Edition) -> None:
    HostFactory(edition=edition, name="Maison verte")

    with pytest.raises(HostingError):
        propose(edition, name="MAISON VERTE")


@pytest.mark.parametrize("state", [state for state in EditionState if state != EditionState.CALL])
def test_without_a_call_nobody_can_sign_up(state: EditionState) -> None:
    with pytest.raises(CallClosed):
        propose(called_edition(state=state))


def test_the_dates_of_the_call_hold_and_are_said() -> None:
    edition = called_edition()
    assert edition.call_opens_at is not None
    assert edition.call_closes_at is not None

    before = why_no_call(edition, now=edition.call_opens_at - dt.timedelta(minutes=1))
    during = why_no_call(edition, now=edition.call_closes_at - dt.timedelta(minutes=1))
    after = why_no_call(edition, now=edition.call_closes_at)

    assert during == ""
    assert f"{timezone.localtime(edition.call_opens_at).year}" in before
    assert after != before
    with time_machine.travel(edition.call_closes_at, tick=False), pytest.raises(CallClosed):
        propose(edition)


def test_one_network_cannot_fill_the_teams_desk(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validating, "PROPOSALS_PER_HOUR", 2)
    for number in range(2):
        propose(edition, name=f"Service {number}", contact_email=f"a{number}@example.org", network="198.51.100.7")

    with pytest.raises(TooManyProposals):
        propose(edition, name="Service 3", contact_email="a3@example.org", network="198.51.100.7")
    propose(edition, name="Service 4", contact_email="a4@example.org", network="198.51.100.8")


def test_a_house_of_several_services_signs_up_with_one_address(edition: Edition) -> None:
    for number in range(12):
        propose(edition, name=f"Service {number}", network="198.51.100.7")

    assert Host.objects.filter(contact_email=CONTACT).count() == 12


def test_one_address_is_not_filled_with_mails(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validating, "PROPOSALS_PER_ADDRESS", 1)
    propose(edition, network="198.51.100.7")

    with pytest.raises(TooManyProposals):
        validating.send_links(edition=edition, email=CONTACT.upper(), network="198.51.100.8")


def test_the_link_once_more_goes_to_the_hosts_of_the_address_alone(edition: Edition) -> None:
    propose(edition)
    propose(edition, name="Autre service", contact_email="autre@example.org")

    validating.send_links(edition=edition, email=CONTACT.upper())
    validating.send_links(edition=edition, email="nobody@example.org")

    assert letters("opendoors.host_link") == [CONTACT]


# --- The team's word -----------------------------------------------------------------------------


def test_a_yes_brings_the_visits_into_the_programme(edition: Edition, alice: User) -> None:
    host = propose(edition)

    validating.accept(host=host, by=alice, note="À bientôt")

    assert Host.objects.get().state == HostState.ACCEPTED
    assert Visit.objects.get().state == VisitState.PLANNED
    assert letters("opendoors.host_accepted") == [CONTACT]
    step = HostStateChange.objects.latest("pk")
    assert (step.from_state, step.to_state, step.by, step.note) == ("proposed", "accepted", alice, "À bientôt")


def test_a_visit_that_was_called_off_does_not_come_back(edition: Edition, alice: User) -> None:
    host = propose(edition, visit_data(edition), visit_data(edition, day=1))
    off = host.visits.order_by("starts_at")[0]
    Visit.objects.filter(pk=off.pk).update(state=VisitState.CANCELLED)

    validating.accept(host=host, by=alice)

    assert sorted(host.visits.values_list("state", flat=True)) == [VisitState.CANCELLED, VisitState.PLANNED]


def test_a_change_is_asked_with_a_word_and_proposed_again(edition: Edition, alice: User) -> None:
    host = propose(edition)

    validating.ask_change(host=host, by=alice, note=" Un autre jour ? ")
    asked = Host.objects.get()
    validating.propose_again(host=host)

    assert (asked.state, asked.decision_note) == (HostState.CHANGES, "Un autre jour ?")
    again = Host.objects.get()
    assert (again.state, again.decision_note) == (HostState.PROPOSED, "")
    assert letters("opendoors.host_changes") == [CONTACT]
    assert letters("opendoors.team_host") == [alice.email, alice.email]


@pytest.mark.parametrize("step", [validating.ask_change, validating.refuse])
def test_a_no_needs_a_word(edition: Edition, alice: User, step: object) -> None:
    host = propose(edition)

    with pytest.raises(HostingError) as refused:
        step(host=host, by=alice, note="  ")  # type: ignore[operator]  # one of two rules

    assert refused.value.field == "note"
    assert Host.objects.get().state == HostState.PROPOSED


def test_a_no_can_become_a_yes(edition: Edition, alice: User) -> None:
    host = propose(edition)

    validating.refuse(host=host, by=alice, note="Complet")
    validating.accept(host=host, by=alice)

    assert Host.objects.get().state == HostState.ACCEPTED
    assert letters("opendoors.host_refused") == [CONTACT]


@pytest.mark.parametrize("state", HostState)
@pytest.mark.parametrize(
    ("to", "step"),
    [
        (HostState.ACCEPTED, lambda host: validating.accept(host=host, by=None)),
        (HostState.CHANGES, lambda host: validating.ask_change(host=host, by=None, note="…")),
        (HostState.REFUSED, lambda host: validating.refuse(host=host, by=None, note="…")),
        (HostState.WITHDRAWN, lambda host: validating.withdraw(host=host, by=None)),
        (HostState.PROPOSED, lambda host: validating.propose_again(host=host)),
    ],
)
def test_every_step_and_no_other(state: HostState, to: HostState, step: object, edition: Edition) -> None:
    host = propose(edition)
    Host.objects.filter(pk=host.pk).update(state=state)

    if to in HOST_TRANSITIONS[state]:
        step(host)  # type: ignore[operator]  # a rule
        assert Host.objects.get().state == to
    else:
        with pytest.raises(HostStepRefused):
            step(host)  # type: ignore[operator]  # a rule
        assert Host.objects.get().state == state


def test_the_team_of_another_basin_has_no_say(edition: Edition, bram: User) -> None:
    host = propose(edition)

    for step in (validating.accept, validating.ask_change, validating.refuse):
        with pytest.raises(NotYours):
            step(host=host, by=bram, note="…")


def test_history_stays(edition: Edition, alice: User) -> None:
    host = propose(edition)
    Edition.objects.update(state=EditionState.EVALUATED)

    with pytest.raises(HostStepRefused):
        validating.accept(host=host, by=alice)


def test_a_host_without_an_address_gets_no_letter(edition: Edition, alice: User) -> None:
    host = HostFactory(edition=edition, contact_email="", state=HostState.PROPOSED)

    validating.accept(host=host, by=alice)

    assert not OutboxMessage.objects.exists()


# --- Further visits ------------------------------------------------------------------------------


def test_a_further_visit_is_accepted_on_its_own(edition: Edition, alice: User) -> None:
    visit = VisitFactory(edition=edition, state=VisitState.PROPOSED)

    validating.accept_visit(visit=visit, by=alice)

    assert Visit.objects.get().state == VisitState.PLANNED
    assert letters("opendoors.host_visit_accepted") == [CONTACT]
    with pytest.raises(HostStepRefused):
        validating.accept_visit(visit=visit, by=alice)


def test_a_further_visit_is_refused_with_a_word(edition: Edition, alice: User) -> None:
    visit = VisitFactory(edition=edition, state=VisitState.PROPOSED)

    with pytest.raises(HostingError):
        validating.refuse_visit(visit=visit, by=alice, note="")
    validating.refuse_visit(visit=visit, by=alice, note="Trop tard")

    assert not Visit.objects.exists()
    assert letters("opendoors.host_visit_refused") == [CONTACT]


def test_the_visits_of_a_proposal_come_with_it_alone(edition: Edition, alice: User) -> None:
    host = propose(edition)

    with pytest.raises(HostStepRefused):
        validating.accept_visit(visit=host.visits.get(), by=alice)


# --- Withdrawing ---------------------------------------------------------------------------------


def test_a_host_that_withdraws_tells_everybody_who_booked(edition: Edition, alice: User) -> None:
    host = propose(edition, visit_data(edition), visit_data(edition, day=1))
    validating.accept(host=host, by=alice)
    Edition.objects.update(state=EditionState.OPEN)
    booked, other = host.visits.order_by("starts_at")
    book(booked, email="daan@example.org")

    told = validating.withdraw(host=host, by=None)

    assert told == 1
    assert BookedVisit.objects.get().state == BookedState.CANCELLED
    assert Visit.objects.get(pk=booked.pk).state == VisitState.CANCELLED
    assert Visit.objects.get(pk=other.pk).state == VisitState.PROPOSED
    assert letters("opendoors.visit_cancelled") == ["daan@example.org"]
    assert letters("opendoors.host_withdrawn") == [CONTACT]


def test_what_has_begun_stays_when_a_host_withdraws(edition: Edition, alice: User) -> None:
    host = propose(edition, visit_data(edition), visit_data(edition, day=1))
    validating.accept(host=host, by=alice)
    first = host.visits.order_by("starts_at")[0]

    with time_machine.travel(first.starts_at + dt.timedelta(minutes=5), tick=False):
        validating.withdraw(host=host, by=alice)

    assert Visit.objects.get(pk=first.pk).state == VisitState.PLANNED


def test_a_host_that_comes_back_proposes_again(edition: Edition, alice: User) -> None:
    host = propose(edition)
    validating.withdraw(host=host, by=None)

    validating.propose_again(host=host)

    assert Host.objects.get().state == HostState.PROPOSED


def test_nobody_comes_back_after_the_week(edition: Edition) -> None:
    host = propose(edition)
    validating.withdraw(host=host, by=None)

    after = dt.datetime.combine(edition.ends_on + dt.timedelta(days=1), dt.time(12), tzinfo=dt.UTC)
    with time_machine.travel(after, tick=False), pytest.raises(HostStepRefused) as refused:
        validating.propose_again(host=host)

    assert in_french(refused.value.message) != ""
