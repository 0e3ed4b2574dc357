"""Who sees what, and that it costs the same however many there are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from basins.models import User
from directory import access, queries
from directory.documents import document_of
from directory.enums import GoneReason, Visibility
from directory.models import Service, Tombstone
from directory.rules import visibility
from tests.directory.factories import ContactFactory, LocationFactory, service

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
CONSENT = {"consent_on": dt.date(2026, 11, 2), "is_published": True}


def one_of_each() -> None:
    for each in Visibility:
        service(visibility=each)


def test_strangers_see_what_is_public() -> None:
    one_of_each()
    assert {each.visibility for each in queries.services_for(NOBODY)} == {Visibility.PUBLIC}


def test_who_signed_in_sees_what_is_for_professionals_and_on_referral(daan: User) -> None:
    one_of_each()
    assert {each.visibility for each in queries.services_for(daan)} == set(Visibility)


def test_a_closed_account_sees_what_strangers_see(daan: User) -> None:
    one_of_each()
    daan.is_active = False
    assert [access.may_see_service(daan, each) for each in Service.objects.order_by("pk")] == [True, False, False]


def test_lines_for_professionals_are_not_given_to_strangers(daan: User) -> None:
    service(phones=[{"number": "107"}, {"number": "106", "professionals_only": True}])
    seen = [
        [phone.number for phone in queries.with_everything(queries.services_for(reader), reader).get().phones.all()]
        for reader in (NOBODY, daan)
    ]
    assert seen == [["107"], ["107", "106"]]


def test_persons_are_seen_by_whom_they_agreed_to(daan: User, alice: User) -> None:
    hidden = ContactFactory()
    for_colleagues = ContactFactory(**CONSENT)
    for_all = ContactFactory(professionals_only=False, **CONSENT)
    seen = [set(queries.contacts_for(reader)) for reader in (NOBODY, daan, alice)]
    assert seen == [{for_all}, {for_all, for_colleagues}, {for_all, for_colleagues, hidden}]


def test_a_deputy_who_is_not_published_is_not_shown_beside_whom_they_stand_for() -> None:
    person = ContactFactory(professionals_only=False, **CONSENT)
    ContactFactory(organization=person.organization, deputy_of=person)
    deputy = ContactFactory(organization=person.organization, deputy_of=person, professionals_only=False, **CONSENT)
    found = queries.contacts_for(NOBODY).get(pk=person.pk)
    assert list(found.deputies.all()) == [deputy]


def test_access_to_persons_says_the_same_as_the_query(daan: User, alice: User) -> None:
    people = [ContactFactory(), ContactFactory(**CONSENT), ContactFactory(professionals_only=False, **CONSENT)]
    answers = [[access.may_see_contact(reader, each) for each in people] for reader in (NOBODY, daan, alice)]
    assert answers == [[False, False, True], [False, True, True], [True, True, True]]


def test_the_address_of_a_shelter_is_seen_by_staff_alone(daan: User, alice: User) -> None:
    shelter = LocationFactory(hides_address=True)
    assert [access.may_see_address(reader, shelter) for reader in (NOBODY, daan, alice)] == [False, False, True]


def test_a_record_that_is_hidden_leaves_a_tombstone_until_it_is_public_again(alice: User) -> None:
    made = service()
    assert visibility.set_visibility(services=[made], visibility=Visibility.PROFESSIONALS, by=alice) == 1
    assert Tombstone.objects.get().reason == GoneReason.HIDDEN
    assert visibility.set_visibility(services=[made], visibility=Visibility.PUBLIC, by=alice) == 1
    assert not Tombstone.objects.exists()


def test_what_is_hidden_already_counts_for_nothing(alice: User) -> None:
    made = service(visibility=Visibility.ON_REFERRAL)
    assert visibility.set_visibility(services=[made], visibility=Visibility.ON_REFERRAL, by=alice) == 0


@pytest.mark.parametrize("number", [1, 3])
def test_documents_cost_the_same_for_many(number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number):
        place = LocationFactory()
        service(place.organization, places=[str(place.uuid)], areas=["region"], terms=["themes:grief"])
    with django_assert_num_queries(10):
        assert len([document_of(each) for each in queries.for_documents(Service.objects.all())]) == number


@pytest.mark.parametrize("number", [1, 3])
def test_whole_records_cost_the_same_for_many(number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number):
        place = LocationFactory()
        made = service(place.organization, places=[str(place.uuid)], terms=["themes:grief"], languages=["fr"])
        ContactFactory(organization=place.organization, service=made, professionals_only=False, **CONSENT)
    with django_assert_num_queries(20):
        found = list(queries.with_everything(queries.services_for(NOBODY), NOBODY))
    assert len(found) == number
