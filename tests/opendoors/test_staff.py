"""The team's pages: for staff of the basin with their second factor, and what they do there."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from basins.models import User
from core.models import OutboxMessage
from opendoors.enums import EditionState, VisitState
from opendoors.models import Booking, Edition, EditionStateChange, Host, Place, Visit
from opendoors.rules import booking
from opendoors.web import staff_urls
from tests.basins.people_tools import sign_in, staff_session
from tests.factories import basin
from tests.opendoors.factories import EditionFactory, HostFactory, VisitFactory, week_of_visits
from tests.opendoors.staff_tools import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    made: Edition = EditionFactory(slug="2026", state=EditionState.OPEN)
    return made


@pytest.fixture
def team(client: Client, alice: User) -> Client:
    """Alice at work."""
    return staff_session(client, alice)


def book(*visits: Visit, **fields: Any) -> Booking:
    values: dict[str, Any] = {"name": "Daan", "email": "daan@example.org", "language": "nl", "by": None} | fields
    return booking.book(visits=[visit.uuid for visit in visits], **values)


def all_pages(visit: Visit) -> list[str]:
    """Every address of the team's pages, with rows of an edition filled in."""
    values: dict[str, Any] = {
        "slug": str(visit.edition.slug),
        "host": visit.host.uuid,
        "place": visit.place.uuid,
        "visit": visit.uuid,
        "reference": book(visit).reference if visit.edition.state == EditionState.OPEN else "K7QM4TWX",
        "shape": "xlsx",
        "table": "bookings",
    }
    return [
        page(str(pattern.name), **{key: values[key] for key in pattern.pattern.converters})
        for pattern in staff_urls.urlpatterns
    ]


# --- Who -----------------------------------------------------------------------------------------


def test_strangers_are_asked_to_sign_in(greet: Client, edition: Edition) -> None:
    for url in all_pages(VisitFactory(edition=edition)):
        answers = [greet.get(url).status_code, greet.post(url).status_code]
        assert set(answers) <= {302, 405}, url


def test_staff_without_the_second_factor_go_and_get_it(client: Client, alice: User, edition: Edition) -> None:
    sign_in(client, alice)

    for url in all_pages(VisitFactory(edition=edition)):
        answers = {client.get(url).status_code, client.post(url).status_code}
        assert answers <= {302, 405}, url


def test_staff_of_another_basin_find_nothing(client: Client, bram: User, edition: Edition) -> None:
    staff_session(client, bram)

    for url in all_pages(VisitFactory(edition=edition)):
        answers = {client.get(url).status_code, client.post(url).status_code}
        assert answers <= {404, 405}, url


def test_another_basins_edition_is_not_found_under_ones_own(team: Client, edition: Edition) -> None:
    other = VisitFactory(edition=EditionFactory(basin=basin("nord"), slug="other"))

    for url in all_pages(other)[2:]:
        answers = {team.get(url).status_code, team.post(url).status_code}
        assert answers <= {404, 405}, url


def test_rows_of_another_edition_are_not_found(team: Client, edition: Edition) -> None:
    visit = VisitFactory()

    assert team.get(page("staff_visit", slug="2026", visit=visit.uuid)).status_code == 404
    assert team.get(page("staff_host", slug="2026", host=visit.host.uuid)).status_code == 404


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_every_page_is_there_in_both_languages(team: Client, edition: Edition, language: str) -> None:
    visit = VisitFactory(edition=edition)
    book(visit)
    kept: dict[str, object] = {"slug": "2026"}
    names: list[tuple[str, dict[str, object]]] = [
        ("staff_editions", {}),
        ("staff_edition_new", {}),
        ("staff_edition", kept),
        ("staff_edition_edit", kept),
        ("staff_bookings", kept),
        ("staff_import", kept),
        ("staff_host_new", kept),
        ("staff_host", kept | {"host": visit.host.uuid}),
        ("staff_host_edit", kept | {"host": visit.host.uuid}),
        ("staff_host_remove", kept | {"host": visit.host.uuid}),
        ("staff_place_new", kept | {"host": visit.host.uuid}),
        ("staff_place_edit", kept | {"host": visit.host.uuid, "place": visit.place.uuid}),
        ("staff_visit_new", kept | {"host": visit.host.uuid}),
        ("staff_visit", kept | {"visit": visit.uuid}),
        ("staff_visit_call_off", kept | {"visit": visit.uuid}),
    ]

    for name, kwargs in names:
        response = team.get(page(name, language, **kwargs))
        assert response.status_code == 200, name
        assert response.content.decode().count("<h1") == 1, name


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_lists(team: Client, edition: Edition, number: int, django_assert_num_queries: Any) -> None:
    for visit in week_of_visits(edition, number):
        book(visit, email=f"{visit.pk}@example.org")
    team.get(page("staff_edition", slug="2026"))  # fills what is kept in the process

    # Session and reader, their grants, the used factor (2); then the page's own.
    with django_assert_num_queries(5):
        team.get(page("staff_editions"))
    with django_assert_num_queries(12):
        team.get(page("staff_edition", slug="2026"))
    with django_assert_num_queries(8):
        team.get(page("staff_bookings", slug="2026"))


