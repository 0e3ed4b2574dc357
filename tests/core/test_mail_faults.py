"""What the outbox promises when things die: no mail lost, none written twice, the same bytes again."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import connection, transaction
from django.utils import timezone

from core.mail import deliver_due, post
from core.models import OutboxMessage
from tests.core.letters import Script, free_port, mail_server, post_hello, use_test_templates
from tests.core.processes import python

pytestmark = pytest.mark.django_db(transaction=True)

# Hands the mail over for real, then waits to be killed before it can mark the row.
DIES_BEFORE_MARKING = """
from core.mail import deliver
from core.mail.delivery import Postman
hand_over = Postman.hand_over
def hand_over_and_wait(self, mail):
    hand_over(self, mail)
    print("handed over", flush=True)
    time.sleep(60)
Postman.hand_over = hand_over_and_wait
deliver({pk})
"""

POSTS_WITHOUT_BROKER = """
from django.db import transaction
start = time.monotonic()
for number in range(3):
    with transaction.atomic():
        post_hello(f"k{number}")
print(time.monotonic() - start, flush=True)
time.sleep(1)  # let the bell find out that nobody is there
"""


@pytest.fixture(autouse=True)
def _letters(settings: Any) -> None:
    use_test_templates(settings)


def at_once(count: int, action: Callable[[], Any]) -> list[Any]:
    """Run ``action`` in so many threads, each with a connection of its own, all starting together."""
    barrier, results = threading.Barrier(count), []

    def run() -> None:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            results.append(action())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_a_broker_that_is_down_delays_no_request_and_loses_no_mail() -> None:
    process = python(POSTS_WITHOUT_BROKER, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    said, _nothing = process.communicate(timeout=30)
    assert process.returncode == 0
    assert float(said) < 1
    assert deliver_due() == 3
    assert len(django_mail.outbox) == 3


def test_a_worker_killed_between_sending_and_marking_sends_the_same_bytes_again(settings: Any) -> None:
    row = post_hello()
    script = Script()
    with mail_server(script, settings):
        worker = python(DIES_BEFORE_MARKING.format(pk=row.pk), EMAIL_URL=f"smtp://127.0.0.1:{settings.EMAIL_PORT}")
        assert worker.stdout is not None
        with worker.stdout:
            assert worker.stdout.readline() == "handed over\n"
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)
        row.refresh_from_db()
        assert (row.state, len(script.taken)) == ("queued", 1)
        assert deliver_due() == 1
    row.refresh_from_db()
    assert (row.state, len(script.taken), script.taken[0]) == ("sent", 2, script.taken[1])
    assert f"Message-ID: {row.message_id}\r\n".encode() in script.taken[1]


def test_two_sweeps_at_once_send_each_mail_once() -> None:
    for number in range(30):
        post_hello(f"k{number}")
    sent = at_once(4, deliver_due)
    assert (len(sent), sum(sent)) == (4, 30)
    ids = [message.message()["Message-ID"] for message in django_mail.outbox]
    assert (len(ids), len(set(ids))) == (30, 30)


def test_a_mail_that_another_worker_has_in_hand_is_left_to_it() -> None:
    row = post_hello()
    with transaction.atomic():
        OutboxMessage.objects.select_for_update(no_key=True).get(pk=row.pk)
        assert at_once(1, deliver_due) == [0]
    assert deliver_due() == 1


def test_one_key_posted_by_many_transactions_writes_one_row() -> None:
    def post_once() -> bool:
        with transaction.atomic():
            message = post(
                "tests.hello", to="daan@example.org", language="nl", params={"name": "Daan"}, key="reminder:7"
            )
        return message is not None

    assert sorted(at_once(8, post_once)) == [False] * 7 + [True]
    assert OutboxMessage.objects.count() == 1


def test_a_server_that_hangs_up_after_the_data_gets_the_same_bytes_again(settings: Any) -> None:
    script = Script(data="drop")
    post_hello()
    with mail_server(script, settings):
        assert deliver_due() == 0
        script.data = "250 OK"
        OutboxMessage.objects.update(next_attempt_at=timezone.now())
        assert deliver_due() == 1
    assert (len(script.taken), len(set(script.taken))) == (2, 1)


def test_a_mail_server_that_was_away_gets_everything_afterwards(settings: Any) -> None:
    for number in range(3):
        post_hello(f"k{number}")
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = free_port()
    assert deliver_due() == 0
    OutboxMessage.objects.update(next_attempt_at=timezone.now())
    script = Script()
    with mail_server(script, settings):
        assert deliver_due() == 3
    assert len(script.taken) == 3
