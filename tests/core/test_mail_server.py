"""A real mail server that takes what is sent, or says no: at once, for good, or not at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from core.mail import deliver, deliver_due
from core.mail.delivery import JITTER, PAUSES, Postman
from core.models import OutboxMessage
from tests.core.letters import Script, mail_server, post_hello, renderings, use_test_templates

pytestmark = pytest.mark.django_db
State = OutboxMessage.State


@pytest.fixture(autouse=True)
def _letters(settings: Any) -> None:
    use_test_templates(settings)
    settings.SITE_URL = "https://bassins.example"
    settings.DEFAULT_FROM_EMAIL = "Bassins · Zorgzones <noreply@bassins.example>"
    renderings.clear()


def attempt(script: Script, settings: Any, row: OutboxMessage) -> OutboxMessage:
    with mail_server(script, settings):
        deliver(row.pk)
    row.refresh_from_db()
    return row


def test_a_real_server_takes_the_frozen_bytes(settings: Any) -> None:
    script = Script()
    row = attempt(script, settings, post_hello())
    assert (row.state, row.rendered) == ("sent", script.taken[0])


def test_every_byte_on_the_wire_is_seven_bit(settings: Any) -> None:
    script = Script()
    attempt(script, settings, post_hello(name="Éva à l'œuvre"))
    assert script.taken[0].isascii()


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (Script(rcpt="450 4.2.1 Mailbox busy"), "try-later: 450 4.2.1 Mailbox busy"),
        (Script(mail="451 4.7.1 Greylisted"), "try-later: 451 4.7.1 Greylisted"),
        (Script(data="452 4.3.1 Disk full"), "try-later: 452 4.3.1 Disk full"),
        (Script(data="421 4.3.2 Going down"), "try-later: 421 4.3.2 Going down"),
        (Script(data="hang"), "no-answer: SMTPServerDisconnected"),
        (Script(data="drop"), "no-answer: SMTPServerDisconnected"),
    ],
)
def test_a_temporary_no_is_tried_again_in_a_minute(script: Script, error: str, settings: Any) -> None:
    row = post_hello()
    before = timezone.now()
    attempt(script, settings, row)
    assert (row.state, row.attempts, row.last_error[: len(error)]) == ("queued", 1, error)
    assert 60 * (1 - JITTER) <= (row.next_attempt_at - before).total_seconds() <= 60 * (1 + JITTER) + 5


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (Script(rcpt="550 5.1.1 No such user"), "recipient-refused: 550 5.1.1 No such user"),
        (Script(mail="553 5.1.8 Sender unknown"), "sender-refused: 553 5.1.8 Sender unknown"),
        (Script(data="554 5.7.1 Looks like spam"), "message-refused: 554 5.7.1 Looks like spam"),
    ],
)
def test_a_permanent_no_is_parked_with_the_servers_words(script: Script, error: str, settings: Any) -> None:
    row = attempt(script, settings, post_hello())
    assert (row.state, row.attempts, row.last_error) == ("parked", 1, error)


def test_a_server_that_is_away_costs_one_mail_of_the_sweep_one_attempt(settings: Any) -> None:
    with mail_server(Script(), settings):
        pass  # the settings lead to a port where nobody listens any more
    for key in ("a", "b", "c"):
        post_hello(key)
    assert deliver_due() == 0
    assert sorted(OutboxMessage.objects.values_list("attempts", "state")) == [
        (0, "queued"), (0, "queued"), (1, "queued"),
    ]  # fmt: skip


def test_every_attempt_sends_the_same_bytes_and_renders_once(settings: Any) -> None:
    script = Script(data="451 4.3.0 Later")
    row = post_hello()
    with mail_server(script, settings):
        for _attempt in range(3):
            OutboxMessage.objects.update(next_attempt_at=timezone.now())
            deliver(row.pk)
    assert (len(script.taken), len(set(script.taken)), renderings) == (3, 1, ["Daan"])


def test_pauses_grow_and_after_three_days_the_mail_is_parked(settings: Any) -> None:
    script = Script(data="451 4.3.0 Later")
    row = post_hello()
    start = timezone.now()
    pauses = []
    with mail_server(script, settings), time_machine.travel(start, tick=False) as clock:
        while row.state == "queued":
            deliver(row.pk)
            row.refresh_from_db()
            if row.state == "queued":
                pauses.append((row.next_attempt_at - timezone.now()).total_seconds())
                clock.move_to(row.next_attempt_at)
        days = (timezone.now() - start) / dt.timedelta(days=1)
    assert pauses == [pytest.approx(pause, rel=JITTER) for pause in PAUSES]
    assert 2.5 < days < 3.5
    assert (row.state, row.last_error) == ("parked", "too-often: try-later: 451 4.3.0 Later")


def test_a_sweep_keeps_one_conversation(settings: Any) -> None:
    script = Script()
    for number in range(5):
        post_hello(f"k{number}")
    with mail_server(script, settings):
        assert deliver_due() == 5
    assert (len(script.taken), script.conversations) == (5, 1)


def test_a_conversation_that_ended_meanwhile_costs_no_attempt(settings: Any) -> None:
    first, second = post_hello("a"), post_hello("b")
    script = Script()
    with mail_server(script, settings), Postman() as postman:
        deliver(first.pk, postman)
        postman._backend.connection.sock.close()
        deliver(second.pk, postman)
    second.refresh_from_db()
    assert (second.state, second.attempts) == ("sent", 1)
