"""Partners ask, follow and reply with their key: same rules, their own questions and nobody else's."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from basins.models import PartnerKey, User
from helpdesk.enums import Channel, TicketState
from helpdesk.models import Ticket
from helpdesk.rules import answering, handling
from tests.conftest import FARID_PLAIN_KEY
from tests.directory.factories import service
from tests.factories import basin
from tests.helpdesk.tools import ask

pytestmark = pytest.mark.django_db

TICKETS = "/api/v1/helpdesk/tickets/"
QUESTION = {
    "body": "Qui se déplace à domicile pour un couple âgé ?",
    "postcode": "1040",
    "name": "Nele",
    "email": "nele@example.org",
    "profession": "nurse",
    "language": "nl",
}


@pytest.fixture
def partner(farid: PartnerKey) -> Client:
    farid.scopes = ["helpdesk:ask"]
    farid.save()
    return Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}"})


def other_partner(*, scopes: list[str], code: str = "sud-est") -> Client:
    key = PartnerKey.objects.create(
        name="Other", prefix="bz_other", digest=sha256(b"bz_other_key").hexdigest(), scopes=scopes
    )
    key.basins.add(basin(code))
    return Client(headers={"Authorization": "Api-Key bz_other_key"})


def send(client: Client, path: str = TICKETS, headers: dict[str, str] | None = None, **fields: Any) -> Any:
    body = {**QUESTION, **fields} if path == TICKETS else fields
    return client.post(path, body, content_type="application/json", headers=headers)


def test_a_question_is_asked_and_can_be_followed(partner: Client, farid: PartnerKey) -> None:
    answer = send(partner, theme="psychological-support", audience="older-couples")

    ticket = Ticket.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"http://testserver{TICKETS}{ticket.code}/"
    body = answer.json()
    assert (ticket.key, ticket.channel, ticket.asker.profession) == (farid, Channel.PARTNER, "nurse")
    assert [body[name] for name in ("code", "basin", "state", "routing", "theme", "audience")] == [
        *(ticket.code, "sud-est", "new", "main", "psychological-support", "older-couples")
    ]
    assert "Etterbeek" in body["why_here"]
    assert [said["body"] for said in body["messages"]] == [QUESTION["body"]]
    assert partner.get(answer["Location"]).json() == body


def test_the_answer_is_read_with_its_records_and_never_the_notes(partner: Client, alice: User) -> None:
    send(partner)
    ticket = Ticket.objects.get()
    record = service(name_fr="Écoute", name_nl="Gesprek aan huis")
    handling.note(ticket=ticket, body="Entre nous.", by=alice)
    answering.answer(ticket=ticket, body="Probeer dit.", records=[record.uuid], by=alice)

    body = partner.get(f"{TICKETS}{ticket.code.lower()}/").json()

    assert (body["state"], body["messages"][-1]["kind"]) == ("answered", "answer")
    assert [(row["id"], row["name"]) for row in body["messages"][-1]["records"]] == [
        (str(record.uuid), "Gesprek aan huis")
    ]
    assert "Entre nous." not in str(body)


def test_a_reply_opens_it_again(partner: Client, alice: User) -> None:
    send(partner)
    ticket = Ticket.objects.get()
    answering.answer(ticket=ticket, body="Voilà.", by=alice)

    answer = send(partner, f"{TICKETS}{ticket.code}/replies/", body="C’est complet.")

    assert (answer.status_code, answer.json()["state"]) == (201, TicketState.OPEN)


@pytest.mark.parametrize(
    ("fields", "status", "kind"),
    [
        ({"body": "Son numéro : 85.07.30-033.28"}, 422, "national-number"),
        ({"body": "Appelez-la au 0475 12 34 56"}, 422, "person-named"),
        ({"postcode": "9000"}, 422, "place-unknown"),
        ({"postcode": ""}, 422, ""),
        ({"postcode": "1020"}, 403, ""),
        ({"theme": "gossip"}, 422, ""),
        ({"email": "nele"}, 422, ""),
        ({"profession": "king"}, 422, ""),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing(
    partner: Client, fields: dict[str, Any], status: int, kind: str
) -> None:
    answer = send(partner, **fields)

    assert (answer.status_code, Ticket.objects.count()) == (status, 0)
    assert answer["Content-Type"].startswith("application/problem+json")
    assert kind in answer.json()["type"]


def test_what_was_found_is_named_by_kind_and_goes_through_once_it_was_checked(partner: Client) -> None:
    body = "La garde répond au 0475 12 34 56"

    assert send(partner, body=body).json()["findings"] == ["phone"]
    assert send(partner, body=body, person_checked=True).status_code == 201


def test_the_same_call_again_gets_the_same_answer(partner: Client) -> None:
    headers = {"Idempotency-Key": str(uuid4())}

    first, second = send(partner, headers=headers), send(partner, headers=headers)

    assert (first.json(), Ticket.objects.count()) == (second.json(), 1)


def test_a_key_sees_what_it_asked_and_nothing_else(partner: Client) -> None:
    send(partner)
    elsewhere = ask()

    other = other_partner(scopes=["helpdesk:ask"])

    assert [row["email"] for row in partner.get(TICKETS).json()["results"]] == ["nele@example.org"]
    assert other.get(TICKETS).json()["results"] == []
    assert partner.get(f"{TICKETS}{elsewhere.code}/").status_code == 404
    assert send(partner, f"{TICKETS}{elsewhere.code}/replies/", body="Encore").status_code == 404


@pytest.mark.parametrize("scopes", [[], ["opendoors:book"]])
def test_without_the_scope_there_is_nothing(scopes: list[str]) -> None:
    other = other_partner(scopes=scopes)

    assert (other.get(TICKETS).status_code, send(other).status_code) == (403, 403)
    assert Client().get(TICKETS).status_code == 401


def test_the_list_is_narrowed_by_state(partner: Client, alice: User) -> None:
    send(partner)
    send(partner, body="Une autre question")
    answering.answer(ticket=Ticket.objects.latest("pk"), body="Voilà.", by=alice)

    found = partner.get(TICKETS, {"state": "answered"}).json()["results"]

    assert [row["subject"] for row in found] == ["Une autre question"]
    assert partner.get(TICKETS, {"state": "gone"}).status_code == 422


@pytest.mark.parametrize("number", [1, 3])
def test_a_long_list_costs_no_more_queries(
    partner: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(number):
        send(partner, body=f"Question {n}")
    partner.get(TICKETS)

    with django_assert_num_queries(2):
        partner.get(TICKETS)
