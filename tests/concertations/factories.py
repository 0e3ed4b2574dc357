"""Makers of the rows of a series of meetings."""

from __future__ import annotations

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from concertations.enums import MeetingState, SeriesKind
from concertations.models import AgendaItem, Meeting, Participant, Registration, Series, Theme
from tests.factories import Maker, basin, local


class _SeriesFactory(DjangoModelFactory[Series]):
    """The concertation on mental health of Sud-Est."""

    class Meta:
        model = Series

    basin = factory.LazyFunction(basin)
    slug = factory.Sequence(lambda n: f"series-{n}")
    kind = SeriesKind.THEMATIC
    theme = factory.LazyFunction(lambda: Theme.objects.get(code="mental-health"))
    name_fr = "CT Santé mentale"
    name_nl = "TO Geestelijke gezondheid"


class _MeetingFactory(DjangoModelFactory[Meeting]):
    """A meeting of two hours in five weeks, announced, with registration open and no limit of seats."""

    class Meta:
        model = Meeting

    class Params:
        day = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=35))
        begin = "09:15"
        end = "12:15"

    series = factory.SubFactory(_SeriesFactory)
    number = factory.Sequence(lambda n: n + 1)
    starts_at = factory.LazyAttribute(lambda meeting: local(meeting.day, meeting.begin))
    ends_at = factory.LazyAttribute(lambda meeting: local(meeting.day, meeting.end))
    place_fr = "Maison communale"
    place_nl = "Gemeentehuis"
    street_fr = "Rue de l’Exemple 1"
    street_nl = "Voorbeeldstraat 1"
    postcode = "1040"
    registration_opens_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=7))
    registration_closes_at = factory.LazyAttribute(lambda meeting: meeting.starts_at - dt.timedelta(days=2))
    state = MeetingState.ANNOUNCED


class _AgendaItemFactory(DjangoModelFactory[AgendaItem]):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(_MeetingFactory)
    position = factory.Sequence(lambda n: n)
    title_fr = "Tour de table"
    title_nl = "Rondetafel"
    minutes = 30


class _ParticipantFactory(DjangoModelFactory[Participant]):
    class Meta:
        model = Participant

    series = factory.SubFactory(_SeriesFactory)
    email = factory.Sequence(lambda n: f"participant{n}@example.org")
    name = factory.Sequence(lambda n: f"Dominique Participant {n}")
    role = "assistante sociale"
    sector = "social"
    organisation = "CPAS d’Etterbeek"
    language = "fr"


class _RegistrationFactory(DjangoModelFactory[Registration]):
    """A confirmed place; the meeting's count of seats is the rule's to keep, not this maker's."""

    class Meta:
        model = Registration

    meeting = factory.SubFactory(_MeetingFactory)
    participant = factory.SubFactory(_ParticipantFactory, series=factory.SelfAttribute("..meeting.series"))


SeriesFactory = Maker(_SeriesFactory, Series)
MeetingFactory = Maker(_MeetingFactory, Meeting)
AgendaItemFactory = Maker(_AgendaItemFactory, AgendaItem)
ParticipantFactory = Maker(_ParticipantFactory, Participant)
RegistrationFactory = Maker(_RegistrationFactory, Registration)
