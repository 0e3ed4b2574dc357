"""Webhooks: written with the change, signed as the specification says, tried again, stopped where nobody listens."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
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
from core.webhooks import address, delivery, signature
from core.webhooks.errors import NotYoursToEnable, TooManyWebhooks, WebhookDisabled, WebhookInvalid
from tests.core.hook_tools import KIND, OWNER, SCOPE, Receiver, endpoint, receiver, toy_kind
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


# --- What is sent ------------------------------------------------------------------------------------


def test_the_signature_is_that_of_the_specification() -> None:
    """The example that the specification's own libraries are tested with."""
    signed = signature.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_event_arrives_small_and_signed(there: Receiver) -> None:
    row = endpoint(there.url)
    assert tell(code="K7QM") == 1
    assert webhooks.deliver_due() == 1
    headers, body = there.calls[0]
    said = json.loads(body)
    assert set(said) == {"type", "timestamp", "data"}
    assert (said["type"], said["data"]) == (KIND, {"code": "K7QM"})
    assert dt.datetime.fromisoformat(said["timestamp"]).tzinfo is not None
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == only().message_id
    key = base64.b64decode(row.secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 30
    assert (only().state, only().last_status) == ("sent", 204)


def test_after_a_rotation_both_secrets_sign_for_a_day(there: Receiver) -> None:
    before = endpoint(there.url).secret
    row = webhooks.rotate_secret(WebhookEndpoint.objects.get())
    assert row.secret != before
    tell()
    webhooks.deliver_due()
    headers, body = there.calls[0]
    stamp = int(headers["webhook-timestamp"])
    expected = [
        signature.signature(each, message_id=headers["webhook-id"], timestamp=stamp, body=body)
        for each in (row.secret, before)
    ]
    assert headers["webhook-signature"].split(" ") == expected
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25), tick=False):
        tell()
        webhooks.deliver_due()
    assert len(there.calls[1][0]["webhook-signature"].split(" ")) == 1


def test_only_who_asked_for_this_kind_is_told(there: Receiver) -> None:
    endpoint(there.url)
    assert webhooks.post(KIND, owner="key:other", data={}) == 0
    with pytest.raises(LookupError):
        webhooks.post("toy.unknown", owner=OWNER, data={})


def test_an_event_that_is_rolled_back_was_never_there(there: Receiver) -> None:
    endpoint(there.url)
    with transaction.atomic():
        assert tell() == 1
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()


def test_contents_are_not_sent(there: Receiver) -> None:
    endpoint(there.url)
    with pytest.raises(ValueError, match="identifiers"):
        tell(words="x" * 30_000)


def test_a_test_event_says_nothing(there: Receiver) -> None:
    row = endpoint(there.url)
    webhooks.send_test(row)
    webhooks.deliver_due()
    assert json.loads(there.calls[0][1])["type"] == "webhook.test"


# --- When it goes wrong ------------------------------------------------------------------------------


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


# --- Where it is sent --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.partner.brussels/",
        "ftp://hooks.partner.brussels/",
        "https://",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://intranet/",
        "https://redis.internal/",
        "https://printer.local/",
        "https://user:word@hooks.partner.brussels/",
        "https://hooks.partner.brussels/#part",
        "https://hooks.partner.brussels:0/",
        "https://hooks.partner.brussels:99999/",
        "https://hooks.partner.brussels/a b",
        "https://hooks.partner.brussels/\r\nHost: x",
        "https://hooks.pärtner.brussels/",
        "https://hooks.partner.brussels\\@localhost/",
        "https://hooks.partner.brussels/" + "x" * 500,
    ],
)
def test_such_an_address_is_refused_at_once(settings: Any, url: str) -> None:
    settings.WEBHOOKS_TO_THIS_MACHINE = False
    with pytest.raises(WebhookInvalid) as refused:
        endpoint(url)
    assert refused.value.field == "url"
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("url", ["https://hooks.partner.brussels/x?y=1", "https://hooks.partner.brussels:8443"])
def test_such_an_address_is_taken(settings: Any, url: str) -> None:
    settings.WEBHOOKS_TO_THIS_MACHINE = False
    assert endpoint(url).url == url


