"""What a partner's program hears of the tickets that its key made, and of no other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from basins.models import PartnerKey, User
from basins.rights import Role
from basins.rules.keys import owner_of
from core import webhooks
from core.models import WebhookDelivery
from core.webhooks import types_for
from helpdesk.access import SCOPE_ASK
from helpdesk.enums import Channel, Outcome
from helpdesk.models import Ticket
from helpdesk.rules import answering, handling, merging, routing
from tests.factories import basin, grant
from tests.helpdesk.tools import ask

pytestmark = pytest.mark.django_db

TYPES = ["ticket.answered", "ticket.asked_back", "ticket.closed", "ticket.handed_over"]


@pytest.fixture
def asked(farid: PartnerKey) -> Ticket:
    """Asked with Farid's key, which wants to hear of it."""
    farid.scopes = [SCOPE_ASK, "webhooks:manage"]
    farid.save()
    webhooks.add(
        owner=owner_of(farid),
        scopes=farid.scopes,
        url="https://hooks.partner.brussels/in",
        types=TYPES,
        contact=farid.contact_email,
        language="fr",
    )
    return ask(channel=Channel.PARTNER, key=farid)


def told() -> list[dict[str, Any]]:
    return [json.loads(row.body) for row in WebhookDelivery.objects.order_by("pk")]


def test_these_kinds_are_on_offer() -> None:
    assert types_for([SCOPE_ASK]) == TYPES
    assert types_for(["opendoors:book"]) == []


def test_an_answer_is_told_without_its_words(asked: Ticket, alice: User) -> None:
    said = answering.answer(ticket=asked, body="Appelez le service du quartier.", records=[], by=alice, seen=None)
    (event,) = told()
    assert event["type"] == "ticket.answered"
    assert event["data"] == {
        "id": str(asked.uuid),
        "code": asked.code,
        "state": "answered",
        "basin": "sud-est",
        "outcome": "",
        "message": str(said.uuid),
    }
    assert "quartier" not in json.dumps(event)


def test_a_question_back_is_told_as_one(asked: Ticket, alice: User) -> None:
    answering.answer(ticket=asked, body="Dans quelle rue ?", records=[], by=alice, seen=None, asks_back=True)
    assert [(each["type"], each["data"]["state"]) for each in told()] == [("ticket.asked_back", "waiting")]


def test_the_same_answer_pressed_twice_is_told_once(asked: Ticket, alice: User) -> None:
    for _time in range(2):
        answering.answer(ticket=asked, body="Appelez le service.", records=[], by=alice, seen=None)
    assert len(told()) == 1


def test_closing_tells_how_it_ended(asked: Ticket, alice: User) -> None:
    handling.close(ticket=asked, outcome=Outcome.WITHDRAWN, by=alice)
    assert [(each["type"], each["data"]["outcome"]) for each in told()] == [("ticket.closed", "withdrawn")]


def test_a_merged_ticket_is_closed_and_says_where_it_went(asked: Ticket, alice: User) -> None:
    other = ask(body="La même question, encore une fois, avec d’autres mots.")
    merging.merge(ticket=asked, into=other, by=alice)
    (event,) = told()
    assert (event["data"]["outcome"], event["data"]["merged_into"]) == ("merged", other.code)


def test_another_basin_goes_on_with_it(asked: Ticket, alice: User) -> None:
    routing.hand_over(ticket=asked, basin=basin("nord"), by=alice)
    (event,) = told()
    assert (event["type"], event["data"]["before"], event["data"]["basin"]) == ("ticket.handed_over", "sud-est", "nord")


def test_a_place_put_right_tells_only_where_the_basin_changed(asked: Ticket, alice: User) -> None:
    grant(alice, Role.COORDINATOR, "nord")
    routing.reroute(ticket=asked, postcode="1150", basin=None, by=alice)
    assert told() == []
    routing.reroute(ticket=asked, postcode="1090", basin=None, by=alice)
    assert [each["type"] for each in told()] == ["ticket.handed_over"]


def test_what_was_asked_without_a_key_or_with_another_is_told_to_nobody(asked: Ticket, alice: User) -> None:
    mine = ask(body="Une tout autre question, posée sur la page.")
    answering.answer(ticket=mine, body="Voici.", records=[], by=alice, seen=None)
    handling.close(ticket=mine, outcome=Outcome.SOLVED, by=alice)
    assert told() == []
