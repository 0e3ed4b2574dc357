"""What the database itself refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpdesk.models import Ticket, WaitingPause
from tests.helpdesk.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "closed"},
        {"state": "closed", "closed_at": timezone.now()},
        {"state": "open", "outcome": "solved"},
        {"state": "answered"},
        {"helped": "yes"},
    ],
)
def test_a_state_without_what_belongs_to_it_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TicketFactory(**fields)


def test_a_ticket_cannot_be_merged_into_itself() -> None:
    ticket = TicketFactory(state="closed", closed_at=timezone.now(), outcome="merged")

    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(merged_into=ticket.pk)


def test_a_mail_that_comes_twice_is_one_message() -> None:
    ticket = TicketFactory()
    MessageFactory(ticket=ticket, message_id="<a@example.org>")

    with pytest.raises(IntegrityError), transaction.atomic():
        MessageFactory(ticket=ticket, message_id="<a@example.org>")


def test_a_ticket_has_one_open_pause() -> None:
    ticket = TicketFactory()
    WaitingPause.objects.create(ticket=ticket)

    with pytest.raises(IntegrityError), transaction.atomic():
        WaitingPause.objects.create(ticket=ticket)
