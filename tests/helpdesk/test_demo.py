"""The demo's questions: believable, in both languages, in every basin and state, and again they are no more."""

from __future__ import annotations

import datetime as dt

import pytest

from basins.enums import BasinCode
from basins.models import User
from basins.rights import Role
from core.models import LongJob, OutboxMessage
from core.small_counts import LIMIT
from directory.rules import indexing
from helpdesk import demo, public_figures
from helpdesk.enums import ExampleState, HeldState, TicketState
from helpdesk.expert_enums import CallState, ExpertDomain, ExpertState
from helpdesk.jobs import MONTH
from helpdesk.models import AnswerRecord, Example, Expert, ExpertCall, HeldMail, Message, Ticket
from helpdesk.rules import examples, identity
from tests.directory.factories import service
from tests.factories import UserFactory, basin, grant

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def hanne(db: None) -> User:
    user = UserFactory()
    grant(user, Role.REGION_ADMIN, None)
    return user


def test_forty_questions_in_both_languages_every_basin_and_every_state(hanne: User) -> None:
    service(name_fr="Écoute", name_nl="Gesprek", terms=["themes:psychological-support"])
    indexing.catch_up()

    demo.seed(TODAY)

    tickets = Ticket.objects.exclude(asker__email="")
    assert len(tickets) == 40
    assert set(tickets.values_list("language", flat=True)) == {"fr", "nl"}
    assert set(tickets.values_list("basin__code", flat=True)) == set(BasinCode.values)
    assert set(tickets.values_list("state", flat=True)) == set(TicketState.values)
    assert AnswerRecord.objects.exists()


def test_nobody_is_named_and_nothing_comes_twice(hanne: User) -> None:
    demo.seed(TODAY)
    before = Ticket.objects.count()
    demo.seed(TODAY)

    assert Ticket.objects.count() == before
    said = [*Message.objects.values_list("body", flat=True), *HeldMail.objects.values_list("body", flat=True)]
    assert [body for body in said if identity.findings(body)] == []


def test_letters_of_today_are_those_to_experts(hanne: User) -> None:
    """What was asked weeks ago was answered then: the demo's mailbox is no heap."""
    demo.seed(TODAY)

    assert set(OutboxMessage.objects.values_list("kind", flat=True)) == {"helpdesk.expert_asked"}
    pool = Expert.objects.filter(state=ExpertState.ACTIVE)
    assert {domain for expert in pool for domain in expert.domains} == set(ExpertDomain.values)
    assert Expert.objects.filter(state=ExpertState.WAITING).count() == 1
    assert sorted(ExpertCall.objects.values_list("state", flat=True)) == [CallState.ANSWERED, CallState.ASKED]


def test_examples_months_and_mails_to_look_at(hanne: User) -> None:
    demo.seed(TODAY)

    public = Example.objects.filter(state=ExampleState.PUBLISHED)
    assert [found for example in public if (found := examples.why_not_yet(example, hanne))] == []
    assert public.count() == 6
    assert Example.objects.filter(state=ExampleState.DRAFT).count() == 1
    assert LongJob.objects.filter(kind=MONTH).count() == 6
    figures = public_figures.of_month(basin(BasinCode.SUD_EST), dt.date(2026, 10, 1))
    assert figures["parts"]["theme"][0][1] >= LIMIT
    assert HeldMail.objects.filter(state=HeldState.WAITING, ticket__isnull=False).count() == 2
    assert HeldMail.objects.filter(state=HeldState.WAITING, ticket__isnull=True).count() == 2
