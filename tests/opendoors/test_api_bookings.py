"""Bookings by a partner's program: all or nothing, its own and nobody else's, and only what it read."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from basins.models import PartnerKey
from core.models import OutboxMessage
from opendoors.enums import EditionState, VisitState
from opendoors.models import BookedVisit, Booking, Edition, Visit
from tests.conftest import FARID_PLAIN_KEY
from tests.factories import basin
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db

BOOKINGS = "/api/v1/opendoors/bookings/"
VISITOR = {
    "name": "Daan",
    "email": "daan@example.org",
    "organisation": "Wijkgezondheidscentrum",
    "sector": "health",
    "language": "nl",
}


@pytest.fixture
def partner(farid: PartnerKey) -> Client:
    """Farid's program."""
    return Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}"})


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


def other_partner(*, scopes: list[str], code: str = "sud-est") -> Client:
    key = PartnerKey.objects.create(
        name="Other", prefix="bz_other", digest=sha256(b"bz_other_key").hexdigest(), scopes=scopes
    )
    key.basins.add(basin(code))
    return Client(headers={"Authorization": "Api-Key bz_other_key"})


def book(client: Client, *visits: Visit, **fields: Any) -> Any:
    body = {**VISITOR, "visits": [str(visit.uuid) for visit in visits], **fields}
    return client.post(BOOKINGS, body, content_type="application/json")


def test_booking_gives_reference_states_tag_and_address(partner: Client, farid: PartnerKey, edition: Edition) -> None:
    visits = week_of_visits(edition, 3)
    response = book(partner, *visits)
    assert response.status_code == 201
    booking = Booking.objects.get()
    body = response.json()
    assert body["reference"] == booking.reference
    assert [(row["id"], row["state"]) for row in body["visits"]] == [(str(visit.uuid), "confirmed") for visit in visits]
    assert {name: body[name] for name in VISITOR} == VISITOR
    assert response["Location"] == f"http://testserver{BOOKINGS}{booking.reference}/"
    assert booking.key == farid
    there = partner.get(response["Location"])
    assert (there.json(), there["ETag"]) == (body, response["ETag"])


def test_booking_writes_the_confirmation(partner: Client, edition: Edition) -> None:
    book(partner, *week_of_visits(edition, 1))
    letter = OutboxMessage.objects.get()
    assert (letter.kind, letter.to, letter.language) == ("opendoors.booking_confirmed", "daan@example.org", "nl")


def test_optional_fields_may_be_left_out(partner: Client, edition: Edition) -> None:
    (visit,) = week_of_visits(edition, 1)
    body = {"visits": [str(visit.uuid)], "name": "Daan", "email": "daan@example.org", "language": "nl"}
    response = partner.post(BOOKINGS, body, content_type="application/json")
    assert response.status_code == 201
    assert (response.json()["organisation"], response.json()["sector"], response.json()["access_needs"]) == (
        "",
        "",
        False,
    )


def test_full_visits_are_named_and_nothing_is_booked(partner: Client, edition: Edition) -> None:
    free, full, called_off = week_of_visits(edition, 3)
    Visit.objects.filter(pk=full.pk).update(seats_taken=5)
    Visit.objects.filter(pk=called_off.pk).update(state=VisitState.CANCELLED)
    response = book(partner, free, full, called_off)
    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["code"] == "visits-full"
    assert [(row["id"], row["host"], row["reason"]) for row in problem["visits"]] == [
        (str(full.uuid), full.host.name, "full"),
        (str(called_off.uuid), called_off.host.name, "cancelled"),
    ]
    assert Booking.objects.count() == 0
    assert list(Visit.objects.order_by("pk").values_list("seats_taken", flat=True)) == [0, 5, 0]


def test_a_group_books_and_changes_its_seats(partner: Client, edition: Edition) -> None:
    (visit,) = week_of_visits(edition, 1)
    made = book(partner, visit, seats=3, companions=["Anna", "Ben\nCem"])
    body = {"visits": [str(visit.uuid)], "seats": 2, "companions": ["Anna"]}
    changed = partner.patch(made["Location"], body, content_type="application/json").json()
    assert (made.json()["companions"], made.json()["visits"][0]["seats"]) == (["Anna", "Ben Cem"], 3)
    assert (changed["companions"], changed["visits"][0]["seats"]) == (["Anna"], 2)
    assert Visit.objects.get().seats_taken == 2


def test_a_group_reads_how_many_seats_are_left(partner: Client, edition: Edition) -> None:
    (visit,) = week_of_visits(edition, 1)
    response = book(partner, visit, seats=6)
    assert response.status_code == 409
    assert [(row["reason"], row["seats_left"]) for row in response.json()["visits"]] == [("few", 5)]


def test_an_organisation_s_limit_is_said(partner: Client) -> None:
    (visit,) = week_of_visits(EditionFactory(seats_per_organisation=1), 1)
    response = book(partner, visit, seats=2)
    assert (response.status_code, response.json()["code"]) == (409, "organisation-limit")
    assert (response.json()["at_most"], response.json()["visits"][0]["seats_left"]) == (1, 1)


