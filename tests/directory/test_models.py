"""What the rows know by themselves: numbers in one form, waiting times that fade, one owner each."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from directory import numbers
from directory.enums import Price, ServiceKind, TagGroup
from directory.errors import RecordRefused
from directory.models import Phone, Schedule, ServiceArea, ServiceCapacity
from directory.tags import KIND_NUMBERS, PRICE_NUMBERS, tag, untag
from tests.directory.factories import LocationFactory, ServiceFactory

SAID = dt.date(2026, 11, 2)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("02 318 60 58", "+3223186058"),
        ("02/318.60.58", "+3223186058"),
        ("+32 (0)2 318 60 58", "+3223186058"),
        ("0032 2 318 60 58", "+3223186058"),
        ("0470-12.34.56", "+32470123456"),
        ("0800 32 123", "+3280032123"),
        ("+33 1 42 68 53 00", "+33142685300"),
        ("112", "112"),
        ("1733", "1733"),
        ("107", "107"),
        ("116 000", "116000"),
        ("  ", ""),
    ],
)
def test_phones_come_into_one_form(written: str, stored: str) -> None:
    assert numbers.phone_number(written) == stored


@pytest.mark.parametrize("written", ["12", "call us", "02 318 60", "+32 9", "99999999999999999999"])
def test_what_rings_nowhere_is_refused(written: str) -> None:
    with pytest.raises(RecordRefused):
        numbers.phone_number(written)


@pytest.mark.parametrize(
    ("stored", "spoken"),
    [("+3223186058", "02 318 60 58"), ("1733", "1733"), ("+33142685300", "+33 1 42 68 53 00")],
)
def test_phones_are_read_as_people_say_them(stored: str, spoken: str) -> None:
    assert numbers.spoken_phone(stored) == spoken


@pytest.mark.parametrize("written", ["0417.497.106", "BE0417497106", "417497106", " BE 0417 497 106 "])
def test_enterprise_numbers_come_into_one_form(written: str) -> None:
    assert numbers.enterprise_number(written) == "0417497106"


@pytest.mark.parametrize("written", ["0417497107", "2001234567", "12345", "x"])
def test_wrong_enterprise_numbers_are_refused(written: str) -> None:
    with pytest.raises(RecordRefused):
        numbers.enterprise_number(written)


def test_establishment_numbers_begin_with_two_to_eight() -> None:
    assert numbers.establishment_number("2.001.234.567") == "2001234567"
    with pytest.raises(RecordRefused):
        numbers.establishment_number("0417497106")


@pytest.mark.parametrize(
    ("said", "days_later", "answer"),
    [
        ({"places_free": 2}, 0, True),
        ({"places_free": 0}, 0, False),
        ({"places_free": 2}, 41, True),
        ({"places_free": 2}, 42, None),
        ({"takes_new_people": False, "places_free": 2}, 0, False),
        ({"waiting_weeks": 0}, 0, True),
        ({"waiting_weeks": 12}, 0, False),
    ],
)
def test_what_was_said_of_places_fades(said: dict[str, int], days_later: int, answer: bool | None) -> None:
    capacity = ServiceCapacity(said_on=SAID, **said)
    assert capacity.has_places(SAID + dt.timedelta(days=days_later)) is answer


def test_how_long_it_counts_is_a_setting(settings: object) -> None:
    settings.DIRECTORY_CAPACITY_DAYS = 7
    assert ServiceCapacity(said_on=SAID, places_free=1).fades_on() == dt.date(2026, 11, 9)


@pytest.mark.django_db
def test_a_phone_belongs_to_exactly_one_record() -> None:
    place = LocationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Phone.objects.create(number="107", location=place, organization=place.organization)
    with pytest.raises(IntegrityError), transaction.atomic():
        Phone.objects.create(number="107")


@pytest.mark.django_db
def test_a_territory_is_one_thing() -> None:
    made = ServiceFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceArea.objects.create(service=made)


@pytest.mark.django_db
def test_hours_without_repetition_need_a_date_or_words() -> None:
    made = ServiceFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Schedule.objects.create(service=made, freq="")
    Schedule.objects.create(service=made, freq="", description_nl="Op aanvraag")


@pytest.mark.parametrize(
    ("asked", "is_low"),
    [
        ({"no_appointment": True, "no_papers": True}, True),
        ({"no_appointment": True}, False),
        ({"no_papers": True, "no_payment": True}, False),
    ],
)
def test_low_threshold_needs_an_open_door(asked: dict[str, bool], is_low: bool) -> None:
    assert ServiceFactory.build(organization=None, **asked).is_low_threshold is is_low


def test_a_tag_is_one_number_and_back() -> None:
    assert untag(tag(TagGroup.TERM, 42)) == (TagGroup.TERM, 42)


def test_kinds_and_prices_have_numbers_of_their_own() -> None:
    assert len(set(KIND_NUMBERS.values())) == len(ServiceKind)
    assert len(set(PRICE_NUMBERS.values())) == len(Price)
