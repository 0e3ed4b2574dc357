"""The demo's records: believable, in both languages, marked as demo data, and the same each time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from directory import demo
from directory.enums import ServiceKind, Visibility
from directory.mission import mission
from directory.models import (
    Contact,
    GuidedWay,
    Location,
    Organization,
    Phone,
    Service,
    ServiceCapacity,
    SourceRecord,
    TaxonomyTerm,
    WayStep,
)
from directory.rules import indexing
from directory.search import finder
from directory.search.finder import find
from directory.search.questions import Question

TODAY = dt.date(2026, 11, 23)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_seeded")]


@pytest.fixture(scope="module")
def _seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Made once for all tests here, and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo.seed(TODAY)
        yield
        transaction.set_rollback(True)


def test_there_are_several_hundred_records_of_every_kind() -> None:
    assert Service.objects.count() > 500
    assert set(Service.objects.values_list("kind", flat=True)) == set(ServiceKind.values)
    assert set(Service.objects.values_list("visibility", flat=True)) == set(Visibility.values)


def test_all_of_it_is_marked_as_demo_data() -> None:
    assert not Service.objects.filter(is_demo=False).exists()
    assert not Organization.objects.filter(is_demo=False).exists()
    assert not Location.objects.filter(is_demo=False).exists()


def test_most_texts_are_in_both_languages_and_some_are_missing_one() -> None:
    both = Service.objects.exclude(name_fr="").exclude(name_nl="").count()
    assert 0.7 < both / Service.objects.count() < 0.95
    assert Service.objects.filter(name_fr="").exists()
    assert Service.objects.filter(name_nl="").exists()


def test_the_names_heard_in_the_field_are_there() -> None:
    names = set(Organization.objects.values_list("name_fr", flat=True))
    assert {"Brusano", "Infordrogues", "Smes", "Les Pissenlits", "SMES", "Kom à la maison"} <= names


def test_what_merged_is_found_under_its_old_names() -> None:
    brusano = Organization.objects.get(name_fr="Brusano")
    assert "Rmlb" in brusano.former_names
    assert Organization.objects.get(name_fr="Rmlb").merged_into == brusano


def test_emergency_numbers_are_the_real_ones() -> None:
    short = Phone.objects.filter(service__kind="phone_line", number__in=["112", "1733", "107"])
    assert set(short.values_list("number", flat=True)) == {"112", "1733", "107"}


def test_some_waiting_times_have_faded() -> None:
    counts = {capacity.still_counts(TODAY) for capacity in ServiceCapacity.objects.all()}
    assert counts == {True, False}


def test_pages_that_guide_are_checked_and_search_for_themes_there_are() -> None:
    ways = GuidedWay.objects.filter(crisis="")
    assert set(ways.values_list("checked_on", flat=True)) == {TODAY - dt.timedelta(days=30)}
    asked = set(WayStep.objects.filter(way__in=ways).values_list("query", flat=True))
    themes = TaxonomyTerm.objects.filter(taxonomy__code="themes").values_list("code", flat=True)
    assert asked <= {f"theme={code}" for code in themes}


def test_persons_agreed_and_some_are_away_with_a_deputy() -> None:
    assert not Contact.objects.filter(is_published=True, consent_on=None).exists()
    away = [person for person in Contact.objects.all() if person.is_away(TODAY)]
    assert away
    assert all(person.deputies.exists() for person in away)


def test_an_organisation_has_one_seat_at_most() -> None:
    seats = Location.objects.filter(is_seat=True)
    assert seats.count() == seats.values("organization").distinct().count()


def test_some_records_are_gone_from_their_source() -> None:
    assert SourceRecord.objects.exclude(gone_at=None).exists()


def test_the_same_day_gives_the_same_records() -> None:
    def drawn() -> list[tuple[str, str | None, dt.date | None]]:
        return list(Service.objects.order_by("pk").values_list("name_fr", "short_description_nl", "assured_on"))

    first = drawn()
    with transaction.atomic():
        _empty()
        demo.seed(TODAY)
        assert drawn() == first
        transaction.set_rollback(True)


def test_a_later_start_leaves_what_was_entered() -> None:
    before = Service.objects.count()
    mission.seed_demo(today=TODAY, is_new=False)
    assert Service.objects.count() == before


def _empty() -> None:
    from directory.models import Source

    Source.objects.all().delete()
    Contact.objects.all().delete()
    Service.objects.all().delete()
    Location.objects.all().delete()
    Organization.objects.update(merged_into=None)
    Organization.objects.all().delete()


@pytest.mark.parametrize(
    "words",
    ["logopède", "logopedist", "ergothérapeute", "ergotherapeut", "diététicien", "diëtist", "podologue", "autisme"],
)
def test_what_a_colleague_types_finds_somebody(words: str) -> None:
    indexing.catch_up()
    finder.forget_answers()
    assert find(Question(words=words)).total > 2