def test_what_a_partner_books_is_confirmed(partner: Client, edition: Edition) -> None:
    book(partner, *week_of_visits(edition, 1))
    assert Booking.objects.get().confirmed_at is not None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"seats": 0}, "seats"),
        ({"seats": 11}, "seats"),
        ({"seats": "two"}, "seats"),
        ({"companions": ["Anna"]}, "companions"),
        ({"companions": "Anna", "seats": 2}, "companions"),
        ({"companions": ["A" * 121], "seats": 2}, "companions.0"),
        ({"visits": []}, "visits"),
        ({"visits": ["x"]}, "visits.0"),
        ({"visits": "x"}, "visits"),
        ({"visits": [str(uuid4())]}, "visits"),
        ({"visits": [str(uuid4()) for _ in range(21)]}, "visits"),
        ({"email": "daan"}, "email"),
        ({"email": ""}, "email"),
        ({"email": f"{'d' * 260}@example.org"}, "email"),
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "d" * 121}, "name"),
        ({"name": "Da\x00an"}, "name"),
        ({"name": "Da\ud800an"}, "name"),
        ({"organisation": "d" * 161}, "organisation"),
        ({"sector": "piracy"}, "sector"),
        ({"language": "de"}, "language"),
        ({"language": ["nl"]}, "language"),
    ],
)
def test_what_is_not_valid_is_named(partner: Client, edition: Edition, fields: dict[str, Any], field: str) -> None:
    response = book(partner, *week_of_visits(edition, 1), **fields)
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert Booking.objects.count() == 0


def test_overlap_is_not_valid(partner: Client, edition: Edition) -> None:
    visits = [VisitFactory(edition=edition), VisitFactory(edition=edition, begin="10:00", end="11:00")]
    response = book(partner, *visits)
    assert (response.status_code, response.json()["code"]) == (422, "visits-overlap")


@pytest.mark.parametrize("seats", [5, 20])
def test_what_is_booked_already_is_said_to_be_so_full_or_not(partner: Client, edition: Edition, seats: int) -> None:
    held, other = VisitFactory(edition=edition, seats=seats), VisitFactory(edition=edition, begin="14:00", end="15:00")
    reference = book(partner, held, seats=5).json()["reference"]

    problem = book(partner, other, held).json()

    assert (problem["code"], problem["visits"], problem["references"]) == (
        "already-booked",
        [str(held.uuid)],
        [reference],
    )


def test_a_partner_is_not_told_what_another_one_booked(partner: Client, edition: Edition) -> None:
    (visit,) = week_of_visits(edition, 1)
    book(partner, visit)

    assert book(other_partner(scopes=["opendoors:book"]), visit).json()["code"] == "visits-overlap"


def test_the_description_says_that_a_change_names_its_visits(greet: Client) -> None:
    description = greet.get("/api/schema/", headers={"Accept": "application/json"}).json()
    body = description["paths"]["/api/v1/opendoors/bookings/{reference}/"]["patch"]["requestBody"]
    shape = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]

    assert description["components"]["schemas"][shape]["required"] == ["visits"]


def test_visits_of_two_editions_are_not_one_booking(partner: Client) -> None:
    response = book(partner, VisitFactory(), VisitFactory(day=1))
    assert (response.status_code, response.json()["code"]) == (422, "several-editions")


def test_closed_sign_up_is_not_valid(partner: Client) -> None:
    response = book(partner, VisitFactory(edition__state=EditionState.CLOSED))
    assert (response.status_code, response.json()["code"]) == (422, "sign-up-closed")


def test_draft_is_unknown(partner: Client) -> None:
    response = book(partner, VisitFactory(edition__state=EditionState.DRAFT))
    assert (response.status_code, response.json()["code"]) == (422, "unknown-visits")


def test_markup_in_a_name_stays_text(partner: Client, edition: Edition) -> None:
    response = book(partner, *week_of_visits(edition, 1), name="<b>Daan</b>")
    assert response.json()["name"] == "<b>Daan</b>"
    assert Booking.objects.get().name == "<b>Daan</b>"


# --- Who may ------------------------------------------------------------------------------------


def test_without_a_key_one_is_asked_for(greet: Client, edition: Edition) -> None:
    response = book(greet, *week_of_visits(edition, 1))
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Api-Key realm="api"'


def test_key_without_the_scope_is_refused(edition: Edition) -> None:
    response = book(other_partner(scopes=["other:read"]), *week_of_visits(edition, 1))
    assert response.status_code == 403


def test_key_of_another_basin_is_refused(edition: Edition) -> None:
    response = book(other_partner(scopes=["opendoors:book"], code="nord"), *week_of_visits(edition, 1))
    assert response.status_code == 403
    assert Booking.objects.count() == 0


