"""The territory the product starts with, and that editors keep the last word on it."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from basins.models import Basin, Municipality, Neighbourhood, PostcodeArea, SiteHost
from basins.reference import load_reference_data
from tests.factories import basin

pytestmark = pytest.mark.django_db


def test_there_are_five_basins_with_both_names() -> None:
    names = list(Basin.objects.values_list("code", "name_fr", "name_nl"))

    assert names == [
        ("nord", "Nord", "Noord"),
        ("nord-est", "Nord-Est", "Noord-Oost"),
        ("centre-ouest", "Centre-Ouest", "Centrum-West"),
        ("sud", "Sud", "Zuid"),
        ("sud-est", "Sud-Est", "Zuid-Oost"),
    ]


def test_there_are_nineteen_municipalities_with_their_population_of_2020() -> None:
    assert Municipality.objects.count() == 19
    assert Municipality.objects.aggregate(people=Sum("population")) == {"people": 1218255}
    assert set(Municipality.objects.values_list("population_year", flat=True)) == {2020}


@pytest.mark.parametrize(
    ("code", "phone"), [("sud-est", "02 318 60 58"), ("centre-ouest", "02 880 29 87"), ("nord", ""), ("sud", "")]
)
def test_phone_is_the_one_we_were_given_or_none(code: str, phone: str) -> None:
    assert basin(code).helpdesk_phone == phone


def test_neighbourhoods_are_those_that_the_facts_name() -> None:
    named = set(Neighbourhood.objects.values_list("name_fr", "basin__code"))

    assert named == {
        ("Bruxelles (centre)", "centre-ouest"),
        ("Laeken", "nord"),
        ("Neder-Over-Heembeek", "nord"),
        ("Haren", "nord"),
    }


def test_each_postcode_has_one_main_part() -> None:
    postcodes = set(PostcodeArea.objects.values_list("postcode", flat=True))

    main = PostcodeArea.objects.filter(is_main=True).values_list("postcode", flat=True)

    assert sorted(main) == sorted(postcodes)


def test_real_domains_lead_to_a_basin_in_a_language() -> None:
    hosts = SiteHost.objects.filter(basin__code="sud-est").values_list("host", "language")

    assert set(hosts) == {
        ("bassin-sud-est.brussels", "fr"),
        ("zorgzone-zuid-oost.brussels", "nl"),
        ("zone-zuid-oost.brussels", "nl"),
    }


def test_loading_again_adds_nothing_and_keeps_what_was_corrected() -> None:
    Basin.objects.filter(code="nord").update(helpdesk_phone="02 000 00 00", name_nl="Het Noorden")
    before = [model.objects.count() for model in (Basin, Municipality, Neighbourhood, PostcodeArea, SiteHost)]

    load_reference_data()

    after = [model.objects.count() for model in (Basin, Municipality, Neighbourhood, PostcodeArea, SiteHost)]
    north = basin("nord")
    assert after == before
    assert (north.helpdesk_phone, north.name_nl) == ("02 000 00 00", "Het Noorden")
