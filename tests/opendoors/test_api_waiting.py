"""The waiting list by a partner's program: its own requests, places in line, answers to offers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from basins.models import PartnerKey
from opendoors.models import Booking, Edition, Visit, WaitingRequest
from opendoors.rules import waiting
from tests.conftest import FARID_PLAIN_KEY
from tests.opendoors.factories import EditionFactory, VisitFactory
from tests.opendoors.waiting_tools import counts, full, give_back, letters, states, wait, wish_of

pytestmark = pytest.mark.django_db

WAITING = "/api/v1/opendoors/waiting/"
VISITOR = {"name": "Daan", "email": "daan@example.org", "organisation": "WGC", "sector": "health", "language": "nl"}


@pytest.fixture
def partner(farid: PartnerKey) -> Client:
    """Farid's program."""
    return Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}"})


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


def other_partner(*, scopes: list[str]) -> Client:
    PartnerKey.objects.create(
        name="Other", prefix="bz_other", digest=sha256(b"bz_other_key").hexdigest(), scopes=scopes
    )
    return Client(headers={"Authorization": "Api-Key bz_other_key"})


def join(client: Client, *visits: Visit, headers: dict[str, str] | None = None, **fields: Any) -> Any:
    body = {**VISITOR, "visits": [str(visit.uuid) for visit in visits], **fields}
    return client.post(WAITING, body, content_type="application/json", headers=headers or {})


def answer(client: Client, location: str, word: str, visit: Visit, **headers: str) -> Any:
    body = {"visit": str(visit.uuid)}
    return client.post(f"{location}{word}/", body, content_type="application/json", headers=headers)


def test_joining_gives_reference_states_tag_and_address(partner: Client, farid: PartnerKey, edition: Edition) -> None:
    visits, _keepers = full(edition, 2)

    response = join(partner, *visits, wanted=2, seats=2, companions=["Anna"])

    body = response.json()
    request = WaitingRequest.objects.get()
    assert response.status_code == 201
    assert (body["reference"], body["state"], body["wanted"], body["seats"]) == (request.reference, "waiting", 2, 2)
    assert [(row["id"], row["state"]) for row in body["visits"]] == [(str(visit.uuid), "waiting") for visit in visits]
    assert (body["companions"], body["booking"]) == (["Anna"], None)
    assert {name: body[name] for name in VISITOR} == VISITOR
    assert (request.key, request.held_until) == (farid, None)
    there = partner.get(response["Location"])
    assert (there.json(), there["ETag"]) == (body, response["ETag"])


def test_one_seat_in_one_visit_is_what_is_asked_when_nothing_is_said(partner: Client, edition: Edition) -> None:
    visits, _keepers = full(edition, 2)

    body = join(partner, *visits).json()

    assert (body["wanted"], body["seats"]) == (1, 1)


