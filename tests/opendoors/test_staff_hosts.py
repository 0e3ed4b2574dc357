"""The team and its hosts: the list, the word on each, further visits, the link once more."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from basins.models import User
from basins.rules.people import NotYours
from core.models import OutboxMessage
from opendoors.enums import EditionState, HostState, VisitState
from opendoors.errors import HostStepRefused
from opendoors.models import Edition, Host, Visit
from opendoors.rules import validating
from tests.basins.people_tools import staff_session
from tests.opendoors.booking_tools import book
from tests.opendoors.factories import HostFactory, VisitFactory
from tests.opendoors.host_tools import CONTACT, called_edition, propose, visit_data
from tests.opendoors.staff_tools import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return called_edition()


@pytest.fixture
def team(client: Client, alice: User) -> Client:
    """Alice at work."""
    return staff_session(client, alice)


def test_who_waits_for_a_word_comes_first(team: Client, edition: Edition) -> None:
    HostFactory(edition=edition, name="Abeille")
    propose(edition, name="Zèbre")

    response = team.get(page("staff_hosts", slug="2026"))

    assert [host.name for host in response.context["hosts"]] == ["Zèbre", "Abeille"]
    assert [(state, number) for state, _word, number in response.context["states"]] == [
        ("proposed", 1),
        ("accepted", 1),
    ]


def test_the_list_is_filtered_by_state(team: Client, edition: Edition) -> None:
    HostFactory(edition=edition, name="Abeille")
    propose(edition, name="Zèbre")

    found = team.get(page("staff_hosts", slug="2026"), {"state": "accepted"})
    nonsense = team.get(page("staff_hosts", slug="2026"), {"state": "x"})

    assert [host.name for host in found.context["hosts"]] == ["Abeille"]
    assert len(nonsense.context["hosts"]) == 2


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_list(team: Client, edition: Edition, number: int, django_assert_num_queries: Any) -> None:
    for count in range(number):
        VisitFactory(edition=edition, host=HostFactory(edition=edition, name=f"Service {count}"))
    team.get(page("staff_hosts", slug="2026"))

    with django_assert_num_queries(8):
        team.get(page("staff_hosts", slug="2026"))


@pytest.mark.parametrize(
    ("decision", "state", "letter"),
    [
        ("accepted", HostState.ACCEPTED, "opendoors.host_accepted"),
        ("changes", HostState.CHANGES, "opendoors.host_changes"),
        ("refused", HostState.REFUSED, "opendoors.host_refused"),
    ],
)
def test_the_word_is_said_on_a_page(
    team: Client, edition: Edition, decision: str, state: HostState, letter: str
) -> None:
    host = propose(edition)
    url = page("staff_host_decide", slug="2026", host=host.uuid)

    shown = team.get(url)
    response = team.post(url, {"decision": decision, "note": "Un mot"})

    assert shown.status_code == 200
    assert response.headers["Location"] == page("staff_hosts", slug="2026")
    assert Host.objects.get().state == state
    assert OutboxMessage.objects.filter(kind=letter, to=CONTACT).count() == 1


def test_a_no_without_a_word_comes_back(team: Client, edition: Edition) -> None:
    host = propose(edition)

    response = team.post(page("staff_host_decide", slug="2026", host=host.uuid), {"decision": "refused", "note": ""})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["note"])


def test_what_may_not_follow_is_no_choice(team: Client, edition: Edition) -> None:
    host = HostFactory(edition=edition)

    response = team.post(page("staff_host_decide", slug="2026", host=host.uuid), {"decision": "refused", "note": "…"})

    assert list(response.context["form"].errors) == ["decision"]
    assert Host.objects.get().state == HostState.ACCEPTED


def test_a_host_of_another_edition_is_not_found(team: Client, edition: Edition) -> None:
    other = HostFactory()

    assert team.get(page("staff_host_decide", slug="2026", host=other.uuid)).status_code == 404


def test_the_page_of_a_host_tells_its_steps(team: Client, edition: Edition, alice: User) -> None:
    host = propose(edition)
    validating.ask_change(host=host, by=alice, note="Un autre jour ?")

    response = team.get(page("staff_host", slug="2026", host=host.uuid))

    assert [step.to_state for step in response.context["steps"]] == ["changes", "proposed"]
    assert "Un autre jour ?" in response.content.decode()


def test_a_further_visit_comes_into_the_programme(team: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition, state=VisitState.PROPOSED)

    team.post(page("staff_visit_accept", slug="2026", visit=visit.uuid))

    assert Visit.objects.get().state == VisitState.PLANNED


def test_a_further_visit_is_refused_with_a_word(team: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition, state=VisitState.PROPOSED)
    url = page("staff_visit_refuse", slug="2026", visit=visit.uuid)

    without = team.post(url, {"note": ""})
    assert without.status_code == 422
    team.post(url, {"note": "Trop tard"})

    assert not Visit.objects.exists()


def test_a_planned_visit_is_not_for_these_pages(team: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)

    assert team.post(page("staff_visit_accept", slug="2026", visit=visit.uuid)).status_code == 404
    assert team.post(page("staff_visit_refuse", slug="2026", visit=visit.uuid)).status_code == 404


def test_a_host_that_called_is_withdrawn_after_a_question(team: Client, edition: Edition, alice: User) -> None:
    host = propose(edition, visit_data(edition))
    validating.accept(host=host, by=alice)
    Edition.objects.update(state=EditionState.OPEN)
    book(host.visits.get())
    url = page("staff_host_withdraw", slug="2026", host=host.uuid)

    asked = team.get(url)
    assert Host.objects.get().state == HostState.ACCEPTED
    team.post(url)

    assert asked.context["detail"].startswith("1 ")
    assert Host.objects.get().state == HostState.WITHDRAWN
    assert not OutboxMessage.objects.filter(kind="opendoors.team_host", params__what="withdrawn").exists()


def test_the_link_is_mailed_once_more(team: Client, edition: Edition) -> None:
    host = HostFactory(edition=edition)

    assert team.get(page("staff_host_link", slug="2026", host=host.uuid)).status_code == 405
    team.post(page("staff_host_link", slug="2026", host=host.uuid))

    assert OutboxMessage.objects.get().kind == "opendoors.host_link"


def test_without_an_address_there_is_no_link_to_mail(team: Client, edition: Edition) -> None:
    host = HostFactory(edition=edition, contact_email="")

    response = team.post(page("staff_host_link", slug="2026", host=host.uuid), follow=True)

    assert not OutboxMessage.objects.exists()
    assert len(response.context["messages"]) == 1


def test_the_edition_says_what_waits_on_the_desk(team: Client, edition: Edition) -> None:
    propose(edition)
    VisitFactory(edition=edition, state=VisitState.PROPOSED)

    response = team.get(page("staff_edition", slug="2026"))

    desk = response.context["desk"]
    assert (desk.proposals, desk.further_visits, desk.in_line) == (1, 1, 0)
    publishing = next(step for step in response.context["steps"] if step.to == EditionState.PUBLISHED)
    assert publishing.is_possible
    assert str(publishing.warning) != ""


# --- Every host its link -------------------------------------------------------------------------


def linked() -> list[str]:
    return list(OutboxMessage.objects.filter(kind="opendoors.host_link").order_by("pk").values_list("to", flat=True))


def test_every_host_that_takes_part_is_mailed_its_link_after_a_question(team: Client, edition: Edition) -> None:
    for number in range(2):
        HostFactory(edition=edition, contact_email=f"{number}@example.org")
    HostFactory(edition=edition, contact_email="")
    HostFactory(edition=edition, contact_email="no@example.org", state=HostState.REFUSED)
    HostFactory(contact_email="elsewhere@example.org")
    url = page("staff_hosts_links", slug="2026")

    listed = team.get(page("staff_hosts", slug="2026")).text
    asked = team.get(url)
    before = linked()
    answer = team.post(url)

    assert (f'href="{url}"' in listed, asked.status_code, before) == (True, 200, [])
    assert re.findall(r"\d+", asked.context["question"]) == ["2"]
    assert answer.headers["Location"] == page("staff_hosts", slug="2026")
    assert linked() == ["0@example.org", "1@example.org"]


def test_who_had_its_link_within_the_last_day_is_left_out(team: Client, edition: Edition) -> None:
    late, early = (HostFactory(edition=edition, contact_email=f"{name}@example.org") for name in ("late", "early"))
    now = timezone.now()
    with time_machine.travel(now - dt.timedelta(hours=25)):
        validating.send_link(host=late, by=None)
    with time_machine.travel(now - dt.timedelta(hours=23)):
        validating.send_link(host=early, by=None)

    numbers = [validating.send_all_links(edition=edition, by=None) for _twice in range(2)]

    assert (numbers, linked()) == ([1, 0], ["late@example.org", "early@example.org", "late@example.org"])


def test_who_was_just_accepted_has_its_link(edition: Edition, alice: User) -> None:
    host = propose(edition)
    validating.accept(host=host, by=alice, note="")

    assert validating.send_all_links(edition=edition, by=alice) == 0


def test_with_nobody_to_mail_the_page_says_so(team: Client, edition: Edition) -> None:
    answers = [team.get(page("staff_hosts", slug="2026")), team.get(page("staff_hosts_links", slug="2026"))]

    assert page("staff_hosts_links", slug="2026") not in answers[0].text
    assert answers[1].headers["Location"] == page("staff_hosts", slug="2026")


def test_hosts_of_another_basin_are_not_mailed(edition: Edition, bram: User) -> None:
    HostFactory(edition=edition)

    with pytest.raises(NotYours):
        validating.send_all_links(edition=edition, by=bram)

    assert linked() == []


def test_an_evaluated_edition_mails_no_links(edition: Edition) -> None:
    HostFactory(edition=edition)
    Edition.objects.update(state=EditionState.EVALUATED)

    with pytest.raises(HostStepRefused):
        validating.send_all_links(edition=edition, by=None)

    assert linked() == []
