"""The team at the minutes: from the button to begin them to the list of actions."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from basins.models import Need, NewsItem, User
from concertations import jobs_minutes
from concertations.enums import ItemKind
from concertations.links import meeting_page, series_page
from concertations.models import Action, Meeting, Minutes, MinutesPoint, RaisedNeed, SharedNews
from concertations.rules import minutes
from core.models import LongJob
from tests.basins.people_tools import staff_session
from tests.concertations import minutes_tools as make
from tests.concertations.factories import AgendaItemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(client: Client, alice: User) -> Client:
    """Alice at work."""
    return staff_session(client, alice)


def page(meeting: Meeting, name: str = "staff_minutes", **kwargs: Any) -> str:
    return meeting_page(meeting, name, **kwargs)


def test_the_minutes_are_begun_by_the_button(team: Client) -> None:
    meeting = make.held()
    assert team.get(page(meeting)).status_code == 200
    team.post(page(meeting, "staff_minutes_begin"))
    assert Minutes.objects.get().meeting == meeting


def test_a_refusal_comes_back_as_a_message(team: Client) -> None:
    meeting = make.held(days_ago=-10)
    answer = team.post(page(meeting, "staff_minutes_begin"), follow=True)
    assert (len(answer.context["messages"]), Minutes.objects.count()) == (1, 0)


ENTRIES: dict[str, tuple[type[Any], dict[str, str]]] = {
    "point": (MinutesPoint, {"kind": "decision", "text_fr": "On continue", "text_nl": "We gaan door"}),
    "action": (Action, {"text_fr": "Inviter", "owner": "CPAS", "owner_language": "fr", "due_on": "2030-01-31"}),
    "need": (RaisedNeed, {"title": "Un lieu le soir", "language": "fr", "said_by": "AMO"}),
    "news": (SharedNews, {"title_nl": "Een nieuw team", "body_nl": "Vanaf mei."}),
}


@pytest.mark.parametrize("kind", ENTRIES)
def test_an_entry_is_written_changed_and_taken_out(team: Client, kind: str) -> None:
    model, data = ENTRIES[kind]
    row = make.begun()
    url = page(row.meeting, "staff_minutes_entry_new", section=make.heading(row).uuid, kind=kind)
    shown, written = team.get(url), team.post(url, data)
    entry = model.objects.get()
    url = page(row.meeting, "staff_minutes_entry", kind=kind, entry=entry.uuid)
    first = next(name for name in data if name.startswith(("text", "title")))
    again = team.post(url, {**data, first: "Autrement"})
    entry.refresh_from_db()
    assert (shown.status_code, written.status_code, again.status_code) == (200, 302, 302)
    assert getattr(entry, first) == "Autrement"
    team.post(url, {"remove": "1"})
    assert model.objects.count() == 0


def test_what_a_rule_refuses_stands_at_its_field(team: Client) -> None:
    row = make.begun()
    url = page(row.meeting, "staff_minutes_entry_new", section=make.heading(row).uuid, kind="point")
    answer = team.post(url, {"kind": "remember"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text_fr"])


def test_there_is_no_other_kind_of_entry(team: Client) -> None:
    row = make.begun()
    url = page(row.meeting, "staff_minutes_entry_new", section=make.heading(row).uuid, kind="gossip")
    assert team.get(url).status_code == 404


def test_sending_asks_first(team: Client) -> None:
    row = make.begun()
    make.point(row)
    url = page(row.meeting, "staff_minutes_send")
    asked = team.get(url)
    state_before = Minutes.objects.get().state
    team.post(url)
    assert (asked.status_code, state_before, Minutes.objects.get().state) == (200, "draft", "sent")


def test_minutes_are_taken_back_and_put_right(team: Client) -> None:
    row = make.sent()
    team.post(page(row.meeting, "staff_minutes_take_back"))
    assert Minutes.objects.get().state == "draft"


def test_minutes_are_approved_at_the_meeting_that_is_chosen(team: Client) -> None:
    row = make.sent()
    make.held(days_ago=5, series=row.meeting.series)
    second = make.held(days_ago=1, series=row.meeting.series)
    url = page(row.meeting, "staff_minutes_approve")
    shown = team.get(url)
    team.post(url, {"meeting": str(second.uuid)})
    assert (shown.status_code, Minutes.objects.get().approved_in) == (200, second)


def test_a_need_is_put_into_the_list_as_one_that_is_like_it(team: Client) -> None:
    row = make.begun()
    first, second = make.need(row, title="Lieux ouverts le soir"), make.need(row)
    url = page(row.meeting, "staff_minutes_need_list", entry=first.uuid)
    team.post(url, {"need": "new"})
    url = page(row.meeting, "staff_minutes_need_list", entry=second.uuid)
    shown = team.get(url)
    need = Need.objects.get()
    team.post(url, {"need": str(need.uuid)})
    assert (shown.status_code, Need.objects.count(), need.mentions.count()) == (200, 1, 2)


def test_shared_news_are_published(team: Client) -> None:
    row = make.begun()
    url = page(row.meeting, "staff_minutes_news_publish", entry=make.news(row).uuid)
    asked = team.get(url)
    before = NewsItem.objects.count()
    team.post(url)
    assert (asked.status_code, before, NewsItem.objects.count()) == (200, 0, 1)


def test_headings_are_added_and_taken_out(team: Client) -> None:
    row = make.begun()
    AgendaItemFactory(meeting=row.meeting, kind=ItemKind.OTHER, title_fr="Divers", title_nl="Varia")
    team.post(page(row.meeting, "staff_minutes_headings"))
    team.post(page(row.meeting, "staff_minutes_heading_new"), {"title_fr": "À part"})
    named = list(row.sections.values_list("title_fr", flat=True))
    team.post(page(row.meeting, "staff_minutes_heading_remove", section=make.heading_called(row, "À part").uuid))
    assert (named, row.sections.count()) == (["Besoins", "Divers", "À part"], 2)


def test_the_paper_of_a_draft_is_the_teams(team: Client) -> None:
    row = make.begun()
    make.point(row)
    answer = team.post(page(row.meeting, "staff_minutes_pdf"))
    assert (answer.status_code, LongJob.objects.get().kind) == (302, jobs_minutes.DRAFT)


def test_an_action_is_closed_from_the_list(team: Client) -> None:
    row = make.begun()
    action = make.action(row, due_on=timezone.localdate())
    minutes.send(minutes=row, by=None)
    url = page(row.meeting, "staff_action_state", entry=action.uuid)
    shown = team.get(url)
    team.post(url, {"to": "done", "outcome_fr": "Fait"})
    assert (shown.status_code, Action.objects.get().state) == (200, "done")


def test_the_list_of_actions_shows_one_state_at_a_time(team: Client) -> None:
    row = make.begun()
    make.action(row)
    minutes.send(minutes=row, by=None)
    url = series_page(row.meeting.series, "staff_actions")
    found = [len(team.get(f"{url}?state={state}").context["actions"]) for state in ("open", "done", "nothing")]
    assert found == [1, 0, 1]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_actions_takes_as_many_queries_however_long(
    team: Client, number: int, django_assert_num_queries: Any
) -> None:
    row = make.begun()
    for _ in range(number):
        make.action(row)
    minutes.send(minutes=row, by=None)
    url = series_page(row.meeting.series, "staff_actions")
    team.get(url)
    with django_assert_num_queries(7):
        team.get(url)


@pytest.mark.parametrize("number", [1, 3])
def test_the_minutes_take_as_many_queries_however_much_is_said(
    team: Client, number: int, django_assert_num_queries: Any
) -> None:
    row = make.begun()
    for _ in range(number):
        for write in (make.point, make.action, make.need, make.news):
            write(row)
    minutes.send(minutes=row, by=None)
    team.get(page(row.meeting))
    with django_assert_num_queries(15):
        team.get(page(row.meeting))


@pytest.mark.parametrize("name", ["staff_minutes", "staff_minutes_pdf", "staff_minutes_send"])
def test_the_team_of_another_basin_finds_nothing(client: Client, bram: User, name: str) -> None:
    row = make.sent()
    assert staff_session(client, bram).get(page(row.meeting, name)).status_code == 404
