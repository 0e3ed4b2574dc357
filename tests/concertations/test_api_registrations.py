"""Registering and noting presence by a partner's program: with the scope, in its basins, each key its own."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.test import Client

from basins.models import PartnerKey, User
from concertations.models import Meeting, Registration
from tests.concertations.factories import MeetingFactory, RegistrationFactory
from tests.concertations.registering_tools import registered
from tests.factories import basin

pytestmark = pytest.mark.django_db

REGISTRATIONS = "/api/v1/concertations/registrations/"


def partner(*scopes: str, code: str = "sud-est") -> Client:
    key = PartnerKey.objects.create(
        name="Door", prefix="bz_door", digest=sha256(b"bz_door_key").hexdigest(), scopes=list(scopes)
    )
    key.basins.add(basin(code))
    return Client(headers={"Authorization": "Api-Key bz_door_key"})


def asked(meeting: Meeting, **more: Any) -> dict[str, Any]:
    return {"meeting": str(meeting.uuid), "name": "Daan", "email": "daan@example.org", "language": "nl"} | more


def send(client: Client, meeting: Meeting, **more: Any) -> Any:
    return client.post(REGISTRATIONS, asked(meeting, **more), content_type="application/json")


def test_a_partner_registers_somebody_at_once() -> None:
    answer = send(partner("concertations:register"), MeetingFactory(), role="arts")

    row = Registration.objects.get()
    assert (answer.status_code, answer.json()["state"], answer.json()["role"]) == (201, "confirmed", "arts")
    assert (row.is_held, row.key is not None) == (False, True)


def test_a_full_meeting_is_a_conflict_unless_one_waits(alice: User) -> None:
    meeting = MeetingFactory(seats=1)
    registered(meeting, "first", by=alice)
    client = partner("concertations:register")

    full, waits = send(client, meeting), send(client, meeting, may_wait=True)

    assert (full.status_code, full.json()["type"].rstrip("/").rpartition("/")[2].rpartition("#")[2]) == (
        409,
        "meeting-full",
    )
    assert (waits.status_code, waits.json()["state"]) == (201, "waiting")


def test_without_the_scope_nobody_registers() -> None:
    assert send(partner("opendoors:book"), MeetingFactory()).status_code == 403


def test_a_meeting_of_another_basin_is_not_there() -> None:
    assert send(partner("concertations:register", code="nord"), MeetingFactory()).status_code == 404


def test_what_others_registered_is_not_there() -> None:
    row = RegistrationFactory()
    assert partner("concertations:register").get(f"{REGISTRATIONS}{row.reference}/").status_code == 404


def test_a_partner_gives_back() -> None:
    client = partner("concertations:register")
    reference = send(client, MeetingFactory()).json()["reference"]

    answers = [client.delete(f"{REGISTRATIONS}{reference}/").status_code for _ in range(2)]

    assert (answers, Registration.objects.get().state) == ([204, 204], "cancelled")


def presence_of(client: Client, row: Registration, **more: Any) -> Any:
    said = [{"reference": row.reference, "presence": "present"} | more]
    address = f"/api/v1/concertations/presence/{row.meeting.uuid}/"
    return client.patch(address, {"expected": said}, content_type="application/json")


def test_a_partner_notes_who_came() -> None:
    row = RegistrationFactory()
    client = partner("concertations:presence")
    with time_machine.travel(row.meeting.starts_at):
        answer = presence_of(client, row)

    row.refresh_from_db()
    assert (answer.status_code, answer.json()["expected"][0]["presence"]) == (200, "present")
    assert (row.presence, row.presence_by) == ("present", "partner")


def test_who_is_not_on_the_list_is_named() -> None:
    row = RegistrationFactory()
    with time_machine.travel(row.meeting.starts_at):
        answer = presence_of(partner("concertations:presence"), row, reference="XXXXXXXX")
    assert (answer.status_code, answer.json()["expected"]) == (422, ["XXXXXXXX"])


def test_the_list_does_not_name_addresses() -> None:
    row = RegistrationFactory()
    body = partner("concertations:presence").get(f"/api/v1/concertations/presence/{row.meeting.uuid}/").json()
    assert sorted(body["expected"][0]) == [
        *("language", "name", "organisation", "presence", "presence_at", "presence_by", "reference", "sector"),
    ]


@pytest.mark.parametrize("code", ["nord", "sud-est"])
def test_the_list_of_another_basin_is_not_there(code: str) -> None:
    row = RegistrationFactory()
    answer = partner("concertations:presence", code=code).get(f"/api/v1/concertations/presence/{row.meeting.uuid}/")
    assert answer.status_code == {"nord": 404, "sud-est": 200}[code]
