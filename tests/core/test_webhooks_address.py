"""Where webhooks are sent: never to an address of the inside."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from core import webhooks
from core.models import WebhookDelivery, WebhookEndpoint
from core.webhooks import address
from core.webhooks.errors import WebhookInvalid
from tests.core.hook_tools import KIND, OWNER, Receiver, endpoint, receiver, toy_kind

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


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.select_related("endpoint").get()


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