def test_partner_sees_its_own_bookings_alone(partner: Client, edition: Edition) -> None:
    (visit,) = week_of_visits(edition, 1)
    location = book(partner, visit)["Location"]
    stranger = other_partner(scopes=["opendoors:book"])
    assert stranger.get(location).status_code == 404
    assert stranger.patch(location, {"visits": [str(visit.uuid)]}, content_type="application/json").status_code == 404
    assert stranger.delete(location).status_code == 404
    assert BookedVisit.objects.get().state == "confirmed"


def test_personal_data_stay_out_of_shared_caches(partner: Client, edition: Edition) -> None:
    location = book(partner, *week_of_visits(edition, 1))["Location"]
    assert partner.get(location)["Cache-Control"] == "no-cache, private"


# --- Changing and giving back --------------------------------------------------------------------


def test_change_gives_back_and_takes(partner: Client, edition: Edition) -> None:
    first, second, third = week_of_visits(edition, 3)
    made = book(partner, first, second)
    response = partner.patch(
        made["Location"],
        {"visits": [str(second.uuid), str(third.uuid)]},
        content_type="application/json",
        headers={"If-Match": made["ETag"]},
    )
    assert response.status_code == 200
    assert [row["state"] for row in response.json()["visits"]] == ["cancelled", "confirmed", "confirmed"]
    assert list(Visit.objects.order_by("pk").values_list("seats_taken", flat=True)) == [0, 1, 1]
    assert partner.get(made["Location"])["ETag"] == response["ETag"] != made["ETag"]


def test_change_to_a_full_visit_changes_nothing(partner: Client, edition: Edition) -> None:
    first, full = week_of_visits(edition, 2)
    made = book(partner, first)
    Visit.objects.filter(pk=full.pk).update(seats_taken=5)
    response = partner.patch(made["Location"], {"visits": [str(full.uuid)]}, content_type="application/json")
    assert response.status_code == 409
    assert partner.get(made["Location"])["ETag"] == made["ETag"]


def test_visit_given_back_and_booked_again_shows_once(partner: Client, edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    location = book(partner, first, second)["Location"]
    partner.patch(location, {"visits": [str(second.uuid)]}, content_type="application/json")
    again = {"visits": [str(first.uuid), str(second.uuid)]}
    response = partner.patch(location, again, content_type="application/json")
    assert [(row["id"], row["state"]) for row in response.json()["visits"]] == [
        (str(first.uuid), "confirmed"),
        (str(second.uuid), "confirmed"),
    ]


def test_cancel_gives_all_back_and_keeps_the_booking(partner: Client, edition: Edition) -> None:
    made = book(partner, *week_of_visits(edition, 2))
    assert partner.delete(made["Location"], headers={"If-Match": made["ETag"]}).status_code == 204
    assert [row["state"] for row in partner.get(made["Location"]).json()["visits"]] == ["cancelled", "cancelled"]
    assert list(Visit.objects.values_list("seats_taken", flat=True)) == [0, 0]


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_write_on_a_state_that_is_gone_is_refused(partner: Client, edition: Edition, method: str) -> None:
    first, second = week_of_visits(edition, 2)
    made = book(partner, first)
    partner.patch(made["Location"], {"visits": [str(second.uuid)]}, content_type="application/json")
    response = getattr(partner, method)(
        made["Location"],
        {"visits": [str(first.uuid)]},
        content_type="application/json",
        headers={"If-Match": made["ETag"]},
    )
    assert (response.status_code, response.json()["code"]) == (412, "precondition-failed")
    assert list(Visit.objects.order_by("pk").values_list("seats_taken", flat=True)) == [0, 1]


@pytest.mark.parametrize("header", ["W/{tag}", '"other"', ""])
def test_weak_and_foreign_tags_do_not_match(partner: Client, edition: Edition, header: str) -> None:
    made = book(partner, *week_of_visits(edition, 1))
    response = partner.delete(made["Location"], headers={"If-Match": header.format(tag=made["ETag"])})
    assert response.status_code == 412


def test_any_state_matches_the_star(partner: Client, edition: Edition) -> None:
    made = book(partner, *week_of_visits(edition, 1))
    assert partner.delete(made["Location"], headers={"If-Match": "*"}).status_code == 204


def test_tag_of_a_compressed_answer_matches_too(partner: Client, edition: Edition) -> None:
    made = book(partner, *week_of_visits(edition, 1))
    compressed = partner.get(made["Location"], headers={"Accept-Encoding": "gzip"})
    assert compressed["Content-Encoding"] == "gzip"
    assert compressed["ETag"] not in {made["ETag"], f"W/{made['ETag']}"}
    assert partner.delete(made["Location"], headers={"If-Match": compressed["ETag"]}).status_code == 204


def test_reference_is_read_whatever_its_case(partner: Client, edition: Edition) -> None:
    reference = book(partner, *week_of_visits(edition, 1)).json()["reference"]
    assert partner.get(f"{BOOKINGS}{reference.lower()}/").status_code == 200


def test_there_is_no_list_of_bookings(partner: Client) -> None:
    assert partner.get(BOOKINGS).status_code == 405
