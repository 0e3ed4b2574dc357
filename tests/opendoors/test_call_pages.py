"""The pages of the call to hosts: what is asked, what is refused, and the way to a lost link."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
import time_machine
from django.test import Client
from django.utils.translation import gettext, override

from basins.models import User
from core.models import OutboxMessage
from core.templatetags import look
from opendoors import queries_hosts
from opendoors.enums import EditionState, HostState
from opendoors.models import Edition, Host
from opendoors.rules import validating
from tests.basins.people_tools import at
from tests.opendoors.factories import EditionFactory, HostFactory
from tests.opendoors.host_tools import CONTACT, called_edition, propose, visit_data

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


def answer(edition: Edition, *, visits: int = 1) -> dict[str, str]:
    """What a host sends."""
    fields = {
        "name": "Maison Verte",
        "description_fr": "On vous montre la maison.",
        "street_fr": "Rue Haute 1",
        "postcode": "1040",
        "contact_name": "Chantal",
        "contact_email": CONTACT,
        "contact_language": "fr",
        "rows": str(visits),
    }
    for number in range(visits):
        day = edition.starts_on + dt.timedelta(days=number)
        fields |= {
            f"visit{number}-day": day.isoformat(),
            f"visit{number}-begins": "09:00",
            f"visit{number}-ends": "10:30",
            f"visit{number}-seats": "6",
            f"visit{number}-language": "nl",
            f"visit{number}-others": "fr",
        }
    return fields


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_call_is_a_page_of_its_own_in_both_languages(greet: Client, edition: Edition, language: str) -> None:
    response = greet.get(call_page(language=language))

    assert response.status_code == 200
    assert response.context["closed_reason"] == ""


def test_a_week_without_a_call_has_no_such_page(greet: Client) -> None:
    EditionFactory(slug="draft", state=EditionState.DRAFT)
    EditionFactory(slug="open", state=EditionState.OPEN)

    assert greet.get(call_page(slug="draft")).status_code == 404
    assert greet.get(call_page(slug="open")).status_code == 404


def test_the_programme_of_a_called_week_is_nobodys_business(greet: Client, edition: Edition) -> None:
    assert greet.get(at("opendoors:week", basin="sud-est", slug="2026")).status_code == 404


def test_an_answer_becomes_a_proposal(greet: Client, edition: Edition) -> None:
    response = greet.post(call_page(), answer(edition, visits=2))

    assert response.headers["Location"] == call_page("call_sent")
    host = Host.objects.get()
    assert (host.state, host.contact_email) == (HostState.PROPOSED, CONTACT)
    assert [visit.languages for visit in host.visits.order_by("starts_at")] == [["nl", "fr"], ["nl", "fr"]]
    assert greet.get(call_page("call_sent")).status_code == 200


def test_one_visit_more_keeps_what_was_typed_and_asks_nothing_yet(greet: Client, edition: Edition) -> None:
    sent = answer(edition) | {"contact_email": "", "more": "1", "visit0-seats": "17"}

    response = greet.post(call_page(), sent)

    forms = response.context["visit_forms"]
    assert (response.status_code, len(forms)) == (200, 2)
    assert str(forms[0]["seats"].value()) == "17"
    assert response.context["form"]["name"].value() == "Maison Verte"
    assert not response.context["form"].errors
    assert not Host.objects.exists()


def test_there_are_five_visits_at_most_and_one_at_least(greet: Client, edition: Edition) -> None:
    most = greet.post(call_page(), answer(edition, visits=5) | {"more": "1"})
    least = greet.post(call_page(), answer(edition) | {"fewer": "1"})

    assert (len(most.context["visit_forms"]), len(least.context["visit_forms"])) == (5, 1)


def test_all_that_is_missing_is_said_at_once(greet: Client, edition: Edition) -> None:
    response = greet.post(call_page(), answer(edition) | {"contact_email": "", "visit0-ends": "09:xx"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["contact_email"]
    assert [problem["url"] for problem in response.context["problems"]] == ["#id_visit0-ends"]


def test_what_the_rules_would_refuse_is_said_in_the_same_answer(greet: Client, edition: Edition) -> None:
    wrong = {"contact_email": "", "description_fr": "", "visit0-begins": "03:00", "visit0-ends": "03:01"}

    response = greet.post(call_page(), answer(edition) | wrong)

    assert sorted(response.context["form"].errors) == ["contact_email", "description_fr"]
    assert [problem["url"] for problem in response.context["problems"]] == ["#id_visit0-begins"]


@pytest.mark.parametrize(
    ("begins", "ends", "field"),
    [("05:59", "08:00", "begins"), ("22:00", "23:01", "ends"), ("10:00", "10:14", "ends"), ("10:00", "09:00", "ends")],
)
def test_odd_hours_are_said_at_the_field(greet: Client, edition: Edition, begins: str, ends: str, field: str) -> None:
    response = greet.post(call_page(), answer(edition) | {"visit0-begins": begins, "visit0-ends": ends})

    assert [problem["url"] for problem in response.context["problems"]] == [f"#id_visit0-{field}"]


@pytest.mark.parametrize("seats", ["0", "501", "many", "1.5"])
def test_which_number_of_seats_may_be_written_is_said_after_what_stands_above(
    greet: Client, edition: Edition, seats: str
) -> None:
    page = greet.post(call_page(), answer(edition) | {"visit0-seats": seats, "contact_name": ""})
    (alert,) = re.findall(r'role="alert".*?</ul>', page.text, re.DOTALL)
    said = [html.unescape(each) for each in re.findall(r'<a class="tap"[^>]*>([^<]*)', alert)]

    with override("fr"):
        missing = gettext("Fill in: %(label)s.") % {"label": gettext("Contact person")}
        numbers = {"label": gettext("Seats"), "least": 1, "most": 500}
        wrong = gettext("%(label)s: write a number from %(least)d to %(most)d.") % numbers
        visit = gettext("Visit %(number)d") % {"number": 1}
    assert said == [missing, f"{visit} – {wrong}"]


def test_what_is_asked_in_one_language_is_not_called_optional(greet: Client, edition: Edition) -> None:
    fields = greet.get(call_page()).context["form"]

    assert 'hint">(' not in look.field_row(fields["description_nl"])
    assert 'hint">(' in look.field_row(fields["welcome_nl"])


def test_what_the_rule_refuses_stands_at_its_visit(greet: Client, edition: Edition) -> None:
    sent = answer(edition, visits=2) | {"visit1-begins": "11:00", "visit1-ends": "10:00"}

    response = greet.post(call_page(), sent)

    assert response.status_code == 422
    assert [problem["url"] for problem in response.context["problems"]] == ["#id_visit1-ends"]
    assert not Host.objects.exists()


def test_after_its_last_day_the_call_says_so(greet: Client, edition: Edition) -> None:
    assert edition.call_closes_at is not None
    with time_machine.travel(edition.call_closes_at, tick=False):
        shown = greet.get(call_page())
        sent = greet.post(call_page(), answer(edition))

    assert shown.context["closed_reason"] != ""
    assert 'id="sign-up"' not in shown.content.decode()
    assert sent.status_code == 409
    assert not Host.objects.exists()


def test_a_network_that_sends_too_much_waits(greet: Client, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validating, "PROPOSALS_PER_HOUR", 1)
    greet.post(call_page(), answer(edition))

    response = greet.post(call_page(), answer(edition) | {"name": "Autre", "contact_email": "a@example.org"})

    assert response.status_code == 429


def test_the_answer_does_not_say_whether_an_address_is_known(greet: Client, edition: Edition) -> None:
    propose(edition)
    pages = [
        greet.post(call_page("call_link"), {"email": email}).content.decode().count('class="note ok"')
        for email in (CONTACT, "nobody@example.org")
    ]

    assert pages == [1, 1]
    assert OutboxMessage.objects.filter(kind="opendoors.host_link").count() == 1


def test_a_host_that_no_call_brought_asks_for_its_link_too(greet: Client) -> None:
    edition = EditionFactory(slug="2026", state=EditionState.OPEN)
    HostFactory(edition=edition, contact_email=CONTACT)

    response = greet.post(call_page("call_link"), {"email": CONTACT})

    assert (response.status_code, response.context["call_url"]) == (200, "")
    assert OutboxMessage.objects.filter(kind="opendoors.host_link").count() == 1
    with time_machine.travel(edition.ends_on + dt.timedelta(days=800)):
        assert greet.get(call_page("call_link")).status_code == 404


@pytest.mark.parametrize("page", ["host", "host_edit", "evaluate_host"])
def test_a_cut_host_link_leads_to_the_link_once_more(greet: Client, host: Host, page: str) -> None:
    response = greet.get(at(f"opendoors:{page}", basin="sud-est", token=queries_hosts.host_link(host)[:-2]))

    assert response.status_code == 404
    assert response.context["again_url"] == call_page("call_link")


def test_the_list_of_weeks_invites_hosts_while_they_are_called(greet: Client, edition: Edition) -> None:
    url = at("opendoors:editions", basin="sud-est")
    while_open = greet.get(url).context["call"]
    assert edition.call_closes_at is not None

    with time_machine.travel(edition.call_closes_at, tick=False):
        after = greet.get(url).context["call"]

    assert (while_open, after) == (edition, None)
