"""Doubles become one, and nothing is lost."""

from __future__ import annotations

import pytest

from basins.models import User
from directory.documents import document_of
from directory.enums import GoneReason, RecordStatus
from directory.errors import ImpossibleMerge
from directory.models import Organization, Service, SourceRecord, Tombstone
from directory.rules import merging
from tests.directory.factories import (
    ContactFactory,
    LocationFactory,
    OrganizationFactory,
    ServiceFactory,
    SourceFactory,
    service,
)

pytestmark = pytest.mark.django_db


def test_a_merged_organisation_gives_everything_and_stays_findable(alice: User) -> None:
    into = OrganizationFactory(name_fr="Brusano", name_nl="Brusano")
    old = OrganizationFactory(name_fr="Rmlb", name_nl="", former_names=["SISD"])
    made, place, person = service(old), LocationFactory(organization=old), ContactFactory(organization=old)
    found = merging.merge_organizations(organizations=[old], into=into, by=alice)
    for row in (made, place, person, old):
        row.refresh_from_db()
    assert {made.organization, place.organization, person.organization, old.merged_into} == {into}
    assert found.former_names == ["Rmlb", "SISD"]
    assert (old.status, found.folded_names) == (RecordStatus.DEFUNCT, ["brusano", "rmlb", "sisd"])


def test_partners_are_told_where_a_merged_organisation_went(alice: User) -> None:
    into, old = OrganizationFactory(), OrganizationFactory()
    merging.merge_organizations(organizations=[old], into=into, by=alice)
    tombstone = Tombstone.objects.get()
    assert (tombstone.record_uuid, tombstone.replaced_by, tombstone.reason) == (old.uuid, into.uuid, GoneReason.MERGED)


def test_the_way_stays_one_step_long(alice: User) -> None:
    first, second, third = OrganizationFactory(), OrganizationFactory(), OrganizationFactory()
    merging.merge_organizations(organizations=[first], into=second, by=alice)
    merging.merge_organizations(organizations=[second], into=third, by=alice)
    first.refresh_from_db()
    assert first.merged_into == third
    assert set(Tombstone.objects.values_list("replaced_by", flat=True)) == {third.uuid}


def test_the_seat_of_the_one_that_stays_is_the_seat(alice: User) -> None:
    kept = LocationFactory(is_seat=True)
    other = LocationFactory(is_seat=True)
    merging.merge_organizations(organizations=[other.organization], into=kept.organization, by=alice)
    assert list(kept.organization.locations.filter(is_seat=True)) == [kept]


def test_an_organisation_is_not_merged_into_itself(alice: User) -> None:
    one = OrganizationFactory()
    with pytest.raises(ImpossibleMerge):
        merging.merge_organizations(organizations=[one], into=one, by=alice)


def test_nothing_is_merged_into_what_is_merged_already(alice: User) -> None:
    first, second, third = OrganizationFactory(), OrganizationFactory(), OrganizationFactory()
    merging.merge_organizations(organizations=[first], into=second, by=alice)
    with pytest.raises(ImpossibleMerge):
        merging.merge_organizations(organizations=[third], into=first, by=alice)
    assert Organization.objects.filter(merged_into=None).count() == 2


def test_a_merged_record_fills_gaps_and_keeps_its_own_words(alice: User) -> None:
    into = service(name_fr="Écoute", name_nl="", phones=[{"number": "107"}], email="")
    old = service(name_fr="Ligne d’écoute", name_nl="Luisterlijn", phones=[{"number": "106"}], email="a@example.org")
    merging.merge_services(services=[old], into=into, by=alice)
    document = document_of(Service.objects.get())
    assert (document["name_fr"], document["name_nl"], document["email"]) == ("Écoute", "Luisterlijn", "a@example.org")
    assert [row["number"] for row in document["phones"]] == ["107", "106"]
    assert document["former_names"] == ["Ligne d’écoute", "Luisterlijn"]


def test_a_source_still_finds_a_merged_record(alice: User) -> None:
    into, old = ServiceFactory(), ServiceFactory()
    known = SourceRecord.objects.create(source=SourceFactory(), identifier="7", service=old)
    merging.merge_services(services=[old], into=into, by=alice)
    known.refresh_from_db()
    assert known.service == into


def test_the_address_of_a_merged_record_leads_on(alice: User) -> None:
    first, second, third = ServiceFactory(), ServiceFactory(), ServiceFactory()
    merging.merge_services(services=[first], into=second, by=alice)
    merging.merge_services(services=[second], into=third, by=alice)
    ways = dict(Tombstone.objects.values_list("record_uuid", "replaced_by"))
    assert ways == {first.uuid: third.uuid, second.uuid: third.uuid}


def test_a_record_is_not_merged_into_itself(alice: User) -> None:
    one = ServiceFactory()
    with pytest.raises(ImpossibleMerge):
        merging.merge_services(services=[one], into=one, by=alice)