def test_the_same_call_again_gets_the_same_answer(partner: Client, edition: Edition) -> None:
    visits, _keepers = full(edition)

    answers = [join(partner, *visits, headers={"Idempotency-Key": "once"}) for _twice in range(2)]

    assert [response.status_code for response in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert WaitingRequest.objects.count() == 1


def test_where_there_are_seats_nobody_waits(partner: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)

    response = join(partner, visit)

    assert (response.status_code, response.json()["code"]) == (409, "seats-free")
    assert [(row["id"], row["seats_left"]) for row in response.json()["visits"]] == [(str(visit.uuid), 5)]


@pytest.mark.parametrize("seats_free", [True, False])
def test_a_refusal_names_the_field_of_the_body(partner: Client, edition: Edition, *, seats_free: bool) -> None:
    visit = VisitFactory(edition=edition) if seats_free else full(edition)[0][0]
    if not seats_free:
        join(partner, visit)

    response = join(partner, visit)

    assert response.json()["code"] == ("seats-free" if seats_free else "already-waiting")
    assert [error["field"] for error in response.json()["errors"]] == ["visits"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"visits": []}, "visits"),
        ({"visits": [str(uuid4())]}, "visits"),
        ({"wanted": 0}, "wanted"),
        ({"wanted": 2}, "wanted"),
        ({"seats": 0}, "seats"),
        ({"seats": 11}, "seats"),
        ({"companions": ["Anna"]}, "companions"),
        ({"email": "daan"}, "email"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_not_valid_is_named(partner: Client, edition: Edition, fields: dict[str, Any], field: str) -> None:
    visits, _keepers = full(edition)

    response = join(partner, *visits, **fields)

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert WaitingRequest.objects.count() == 0


# --- Who may, and what is seen -------------------------------------------------------------------


def test_key_without_the_scope_is_refused(edition: Edition) -> None:
    visits, _keepers = full(edition)

    assert join(other_partner(scopes=["opendoors:attendance"]), *visits).status_code == 403


def test_partner_sees_its_own_requests_alone(partner: Client, edition: Edition) -> None:
    visits, keepers = full(edition)
    location = join(partner, *visits)["Location"]
    give_back(*keepers)
    stranger = other_partner(scopes=["opendoors:book"])

    answers = [
        stranger.get(location),
        stranger.delete(location),
        answer(stranger, location, "accept", visits[0]),
        answer(stranger, location, "decline", visits[0]),
        stranger.get(f"{location}line/"),
    ]

    assert [response.status_code for response in answers] == [404] * 5
    assert stranger.get(WAITING).json()["results"] == []
    assert states(WaitingRequest.objects.get()) == ["offered"]


def test_the_list_says_what_there_is_to_answer(partner: Client, edition: Edition) -> None:
    visits, keepers = full(edition, 2)
    references = [join(partner, visit).json()["reference"] for visit in visits]
    give_back(keepers[1])

    found = {
        query: [row["reference"] for row in partner.get(f"{WAITING}?{query}").json()["results"]]
        for query in ("", "offered=true", "offered=false", "state=left")
    }

    assert found == {"": references, "offered=true": references[1:], "offered=false": references[:1], "state=left": []}


@pytest.mark.parametrize("query", ["offered=zz", "state=zz", "modified_after=zz", "offered="])
def test_a_filter_that_makes_no_sense_is_named(partner: Client, query: str) -> None:
    response = partner.get(f"{WAITING}?{query}")

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [query.partition("=")[0]]


def test_modified_after_gives_what_was_asked_or_offered_since(partner: Client, edition: Edition) -> None:
    visits, keepers = full(edition, 2)
    with time_machine.travel(timezone.now() - dt.timedelta(hours=2), tick=False):
        references = [join(partner, visit).json()["reference"] for visit in visits]
    since = {"modified_after": (timezone.now() - dt.timedelta(hours=1)).isoformat()}
    before = partner.get(WAITING, since).json()["results"]

    give_back(keepers[1])

    (row,) = partner.get(WAITING, since).json()["results"]
    assert before == []
    assert row["reference"] == references[1]
    assert row["modified"] == row["visits"][0]["offered_at"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_long(
    partner: Client, edition: Edition, number: int, django_assert_num_queries: Any
) -> None:
    visits, _keepers = full(edition, number)
    for visit in visits:
        join(partner, visit)

    with django_assert_num_queries(3):  # the key, requests, wishes
        rows = partner.get(WAITING).json()["results"]

    assert len(rows) == number


def test_the_place_in_line_is_told(partner: Client, edition: Edition) -> None:
    visits, _keepers = full(edition, 2)
    wait(visits[0], email="first@example.org", seats=3)
    location = join(partner, *visits)["Location"]

    rows = partner.get(f"{location}line/").json()

    assert rows == [
        {"id": str(visits[0].uuid), "ahead": 1, "seats_ahead": 3},
        {"id": str(visits[1].uuid), "ahead": 0, "seats_ahead": 0},
    ]


def test_who_joins_behind_changes_no_tag(partner: Client, edition: Edition) -> None:
    visits, _keepers = full(edition)
    made = join(partner, *visits)

    wait(*visits)

    assert partner.get(made["Location"])["ETag"] == made["ETag"]


# --- Answering -----------------------------------------------------------------------------------


def test_an_offer_appears_with_its_end(partner: Client, edition: Edition) -> None:
    visits, keepers = full(edition)
    location = join(partner, *visits)["Location"]

    give_back(*keepers)

    (row,) = partner.get(location).json()["visits"]
    wish = wish_of(WaitingRequest.objects.get())
    assert wish.expires_at is not None
    assert (row["state"], row["expires_at"]) == ("offered", timezone.localtime(wish.expires_at).isoformat())


def test_accepting_books_under_the_key(partner: Client, farid: PartnerKey, edition: Edition) -> None:
    visits, keepers = full(edition)
    location = join(partner, *visits)["Location"]
    give_back(*keepers)

    answers = [answer(partner, location, "accept", visits[0]) for _twice in range(2)]

    booking = Booking.objects.get(key=farid)
    assert [response.status_code for response in answers] == [200, 200]
    assert [response.json()["booking"] for response in answers] == [booking.reference] * 2
    assert answers[0].json()["state"] == "served"
    assert partner.get(f"/api/v1/opendoors/bookings/{booking.reference}/").status_code == 200
    assert counts(visits[0]) == (1, 0)


def test_declining_asks_the_next(partner: Client, edition: Edition) -> None:
    visits, keepers = full(edition)
    location = join(partner, *visits)["Location"]
    behind = wait(*visits)
    give_back(*keepers)

    response = answer(partner, location, "decline", visits[0])

    assert (response.status_code, response.json()["state"]) == (200, "left")
    assert states(behind) == ["offered"]


@pytest.mark.parametrize("word", ["accept", "decline"])
def test_what_is_not_on_offer_is_said(partner: Client, edition: Edition, word: str) -> None:
    visits, _keepers = full(edition)
    location = join(partner, *visits)["Location"]

    response = answer(partner, location, word, visits[0])

    assert (response.status_code, response.json()["code"], response.json()["state"]) == (409, "offer-gone", "waiting")


def test_a_visit_of_no_wish_is_not_there(partner: Client, edition: Edition) -> None:
    visits, _keepers = full(edition, 2)
    location = join(partner, visits[0])["Location"]

    assert answer(partner, location, "accept", visits[1]).status_code == 404


def test_staying_for_some_leaves_the_others(partner: Client, edition: Edition) -> None:
    visits, _keepers = full(edition, 3)
    made = join(partner, *visits, wanted=3)

    response = partner.patch(
        made["Location"],
        {"visits": [str(visits[0].uuid)]},
        content_type="application/json",
        headers={"If-Match": made["ETag"]},
    )

    assert [row["state"] for row in response.json()["visits"]] == ["waiting", "released", "released"]
    assert response.json()["wanted"] == 1


def test_leaving_keeps_the_request_as_left(partner: Client, edition: Edition) -> None:
    visits, _keepers = full(edition)
    made = join(partner, *visits)

    assert partner.delete(made["Location"], headers={"If-Match": made["ETag"]}).status_code == 204
    assert partner.get(made["Location"]).json()["state"] == "left"


ACTS: dict[str, Callable[[Client, str, Visit, str], Any]] = {
    "accept": lambda client, where, visit, tag: answer(client, where, "accept", visit, **{"If-Match": tag}),
    "decline": lambda client, where, visit, tag: answer(client, where, "decline", visit, **{"If-Match": tag}),
    "delete": lambda client, where, _visit, tag: client.delete(where, headers={"If-Match": tag}),
    "patch": lambda client, where, visit, tag: client.patch(
        where, {"visits": [str(visit.uuid)]}, content_type="application/json", headers={"If-Match": tag}
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_write_on_a_state_that_is_gone_is_refused(partner: Client, edition: Edition, act: str) -> None:
    visits, keepers = full(edition, 2)
    made = join(partner, *visits)
    give_back(keepers[0])

    response = ACTS[act](partner, made["Location"], visits[0], made["ETag"])

    assert (response.status_code, response.json()["code"]) == (412, "precondition-failed")
    assert states(WaitingRequest.objects.get()) == ["offered", "waiting"]


def test_the_visitor_may_answer_what_a_partner_asked(partner: Client, edition: Edition) -> None:
    visits, keepers = full(edition)
    location = join(partner, *visits)["Location"]
    give_back(*keepers)

    waiting.accept(wish=wish_of(WaitingRequest.objects.get()), by=None)

    assert letters("seat_offered") == ["daan@example.org"]
    assert partner.get(location).json()["state"] == "served"
