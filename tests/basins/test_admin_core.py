"""Outgoing mail and long jobs in the back office: of one's own basins, with what may be done to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from basins.models import User
from basins.rights import Role
from core.models import LongJob, OutboxMessage
from tests.basins.people_tools import staff_session
from tests.factories import UserFactory, grant

pytestmark = pytest.mark.django_db
LANGUAGE = "nl"


def mail(scope: str, **fields: Any) -> OutboxMessage:
    number = OutboxMessage.objects.count()
    values = {
        "key": f"k{number}", "kind": "tests.hello", "to": f"reader-of-{scope or 'region'}@example.org",
        "language": "fr", "message_id": f"<{number}@x>", "scope": scope, "state": "parked",
        "last_error": "recipient-refused: 550 No such user", "params": {"code": "1234-SECRET"},
        "rendered": b"1234-SECRET",
    }  # fmt: skip
    return OutboxMessage.objects.create(**{**values, **fields})


def address(name: str, *args: object) -> str:
    with override(LANGUAGE):
        return reverse(f"admin:core_{name}", args=args)


def act(client: Client, name: str, action: str, *rows: OutboxMessage | LongJob) -> Any:
    return client.post(
        address(f"{name}_changelist"), {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True
    )


def test_one_sees_the_mails_of_ones_own_basin(client: Client, alice: User) -> None:
    for scope in ("sud-est", "nord", ""):
        mail(scope)
    page = staff_session(client, alice).get(address("outboxmessage_changelist")).text
    assert [f"reader-of-{scope}@" in page for scope in ("sud-est", "nord", "region")] == [True, False, False]


def test_the_region_sees_all_mails(client: Client) -> None:
    for scope in ("sud-est", "nord", ""):
        mail(scope)
    admin = UserFactory()
    grant(admin, Role.REGION_ADMIN, None)
    page = staff_session(client, admin).get(address("outboxmessage_changelist")).text
    assert [f"reader-of-{scope}@" in page for scope in ("sud-est", "nord", "region")] == [True, True, True]


def test_who_may_not_see_mail_finds_none(client: Client) -> None:
    agent = UserFactory()
    grant(agent, Role.HELPDESK_AGENT, "sud-est")
    assert staff_session(client, agent).get(address("outboxmessage_changelist")).status_code == 404


def test_the_reason_is_shown_and_the_content_is_not(client: Client, alice: User) -> None:
    row = mail("sud-est")
    page = staff_session(client, alice).get(address("outboxmessage_change", row.pk)).text
    assert ("550 No such user" in page, "SECRET" in page) == (True, False)


def test_another_basins_mail_does_not_exist(client: Client, alice: User) -> None:
    row = mail("nord")
    response = staff_session(client, alice).get(address("outboxmessage_change", row.pk), follow=True)
    assert "reader-of-nord" not in response.text


def test_parked_mail_is_sent_again(client: Client, alice: User) -> None:
    row = mail("sud-est")
    act(staff_session(client, alice), "outboxmessage", "send_again", row)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 0)


def test_parked_mail_is_given_up(client: Client, alice: User) -> None:
    row = mail("sud-est")
    act(staff_session(client, alice), "outboxmessage", "drop", row)
    row.refresh_from_db()
    assert row.state == "dropped"


@pytest.mark.parametrize("action", ["send_again", "drop"])
def test_another_basins_mail_is_left_alone(action: str, client: Client, alice: User) -> None:
    mine, other = mail("sud-est"), mail("nord")
    act(staff_session(client, alice), "outboxmessage", action, mine, other)
    other.refresh_from_db()
    assert other.state == "parked"


@pytest.fixture
def colleague() -> User:
    """Member of the team that Alice coordinates."""
    user = UserFactory()
    grant(user, Role.TEAM_MEMBER, "sud-est")
    return user


@pytest.mark.parametrize("action", ["send_again", "drop"])
def test_who_only_sees_mail_changes_none(action: str, client: Client, colleague: User) -> None:
    row = mail("sud-est")
    page = staff_session(client, colleague).get(address("outboxmessage_changelist")).text
    act(client, "outboxmessage", action, row)
    row.refresh_from_db()
    assert ("reader-of-sud-est@" in page, f'value="{action}"' in page, row.state) == (True, False, "parked")


@pytest.mark.parametrize("action", ["send_again", "drop"])
def test_a_coordinator_elsewhere_changes_none_here(action: str, client: Client, colleague: User) -> None:
    grant(colleague, Role.COORDINATOR, "nord")
    here, there = mail("sud-est"), mail("nord")
    act(staff_session(client, colleague), "outboxmessage", action, here, there)
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.state, there.state == "parked") == ("parked", False)


def test_a_colleagues_job_is_not_stopped_by_who_only_sees_it(client: Client, alice: User, colleague: User) -> None:
    grant(colleague, Role.COORDINATOR, "nord")
    here, there = [
        LongJob.objects.create(kind=f"tests.{scope}", scope=scope, language="fr", started_by=alice)
        for scope in ("sud-est", "nord")
    ]
    page = staff_session(client, colleague).get(address("longjob_changelist")).text
    act(client, "longjob", "stop", here, there)
    assert "tests.sud-est" in page
    assert list(LongJob.objects.order_by("pk").values_list("state", flat=True)) == ["waiting", "stopped"]


def test_mail_is_neither_written_nor_deleted_by_hand(client: Client, alice: User) -> None:
    row = mail("sud-est")
    staff_session(client, alice)
    answers = [
        client.post(address("outboxmessage_add"), {"to": "x@example.org"}).status_code,
        client.post(address("outboxmessage_delete", row.pk), {"post": "yes"}).status_code,
        client.post(address("outboxmessage_change", row.pk), {"to": "x@example.org"}).status_code,
    ]
    row.refresh_from_db()
    assert (answers, row.to, OutboxMessage.objects.count()) == ([404, 404, 404], "reader-of-sud-est@example.org", 1)


def test_jobs_of_ones_own_basin_can_be_seen_and_stopped(client: Client, alice: User) -> None:
    mine, other = [
        LongJob.objects.create(kind=f"tests.{scope}", scope=scope, language="fr", started_by=alice)
        for scope in ("sud-est", "nord")
    ]
    page = staff_session(client, alice).get(address("longjob_changelist")).text
    assert ["tests.sud-est" in page, "tests.nord" in page] == [True, False]
    act(client, "longjob", "stop", mine, other)
    assert list(LongJob.objects.order_by("pk").values_list("state", flat=True)) == ["stopped", "waiting"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_many_mails_there_are(
    rows: int, client: Client, alice: User, django_assert_num_queries: Any
) -> None:
    for _row in range(rows):
        mail("sud-est")
    staff_session(client, alice)
    client.get(address("outboxmessage_changelist"))
    with django_assert_num_queries(11):
        client.get(address("outboxmessage_changelist"))
