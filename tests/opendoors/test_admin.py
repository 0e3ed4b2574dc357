"""The back office of the open-door weeks: own basins only, and every change through the rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from basins.models import User
from basins.rights import Role
from opendoors.enums import EditionState
from opendoors.models import Answer, Booking, Edition, Host, Place, Visit
from opendoors.rules import booking, linking, waiting
from tests.basins.people_tools import at, staff_session
from tests.factories import UserFactory, basin, grant
from tests.opendoors.factories import EditionFactory, PlaceFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db

MODELS = ["answer", "booking", "edition", "host", "place", "visit", "waitingrequest"]


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice at her desk."""
    return staff_session(client, alice)


def admin_page(name: str, **kwargs: Any) -> str:
    return at(f"admin:opendoors_{name}", **kwargs)


def book(visit: Visit) -> Booking:
    return booking.book(visits=[visit.uuid], name="Daan", email="daan@example.org", language="nl", by=None)


def rows_of(visit: Visit, booked: Booking) -> dict[str, Any]:
    edition = visit.edition
    Visit.objects.filter(pk=visit.pk).update(seats=1)
    line = waiting.join(
        visits=[visit.uuid], wanted=1, seats=1, name="Eva", email="eva@example.org", language="fr", by=None
    )
    return {
        "answer": Answer.objects.create(edition=edition, role="host", host=visit.host, language="fr", rating=5),
        "waitingrequest": line,
        "booking": booked,
        "edition": visit.edition,
        "host": visit.host,
        "place": visit.place,
        "visit": visit,
    }


def no_inlines() -> dict[str, Any]:
    return {f"{rows}-{kind}_FORMS": 0 for rows in ("state_changes", "links") for kind in ("TOTAL", "INITIAL")}