# --- Editions ------------------------------------------------------------------------------------


def edition_fields(**changes: str) -> dict[str, str]:
    return {
        "name_fr": "Le Grand Bain",
        "name_nl": "Het Grote Bad",
        "intro_fr": "",
        "intro_nl": "",
        "slug": "2027",
        "starts_on": "2027-11-15",
        "ends_on": "2027-11-19",
        "signup_opens_at": "2027-09-01T09:00",
        "signup_closes_at": "2027-11-05T18:00",
        "bands": "09:00 10:30\r\n12:00 - 13:30",
        "reminder_days_before": "5",
        "offer_hours": "48",
    } | changes


def test_a_new_edition_is_made_as_a_draft(team: Client) -> None:
    response = team.post(page("staff_edition_new"), edition_fields())

    made = Edition.objects.get(slug="2027")
    assert response.headers["Location"] == page("staff_edition", slug="2027")
    assert made.state == EditionState.DRAFT
    assert made.bands == [["09:00", "10:30"], ["12:00", "13:30"]]
    assert made.signup_opens_at.isoformat() == "2027-09-01T07:00:00+00:00"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": ""}, "slug"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"bands": "09:00"}, "bands"),
        ({"bands": "late early"}, "bands"),
        ({"signup_closes_at": "2027-12-24T12:00"}, "signup_closes_at"),
        ({"signup_closes_at": "2027-08-01T12:00"}, "__all__"),
        ({"name_fr": "x" * 81}, "name_fr"),
        ({"name_fr": "a\x1eb"}, "name_fr"),
    ],
)
def test_what_makes_no_sense_comes_back_with_a_word(team: Client, changes: dict[str, str], field: str) -> None:
    response = team.post(page("staff_edition_new"), edition_fields(**changes))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Edition.objects.exists()


def test_an_edition_comes_back_from_its_form_as_it_was(team: Client, edition: Edition) -> None:
    form = team.get(page("staff_edition_edit", slug="2026")).context["form"]
    fields = {field.name: field.value() for field in form}
    sent = {
        name: value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, dt.datetime) else "" if value is None else value
        for name, value in fields.items()
    }
    before = Edition.objects.values("name_fr", "intro_nl", "starts_on", "bands", "slug").get()

    response = team.post(page("staff_edition_edit", slug="2026"), sent)

    assert response.status_code == 302
    assert Edition.objects.values("name_fr", "intro_nl", "starts_on", "bands", "slug").get() == before


def test_the_page_says_which_step_is_possible_and_why_not(team: Client, edition: Edition) -> None:
    Edition.objects.update(state=EditionState.CLOSED)

    content = team.get(page("staff_edition", slug="2026")).content.decode()

    assert content.count('name="to"') == 2
    assert content.count("disabled") == 2  # no visit to open for, and the first day is not there


def test_a_step_is_taken(team: Client, alice: User, edition: Edition) -> None:
    team.post(page("staff_step", slug="2026"), {"to": "closed"})

    edition.refresh_from_db()
    assert edition.state == EditionState.CLOSED
    assert EditionStateChange.objects.get().by == alice


@pytest.mark.parametrize("to", ["evaluated", "draft", "nonsense", ""])
def test_a_step_that_may_not_be_taken_changes_nothing(team: Client, edition: Edition, to: str) -> None:
    response = team.post(page("staff_step", slug="2026"), {"to": to})

    edition.refresh_from_db()
    assert (response.status_code, edition.state) == (302, EditionState.OPEN)


# --- Programme -----------------------------------------------------------------------------------


def test_a_host_comes_with_its_place(team: Client, edition: Edition) -> None:
    fields = {"name": "<b>Été</b>", "street_fr": "Rue A 1", "postcode": "1040", "contact_language": "fr"}

    response = team.post(page("staff_host_new", slug="2026"), fields)

    host = Host.objects.get()
    assert response.headers["Location"] == page("staff_host", slug="2026", host=host.uuid)
    assert (host.name, host.edition, Place.objects.get().street_fr) == ("<b>Été</b>", edition, "Rue A 1")
    assert "<b>Été</b>" not in team.get(response.headers["Location"]).content.decode()


def test_a_host_twice_is_refused_with_its_place(team: Client, edition: Edition) -> None:
    HostFactory(edition=edition, name="Été")

    response = team.post(
        page("staff_host_new", slug="2026"), {"name": "ete", "postcode": "10", "contact_language": "fr"}
    )
    again = team.post(
        page("staff_host_new", slug="2026"), {"name": "ete", "postcode": "1040", "contact_language": "fr"}
    )

    assert (response.status_code, again.status_code) == (422, 422)
    assert (Host.objects.count(), Place.objects.count()) == (1, 0)