@pytest.mark.parametrize(
    "found",
    [
        *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
    ],
)
def test_no_address_of_the_inside_is_public(found: str) -> None:
    assert not address.is_public(found)


@pytest.mark.parametrize("found", ["193.191.208.1", "1.1.1.1", "2001:4860:4860::8888", "::ffff:1.1.1.1"])
def test_addresses_of_the_internet_are(found: str) -> None:
    assert address.is_public(found)


def resolves(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Each question for the name gets the next answer, the last one stays."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_more: Any) -> list[Any]:
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("found", [["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["1.1.1.1", "127.0.0.1"], []])
def test_a_name_that_leads_inside_is_not_called(
    settings: Any, monkeypatch: pytest.MonkeyPatch, there: Receiver, found: list[str]
) -> None:
    settings.WEBHOOKS_TO_THIS_MACHINE = False
    endpoint(f"https://hooks.partner.brussels:{there.port}/")
    resolves(monkeypatch, found)
    tell()
    webhooks.deliver_due()
    assert there.calls == []
    assert (only().state, only().last_error) == ("queued", "not-public")


def test_a_name_that_changes_its_mind_is_asked_once(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """First a public address for the check, then ours: the connection goes to the one that was looked at."""
    settings.WEBHOOKS_TO_THIS_MACHINE = False
    connected: list[Any] = []

    class Line(socket.socket):
        def connect(self, place: Any) -> None:
            connected.append(place)
            raise ConnectionRefusedError

    endpoint("https://hooks.partner.brussels/")
    asked = resolves(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
    monkeypatch.setattr(socket, "socket", Line)
    tell()
    webhooks.deliver_due()
    assert asked == ["hooks.partner.brussels"]
    assert connected == [("1.1.1.1", 443)]


def test_a_certificate_is_checked_against_the_name(
    settings: Any, monkeypatch: pytest.MonkeyPatch, there: Receiver
) -> None:
    """A server that speaks no TLS, or not as this name, is no secure connection."""
    row = endpoint(there.url.replace("http:", "https:"))
    tell()
    webhooks.deliver_due()
    assert only().last_error == "certificate"
    assert address._context().check_hostname
    assert row.url.startswith("https:")


# --- Endpoints ---------------------------------------------------------------------------------------


def test_the_same_address_again_is_the_same_endpoint(there: Receiver) -> None:
    first, again = endpoint(there.url), endpoint(there.url)
    assert (first.pk, first.secret) == (again.pk, again.secret)


@pytest.mark.parametrize(("types", "scopes"), [([], [SCOPE]), ([KIND], []), (["toy.unknown"], [SCOPE])])
def test_one_hears_only_of_what_there_is_and_what_the_key_may(
    there: Receiver, types: list[str], scopes: list[str]
) -> None:
    with pytest.raises(WebhookInvalid) as refused:
        endpoint(there.url, types=types, scopes=scopes)
    assert refused.value.field == "types"


def test_there_is_an_end_to_endpoints(there: Receiver) -> None:
    for number in range(10):
        endpoint(f"{there.url}&n={number}")
    with pytest.raises(TooManyWebhooks):
        endpoint(there.url)
    assert endpoint(there.url, owner="key:other").pk


def test_old_events_are_forgotten_and_those_on_their_way_are_not(there: Receiver) -> None:
    endpoint(there.url)
    tell(n=1)
    webhooks.deliver_due()
    tell(n=2)
    assert webhooks.forget_before(timezone.now() + dt.timedelta(days=1)) == 1
    assert only().state == "queued"


def test_a_secret_is_in_no_list_of_fields() -> None:
    assert not WebhookEndpoint._meta.get_field("secret").editable
    assert len(base64.b64decode(signature.new_secret().removeprefix("whsec_"))) == 32
