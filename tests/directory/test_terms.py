"""Taxonomies: no cycles, no more levels than there may be, nothing taken away that is used."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from basins.models import User
from basins.rules.people import NotYours
from directory.errors import CyclicTerms, RecordRefused, StillInUse
from directory.models import Service, TaxonomyTerm, Tombstone
from directory.rules import terms
from directory.rules.terms import TaxonomyData, TermData
from tests.directory.factories import TaxonomyFactory, TermFactory, service, term

pytestmark = pytest.mark.django_db
NEW = TermData(code="new", name_fr="Nouveau", name_nl="Nieuw", synonyms_fr=(" neuf ", "neuf", ""))


def save(each: TaxonomyTerm, parent: TaxonomyTerm | None, by: User | None) -> TaxonomyTerm:
    data = TermData(code=each.code, name_fr=each.name_fr)
    return terms.save_term(taxonomy=each.taxonomy, term=each, data=data, parent=parent, by=by)


def test_a_term_keeps_each_synonym_once(alice: User) -> None:
    made = terms.save_term(taxonomy=TaxonomyFactory(), term=None, data=NEW, parent=None, by=alice)
    assert made.synonyms_fr == ["neuf"]


def test_a_term_cannot_stand_below_itself(alice: User) -> None:
    top = TermFactory(taxonomy=TaxonomyFactory(depth=4))
    below = TermFactory(taxonomy=top.taxonomy, parent=top)
    lowest = TermFactory(taxonomy=top.taxonomy, parent=below)
    with pytest.raises(CyclicTerms):
        save(top, lowest, alice)


def test_the_database_refuses_the_smallest_cycle_too() -> None:
    one = TermFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        TaxonomyTerm.objects.filter(pk=one.pk).update(parent=one)


def test_a_taxonomy_has_no_more_levels_than_it_may(alice: User) -> None:
    top = TermFactory(taxonomy=TaxonomyFactory(depth=2))
    below = TermFactory(taxonomy=top.taxonomy, parent=top)
    with pytest.raises(RecordRefused):
        terms.save_term(taxonomy=top.taxonomy, term=None, data=NEW, parent=below, by=alice)


def test_a_term_with_narrower_ones_counts_their_levels(alice: User) -> None:
    top = TermFactory(taxonomy=TaxonomyFactory(depth=2))
    TermFactory(taxonomy=top.taxonomy, parent=top)
    with pytest.raises(RecordRefused):
        save(top, TermFactory(taxonomy=top.taxonomy), alice)


def test_the_broader_term_is_of_the_same_taxonomy(alice: User) -> None:
    with pytest.raises(RecordRefused):
        save(TermFactory(), TermFactory(), alice)


@pytest.mark.parametrize("data", [replace(NEW, name_fr="", name_nl=""), replace(NEW, code="not a code")])
def test_a_term_without_name_or_code_is_refused(data: TermData, alice: User) -> None:
    with pytest.raises(RecordRefused):
        terms.save_term(taxonomy=TaxonomyFactory(), term=None, data=data, parent=None, by=alice)


def test_a_renamed_term_touches_the_records_that_carry_it(alice: User) -> None:
    made = service(terms=["themes:dementia"])
    found = save(term("themes", "dementia"), term("themes", "mental-health"), alice)
    made.refresh_from_db()
    assert made.changed_seq > found.changed_seq


def test_a_term_in_use_stays(alice: User) -> None:
    service(terms=["themes:dementia"])
    with pytest.raises(StillInUse):
        terms.remove_term(term=term("themes", "dementia"), by=alice)


def test_a_term_nobody_uses_goes_with_a_tombstone(alice: User) -> None:
    unused = TermFactory()
    terms.remove_term(term=unused, by=alice)
    assert Tombstone.objects.get().record_uuid == unused.uuid


def test_a_replaced_term_gives_its_records_and_its_names(alice: User) -> None:
    service(terms=["themes:dementia", "themes:grief"])
    made = service(terms=["themes:dementia"])
    old = term("themes", "dementia")
    assert terms.replace_term(term=old, into=term("themes", "grief"), by=alice) == 2
    assert [row.term.code for row in made.service_terms.all()] == ["grief"]
    assert "Démence" in term("themes", "grief").synonyms_fr
    assert Service.objects.filter(service_terms__term__code="grief").count() == 2
    assert not TaxonomyTerm.objects.filter(code="dementia").exists()


def test_a_term_is_not_replaced_by_one_below_it(alice: User) -> None:
    with pytest.raises(CyclicTerms):
        terms.replace_term(term=term("themes", "mental-health"), into=term("themes", "dementia"), by=alice)


def test_a_taxonomy_the_code_knows_keeps_its_code(alice: User) -> None:
    themes = term("themes", "dementia").taxonomy
    with pytest.raises(RecordRefused):
        terms.save_taxonomy(taxonomy=themes, data=TaxonomyData(code="subjects", name_fr="Sujets"), by=alice)


def test_staff_add_a_taxonomy_of_their_own(alice: User) -> None:
    data = TaxonomyData(code="sdg", name_fr="Objectifs", name_nl="Doelstellingen", depth=2)
    assert terms.save_taxonomy(taxonomy=None, data=data, by=alice).depth == 2


def test_strangers_change_no_words(daan: User) -> None:
    with pytest.raises(NotYours):
        terms.save_term(taxonomy=TaxonomyFactory(), term=None, data=NEW, parent=None, by=daan)
