"""Records come in and change by their document: compared, held back, checked, noted."""

from __future__ import annotations

import pytest

from basins.models import User
from basins.rules.people import NotYours
from basins.rules.privacy import NationalNumberFound
from directory.documents import document_of
from directory.enums import ChangeAction, Origin, TextState
from directory.errors import RecordRefused, StillInUse, UnknownField
from directory.models import Location, Organization, Phone, RecordChange, Service, ServiceAtLocation, Tombstone
from directory.rules import links, records
from tests.directory.factories import LocationFactory, OrganizationFactory, ServiceFactory, SourceFactory, service

pytestmark = pytest.mark.django_db

PHONE = [{"number": "02/318 60 58", "description_fr": "Accueil"}]


def everything(place: Location) -> dict[str, object]:
    """A value for each kind of key."""
    return {
        "description_fr": "Un psychologue vient à la maison.",
        "home_visits": True,
        "min_age": 18,
        "phones": PHONE,
        "schedules": [{"byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}],
        "costs": [{"option_fr": "par séance", "amount": "11.00"}],
        "documents": [{"document_nl": "identiteitskaart"}],
        "urls": [{"url": "https://example.org/info"}],
        "areas": ["municipality:21005", "basin:sud"],
        "places": [str(place.uuid)],
        "capacity": {"places_free": 2, "said_on": "2026-11-01"},
    }


def test_a_record_keeps_what_its_document_says() -> None:
    place = LocationFactory()
    made = service(place.organization, **everything(place))
    found = document_of(Service.objects.get(pk=made.pk))
    expected = everything(place) | {
        "phones": [{"number": "+3223186058", "description_fr": "Accueil"}],
        "areas": ["basin:sud", "municipality:21005"],
    }
    assert {key: found[key] for key in expected} == expected


def test_a_missing_text_is_stored_as_no_text() -> None:
    service(name_nl="")
    assert Service.objects.filter(name_nl="", description_fr="", alert_nl="").count() == 1


def test_the_same_document_again_changes_nothing(alice: User) -> None:
    place = LocationFactory()
    made = service(place.organization, **everything(place))
    before = RecordChange.objects.count()
    phone = Phone.objects.get()
    assert records.edit_service(service=made, values=everything(place), by=alice).changed == set()
    assert (RecordChange.objects.count(), Phone.objects.get().uuid) == (before, phone.uuid)


def test_a_whole_document_can_be_written_back(alice: User) -> None:
    place = LocationFactory()
    made = service(place.organization, **everything(place))
    document = document_of(Service.objects.get(pk=made.pk))
    assert records.edit_service(service=made, values=document, by=alice).changed == set()


def test_a_change_is_kept_with_what_was_before(alice: User) -> None:
    made = service(phones=PHONE)
    records.edit_service(service=made, values={"phones": [], "name_fr": "Écoute"}, by=alice)
    change = RecordChange.objects.filter(action=ChangeAction.EDITED).get()
    assert change.before == {
        "name_fr": "Écoute à domicile",
        "phones": [{"number": "+3223186058", "description_fr": "Accueil"}],
    }
    assert (change.after, change.by, change.label) == ({"name_fr": "Écoute", "phones": []}, alice, "Écoute")


def test_what_was_before_brings_a_record_back(alice: User) -> None:
    made = service(phones=PHONE)
    document = document_of(Service.objects.get(pk=made.pk))
    records.edit_service(service=made, values={"phones": [], "home_visits": True}, by=alice)
    change = RecordChange.objects.filter(action=ChangeAction.EDITED).get()
    records.edit_service(service=made, values=change.before, by=alice, undoes=change)
    assert document_of(Service.objects.get(pk=made.pk)) == document


def test_equal_rows_keep_their_identifier_when_another_comes(alice: User) -> None:
    made = service(phones=PHONE)
    first = Phone.objects.get().uuid
    records.edit_service(service=made, values={"phones": [*PHONE, {"number": "107"}]}, by=alice)
    numbers = dict(Phone.objects.values_list("number", "uuid"))
    assert set(numbers) == {"+3223186058", "107"}
    assert numbers["+3223186058"] == first


def test_each_write_has_a_higher_number(alice: User) -> None:
    one, two = service(), service()
    records.edit_service(service=one, values={"name_fr": "Écoute"}, by=alice)
    one.refresh_from_db()
    assert one.changed_seq > two.changed_seq > 0


def test_a_renamed_organisation_touches_its_records(alice: User) -> None:
    made = service()
    records.edit_organization(organization=made.organization, values={"name_fr": "Autre"}, by=alice)
    assert Service.objects.get().changed_seq > Organization.objects.get().changed_seq


def test_a_place_that_changes_touches_what_can_be_had_there(alice: User) -> None:
    place = LocationFactory()
    made = service(place.organization, places=[str(place.uuid)])
    records.edit_location(location=place, values={"step_free": True}, by=alice)
    place.refresh_from_db()
    assert Service.objects.get(pk=made.pk).changed_seq > place.changed_seq
    assert ServiceAtLocation.objects.get().changed_seq > place.changed_seq


def test_the_first_place_is_the_seat_and_there_is_one(alice: User) -> None:
    organization = OrganizationFactory()
    first = records.create_location(organization=organization, values={"postcode": "1040"}, by=alice)
    second = records.create_location(organization=organization, values={"postcode": "1050"}, by=alice)
    records.edit_location(location=second, values={"is_seat": True}, by=alice)
    seats = dict(Location.objects.values_list("pk", "is_seat"))
    assert seats == {first.pk: False, second.pk: True}


# --- Refused --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name_fr": "", "name_nl": ""}, "name_fr"),
        ({"phones": [{"number": "12"}]}, "phones"),
        ({"min_age": "old"}, "min_age"),
        ({"min_age": 30, "max_age": 20}, ""),
        ({"kind": "hospital"}, "kind"),
        ({"email": "nobody"}, "email"),
        ({"areas": ["basin:nowhere"]}, "areas"),
        ({"areas": ["somewhere"]}, "areas"),
        ({"places": ["x"]}, "places"),
        ({"languages": ["klingon"]}, "languages"),
        ({"terms": ["themes:nothing"]}, "terms"),
        ({"schedules": [{"byday": "XX"}]}, "schedules"),
        ({"schedules": [{"byday": "MO", "opens_at": "09:00"}]}, "schedules"),
        ({"schedules": [{"byday": "MO", "opens_at": "25:00", "closes_at": "26:00"}]}, "schedules"),
        ({"capacity": {"said_on": "2026-11-01"}}, "capacity"),
        ({"capacity": {"places_free": 1}}, "capacity"),
        ({"description_fr": "\x01"}, "description_fr"),
        ({"phones": ["02 318 60 58"]}, "phones"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_stored(
    values: dict[str, object], field: str, alice: User
) -> None:
    made = service()
    with pytest.raises(RecordRefused) as refused:
        records.edit_service(service=made, values={"home_visits": True, **values}, by=alice)
    assert refused.value.field == field
    assert not Service.objects.get().home_visits


@pytest.mark.parametrize("values", [{"colour": "red"}, {"phones": [{"colour": "red"}]}, {"pk": 3}, {"contacts": []}])
def test_a_key_that_no_document_has_is_refused(values: dict[str, object], alice: User) -> None:
    with pytest.raises(UnknownField):
        records.edit_service(service=service(), values=values, by=alice)


def test_national_register_numbers_are_refused(alice: User) -> None:
    with pytest.raises(NationalNumberFound):
        records.edit_service(service=service(), values={"description_fr": "85.07.30-033.28"}, by=alice)


def test_only_who_keeps_the_directory_writes(daan: User) -> None:
    with pytest.raises(NotYours):
        records.create_organization(values={"name_fr": "X"}, by=daan)


def test_helpdesks_write_too(bram: User) -> None:
    assert records.create_organization(values={"name_nl": "X"}, by=bram).name_nl == "X"


# --- Enterprise numbers ---------------------------------------------------------------------------
def test_an_enterprise_number_is_kept_in_one_form(alice: User) -> None:
    made = records.create_organization(values={"name_fr": "X", "kbo_number": "BE 0417.497.106"}, by=alice)
    assert Organization.objects.get(pk=made.pk).kbo_number == "0417497106"


def test_a_wrong_enterprise_number_is_refused(alice: User) -> None:
    with pytest.raises(RecordRefused) as refused:
        records.create_organization(values={"name_fr": "X", "kbo_number": "0417.497.107"}, by=alice)
    assert refused.value.field == "kbo_number"


def test_all_names_of_an_organisation_are_kept_folded(alice: User) -> None:
    values = {"name_fr": "Équipe", "name_nl": "Team", "former_names": ["Rmlb"], "alternate_names": ["L’Équipe"]}
    made = records.create_organization(values=values, by=alice)
    assert made.folded_names == ["equipe", "l'equipe", "rmlb", "team"]


# --- Text states ----------------------------------------------------------------------------------
def test_one_language_changed_alone_makes_the_other_out_of_date(alice: User) -> None:
    made = service(description_fr="Un", description_nl="Een")
    found = records.edit_service(service=made, values={"description_fr": "Deux"}, by=alice).record
    assert found.text_states("description") == {"fr": TextState.PRESENT, "nl": TextState.OUTDATED}


def test_both_changed_together_are_both_present(alice: User) -> None:
    made = service(description_fr="Un", description_nl="Een")
    values = {"description_fr": "Deux", "description_nl": "Twee"}
    found = records.edit_service(service=made, values=values, by=alice).record
    assert found.text_states("description") == {"fr": TextState.PRESENT, "nl": TextState.PRESENT}


def test_a_missing_language_is_missing_and_not_out_of_date(alice: User) -> None:
    made = service(description_fr="Un")
    found = records.edit_service(service=made, values={"description_fr": "Deux"}, by=alice).record
    assert found.text_states("description") == {"fr": TextState.PRESENT, "nl": TextState.MISSING}


def test_the_language_that_follows_is_up_to_date_again(alice: User) -> None:
    made = service(description_fr="Un", description_nl="Een")
    records.edit_service(service=made, values={"description_fr": "Deux"}, by=alice)
    found = records.edit_service(service=made, values={"description_nl": "Twee"}, by=alice).record
    assert found.text_state("description", "nl") == TextState.PRESENT


def test_somebody_can_say_that_a_text_still_fits(alice: User) -> None:
    made = service(description_fr="Un", description_nl="Een")
    records.edit_service(service=made, values={"description_fr": "Un."}, by=alice)
    records.keep_text(record=made, column="description_nl", by=alice)
    assert Service.objects.get().outdated == []


# --- Origins --------------------------------------------------------------------------------------
def test_an_import_does_not_trample_what_was_written_here(alice: User) -> None:
    source = SourceFactory()
    organization = OrganizationFactory()
    values = {"name_fr": "Écoute", "email": "old@example.org", "url": "https://old.example.org"}
    made = records.create_service(
        organization=organization, values=values, by=None, origin=Origin.SOURCE, source=source
    )
    records.edit_service(service=made, values={"email": "right@example.org"}, by=alice)
    again = {**values, "url": "https://new.example.org"}
    written = records.edit_service(service=made, values=again, by=None, origin=Origin.SOURCE, source=source)
    found = Service.objects.get()
    assert (found.email, found.url) == ("right@example.org", "https://new.example.org")
    assert (written.changed, written.held_back) == ({"url"}, {"email"})


def test_a_second_source_fills_gaps_alone() -> None:
    one, two = SourceFactory(), SourceFactory()
    made = records.create_service(
        organization=OrganizationFactory(), values={"name_fr": "A"}, by=None, origin=Origin.SOURCE, source=one
    )
    values = {"name_fr": "B", "email": "b@example.org"}
    records.edit_service(service=made, values=values, by=None, origin=Origin.SOURCE, source=two)
    found = Service.objects.get()
    assert (found.name_fr, found.email) == ("A", "b@example.org")
    assert found.origins["email"] == two.mark


# --- Removed --------------------------------------------------------------------------------------
def test_a_removed_record_leaves_its_document_and_a_tombstone(alice: User) -> None:
    place = LocationFactory()
    made = service(place.organization, places=[str(place.uuid)], phones=PHONE)
    at = ServiceAtLocation.objects.get().uuid
    document = document_of(Service.objects.get())
    records.remove_service(service=made, by=alice)
    before = RecordChange.objects.get(action=ChangeAction.REMOVED).before
    assert links.without(before) == document
    assert [link["uuid"] for link in before[links.LINKS]] == [str(at)]
    assert set(Tombstone.objects.values_list("record_uuid", flat=True)) == {made.uuid, at}
    assert not Service.objects.exists()


def test_a_removed_record_comes_back_under_its_identifier(alice: User) -> None:
    made = service(phones=PHONE)
    document = document_of(Service.objects.get())
    records.remove_service(service=made, by=alice)
    change = RecordChange.objects.get(action=ChangeAction.REMOVED)
    records.create_service(organization=made.organization, values=change.before, by=alice, restores=change)
    found = Service.objects.get()
    assert (found.uuid, document_of(found)) == (made.uuid, document)
    assert not Tombstone.objects.exists()


def test_an_organisation_with_records_stays(alice: User) -> None:
    with pytest.raises(StillInUse):
        records.remove_organization(organization=ServiceFactory().organization, by=alice)


def test_an_organisation_without_records_goes_with_its_places(alice: User) -> None:
    place = LocationFactory()
    records.remove_organization(organization=place.organization, by=alice)
    assert (Organization.objects.count(), Location.objects.count(), Tombstone.objects.count()) == (0, 0, 2)
