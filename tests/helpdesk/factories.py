"""Makers of the rows of the helpdesk. What a test is about goes through the rules; these are for the rest."""

from __future__ import annotations

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from helpdesk.enums import Channel, EventKind, HeldReason, MessageKind, RoutingReason
from helpdesk.expert_enums import ExpertState
from helpdesk.models import AnswerRecord, Asker, Expert, HeldMail, Message, ServiceTarget, Snippet, Ticket, TicketEvent
from tests.factories import Maker, basin


class _AskerFactory(DjangoModelFactory[Asker]):
    class Meta:
        model = Asker

    name = factory.Sequence(lambda n: f"Asker {n}")
    email = factory.Sequence(lambda n: f"asker{n}@example.org")
    organisation = "Soins du Quartier"
    profession = "nurse"
    language = "fr"


class _TicketFactory(DjangoModelFactory[Ticket]):
    """A new ticket of Sud-Est, asked on its page."""

    class Meta:
        model = Ticket

    basin = factory.LazyFunction(basin)
    routing = RoutingReason.PAGE
    channel = Channel.WEB
    subject = factory.Sequence(lambda n: f"Soutien à domicile {n}")
    language = "fr"
    asker = factory.SubFactory(_AskerFactory)


class _MessageFactory(DjangoModelFactory[Message]):
    """The asker's first words."""

    class Meta:
        model = Message

    ticket = factory.SubFactory(_TicketFactory)
    kind = MessageKind.FROM_ASKER
    channel = Channel.WEB
    language = "fr"
    body = "Un couple âgé ne peut plus sortir et cherche un soutien psychologique."


class _AnswerRecordFactory(DjangoModelFactory[AnswerRecord]):
    class Meta:
        model = AnswerRecord

    message = factory.SubFactory(_MessageFactory, kind=MessageKind.ANSWER)
    kind = "service"
    record = factory.Faker("uuid4", cast_to=None)
    snapshot = factory.LazyFunction(dict)


class _TicketEventFactory(DjangoModelFactory[TicketEvent]):
    class Meta:
        model = TicketEvent

    ticket = factory.SubFactory(_TicketFactory)
    kind = EventKind.ASKED


class _SnippetFactory(DjangoModelFactory[Snippet]):
    class Meta:
        model = Snippet

    title_fr = factory.Sequence(lambda n: f"Phrase {n}")
    title_nl = factory.Sequence(lambda n: f"Zin {n}")
    body_fr = "Le service vous rappelle."
    body_nl = "De dienst belt u terug."


class _ServiceTargetFactory(DjangoModelFactory[ServiceTarget]):
    class Meta:
        model = ServiceTarget

    basin = factory.LazyFunction(basin)


class _HeldMailFactory(DjangoModelFactory[HeldMail]):
    class Meta:
        model = HeldMail

    basin = factory.LazyFunction(basin)
    reason = HeldReason.UNKNOWN_SENDER
    from_email = factory.Sequence(lambda n: f"stranger{n}@example.org")
    subject = factory.Sequence(lambda n: f"Re: question {n}")
    body = "Voici encore un mot."


class _ExpertFactory(DjangoModelFactory[Expert]):
    """An expert on palliative care for the whole Region, at any hour."""

    class Meta:
        model = Expert

    name = factory.Sequence(lambda n: f"Wim {n}")
    email = factory.Sequence(lambda n: f"wim{n}@example.org")
    function = "Arts"
    language = "nl"
    languages = factory.LazyFunction(lambda: ["fr", "nl"])
    domains = factory.LazyFunction(lambda: ["palliative"])
    home = factory.LazyFunction(basin)
    state = ExpertState.ACTIVE
    consented_at = factory.LazyFunction(timezone.now)
    admitted_at = factory.LazyFunction(timezone.now)


AskerFactory = Maker(_AskerFactory, Asker)
TicketFactory = Maker(_TicketFactory, Ticket)
MessageFactory = Maker(_MessageFactory, Message)
AnswerRecordFactory = Maker(_AnswerRecordFactory, AnswerRecord)
TicketEventFactory = Maker(_TicketEventFactory, TicketEvent)
SnippetFactory = Maker(_SnippetFactory, Snippet)
ServiceTargetFactory = Maker(_ServiceTargetFactory, ServiceTarget)
HeldMailFactory = Maker(_HeldMailFactory, HeldMail)
ExpertFactory = Maker(_ExpertFactory, Expert)
