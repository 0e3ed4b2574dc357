"""What a host may do by its link, until when, and what the team is told of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import time_machine

from basins.models import User
from core import signing
from core.models import OutboxMessage
from opendoors import queries_hosts
from opendoors.enums import EditionState, HostState, VisitState
from opendoors.errors import HostingError
from opendoors.models import Edition, Host, Place, Visit
from opendoors.rules import by_host, hosting, validating
from opendoors.rules.programme_data import PlaceData, VisitData
from tests.opendoors.booking_tools import book
from tests.opendoors.host_tools import CONTACT, called_edition, host_data, propose, visit_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(alice: User) -> Host:
    """Accepted, two visits in the programme, sign-up open, no letter waiting."""
    edition = called_edition()
    made = propose(edition, visit_data(edition), visit_data(edition, day=1))
    validating.accept(host=made, by=alice)
    Edition.objects.update(state=EditionState.OPEN)
    OutboxMessage.objects.all().delete()
    return Host.objects.select_related("edition__basin").get()


def first(host: Host) -> Visit:
    visit = host.visits.select_related("host", "place").order_by("starts_at").first()
    assert visit is not None
    return visit


def moved(visit: Visit, hours: int = 3) -> VisitData:
    later = dt.timedelta(hours=hours)
    return VisitData(
        starts_at=visit.starts_at + later, ends_at=visit.ends_at + later, seats=visit.seats, languages=("fr",)
    )


def events() -> list[str]:
    """What the team is told, in order."""
    rows = OutboxMessage.objects.filter(kind="opendoors.team_host").order_by("pk")
    return [row.params["what"] for row in rows]


def test_texts_change_without_a_word_to_the_team(host: Host) -> None:
    by_host.edit_host(host=host, data=host_data(welcome_nl="Bel twee keer."))

    assert Host.objects.get().welcome_nl == "Bel twee keer."
    assert not OutboxMessage.objects.exists()


def test_the_team_learns_of_a_new_name(host: Host) -> None:
    by_host.edit_host(host=host, data=host_data(name="Maison Bleue"))

    assert events() == ["renamed"]


def test_a_new_address_of_the_contact_gets_the_link(host: Host) -> None:
    by_host.edit_host(host=host, data=host_data(contact_email="Nouvelle@example.org"))

    letters = OutboxMessage.objects.order_by("pk").values_list("kind", "to")
    assert list(letters) == [
        ("opendoors.host_link", "nouvelle@example.org"),
        ("opendoors.host_contact_changed", CONTACT),
    ]


def test_the_link_of_the_former_contact_dies_and_the_new_one_has_its_own(host: Host) -> None:
    token = queries_hosts.host_link(host)

    changed = by_host.edit_host(host=host, data=host_data(contact_email="nouvelle@example.org"))

    with pytest.raises(signing.StaleToken):
        queries_hosts.host_by_link(token, "sud-est")
    assert queries_hosts.host_by_link(queries_hosts.host_link(changed), "sud-est") == host


def test_the_team_gives_a_host_another_contact_and_both_are_told(host: Host, alice: User) -> None:
    hosting.edit_host(host=host, data=host_data(contact_email="nouvelle@example.org", contact_language="nl"), by=alice)

    letters = OutboxMessage.objects.order_by("pk").values_list("to", "language")
    assert list(letters) == [("nouvelle@example.org", "nl"), (CONTACT, "fr")]


def test_the_same_contact_in_capitals_keeps_its_link(host: Host) -> None:
    token = queries_hosts.host_link(host)

    by_host.edit_host(host=host, data=host_data(contact_email=CONTACT.upper()))

    assert queries_hosts.host_by_link(token, "sud-est") == host
    assert not OutboxMessage.objects.exists()


def test_a_host_without_an_address_would_lose_its_link(host: Host) -> None:
    with pytest.raises(HostingError) as refused:
        by_host.edit_host(host=host, data=host_data(contact_email=" "))

    assert refused.value.field == "contact_email"


def test_a_visit_that_moves_is_told_to_visitors_and_team(host: Host) -> None:
    visit = first(host)
    book(visit)
    OutboxMessage.objects.all().delete()

    by_host.edit_visit(visit=visit, place=visit.place, data=moved(visit))

    assert Visit.objects.get(pk=visit.pk).sequence == visit.sequence + 1
    assert list(OutboxMessage.objects.filter(kind="opendoors.visit_moved").values_list("to", flat=True)) == [
        "daan@example.org"
    ]
    assert events() == ["visit_moved"]


def test_more_seats_are_nobodys_news(host: Host) -> None:
    visit = first(host)
    data = replace(moved(visit, hours=0), seats=visit.seats + 2)

    by_host.edit_visit(visit=visit, place=visit.place, data=data)

    assert Visit.objects.get(pk=visit.pk).seats == visit.seats + 2
    assert events() == []


def test_a_new_address_is_told_to_the_team(host: Host) -> None:
    place = Place.objects.get()

    by_host.edit_place(host=host, place=place, data=PlaceData(street_fr="Rue Basse 2", postcode="1040"))

    assert events() == ["place"]


def test_a_further_visit_waits_for_the_teams_word(host: Host) -> None:
    visit = by_host.add_visit(host=host, place=Place.objects.get(), data=visit_data(host.edition, day=2))

    assert visit.state == VisitState.PROPOSED
    assert events() == ["visit_new"]


def test_a_visit_that_is_booked_is_called_off_with_its_people_told(host: Host) -> None:
    visit = first(host)
    book(visit)
    OutboxMessage.objects.all().delete()

    told = by_host.call_off(visit=visit)

    assert told == 1
    assert Visit.objects.get(pk=visit.pk).state == VisitState.CANCELLED
    assert events() == ["visit_off"]


def test_a_proposed_visit_goes_without_a_word(host: Host) -> None:
    visit = by_host.add_visit(host=host, place=Place.objects.get(), data=visit_data(host.edition, day=2))
    OutboxMessage.objects.all().delete()

    by_host.call_off(visit=visit)

    assert not Visit.objects.filter(pk=visit.pk).exists()
    assert events() == []


def test_a_visit_that_has_begun_stays(host: Host) -> None:
    visit = first(host)

    with time_machine.travel(visit.starts_at, tick=False):
        with pytest.raises(HostingError):
            by_host.edit_visit(visit=visit, place=visit.place, data=moved(visit))
        with pytest.raises(HostingError):
            by_host.call_off(visit=visit)

    assert Visit.objects.get(pk=visit.pk).state == VisitState.PLANNED


def test_a_visit_does_not_move_into_the_past(host: Host) -> None:
    visit = first(host)
    later = host.visits.order_by("-starts_at")[0]

    with time_machine.travel(visit.ends_at, tick=False), pytest.raises(HostingError) as refused:
        by_host.edit_visit(visit=later, place=later.place, data=moved(visit, hours=0))

    assert refused.value.field == "starts_at"


@pytest.mark.parametrize("state", [HostState.REFUSED, HostState.WITHDRAWN])
def test_who_does_not_take_part_changes_nothing(host: Host, state: HostState) -> None:
    Host.objects.update(state=state)

    with pytest.raises(HostingError):
        by_host.edit_host(host=host, data=host_data(welcome_fr="…"))


def test_history_stays(host: Host) -> None:
    Edition.objects.update(state=EditionState.EVALUATED)

    with pytest.raises(HostingError):
        by_host.add_visit(host=host, place=Place.objects.get(), data=visit_data(host.edition, day=2))


def test_a_place_of_another_host_is_not_ones_own(host: Host, alice: User) -> None:
    Edition.objects.update(state=EditionState.CALL)
    other = propose(host.edition, name="Autre", contact_email="autre@example.org")

    with pytest.raises(HostingError):
        by_host.edit_place(host=host, place=other.places.get(), data=PlaceData())
    with pytest.raises(HostingError):
        by_host.add_visit(host=host, place=other.places.get(), data=visit_data(host.edition, day=3))
