"""The demo's questions: believable, in both languages, in every basin and state, and again they are no more."""

from __future__ import annotations

import datetime as dt

import pytest

from basins.enums import BasinCode
from basins.models import User
from basins.rights import Role
from core.models import OutboxMessage
from directory.rules import indexing
from helpdesk import demo
from helpdesk.enums import TicketState
from helpdesk.models import AnswerRecord, Ticket
from helpdesk.rules import identity
from tests.directory.factories import service
from tests.factories import UserFactory, grant

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

    tickets = Ticket.objects.all()
    assert len(tickets) == 40
    assert set(tickets.values_list("language", flat=True)) == {"fr", "nl"}
    assert set(tickets.values_list("basin__code", flat=True)) == set(BasinCode.values)
    assert set(tickets.values_list("state", flat=True)) == set(TicketState.values)
    assert AnswerRecord.objects.exists()
    assert OutboxMessage.objects.count() == 0


def test_nobody_is_named_in_the_demo(hanne: User) -> None:
    demo.seed(TODAY)

    found = [body for body in Ticket.objects.values_list("messages__body", flat=True) if identity.findings(body or "")]
    assert found == []


def test_a_second_start_changes_nothing(hanne: User) -> None:
    demo.seed(TODAY)
    demo.seed(TODAY)

    assert Ticket.objects.count() == 40
