"""When a webhook does not arrive: tried again, stopped, sent twice by a worker that died."""

from __future__ import annotations

import datetime as dt
import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone

from core import webhooks
from core.mail import deliver_due as deliver_mail
from core.models import OutboxMessage, WebhookDelivery, WebhookEndpoint
from core.webhooks import address, delivery
from core.webhooks.errors import NotYoursToEnable, WebhookDisabled
from tests.core.hook_tools import KIND, OWNER, Receiver, endpoint, receiver, toy_kind
from tests.core.processes import python

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _toy(settings: Any) -> Iterator[None]:
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    with toy_kind():
        yield


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def tell(**data: Any) -> int:
    return webhooks.post(KIND, owner=OWNER, data=data)


def due_again(row: WebhookDelivery) -> None:
    """Its pause is over."""
    WebhookDelivery.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now())


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.select_related("endpoint").get()


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 429, 500, 503])
def test_what_is_not_2xx_is_tried_again_with_a_pause(there: Receiver, status: int) -> None:
    there.status, there.headers = status, {"Location": there.url}
    endpoint(there.url)
    tell()
    assert webhooks.deliver_due() == 0
    row = only()
    assert (row.state, row.attempts, row.last_status) == ("queued", 1, status)
    assert 45 <= (row.next_attempt_at - timezone.now()).total_seconds() <= 75
    assert str(status) in webhooks.in_words(row)
    assert len(there.calls) == 1  # nobody is followed
    assert webhooks.deliver_due() == 0
    assert len(there.calls) == 1


def test_a_retry_is_the_same_event_at_another_moment(there: Receiver) -> None:
    endpoint(there.url)
    tell(n=1)
    there.status = 500
    webhooks.deliver_due()
    there.status = 200
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2), tick=False):
        assert webhooks.deliver_due() == 1
    (first, body), (second, same) = there.calls
    assert (first["webhook-id"], body) == (second["webhook-id"], same)
    assert int(second["webhook-timestamp"]) > int(first["webhook-timestamp"])
    assert WebhookEndpoint.objects.get().failing_since is None


def test_pauses_grow_over_days_and_differ() -> None:
    assert sorted(delivery.PAUSES) == list(delivery.PAUSES)
    assert dt.timedelta(days=3) < dt.timedelta(seconds=sum(delivery.PAUSES)) < dt.timedelta(days=7)
    assert 0 < delivery.JITTER < 0.5


def test_410_stops_the_endpoint_and_tells_its_owner(there: Receiver) -> None:
    there.status = 410
    endpoint(there.url)
    tell()
    webhooks.deliver_due()
    row = WebhookEndpoint.objects.get()
    assert (row.disabled_why, row.disabled_at is not None) == ("gone", True)
    assert tell() == 0
    deliver_mail()
    assert [each.to for each in mail.outbox] == [["farid@example.org"]]
    assert there.url in str(mail.outbox[0].body)


def test_days_without_a_good_answer_stop_the_endpoint_once(there: Receiver) -> None:
    there.status = 500
    endpoint(there.url)
    tell()
    start = timezone.now()
    for day in range(5):
        with time_machine.travel(start + dt.timedelta(days=day), tick=False):
            due_again(only())
            webhooks.deliver_due()
    row = WebhookEndpoint.objects.get()
    assert row.disabled_why == "failing"
    assert row.disabled_at == start + dt.timedelta(days=3)
    assert OutboxMessage.objects.filter(kind="core.webhook_stopped").count() == 1


def test_one_good_answer_ends_the_count_of_days(there: Receiver) -> None:
    endpoint(there.url)
    start = timezone.now()
    for day, status in enumerate((500, 500, 200, 500, 500)):
        there.status = status
        with time_machine.travel(start + dt.timedelta(days=day), tick=False):
            tell()
            WebhookDelivery.objects.filter(state="queued").update(next_attempt_at=timezone.now())
            webhooks.deliver_due()
    assert WebhookEndpoint.objects.get().disabled_at is None


