"""Makers of the rows of an open-door week."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from core.text import fold
from opendoors.enums import EditionState
from opendoors.models import Edition, Host, Place, Visit
from tests.factories import Maker, basin, local


class _EditionFactory(DjangoModelFactory[Edition]):
    """A week six weeks ahead whose sign-up is open now."""

    class Meta:
        model = Edition

    basin = factory.LazyFunction(basin)
    slug = factory.Sequence(lambda n: f"week-{n}")
    name_fr = "Le Grand Bain"
    name_nl = "Het Grote Bad"
    intro_fr = "Une semaine pour se rencontrer."
    intro_nl = "Een week om elkaar te ontmoeten."
    starts_on = factory.LazyFunction(
        lambda: timezone.localdate() + dt.timedelta(days=42 - timezone.localdate().weekday())
    )
    ends_on = factory.LazyAttribute(lambda edition: edition.starts_on + dt.timedelta(days=4))
    signup_opens_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=7))
    signup_closes_at = factory.LazyAttribute(lambda edition: local(edition.starts_on - dt.timedelta(days=10), "23:59"))
    state = EditionState.OPEN


class _HostFactory(DjangoModelFactory[Host]):
    class Meta:
        model = Host

    edition = factory.SubFactory(_EditionFactory)
    name = factory.Sequence(lambda n: f"Maison d’Accueil {n}")
    name_language = "fr"
    search_name = factory.LazyAttribute(lambda host: fold(host.name))
    description_fr = "On vous montre la maison."
    description_nl = "Wij tonen u het huis."
    contact_name = "Chantal Contact"
    contact_email = "chantal@example.org"


class _PlaceFactory(DjangoModelFactory[Place]):
    class Meta:
        model = Place

    host = factory.SubFactory(_HostFactory)
    street_fr = "Rue de l’Exemple 12"
    street_nl = "Voorbeeldstraat 12"
    postcode = "1040"
    wheelchair = True


class _VisitFactory(DjangoModelFactory[Visit]):
    """A visit on the first day of its edition, 9:00 to 10:30, five seats, in French."""

    class Meta:
        model = Visit

    class Params:
        day = 0
        begin = "09:00"
        end = "10:30"

    edition = factory.SubFactory(_EditionFactory)
    host = factory.SubFactory(_HostFactory, edition=factory.SelfAttribute("..edition"))
    place = factory.SubFactory(_PlaceFactory, host=factory.SelfAttribute("..host"))
    starts_at = factory.LazyAttribute(
        lambda visit: local(visit.edition.starts_on + dt.timedelta(days=visit.day), visit.begin)
    )
    ends_at = factory.LazyAttribute(
        lambda visit: local(visit.edition.starts_on + dt.timedelta(days=visit.day), visit.end)
    )
    seats = 5
    languages = factory.LazyFunction(lambda: ["fr"])


EditionFactory = Maker(_EditionFactory, Edition)
HostFactory = Maker(_HostFactory, Host)
PlaceFactory = Maker(_PlaceFactory, Place)
VisitFactory = Maker(_VisitFactory, Visit)


def week_of_visits(edition: Edition, number: int = 3, **fields: Any) -> list[Visit]:
    """``number`` visits on successive days (then later bands), none at the time of another."""
    bands = [("09:00", "10:30"), ("12:00", "13:30"), ("15:30", "17:00")]
    return [
        VisitFactory(edition=edition, day=n % 5, begin=bands[n // 5][0], end=bands[n // 5][1], **fields)
        for n in range(number)
    ]
