"""The taxonomies that come along: complete in both languages, in order, and never put back over corrections."""

from __future__ import annotations

import pytest

from core.text import fold
from directory.enums import ServiceKind
from directory.models import Taxonomy, TaxonomyTerm
from directory.reference import LISTS, load_taxonomies
from tests.directory.factories import term

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("code", "at_least"), [("themes", 40), ("audiences", 25), ("sectors", 20), ("languages", 20)])
def test_there_are_enough_terms(code: str, at_least: int) -> None:
    assert TaxonomyTerm.objects.filter(taxonomy__code=code).count() >= at_least


@pytest.mark.parametrize("code", LISTS)
def test_every_term_has_a_name_of_its_own_in_both_languages(code: str) -> None:
    for language in ("fr", "nl"):
        names = list(TaxonomyTerm.objects.filter(taxonomy__code=code).values_list(f"name_{language}", flat=True))
        assert all(names)
        assert len({fold(name) for name in names}) == len(names)


def test_kinds_are_those_the_code_knows() -> None:
    codes = TaxonomyTerm.objects.filter(taxonomy__code="kinds").values_list("code", flat=True)
    assert set(codes) == set(ServiceKind.values)


def test_themes_stand_on_two_levels() -> None:
    narrower = TaxonomyTerm.objects.filter(taxonomy__code="themes", parent__isnull=False)
    assert {each.parent.parent_id for each in narrower.select_related("parent") if each.parent} == {None}
    assert narrower.count() >= 40


def test_a_dutch_word_leads_to_the_same_term_as_a_french_one() -> None:
    found = term("themes", "physiotherapy")
    assert {"kinésithérapeute", "kinesist"} <= {*found.synonyms_fr, *found.synonyms_nl}


def test_loading_again_changes_nothing_and_keeps_corrections() -> None:
    before = TaxonomyTerm.objects.count()
    TaxonomyTerm.objects.filter(code="dementia").update(name_fr="Troubles cognitifs")
    load_taxonomies()
    assert (TaxonomyTerm.objects.count(), Taxonomy.objects.count()) == (before, 5)
    assert term("themes", "dementia").name_fr == "Troubles cognitifs"
