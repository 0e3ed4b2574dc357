"""The programme: hosts, places, visits; what may change under people who booked, and what they are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
import time_machine

from basins.models import User
from basins.rules.people import NotYours
from core.models import OutboxMessage
from opendoors.enums import BookedState, EditionState, VisitState
from opendoors.errors import HostingError
from opendoors.models import BookedVisit, Booking, Edition, Host, Place, Visit
from opendoors.rules import booking, hosting
from opendoors.rules.programme_data import HostData, PlaceData, VisitData
from tests.factories import local
from tests.opendoors.factories import EditionFactory, HostFactory, PlaceFactory, VisitFactory, week_of_visits

NOW = dt.datetime(2026, 5, 13, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel(NOW, tick=True):
        yield


def data_of(visit: Visit) -> VisitData:
    return VisitData(
        starts_at=visit.starts_at, ends_at=visit.ends_at, seats=visit.seats, languages=tuple(visit.languages)
    )


def version(edition: Edition) -> int:
    return Edition.objects.values_list("programme_version", flat=True).get(pk=edition.pk)


def book(*visits: Visit, email: str = "daan@example.org") -> Booking:
    return booking.book(visits=[visit.uuid for visit in visits], name="Daan", email=email, language="nl", by=None)


def letters(kind: str) -> list[dict[str, str]]:
    return list(OutboxMessage.objects.filter(kind=kind).order_by("pk").values_list("params", flat=True))


# --- Hosts and places ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_host_comes_with_a_folded_name_and_a_new_version(alice: User) -> None:
    edition = EditionFactory()

    host = hosting.add_host(edition=edition, data=HostData(name="Équipe  Tela"), by=alice)

    assert Host.objects.get().search_name == "equipe tela"
    assert host.edition == edition
    assert version(edition) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"name": "a\x1fb"}, "name"),
        ({"name": "EQUIPE tela"}, ""),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"name_language": "de"}, "name_language"),
    ],
)
def test_a_host_that_makes_no_sense_is_refused(alice: User, changes: dict[str, str], field: str) -> None:
    edition = HostFactory(name="Équipe Tela").edition

    with pytest.raises(HostingError) as refused:
        hosting.add_host(edition=edition, data=replace(HostData(name="B"), **changes), by=alice)

    assert refused.value.field == field
    assert (Host.objects.count(), version(edition)) == (1, 1)


@pytest.mark.django_db
def test_a_renamed_host_is_found_under_its_new_name(alice: User) -> None:
    host = HostFactory()

    hosting.edit_host(host=host, data=HostData(name="Été"), by=alice)

    assert (Host.objects.get().search_name, version(host.edition)) == ("ete", 2)


@pytest.mark.django_db
def test_a_host_nobody_booked_goes_with_all_it_has(alice: User) -> None:
    visit = VisitFactory()

    hosting.remove_host(host=visit.host, by=alice)

    assert (Host.objects.count(), Place.objects.count(), Visit.objects.count()) == (0, 0, 0)


@pytest.mark.django_db
def test_a_booked_host_stays(alice: User) -> None:
    visit = VisitFactory()
    book(visit)

    with pytest.raises(HostingError):
        hosting.remove_host(host=visit.host, by=alice)

    assert Host.objects.exists()


@pytest.mark.django_db
def test_a_place_in_use_stays(alice: User) -> None:
    visit = VisitFactory()
    spare = hosting.add_place(host=visit.host, data=PlaceData(street_fr="Rue B 2", postcode="1040"), by=alice)

    hosting.remove_place(place=spare, by=alice)
    with pytest.raises(HostingError):
        hosting.remove_place(place=visit.place, by=alice)

    assert Place.objects.get() == visit.place


@pytest.mark.django_db
def test_a_new_address_is_told_to_those_who_come(alice: User) -> None:
    visit = VisitFactory()
    visitor = book(visit).visitor

    hosting.edit_place(place=visit.place, data=PlaceData(street_fr="Rue Neuve 1", postcode="1040"), by=alice)

    visit.refresh_from_db()
    assert visit.sequence == 1
    (told,) = letters("opendoors.visit_moved")
    assert (told["visitor"], told["visit"]) == (str(visitor.uuid), str(visit.uuid))


@pytest.mark.django_db
def test_a_better_description_of_the_way_is_no_move(alice: User) -> None:
    visit = VisitFactory()
    book(visit)
    place = visit.place
    data = PlaceData(street_fr=place.street_fr, street_nl=place.street_nl, postcode="1040", directions_fr="Sonnez.")

    hosting.edit_place(place=place, data=data, by=alice)

    visit.refresh_from_db()
    assert (visit.sequence, letters("opendoors.visit_moved")) == (0, [])


# --- Visits --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_visit_is_added_within_the_days(alice: User) -> None:
    host = HostFactory()
    place = PlaceFactory(host=host)
    day = host.edition.starts_on
    data = VisitData(starts_at=local(day, "09:00"), ends_at=local(day, "10:30"), seats=8, languages=("fr", "nl"))

    visit = hosting.add_visit(host=host, place=place, data=data, by=alice)

    assert Visit.objects.get() == visit
    assert (visit.edition, visit.languages, version(host.edition)) == (host.edition, ["fr", "nl"], 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": -1}, "starts_at"),
        ({"days": 5}, "starts_at"),
        ({"end": "08:00"}, "ends_at"),
        ({"end": "09:14"}, "ends_at"),
        ({"end": "23:30"}, "ends_at"),
        ({"end_days": 1}, "starts_at"),
        ({"seats": 0}, "seats"),
        ({"seats": 501}, "seats"),
        ({"languages": ("xx",)}, "languages"),
    ],
)
def test_a_visit_that_makes_no_sense_is_refused(alice: User, changes: dict[str, object], field: str) -> None:
    host = HostFactory()
    place = PlaceFactory(host=host)
    day = host.edition.starts_on + dt.timedelta(days=int(str(changes.get("days", 0))))
    last = day + dt.timedelta(days=int(str(changes.get("end_days", 0))))
    data = VisitData(
        starts_at=local(day, "09:00"),
        ends_at=local(last, str(changes.get("end", "10:30"))),
        seats=int(str(changes.get("seats", 5))),
        languages=changes.get("languages", ("fr",)),  # type: ignore[arg-type]  # a table of cases
    )

    with pytest.raises(HostingError) as refused:
        hosting.add_visit(host=host, place=place, data=data, by=alice)

    assert refused.value.field == field
    assert not Visit.objects.exists()


@pytest.mark.django_db
def test_a_host_is_at_one_time_once(alice: User) -> None:
    visit = VisitFactory()

    with pytest.raises(HostingError):
        hosting.add_visit(host=visit.host, place=visit.place, data=data_of(visit), by=alice)


@pytest.mark.django_db
def test_another_hosts_place_is_refused(alice: User) -> None:
    visit, other = VisitFactory(), PlaceFactory()

    with pytest.raises(HostingError) as refused:
        hosting.edit_visit(visit=visit, place=other, data=data_of(visit), by=alice)

    assert refused.value.field == "place"


@pytest.mark.django_db
def test_seats_never_fall_below_those_taken(alice: User) -> None:
    visit = VisitFactory(seats=5)
    book(visit)
    book(visit, email="eva@example.org")

    hosting.edit_visit(visit=visit, place=visit.place, data=replace(data_of(visit), seats=2), by=alice)
    with pytest.raises(HostingError) as refused:
        hosting.edit_visit(visit=visit, place=visit.place, data=replace(data_of(visit), seats=1), by=alice)

    visit.refresh_from_db()
    assert (refused.value.field, visit.seats, visit.seats_taken) == ("seats", 2, 2)


@pytest.mark.django_db
def test_more_seats_are_no_move(alice: User) -> None:
    visit = VisitFactory(seats=5)
    book(visit)

    hosting.edit_visit(visit=visit, place=visit.place, data=replace(data_of(visit), seats=9), by=alice)

    visit.refresh_from_db()
    assert (visit.sequence, letters("opendoors.visit_moved")) == (0, [])


@pytest.mark.django_db
def test_a_moved_visit_is_told_to_those_who_come_and_to_nobody_else(alice: User) -> None:
    visit, other = week_of_visits(EditionFactory(), 2)
    visitor = book(visit).visitor
    book(other, email="eva@example.org")
    later = replace(data_of(visit), ends_at=visit.ends_at + dt.timedelta(minutes=30))

    hosting.edit_visit(visit=visit, place=visit.place, data=later, by=alice)

    visit.refresh_from_db()
    assert visit.sequence == 1
    (told,) = letters("opendoors.visit_moved")
    assert (told["visitor"], told["visit"]) == (str(visitor.uuid), str(visit.uuid))


@pytest.mark.django_db
def test_a_visit_called_off_gives_its_seats_back_and_is_told(alice: User) -> None:
    visit = VisitFactory()
    visitor = book(visit).visitor

    told = [hosting.cancel_visit(visit=visit, by=alice) for _again in range(2)]

    visit.refresh_from_db()
    row = BookedVisit.objects.get()
    assert told == [1, 0]
    assert (visit.state, visit.seats_taken, visit.sequence) == (VisitState.CANCELLED, 0, 1)
    assert row.state == BookedState.CANCELLED
    assert row.cancelled_at is not None
    assert letters("opendoors.visit_cancelled") == [{"visitor": str(visitor.uuid), "visit": str(visit.uuid)}]


@pytest.mark.django_db
def test_a_visit_called_off_stays_as_it_is(alice: User) -> None:
    visit = VisitFactory()
    hosting.cancel_visit(visit=visit, by=alice)

    with pytest.raises(HostingError):
        hosting.edit_visit(visit=visit, place=visit.place, data=data_of(visit), by=alice)


@pytest.mark.django_db
def test_a_visit_nobody_booked_can_be_removed(alice: User) -> None:
    visit, booked = week_of_visits(EditionFactory(), 2)
    book(booked)

    hosting.remove_visit(visit=visit, by=alice)
    with pytest.raises(HostingError):
        hosting.remove_visit(visit=booked, by=alice)

    assert Visit.objects.get() == booked


@pytest.mark.django_db
def test_the_programme_of_an_evaluated_edition_stays(alice: User) -> None:
    visit = VisitFactory(edition__state=EditionState.EVALUATED)

    with pytest.raises(HostingError):
        hosting.cancel_visit(visit=visit, by=alice)
    with pytest.raises(HostingError):
        hosting.add_host(edition=visit.edition, data=HostData(name="B"), by=alice)


# --- Who may -------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "act",
    [
        lambda visit, by: hosting.add_host(edition=visit.edition, data=HostData(name="B"), by=by),
        lambda visit, by: hosting.edit_host(host=visit.host, data=HostData(name="B"), by=by),
        lambda visit, by: hosting.remove_host(host=visit.host, by=by),
        lambda visit, by: hosting.add_place(host=visit.host, data=PlaceData(), by=by),
        lambda visit, by: hosting.edit_place(place=visit.place, data=PlaceData(), by=by),
        lambda visit, by: hosting.remove_place(place=visit.place, by=by),
        lambda visit, by: hosting.add_visit(host=visit.host, place=visit.place, data=data_of(visit), by=by),
        lambda visit, by: hosting.edit_visit(visit=visit, place=visit.place, data=data_of(visit), by=by),
        lambda visit, by: hosting.cancel_visit(visit=visit, by=by),
        lambda visit, by: hosting.withdraw_visit(visit=visit, by=by),
        lambda visit, by: hosting.remove_visit(visit=visit, by=by),
        lambda visit, by: hosting.add_hosts(edition=visit.edition, data=[], by=by),
        lambda visit, by: hosting.add_places(edition=visit.edition, data=[], by=by),
        lambda visit, by: hosting.add_visits(edition=visit.edition, openings=[], by=by),
    ],
)
def test_staff_of_another_basin_change_nothing(bram: User, act: Callable[[Visit, User], object]) -> None:
    visit = VisitFactory()

    with pytest.raises(NotYours):
        act(visit, bram)

    assert version(visit.edition) == 1
