"""Rows that may be records we have: proposed, decided by a person, never guessed."""

from __future__ import annotations

import pytest

from basins.models import User
from basins.rules.people import NotYours
from directory.enums import DoubleVerdict
from directory.models import LikelyDouble, Organization, Service, SourceRecord
from directory.rules import records
from directory.rules.importing_doubles import settle
from tests.directory.import_tools import LATER, numbers, row, run, source

pytestmark = pytest.mark.django_db


def here(**values: object) -> Service:
    """A record that stands here already: Le Gué at 1040 with its service."""
    organization = records.create_organization(values={"name_fr": "Le Gué asbl", **values}, by=None)
    place = records.create_location(organization=organization, values={"postcode": "1040"}, by=None)
    values = {"name_fr": "Accueil de jour", "places": [str(place.uuid)]}
    return records.create_service(organization=organization, values=values, by=None)


def test_the_same_enterprise_number_is_the_same_organisation() -> None:
    made = here(kbo_number="0417497106")
    rows = [row(organization__kbo_number="0417.497.106", service__name_fr="Tout autre chose")]
    run(rows, source(rows))
    assert Organization.objects.count() == 1
    assert Service.objects.filter(organization=made.organization).count() == 2


def test_a_name_and_an_address_alike_are_proposed_and_the_row_waits() -> None:
    made = here()
    report = run([row(organization__name_fr="ASBL Le Gué")], source())
    assert numbers(report) == {"waiting": 1}
    assert Service.objects.count() == 1
    double = LikelyDouble.objects.get()
    assert (double.organization, double.service, double.verdict) == (made.organization, None, DoubleVerdict.OPEN)
    assert set(double.reasons) == {"name", "address"}


def test_the_dry_run_names_the_candidates_and_stores_nothing() -> None:
    here()
    report = run([row(organization__name_fr="Le Gué ASBL")], source(), writes=False)
    assert [each.candidates for each in report.proposals] == [("Le Gué asbl",)]
    assert not LikelyDouble.objects.exists()


def test_a_phone_in_common_is_proposed() -> None:
    here(phones=[{"number": "02 318 60 58"}])
    rows = [row(organization__name_fr="Gué (Le)", organization__phones="+32 2 318 60 58", location__postcode="1050")]
    run(rows, source(rows))
    assert LikelyDouble.objects.get().reasons == ["phone"]


def test_short_numbers_say_nothing() -> None:
    here(phones=[{"number": "112"}])
    rows = [row(organization__name_fr="Gué (Le)", organization__phones="112", location__postcode="1050")]
    assert numbers(run(rows, source(rows))) == {"organizations_new": 1, "services_new": 1}


def test_once_decided_the_same_the_row_fills_the_gaps_of_the_record(alice: User) -> None:
    made = here()
    rows = [
        row(organization__name_fr="Le Gué ASBL", service__name_fr="Accueil du jour", service__email="a@example.org")
    ]
    of = source(rows)
    run(rows, of)
    settle(double=LikelyDouble.objects.get(organization__isnull=False), verdict=DoubleVerdict.SAME, by=alice)
    run(rows, of, moment=LATER)
    double = LikelyDouble.objects.get(service__isnull=False)
    assert (double.service, double.reasons) == (made, ["name"])
    settle(double=double, verdict=DoubleVerdict.SAME, by=alice)
    report = run(rows, of, moment=LATER)
    made.refresh_from_db()
    assert report.counts["linked"] == 1
    assert (Organization.objects.count(), Service.objects.count()) == (1, 1)
    assert (made.email, made.name_fr) == ("a@example.org", "Accueil de jour")
    assert SourceRecord.objects.get(service__isnull=False).service == made


def test_once_decided_different_the_row_is_a_record_of_its_own(alice: User) -> None:
    here()
    rows = [row(organization__name_fr="Le Gué ASBL")]
    of = source(rows)
    run(rows, of)
    settle(double=LikelyDouble.objects.get(), verdict=DoubleVerdict.DIFFERENT, by=alice)
    assert numbers(run(rows, of, moment=LATER)) == {"organizations_new": 1, "services_new": 1}
    assert numbers(run(rows, of, moment=LATER)) == {"left": 1}


def test_what_is_the_same_cannot_be_a_second_record_as_well(alice: User) -> None:
    here()
    here()
    run([row(organization__name_fr="Le Gué ASBL")], source())
    one, two = LikelyDouble.objects.order_by("pk")
    settle(double=one, verdict=DoubleVerdict.SAME, by=alice)
    two.refresh_from_db()
    assert (two.verdict, two.settled_by) == (DoubleVerdict.DIFFERENT, alice)


def test_the_same_list_again_proposes_nothing_twice() -> None:
    here()
    of = source()
    run([row(organization__name_fr="Le Gué ASBL")], of)
    run([row(organization__name_fr="Le Gué ASBL")], of, moment=LATER)
    assert LikelyDouble.objects.count() == 1


def test_rows_of_one_list_are_not_each_others_doubles() -> None:
    rows = [row("A1", organization__name_fr="Le Gué"), row("A2", organization__name_fr="Le Gué asbl")]
    assert numbers(run(rows, source())) == {"organizations_new": 2, "services_new": 2}


def test_only_who_keeps_the_directory_decides(daan: User) -> None:
    here()
    run([row(organization__name_fr="Le Gué ASBL")], source())
    with pytest.raises(NotYours):
        settle(double=LikelyDouble.objects.get(), verdict=DoubleVerdict.SAME, by=daan)
