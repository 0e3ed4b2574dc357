"""The pages behind a host's own link: where it stands, its texts, its visits, withdrawing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from basins.models import User
from core import mail
from core.models import OutboxMessage
from opendoors import queries_hosts
from opendoors.enums import EditionState, HostState, VisitState
from opendoors.models import Edition, Host, Visit
from opendoors.rules import validating
from tests.basins.people_tools import at
from tests.factories import basin
from tests.opendoors.booking_tools import book
from tests.opendoors.host_tools import CONTACT, called_edition, host_page, propose, visit_data
from tests.opendoors.waiting_tools import held_by, states, wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return called_edition()


@pytest.fixture
def host(edition: Edition, alice: User) -> Host:
    """Accepted, with two visits; sign-up is open."""
    made = propose(edition, visit_data(edition), visit_data(edition, day=1))
    validating.accept(host=made, by=alice)
    Edition.objects.update(state=EditionState.OPEN)
    return Host.objects.select_related("edition__basin").get()


def call_page(name: str = "call", language: str = "fr", slug: str = "2026") -> str:
    return at(f"opendoors:{name}", language, basin="sud-est", slug=slug)


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("state", HostState)
def test_a_host_sees_where_it_stands(greet: Client, host: Host, state: HostState, language: str) -> None:
    Host.objects.update(state=state, decision_note="Un mot")

    response = greet.get(host_page("host", host, language))

    assert response.status_code == 200
    assert "Un mot" in response.content.decode()
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_the_link_opens_one_host_in_its_basin_for_a_while(greet: Client, host: Host) -> None:
    token = queries_hosts.host_link(host)
    forged = greet.get(at("opendoors:host", basin="sud-est", token=f"{token}x"))
    elsewhere = greet.get(at("opendoors:host", basin="nord", token=token))
    with time_machine.travel(dt.datetime.combine(host.edition.ends_on, dt.time(12), dt.UTC) + dt.timedelta(days=91)):
        late = greet.get(host_page("host", host))

    assert (forged.status_code, elsewhere.status_code, late.status_code) == (404, 404, 410)


def test_who_names_another_contact_reads_that_the_link_is_dead(greet: Client, host: Host) -> None:
    url = host_page("host_edit", host)
    fields = {"name": host.name, "contact_name": "Nora", "contact_email": "nora@example.org", "contact_language": "nl"}

    response = greet.post(url, fields, follow=True)

    assert response.status_code == 200
    assert "nora@example.org" in response.content.decode()
    assert greet.get(url).status_code == 410


def visit_fields(visit: Visit, **changes: Any) -> dict[str, Any]:
    """What the form of a visit sends, in Brussels time."""
    begins, ends = timezone.localtime(visit.starts_at), timezone.localtime(visit.ends_at)
    return {
        "day": begins.date().isoformat(),
        "begins": f"{begins:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "place": visit.place_id,
        "seats": visit.seats,
        "language": "fr",
    } | changes


def test_a_language_that_nobody_knows_stays_unknown(greet: Client, host: Host) -> None:
    visit = host.visits.order_by("starts_at")[0]
    Visit.objects.update(languages=[])
    url = host_page("host_visit", host, visit=visit.uuid)

    shown = greet.get(url).context["form"]["language"]
    response = greet.post(url, visit_fields(visit, language="", seats=visit.seats + 1))

    visit.refresh_from_db()
    assert (shown.value(), response.status_code) == (None, 302)
    assert (visit.languages, visit.seats) == ([], 7)


def test_who_cuts_seats_below_a_group_in_line_is_asked_first(greet: Client, host: Host) -> None:
    visit = host.visits.order_by("starts_at")[0]
    held_by("keeper@example.org", visit)
    group = wait(visit, seats=visit.seats)
    url = host_page("host_visit", host, visit=visit.uuid)
    fields = visit_fields(visit, seats=visit.seats - 1)

    asked = greet.post(url, fields)
    before = states(group)
    done = greet.post(url, fields | {"end_waiting": "on"})

    assert (asked.status_code, 'name="end_waiting"' in asked.text, before) == (422, True, ["waiting"])
    assert (done.status_code, states(group)) == (302, ["ended"])


def test_a_host_changes_its_texts(greet: Client, host: Host) -> None:
    url = host_page("host_edit", host)
    fields = {"name": host.name, "contact_name": "Chantal", "contact_email": CONTACT, "contact_language": "nl"}

    response = greet.post(url, fields | {"welcome_fr": "Sonnez deux fois."})

    assert response.status_code == 302
    assert (Host.objects.get().welcome_fr, Host.objects.get().contact_language) == ("Sonnez deux fois.", "nl")


def test_a_host_moves_a_visit_and_those_who_booked_are_told(greet: Client, host: Host) -> None:
    visit = host.visits.order_by("starts_at")[0]
    book(visit)
    fields = {
        "day": host.edition.starts_on.isoformat(),
        "begins": "14:00",
        "ends": "15:30",
        "place": str(visit.place_id),
        "seats": "6",
        "language": "fr",
    }

    greet.post(host_page("host_visit", host, visit=visit.uuid), fields)

    assert Visit.objects.get(pk=visit.pk).sequence == 1
    assert OutboxMessage.objects.filter(kind="opendoors.visit_moved", to="daan@example.org").count() == 1


def test_calling_off_asks_first_and_says_how_many_are_told(greet: Client, host: Host) -> None:
    visit = host.visits.order_by("starts_at")[0]
    book(visit)
    book(visit, email="een@example.org")
    url = host_page("host_visit_call_off", host, visit=visit.uuid)

    asked = greet.get(url)
    assert Visit.objects.get(pk=visit.pk).state == VisitState.PLANNED
    greet.post(url)

    assert asked.context["detail"].startswith("2 ")
    assert Visit.objects.get(pk=visit.pk).state == VisitState.CANCELLED


def test_a_further_visit_waits(greet: Client, host: Host) -> None:
    fields = {
        "day": (host.edition.starts_on + dt.timedelta(days=2)).isoformat(),
        "begins": "14:00",
        "ends": "15:30",
        "place": str(host.places.get().pk),
        "seats": "6",
        "language": "fr",
    }

    greet.post(host_page("host_visit_new", host), fields)

    assert host.visits.filter(state=VisitState.PROPOSED).count() == 1


def test_withdrawing_asks_first(greet: Client, host: Host) -> None:
    url = host_page("host_withdraw", host)

    assert greet.get(url).status_code == 200
    assert Host.objects.get().state == HostState.ACCEPTED
    greet.post(url)
    assert Host.objects.get().state == HostState.WITHDRAWN


def test_proposing_again_is_a_button(greet: Client, host: Host) -> None:
    Host.objects.update(state=HostState.CHANGES)

    assert greet.get(host_page("host_again", host)).status_code == 405
    greet.post(host_page("host_again", host))

    assert Host.objects.get().state == HostState.PROPOSED


def test_the_link_does_not_reach_another_hosts_rows(greet: Client, host: Host, alice: User) -> None:
    Edition.objects.update(state=EditionState.CALL)
    other = propose(host.edition, name="Autre", contact_email="autre@example.org")
    visit, place = other.visits.get(), other.places.get()

    assert greet.get(host_page("host_visit", host, visit=visit.uuid)).status_code == 404
    assert greet.post(host_page("host_visit_call_off", host, visit=visit.uuid)).status_code == 404
    assert greet.post(host_page("host_place", host, place=place.uuid)).status_code == 404


def test_the_questionnaire_is_offered_after_the_first_visit(greet: Client, host: Host) -> None:
    before = greet.get(host_page("host", host)).context["evaluate_url"]
    first = host.visits.order_by("starts_at")[0]

    with time_machine.travel(first.ends_at, tick=False):
        after = greet.get(host_page("host", host)).context["evaluate_url"]

    assert (before, bool(after)) == ("", True)


@pytest.mark.parametrize("name", ["host_edit", "host_visit_new", "host_withdraw"])
def test_after_the_week_nothing_changes(greet: Client, host: Host, name: str) -> None:
    Edition.objects.update(state=EditionState.EVALUATED)

    response = greet.post(host_page(name, host), {})

    assert response.status_code == 302
    assert Host.objects.get().state == HostState.ACCEPTED


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_every_letter_says_its_word(host: Host, alice: User, language: str, mailoutbox: list[object]) -> None:
    Host.objects.update(contact_language=language)
    alice.language = language
    alice.save()
    fresh = Host.objects.select_related("edition__basin").get()
    validating.withdraw(host=fresh, by=None)
    validating.propose_again(host=fresh)
    mail.deliver_due()

    assert (
        OutboxMessage.objects.exclude(state=OutboxMessage.State.SENT).exclude(state=OutboxMessage.State.DROPPED).count()
        == 0
    )


def test_the_basin_of_a_call_is_that_of_its_address(greet: Client) -> None:
    called_edition(basin=basin("nord"), slug="autre")

    assert greet.get(call_page(slug="autre")).status_code == 404
