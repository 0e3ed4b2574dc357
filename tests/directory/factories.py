"""Makers of the directory's rows. What a test is about goes through the rules; these are for the rest."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from core.text import fold
from directory.enums import Origin
from directory.models import Contact, Location, Organization, Service, Source, Taxonomy, TaxonomyTerm
from directory.rules import records
from tests.factories import Maker


class _OrganizationFactory(DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    name_fr = factory.Sequence(lambda n: f"Organisation {n}")
    name_nl = factory.Sequence(lambda n: f"Organisatie {n}")
    changed_seq = factory.Sequence(lambda n: n)
    folded_names = factory.LazyAttribute(lambda row: sorted({fold(row.name_fr), fold(row.name_nl)}))


class _LocationFactory(DjangoModelFactory[Location]):
    class Meta:
        model = Location

    organization = factory.SubFactory(_OrganizationFactory)
    street_fr = factory.Sequence(lambda n: f"Rue de l’Exemple {n}")
    street_nl = factory.Sequence(lambda n: f"Voorbeeldstraat {n}")
    postcode = "1040"


class _ServiceFactory(DjangoModelFactory[Service]):
    class Meta:
        model = Service

    organization = factory.SubFactory(_OrganizationFactory)
    name_fr = factory.Sequence(lambda n: f"Service {n}")
    name_nl = factory.Sequence(lambda n: f"Dienst {n}")


class _ContactFactory(DjangoModelFactory[Contact]):
    """Somebody who has not been asked for consent."""

    class Meta:
        model = Contact
        skip_postgeneration_save = True

    organization = factory.SubFactory(_OrganizationFactory)
    function_fr = "Personne de référence"
    function_nl = "Referentiepersoon"
    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"contact{n}@example.org")


class _TaxonomyFactory(DjangoModelFactory[Taxonomy]):
    class Meta:
        model = Taxonomy

    code = factory.Sequence(lambda n: f"list-{n}")
    name_fr = factory.Sequence(lambda n: f"Liste {n}")
    name_nl = factory.Sequence(lambda n: f"Lijst {n}")


class _TermFactory(DjangoModelFactory[TaxonomyTerm]):
    class Meta:
        model = TaxonomyTerm

    taxonomy = factory.SubFactory(_TaxonomyFactory)
    code = factory.Sequence(lambda n: f"term-{n}")
    name_fr = factory.Sequence(lambda n: f"Terme {n}")
    name_nl = factory.Sequence(lambda n: f"Term {n}")


class _SourceFactory(DjangoModelFactory[Source]):
    class Meta:
        model = Source

    code = factory.Sequence(lambda n: f"source-{n}")
    name_fr = factory.Sequence(lambda n: f"Source {n}")
    name_nl = factory.Sequence(lambda n: f"Bron {n}")


OrganizationFactory = Maker(_OrganizationFactory, Organization)
LocationFactory = Maker(_LocationFactory, Location)
ServiceFactory = Maker(_ServiceFactory, Service)
ContactFactory = Maker(_ContactFactory, Contact)
TaxonomyFactory = Maker(_TaxonomyFactory, Taxonomy)
TermFactory = Maker(_TermFactory, TaxonomyTerm)
SourceFactory = Maker(_SourceFactory, Source)


def term(taxonomy: str, code: str) -> TaxonomyTerm:
    """One of the terms that come with the migrations."""
    return TaxonomyTerm.objects.get(taxonomy__code=taxonomy, code=code)


def service(organization: Organization | None = None, **values: Any) -> Service:
    """A record written by the rule, with any keys of its document; search and history know of it."""
    return records.create_service(
        organization=organization or OrganizationFactory(),
        values={"name_fr": "Écoute à domicile", "name_nl": "Gesprek aan huis", **values},
        by=None,
        origin=Origin.PROGRAM,
    )
