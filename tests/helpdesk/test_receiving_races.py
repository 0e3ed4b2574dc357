"""Two deliveries at once, on real connections: one mail is one ticket, two replies are two words in one thread."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections, transaction

from core.mail.inbound import taking
from core.mail.inbound.taking import take
from core.models import OutboxMessage, TakenMail
from helpdesk.enums import Channel, EventKind, TicketState
from helpdesk.models import Message, Ticket
from helpdesk.rules import receiving
from tests.helpdesk.mail_tools import DESK_FR, raw, receive
from tests.helpdesk.tools import ask
from tests.opendoors.race_tools import all_at_once, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_mail_delivered_many_times_at_once_is_one_ticket() -> None:
    answers = all_at_once(8, lambda n: take(raw(), channel="imap" if n % 2 else "webhook").partition(":")[0])

    assert answers == {"ticket": 1, "twice": 7}
    assert (Ticket.objects.count(), Message.objects.count(), TakenMail.objects.count()) == (1, 1, 1)
    assert OutboxMessage.objects.count() == 1


def test_without_the_row_that_says_so_there_is_a_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: where nobody notes what was taken, and the mail names itself nowhere, each delivery is a ticket."""
    monkeypatch.setattr(taking, "_noted", lambda *_: 0)
    nameless = raw(name="").replace(b"Message-ID: <>\r\n", b"")

    answers = all_at_once(4, lambda _n: take(nameless, channel="imap").partition(":")[0])

    assert answers == {"ticket": 4}


def test_the_second_is_taken_when_the_first_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for the first to end, and is the mail then: nothing is lost by a fault of ours."""
    holding, go_on = threading.Event(), threading.Event()
    first = threading.Lock()
    real = receiving.receive

    def fail_once(*arguments: Any) -> str:
        if first.acquire(blocking=False):
            holding.set()
            assert go_on.wait(timeout=30)
            raise RuntimeError("a fault of ours")
        return real(*arguments)

    monkeypatch.setattr(receiving, "receive", fail_once)

    def act(n: int) -> str:
        try:
            if n == 1:
                assert holding.wait(timeout=30)
                threading.Timer(0.5, go_on.set).start()
            return take(raw(), channel="imap").partition(":")[0]
        except RuntimeError:
            return "failed"

    assert all_at_once(2, act) == {"failed": 1, "ticket": 1}
    assert Ticket.objects.count() == 1


def test_two_replies_at_once_open_a_ticket_once() -> None:
    ticket = ask(channel=Channel.WEB)
    Ticket.objects.update(state=TicketState.WAITING)

    def act(n: int) -> str:
        return receive(f"Mot {n}", name=f"{n}@example.org", subject=f"[{ticket.code}]").partition(":")[0]

    assert all_at_once(6, act) == {"message": 6}
    ticket.refresh_from_db()
    assert (ticket.state, ticket.messages.count()) == (TicketState.OPEN, 7)
    assert ticket.events.filter(kind=EventKind.STATE).count() == 1


def test_a_mail_that_waits_for_a_ticket_is_not_lost_to_it() -> None:
    """Somebody writes in the ticket while a reply comes in: the reply waits, then stands in the thread."""
    ticket = ask()
    done: list[str] = []

    def come_in() -> None:
        try:
            done.append(receive("Un mot", to=DESK_FR, subject=f"[{ticket.code}]"))
        finally:
            connections.close_all()

    with transaction.atomic():
        Ticket.objects.select_for_update(no_key=True).get(pk=ticket.pk)
        thread = threading.Thread(target=come_in)
        thread.start()
        wait_until_blocked()
        assert done == []
    thread.join(timeout=30)

    assert done == [f"message: {ticket.code}"]