def fields_of(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send back of a form that nobody touched."""
    form = client.get(url).context["adminform"].form
    sent: dict[str, Any] = no_inlines()
    for field in form:
        value = field.value()
        if isinstance(value, dt.datetime):
            value = timezone.localtime(value)
            sent |= {f"{field.name}_0": f"{value:%Y-%m-%d}", f"{field.name}_1": f"{value:%H:%M:%S}"}
        elif value is not None:
            sent[field.name] = value
    return sent


# Among them session, reader, grants and factor; the count, the rows, the filters and the span of dates.
LIST_QUERIES = {
    "answer": 11,
    "booking": 11,
    "edition": 11,
    "host": 9,
    "place": 9,
    "visit": 11,
    "waitingrequest": 11,
}


def test_a_team_finds_its_tables(desk: Client) -> None:
    apps = desk.get(at("admin:index")).context["app_list"]

    found = [model["object_name"] for app in apps if app["app_label"] == "opendoors" for model in app["models"]]
    assert sorted(found) == ["Answer", "Booking", "Edition", "Host", "PastEdition", "Place", "Visit", "WaitingRequest"]


def test_the_helpdesk_finds_none_of_them(client: Client) -> None:
    agent = UserFactory()
    grant(agent, Role.HELPDESK_AGENT, "sud-est")
    staff_session(client, agent)

    assert {client.get(admin_page(f"{model}_changelist")).status_code for model in MODELS} == {404}


@pytest.mark.parametrize("model", MODELS)
def test_lists_and_filters_hold_ones_own_alone(desk: Client, model: str) -> None:
    mine, other = (
        VisitFactory(host__name="Ici"),
        VisitFactory(edition=EditionFactory(basin=basin("nord"), name_fr="Secret"), host__name="Ailleurs"),
    )
    own = rows_of(mine, book(mine))[model]
    rows_of(other, book(other))

    answer = desk.get(admin_page(f"{model}_changelist"))

    assert [row.pk for row in answer.context["cl"].result_list] == [own.pk]
    assert "Secret" not in answer.content.decode()
    assert "Ailleurs" not in answer.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_another_basins_row_does_not_exist(desk: Client, model: str) -> None:
    visit = VisitFactory(edition=EditionFactory(basin=basin("nord")))
    row = rows_of(visit, book(visit))[model]

    answer = desk.get(admin_page(f"{model}_change", object_id=row.pk))

    assert answer.status_code in {302, 404}


@pytest.mark.parametrize("model", MODELS)
def test_ones_own_row_is_shown(desk: Client, model: str) -> None:
    visit = VisitFactory()
    row = rows_of(visit, book(visit))[model]

    assert desk.get(admin_page(f"{model}_change", object_id=row.pk)).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_lists(desk: Client, number: int, django_assert_num_queries: Any) -> None:
    for visit in week_of_visits(EditionFactory(), number):
        rows_of(visit, booking.book(visits=[visit.uuid], name="D", email=f"{visit.pk}@x.be", language="nl", by=None))
    for model, queries in LIST_QUERIES.items():
        url = admin_page(f"{model}_changelist")
        desk.get(url)
        with django_assert_num_queries(queries):
            desk.get(url)


def test_an_edition_is_changed_through_the_rule(desk: Client) -> None:
    edition = EditionFactory()
    url = admin_page("edition_change", object_id=edition.pk)

    answer = desk.post(url, fields_of(desk, url) | {"intro_fr": "Bonjour"})
    edition.refresh_from_db()

    assert answer.status_code == 302
    assert (edition.intro_fr, edition.programme_version) == ("Bonjour", 2)


def test_the_state_is_not_a_field(desk: Client) -> None:
    edition = EditionFactory(state=EditionState.DRAFT)
    url = admin_page("edition_change", object_id=edition.pk)

    desk.post(url, fields_of(desk, url) | {"state": "open"})

    edition.refresh_from_db()
    assert edition.state == EditionState.DRAFT


def test_a_host_is_added_changed_and_removed_through_the_rules(desk: Client) -> None:
    edition = EditionFactory()

    fields = {"edition": edition.pk, "name": "Été", "contact_language": "nl"} | no_inlines()
    desk.post(admin_page("host_add"), fields)
    host = Host.objects.get()
    added = (host.search_name, Edition.objects.get().programme_version)
    url = admin_page("host_change", object_id=host.pk)
    desk.post(url, fields_of(desk, url) | {"name": "Hiver"})
    host.refresh_from_db()
    desk.post(admin_page("host_delete", object_id=host.pk), {"post": "yes"})

    assert added == ("ete", 2)
    assert host.search_name == "hiver"
    assert not Host.objects.exists()


def test_a_refusal_comes_back_in_the_form(desk: Client) -> None:
    visit = VisitFactory(seats=3)
    Visit.objects.update(seats_taken=2)
    url = admin_page("visit_change", object_id=visit.pk)

    answer = desk.post(url, fields_of(desk, url) | {"seats": "1", "languages": "fr"})

    visit.refresh_from_db()
    assert answer.status_code == 200
    assert (visit.seats, visit.seats_taken) == (3, 2)


def test_a_visit_is_added_through_the_rule(desk: Client) -> None:
    place = PlaceFactory()
    day = place.host.edition.starts_on.isoformat()
    fields = {
        "host": place.host.pk,
        "place": place.pk,
        "starts_at_0": day,
        "starts_at_1": "09:00:00",
        "ends_at_0": day,
        "ends_at_1": "10:30:00",
        "seats": "8",
        "languages": "nl,fr",
    }

    desk.post(admin_page("visit_add"), fields)

    visit = Visit.objects.get()
    assert (visit.edition, visit.languages) == (place.host.edition, ["nl", "fr"])


def test_another_basins_host_is_no_choice(desk: Client) -> None:
    place = PlaceFactory(host__edition=EditionFactory(basin=basin("nord")))

    answer = desk.post(admin_page("place_add"), {"host": place.host.pk, "street_fr": "Rue A 1"})

    assert answer.status_code == 200
    assert Place.objects.count() == 1


def test_bookings_are_only_looked_at(desk: Client) -> None:
    booked = book(VisitFactory())
    url = admin_page("booking_change", object_id=booked.pk)

    answers = [desk.post(url, {"name": "X"}).status_code, desk.get(admin_page("booking_add")).status_code]

    booked.refresh_from_db()
    assert set(answers) <= {302, 403, 404}
    assert booked.name == "Daan"


def test_a_host_shows_what_it_is_in_the_directory(client: Client, alice: User) -> None:
    visit = VisitFactory()
    link = linking.make(host=visit.host, by=alice)

    shown = staff_session(client, alice).get(at("admin:opendoors_host_change", object_id=visit.host.pk))

    assert str(link.record) in shown.content.decode()
