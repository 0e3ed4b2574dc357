"""Webhooks by a partner's program and in the back office."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from basins.models import PartnerKey, User
from basins.rules import keys
from core import webhooks
from core.models import WebhookDelivery, WebhookEndpoint
from tests.basins.people_tools import staff_session
from tests.conftest import FARID_PLAIN_KEY
from tests.core.hook_tools import KIND, SCOPE, Receiver, receiver, toy_kind

pytestmark = pytest.mark.django_db

HOOKS = "/api/v1/webhooks/"
URL = "https://hooks.partner.brussels/in"


@pytest.fixture(autouse=True)
def _toy(settings: Any) -> Iterator[None]:
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    with toy_kind():
        yield


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


@pytest.fixture
def partner(farid: PartnerKey) -> Client:
    """Farid's program, which may hear of toys."""
    farid.scopes = ["webhooks:manage", SCOPE]
    farid.save()
    return Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}", "Accept-Language": "nl"})


def make(client: Client, url: str = URL, *types: str) -> Any:
    return client.post(HOOKS, {"url": url, "types": list(types or (KIND,))}, content_type="application/json")


def tell(farid: PartnerKey) -> int:
    return webhooks.post(KIND, owner=keys.owner_of(farid), data={})


def test_a_partner_makes_one_and_reads_its_secret_once(partner: Client, farid: PartnerKey) -> None:
    response = make(partner)
    body = response.json()
    row = WebhookEndpoint.objects.get()
    assert response.status_code == 201
    assert (body["url"], body["types"], body["secret"]) == (URL, [KIND], row.secret)
    assert body["secret"].startswith("whsec_")
    assert (row.owner, row.contact, row.language) == (keys.owner_of(farid), "farid@example.org", "nl")
    there = partner.get(response["Location"])
    assert "secret" not in there.json()
    assert there["ETag"] == response["ETag"]
    listed = partner.get(HOOKS).json()["results"]
    assert [each["id"] for each in listed] == [body["id"]]
    assert "secret" not in listed[0]


def test_what_is_wrong_is_said_in_the_readers_language(partner: Client) -> None:
    refused = make(partner, "https://10.0.0.1/")
    assert refused.status_code == 422
    assert refused.json()["code"] == "webhook-invalid"
    assert [each["field"] for each in refused.json()["errors"]] == ["url"]
    refused = make(partner, URL, "ticket.nothing")
    assert [each["field"] for each in refused.json()["errors"]] == ["types"]
    assert make(partner, "").status_code == 422


def test_without_the_scope_there_is_nothing(farid: PartnerKey) -> None:
    client = Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}"})
    assert client.get(HOOKS).status_code == 403
    assert make(client).status_code == 403
    assert Client().get(HOOKS).status_code == 401


def test_another_keys_webhook_does_not_exist(partner: Client) -> None:
    row = webhooks.add(owner="key:other", scopes=[SCOPE], url=URL, types=[KIND], contact="x@example.org", language="fr")
    assert partner.get(HOOKS).json()["results"] == []
    for method, path in (
        ("get", ""),
        ("delete", ""),
        ("post", "rotate-secret/"),
        ("post", "test/"),
        ("post", "enable/"),
    ):
        assert getattr(partner, method)(f"{HOOKS}{row.uuid}/{path}").status_code == 404
    assert partner.get(f"{HOOKS}{row.uuid}/deliveries/").status_code == 404


def test_a_new_secret_comes_with_the_end_of_the_old_one(partner: Client) -> None:
    made = make(partner).json()
    body = partner.post(f"{HOOKS}{made['id']}/rotate-secret/").json()
    assert body["secret"] != made["secret"]
    assert body["old_secret_until"] is not None


def test_a_test_can_be_sent_and_read_back(partner: Client, there: Receiver) -> None:
    made = make(partner, there.url).json()
    there.status = 500
    sent = partner.post(f"{HOOKS}{made['id']}/test/")
    assert (sent.status_code, sent.json()["state"]) == (200, "queued")
    webhooks.deliver_due()
    (row,) = partner.get(f"{HOOKS}{made['id']}/deliveries/").json()
    assert (row["id"], row["type"], row["last_status"]) == (sent.json()["id"], "webhook.test", 500)
    assert row["id"] == there.calls[0][0]["webhook-id"]
    assert "500" in row["reason"]


def test_one_that_is_gone_is_started_again(partner: Client, farid: PartnerKey, there: Receiver) -> None:
    there.status = 410
    made = make(partner, there.url).json()
    tell(farid)
    webhooks.deliver_due()
    stopped = partner.get(f"{HOOKS}{made['id']}/").json()
    assert stopped["disabled_why"] == "gone"
    assert partner.post(f"{HOOKS}{made['id']}/test/").json()["code"] == "webhook-disabled"
    assert partner.post(f"{HOOKS}{made['id']}/enable/").json()["disabled_at"] is None
    assert tell(farid) == 1


def test_deleting_takes_all_of_it(partner: Client, farid: PartnerKey) -> None:
    made = make(partner).json()
    tell(farid)
    assert partner.delete(f"{HOOKS}{made['id']}/").status_code == 204
    assert not WebhookEndpoint.objects.exists()
    assert not WebhookDelivery.objects.exists()
    assert tell(farid) == 0


def test_a_revoked_key_is_told_nothing_more(partner: Client, farid: PartnerKey) -> None:
    make(partner)
    keys.revoke_key(key=farid, by=None)
    assert tell(farid) == 0
    assert WebhookEndpoint.objects.get().disabled_why == "key_revoked"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(partner: Client, rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        make(partner, f"{URL}/{number}")
    partner.get(HOOKS)
    with django_assert_num_queries(2):
        assert len(partner.get(HOOKS).json()["results"]) == rows


# --- The back office ---------------------------------------------------------------------------------


def address(name: str, *args: object) -> str:
    with override("nl"):
        return reverse(f"admin:core_{name}", args=args)


def test_staff_see_what_was_sent_and_send_it_again(
    client: Client, alice: User, partner: Client, farid: PartnerKey, there: Receiver
) -> None:
    there.status = 404
    make(partner, there.url)
    tell(farid)
    webhooks.deliver_due()
    WebhookDelivery.objects.update(state="parked")
    staff = staff_session(client, alice)
    page = staff.get(address("webhookdelivery_changelist")).text
    assert "404" in page
    assert there.url in page
    assert "whsec_" not in staff.get(address("webhookendpoint_change", WebhookEndpoint.objects.get().pk)).text
    row = WebhookDelivery.objects.get()
    staff.post(
        address("webhookdelivery_changelist"), {"action": "send_again", "_selected_action": [row.pk]}, follow=True
    )
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 0)


def test_staff_stop_and_start_an_address(client: Client, alice: User, partner: Client) -> None:
    make(partner)
    staff = staff_session(client, alice)
    assert "Farid" in staff.get(address("webhookendpoint_changelist")).text
    for action, why in (("stop", "by_staff"), ("start", "")):
        pk = WebhookEndpoint.objects.get().pk
        data = {"action": action, "_selected_action": [pk]}
        staff.post(address("webhookendpoint_changelist"), data, follow=True)
        assert WebhookEndpoint.objects.get().disabled_why == why


def test_another_basins_staff_see_none(client: Client, bram: User, partner: Client, farid: PartnerKey) -> None:
    make(partner)
    tell(farid)
    staff = staff_session(client, bram)
    assert staff.get(address("webhookendpoint_changelist")).status_code == 404
    assert staff.get(address("webhookdelivery_changelist")).status_code == 404