def test_what_waited_goes_out_once_it_runs_again(there: Receiver) -> None:
    there.status = 410
    row = endpoint(there.url)
    tell(n=1)
    webhooks.deliver_due()
    with pytest.raises(WebhookDisabled):
        webhooks.send_test(WebhookEndpoint.objects.get())
    due_again(only())
    assert webhooks.deliver_due() == 0
    assert len(there.calls) == 1
    there.status = 200
    webhooks.enable(row)
    assert webhooks.deliver_due() == 1


def test_what_staff_stopped_its_owner_does_not_start(there: Receiver) -> None:
    row = endpoint(there.url)
    assert webhooks.disable(row, WebhookEndpoint.Disabled.BY_STAFF)
    assert not webhooks.disable(row, WebhookEndpoint.Disabled.GONE)
    with pytest.raises(NotYoursToEnable):
        webhooks.enable(row)
    assert webhooks.enable(row, by_staff=True).disabled_at is None


def test_after_the_last_attempt_it_is_given_up_and_staff_send_it_again(there: Receiver) -> None:
    there.status = 500
    endpoint(there.url)
    tell()
    WebhookDelivery.objects.update(attempts=len(delivery.PAUSES))
    webhooks.deliver_due()
    assert only().state == "parked"
    there.status = 200
    assert webhooks.send_again(only())
    assert webhooks.deliver(only().pk) == "sent"
    assert not webhooks.send_again(only())


def test_a_silent_endpoint_costs_one_wait_and_holds_up_nobody(there: Receiver) -> None:
    with receiver() as other:
        there.status = 500
        endpoint(there.url)
        endpoint(other.url)
        for number in range(5):
            tell(n=number)
        assert webhooks.deliver_due() == 5
    assert (len(there.calls), len(other.calls)) == (1, 5)


def test_nobody_there_is_no_connection(settings: Any) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/"
        endpoint(url)
        tell()
        webhooks.deliver_due()
    assert only().last_error == "no-connection"
    assert webhooks.in_words(only()) != "no-connection"


def test_who_drips_is_cut_off() -> None:
    """A byte now and then keeps each single wait short: the conversation as a whole has an end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def drip() -> None:
            connection, _from = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not done.wait(0.05):
                    try:
                        connection.sendall(b"X-Drip: 1\r\n"[:1])
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        target = address.parse(f"http://127.0.0.1:{server.getsockname()[1]}/")
        with pytest.raises(TimeoutError):
            address.call(target, body=b"{}", headers={}, within=0.5)
        done.set()
        thread.join(10)


DIES_BEFORE_MARKING = """
from core import webhooks
from core.webhooks import delivery
settings.WEBHOOKS_TO_THIS_MACHINE = True
send = delivery.send
def send_and_wait(row):
    answer = send(row)
    print("sent", flush=True)
    time.sleep(60)
    return answer
delivery.send = send_and_wait
webhooks.deliver({pk})
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_sending_and_marking_sends_the_same_again(there: Receiver) -> None:
    endpoint(there.url)
    tell(n=1)
    process = python(DIES_BEFORE_MARKING.format(pk=only().pk))
    assert process.stdout is not None
    assert process.stdout.readline() == "sent\n"
    assert webhooks.deliver_due() == 0  # it is in somebody's hands
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    assert only().state == "queued"
    assert webhooks.deliver_due() == 1
    (first, body), (second, same) = there.calls
    assert (first["webhook-id"], body) == (second["webhook-id"], same)
    assert only().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_what_is_being_removed_breaks_no_change(there: Receiver) -> None:
    """A change that tells an endpoint and its removal at the same moment: one waits for the other."""
    row = endpoint(there.url)
    told, removed = threading.Event(), threading.Event()

    def remove() -> None:
        from django.db import connection

        told.wait(10)
        webhooks.remove(row)
        removed.set()
        connection.close()

    thread = threading.Thread(target=remove)
    thread.start()
    with transaction.atomic():
        assert tell() == 1
        told.set()
        assert not removed.wait(0.3)
    thread.join(10)
    assert not WebhookDelivery.objects.exists()
