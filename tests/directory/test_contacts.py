"""Persons to turn to: shown with their consent, by their function, and forgotten without a trace."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction

from basins.models import User
from basins.rules.privacy import NationalNumberFound
from directory.enums import ChangeAction
from directory.errors import ConsentMissing, RecordRefused
from directory.models import Contact, Organization, Phone, RecordChange
from directory.rules import contacts
from directory.rules.contacts import ContactData, PhoneData
from tests.directory.factories import ContactFactory, OrganizationFactory, ServiceFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 2)
LEEN = ContactData(
    function_fr="Référente démence",
    function_nl="Referentiepersoon dementie",
    name="Leen Voorbeeld",
    email="leen@example.org",
    consent_on=TODAY,
    is_published=True,
)


def test_a_person_is_published_with_consent_and_a_phone(alice: User) -> None:
    phones = [PhoneData(number="0470 12 34 56")]
    made = contacts.save_contact(organization=OrganizationFactory(), contact=None, data=LEEN, by=alice, phones=phones)
    assert [(phone.number, phone.professionals_only) for phone in made.phones.all()] == [("+32470123456", True)]


def test_without_consent_nobody_is_published(alice: User) -> None:
    data = ContactData(function_fr="Référente", is_published=True)
    with pytest.raises(ConsentMissing):
        contacts.save_contact(organization=OrganizationFactory(), contact=None, data=data, by=alice)


def test_the_database_refuses_it_too() -> None:
    person = ContactFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=person.pk).update(is_published=True)


def test_the_function_stands_for_the_name_unless_they_want_otherwise() -> None:
    shy, bold = ContactFactory(name="Ann"), ContactFactory(name="Bo", show_name=True)
    assert [str(shy.shown_as), str(bold.shown_as)] == ["Personne de référence", "Bo"]


def test_consent_taken_back_takes_the_person_off(alice: User) -> None:
    person = ContactFactory(consent_on=TODAY, is_published=True)
    found = contacts.withdraw_consent(contact=person, by=alice)
    assert (found.is_published, found.consent_on) == (False, None)


@pytest.mark.parametrize(
    ("away_from", "away_until", "is_away"),
    [
        (None, None, False),
        (TODAY, TODAY, True),
        (TODAY, None, True),
        (TODAY + dt.timedelta(days=1), None, False),
        (TODAY - dt.timedelta(days=9), TODAY - dt.timedelta(days=1), False),
    ],
)
def test_somebody_is_away_within_their_dates(
    away_from: dt.date | None, away_until: dt.date | None, is_away: bool
) -> None:
    assert ContactFactory.build(away_from=away_from, away_until=away_until).is_away(TODAY) is is_away


def test_a_deputy_works_in_the_same_organisation(alice: User) -> None:
    with pytest.raises(RecordRefused):
        contacts.save_contact(
            organization=OrganizationFactory(), contact=None, data=LEEN, by=alice, deputy_of=ContactFactory()
        )


def test_a_person_stands_with_records_of_their_organisation_alone(alice: User) -> None:
    with pytest.raises(RecordRefused):
        contacts.save_contact(
            organization=OrganizationFactory(), contact=None, data=LEEN, by=alice, service=ServiceFactory()
        )


def test_no_national_register_number_is_kept(alice: User) -> None:
    data = ContactData(function_fr="Référente", name="85.07.30-033.28")
    with pytest.raises(NationalNumberFound):
        contacts.save_contact(organization=OrganizationFactory(), contact=None, data=data, by=alice)


def test_the_history_says_that_persons_changed_and_nothing_of_them(alice: User) -> None:
    contacts.save_contact(organization=OrganizationFactory(), contact=None, data=LEEN, by=alice)
    change = RecordChange.objects.get()
    assert (change.action, change.by) == (ChangeAction.PERSONS, alice)
    assert "Leen" not in json.dumps([change.before, change.after, change.label])


def test_forgetting_leaves_nothing_of_an_address(alice: User) -> None:
    contacts.save_contact(
        organization=OrganizationFactory(confirm_email="leen@example.org"),
        contact=None,
        data=LEEN,
        by=alice,
        phones=[PhoneData(number="0470 12 34 56")],
    )
    assert contacts.forget(email="Leen@example.org") == 2
    assert (Contact.objects.count(), Phone.objects.count()) == (0, 0)
    assert Organization.objects.get().confirm_email == ""


def test_old_consent_ends() -> None:
    ContactFactory(consent_on=TODAY - dt.timedelta(days=800), is_published=True)
    kept = ContactFactory(consent_on=TODAY, is_published=True)
    assert contacts.forget_given_before(TODAY - dt.timedelta(days=730)) == 1
    assert list(Contact.objects.all()) == [kept]