def test_a_visit_is_added_and_edited(team: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    day = edition.starts_on + dt.timedelta(days=1)
    fields = {
        "day": day.isoformat(),
        "begins": "12:00",
        "ends": "13:30",
        "place": str(visit.place.pk),
        "seats": "9",
        "language": "nl",
        "others": ["fr", "nl"],
    }

    added = team.post(page("staff_visit_new", slug="2026", host=visit.host.uuid), fields)
    changed = team.post(
        page("staff_visit", slug="2026", visit=visit.uuid), fields | {"begins": "15:30", "ends": "17:00"}
    )

    new = Visit.objects.exclude(pk=visit.pk).get()
    visit.refresh_from_db()
    assert (added.status_code, changed.status_code) == (302, 302)
    assert (new.seats, new.languages) == (9, ["nl", "fr"])
    assert timezone.localtime(visit.starts_at).isoformat()[:16] == f"{day.isoformat()}T15:30"


def test_seats_below_those_taken_come_back_with_a_word(team: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=3)
    book(visit)
    book(visit, email="eva@example.org")
    form = team.get(page("staff_visit", slug="2026", visit=visit.uuid)).context["form"]
    fields = {field.name: field.value() for field in form} | {"seats": "1", "begins": "09:00", "ends": "10:30"}

    response = team.post(page("staff_visit", slug="2026", visit=visit.uuid), fields)

    visit.refresh_from_db()
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["seats"])
    assert visit.seats == 3


def test_another_hosts_place_is_no_choice(team: Client, edition: Edition) -> None:
    visit, other = week_of_visits(edition, 2)
    form = team.get(page("staff_visit", slug="2026", visit=visit.uuid)).context["form"]
    fields = {field.name: field.value() for field in form} | {"place": str(other.place.pk)}

    response = team.post(page("staff_visit", slug="2026", visit=visit.uuid), fields)

    assert list(response.context["form"].errors) == ["place"]


def test_calling_off_asks_first_and_tells(team: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    book(visit)
    url = page("staff_visit_call_off", slug="2026", visit=visit.uuid)

    team.get(url)
    visit.refresh_from_db()
    asked = visit.state
    team.post(url)

    visit.refresh_from_db()
    assert (asked, visit.state) == (VisitState.PLANNED, VisitState.CANCELLED)
    assert OutboxMessage.objects.filter(kind="opendoors.visit_cancelled").count() == 1


def test_a_visit_nobody_booked_is_removed(team: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)

    team.post(page("staff_visit_call_off", slug="2026", visit=visit.uuid))

    assert not Visit.objects.exists()


def test_a_booked_host_stays_and_the_page_says_why(team: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    book(visit)

    response = team.post(page("staff_host_remove", slug="2026", host=visit.host.uuid))

    assert response.status_code == 409
    assert Host.objects.exists()


def test_a_place_in_use_is_not_taken_out(team: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)

    team.post(page("staff_place_edit", slug="2026", host=visit.host.uuid, place=visit.place.uuid), {"remove": "1"})

    assert Place.objects.exists()


def test_a_host_without_a_place_gets_one_first(team: Client, edition: Edition) -> None:
    host = HostFactory(edition=edition)

    response = team.get(page("staff_visit_new", slug="2026", host=host.uuid))

    assert response.headers["Location"] == page("staff_place_new", slug="2026", host=host.uuid)


# --- Bookings ------------------------------------------------------------------------------------


def test_bookings_are_searched_by_words(team: Client, edition: Edition) -> None:
    one, two = week_of_visits(edition, 2)
    book(one, name="Daan Peeters", organisation="Het Huis")
    book(two, name="Eva Lambert", email="eva@example.org")

    found = {
        words: [row.name for row in team.get(page("staff_bookings", slug="2026"), {"q": words}).context["page"]]
        for words in ("", "peeters huis", "EVA@", "nobody", "%")
    }

    assert found == {
        "": ["Eva Lambert", "Daan Peeters"],
        "peeters huis": ["Daan Peeters"],
        "EVA@": ["Eva Lambert"],
        "nobody": [],
        "%": [],
    }


def test_the_table_holds_every_booked_visit_as_plain_text(team: Client, edition: Edition) -> None:
    book(*week_of_visits(edition, 2), name="=cmd()|'/c calc'!A0", organisation="@SUM(1)")

    response = team.get(page("staff_bookings_csv", slug="2026"))

    text = b"".join(response).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 3
    assert [row[1] for row in rows[1:]] == ["'=cmd()|'/c calc'!A0"] * 2
    assert rows[1][4] == "'@SUM(1)"
    assert response.headers["Content-Disposition"].startswith("attachment; filename")
