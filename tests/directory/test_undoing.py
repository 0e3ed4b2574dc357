"""History in words, and undoing one change: what comes back, and what no longer can."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from basins.models import User
from directory.documents import document_of
from directory.enums import ChangeAction, Price
from directory.models import (
    Location,
    Organization,
    Phone,
    RecordChange,
    Schedule,
    Service,
    ServiceAtLocation,
    Tombstone,
)
from directory.rules import freshness, links, log, merging, records, undoing
from directory.rules.undoing import CannotBeUndone
from tests.basins.people_tools import in_french, staff_session
from tests.directory.desk_tools import desk
from tests.directory.factories import LocationFactory, OrganizationFactory, service

pytestmark = pytest.mark.django_db


def newest(action: ChangeAction = ChangeAction.EDITED) -> RecordChange:
    return RecordChange.objects.filter(action=action).latest("pk")


def test_an_edit_is_undone_and_the_undoing_can_be_undone(alice: User) -> None:
    made = service(phones=[{"number": "107"}])
    before = document_of(made)
    records.edit_service(service=made, values={"phones": [], "areas": ["region"]}, by=alice)
    first = newest()
    undoing.undo(change=first, by=alice)
    assert document_of(Service.objects.get()) == before
    assert newest().undoes == first
    undoing.undo(change=newest(), by=alice)
    assert document_of(Service.objects.get())["areas"] == ["region"]


def test_other_changes_since_are_kept(alice: User) -> None:
    made = service()
    records.edit_service(service=made, values={"home_visits": True}, by=alice)
    first = newest()
    records.edit_service(service=made, values={"no_papers": True}, by=alice)
    undoing.undo(change=first, by=alice)
    row = Service.objects.get()
    assert (row.home_visits, row.no_papers) == (False, True)


def test_what_was_changed_again_since_is_not_undone(alice: User) -> None:
    made = service()
    records.edit_service(service=made, values={"name_fr": "Un", "home_visits": True}, by=alice)
    first = newest()
    records.edit_service(service=made, values={"name_fr": "Deux"}, by=alice)
    with pytest.raises(CannotBeUndone) as caught:
        undoing.undo(change=first, by=alice)
    assert caught.value.extra == {"keys": ["name_fr"]}
    assert Service.objects.get().name_fr == "Deux"


def test_the_same_is_not_undone_twice(alice: User) -> None:
    made = service()
    records.edit_service(service=made, values={"home_visits": True}, by=alice)
    first = newest()
    undoing.undo(change=first, by=alice)
    with pytest.raises(CannotBeUndone):
        undoing.undo(change=first, by=alice)


def test_a_record_that_was_taken_out_comes_back_under_its_identifier(alice: User) -> None:
    place = LocationFactory()
    made = service(place.organization, places=[str(place.uuid)], phones=[{"number": "107"}], areas=["region"])
    before = document_of(made)
    records.remove_service(service=made, by=alice)
    undoing.undo(change=newest(ChangeAction.REMOVED), by=alice)
    row = Service.objects.get(uuid=made.uuid)
    assert document_of(row) == before
    assert not Tombstone.objects.filter(record_uuid=made.uuid).exists()


def test_a_record_comes_back_without_a_place_that_is_gone(alice: User) -> None:
    place = LocationFactory()
    made = service(place.organization, places=[str(place.uuid)])
    records.remove_service(service=made, by=alice)
    records.remove_location(location=place, by=alice)
    undoing.undo(
        change=newest(ChangeAction.REMOVED).__class__.objects.get(record_uuid=made.uuid, action="removed"), by=alice
    )
    assert document_of(Service.objects.get())["places"] == []


def test_a_record_does_not_come_back_without_its_organisation(alice: User) -> None:
    made = service()
    records.remove_service(service=made, by=alice)
    removal = newest(ChangeAction.REMOVED)
    records.remove_organization(organization=Organization.objects.get(), by=alice)
    with pytest.raises(CannotBeUndone):
        undoing.undo(change=removal, by=alice)
    undoing.undo(change=newest(ChangeAction.REMOVED), by=alice)
    undoing.undo(change=removal, by=alice)
    assert Service.objects.get().organization == Organization.objects.get()


def test_a_seat_comes_back_as_a_place_where_there_is_another_seat(alice: User) -> None:
    place = LocationFactory(is_seat=True)
    records.remove_location(location=place, by=alice)
    records.create_location(organization=place.organization, values={"postcode": "1000"}, by=alice)
    undoing.undo(change=newest(ChangeAction.REMOVED), by=alice)
    assert Location.objects.get(uuid=place.uuid).is_seat is False


# --- A service at a place -------------------------------------------------------------------------
def at_a_place() -> tuple[Service, ServiceAtLocation, dict[str, Any]]:
    """A record at a place where something else holds than elsewhere."""
    place = LocationFactory()
    made = service(place.organization, places=[str(place.uuid)])
    row = ServiceAtLocation.objects.get()
    row.description_fr = "Au premier étage"
    log.stamp(row)
    Phone.objects.create(service_at_location=row, number="+3223186058")
    Schedule.objects.create(service_at_location=row, byday="MO", opens_at=dt.time(9), closes_at=dt.time(12))
    return made, row, said_there()


def said_there() -> dict[str, Any]:
    (row,) = ServiceAtLocation.objects.all()
    phones, hours = row.phones.values_list("number", flat=True), row.schedules.values_list("byday", "opens_at")
    return {"uuid": row.uuid, "remark": row.description_fr, "phones": list(phones), "hours": list(hours)}


def test_a_place_that_was_taken_from_a_record_comes_back_with_what_is_said_there(alice: User) -> None:
    made, row, before = at_a_place()
    records.edit_service(service=made, values={"places": []}, by=alice)
    assert Tombstone.objects.filter(record_uuid=row.uuid).exists()
    undoing.undo(change=newest(), by=alice)
    assert said_there() == before
    assert not Tombstone.objects.filter(record_uuid=row.uuid).exists()
    undoing.undo(change=newest(), by=alice)
    assert not ServiceAtLocation.objects.exists()
    undoing.undo(change=newest(), by=alice)
    assert said_there() == before


def test_a_place_comes_back_with_the_records_that_were_there(alice: User) -> None:
    made, row, before = at_a_place()
    seen = Service.objects.get(pk=made.pk).changed_seq
    records.remove_location(location=row.location, by=alice)
    assert document_of(Service.objects.get())["places"] == []
    undoing.undo(change=newest(ChangeAction.REMOVED), by=alice)
    assert said_there() == before
    assert document_of(Service.objects.get())["places"] == [str(row.location.uuid)]
    assert Service.objects.get().changed_seq > seen  # partners copy it anew


def test_a_record_comes_back_with_what_is_said_at_its_places(alice: User) -> None:
    made, row, before = at_a_place()
    records.remove_service(service=made, by=alice)
    undoing.undo(change=newest(ChangeAction.REMOVED), by=alice)
    assert said_there() == before
    assert not Tombstone.objects.filter(record_uuid=row.uuid).exists()


def test_a_place_comes_back_without_records_that_are_gone(alice: User) -> None:
    made, row, _before = at_a_place()
    records.remove_location(location=row.location, by=alice)
    removal = newest(ChangeAction.REMOVED)
    records.remove_service(service=made, by=alice)
    undoing.undo(change=removal, by=alice)
    assert not ServiceAtLocation.objects.exists()


def test_what_is_said_at_a_place_since_is_not_written_over(alice: User) -> None:
    _made, row, _before = at_a_place()
    records.remove_location(location=row.location, by=alice)
    undoing.undo(change=newest(ChangeAction.REMOVED), by=alice)
    ServiceAtLocation.objects.update(description_fr="Au rez-de-chaussée")
    links.restore(newest(ChangeAction.REMOVED).before)
    assert said_there()["remark"] == "Au rez-de-chaussée"


def test_the_history_of_a_parted_place_is_shown(client: Client, alice: User) -> None:
    made, _row, _before = at_a_place()
    records.edit_service(service=made, values={"places": []}, by=alice)
    page = staff_session(client, alice).get(desk("staff_history", record=made.uuid))
    assert [line.key for line in page.context["rows"][0]["lines"]] == ["places"]
    assert page.context["rows"][0]["may_try"] is True


@pytest.mark.parametrize("action", ["created", "confirmed", "merged", "restored", "persons"])
def test_what_is_no_edit_says_why_it_cannot_be_undone(action: str, alice: User) -> None:
    made = service()
    change = RecordChange.objects.get()
    RecordChange.objects.update(action=action)
    change.refresh_from_db()
    with pytest.raises(CannotBeUndone) as caught:
        undoing.undo(change=change, by=alice)
    assert str(caught.value.message) == str(undoing.WHY_NOT[action])
    assert Service.objects.get() == made


def test_a_merged_record_is_not_brought_back_by_its_removal(alice: User) -> None:
    one, two = service(), service()
    merging.merge_services(services=[two], into=one, by=alice)
    for change in RecordChange.objects.filter(record_uuid=two.uuid).exclude(action=ChangeAction.CREATED):
        with pytest.raises(CannotBeUndone):
            undoing.undo(change=change, by=alice)


# --- Pages -----------------------------------------------------------------------------------------
@pytest.fixture
def team(client: Client, alice: User) -> Client:
    return staff_session(client, alice)


def lines(page: Any) -> list[tuple[str, str, list[str], list[str]]]:
    return [(line.key, line.language, line.before, line.after) for row in page.context["rows"] for line in row["lines"]]


def test_the_history_says_before_and_after_in_words(team: Client, alice: User) -> None:
    made = service(phones=[{"number": "02 318 60 58", "description_fr": "Accueil"}], areas=["region"])
    RecordChange.objects.all().delete()
    values = {"phones": [], "areas": ["municipality:21005"], "home_visits": True, "price": "free", "name_fr": "Un"}
    records.edit_service(service=made, values=values, by=alice)
    accueil = in_french(_("%(label)s: %(value)s")) % {
        "label": f"{capfirst(in_french(_('what for')))} (fr)",
        "value": "Accueil",
    }
    assert lines(team.get(desk("staff_history", record=made.uuid))) == [
        ("name_fr", "fr", ["Écoute à domicile"], ["Un"]),
        ("home_visits", "", [in_french(_("no"))], [in_french(_("yes"))]),
        ("price", "", [], [in_french(Price.FREE.label)]),
        ("areas", "", [in_french(_("the whole Region"))], ["Etterbeek"]),
        ("phones", "", [f"02 318 60 58, {accueil}"], []),
    ]


def test_a_check_stands_in_the_history(team: Client, alice: User) -> None:
    made = service()
    freshness.assure(records=[made], on=made.created.date(), by=alice)
    page = team.get(desk("staff_history", record=made.uuid))
    assert [(row["change"].action, row["may_try"]) for row in page.context["rows"]] == [
        ("confirmed", False),
        ("created", False),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_a_history(team: Client, alice: User, number: int, django_assert_num_queries: Any) -> None:
    made = service(OrganizationFactory())
    for each in range(number):
        records.edit_service(service=made, values={"name_fr": f"Nom {each}", "min_age": each}, by=alice)
    team.get(desk("staff_history", record=made.uuid))
    # Session, reader, grants, factor; number of changes, the changes, terms, whether the record is there.
    with django_assert_num_queries(7):
        team.get(desk("staff_history", record=made.uuid))


def test_undo_asks_first_and_then_does_it(team: Client, alice: User) -> None:
    made = service()
    records.edit_service(service=made, values={"home_visits": True}, by=alice)
    url = desk("staff_undo", change=newest().uuid)
    assert team.get(url).status_code == 200
    assert Service.objects.get().home_visits is True
    assert team.post(url)["Location"] == desk("staff_history", record=made.uuid)
    assert Service.objects.get().home_visits is False


def test_undo_says_in_words_why_not(team: Client, alice: User) -> None:
    made = service()
    records.edit_service(service=made, values={"name_fr": "Un"}, by=alice)
    first = newest()
    records.edit_service(service=made, values={"name_fr": "Deux"}, by=alice)
    answer = team.post(desk("staff_undo", change=first.uuid))
    assert (answer.status_code, len(answer.context["problems"])) == (409, 1)


def test_the_history_outlives_the_record_and_brings_it_back(team: Client, alice: User) -> None:
    made = service()
    records.remove_service(service=made, by=alice)
    page = team.get(desk("staff_history", record=made.uuid))
    assert [row["may_try"] for row in page.context["rows"]] == [True, False]
    team.post(desk("staff_undo", change=newest(ChangeAction.REMOVED).uuid))
    assert Service.objects.get().uuid == made.uuid


def test_there_is_no_history_of_nothing(team: Client) -> None:
    assert team.get(desk("staff_history", record="00000000-0000-0000-0000-000000000001")).status_code == 404
