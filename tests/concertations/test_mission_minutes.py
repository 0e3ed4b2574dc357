"""Minutes on the pages all missions share: what waits, what is kept of people, where a need was heard; the demo."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from basins.demo import seed_needs
from basins.models import Need, NeedMention, User
from concertations.demo import meetings as demo_meetings
from concertations.demo import minutes as demo
from concertations.enums import ItemKind
from concertations.links import meeting_page, series_page
from concertations.mission import mission
from concertations.models import Action, AgendaItem, Minutes, RaisedNeed
from concertations.rules import minutes
from tests.basins.people_tools import staff_session
from tests.concertations import minutes_tools as make
from tests.factories import basin

pytestmark = pytest.mark.django_db


def urls_of_tasks(user: User) -> list[str]:
    return [task.url for task in mission.tasks_for(user)]


def test_minutes_that_are_not_sent_wait_for_the_team(alice: User) -> None:
    meeting = make.held()
    assert meeting_page(meeting, "staff_minutes") in urls_of_tasks(alice)


def test_sent_minutes_wait_for_nobody(alice: User) -> None:
    row = make.sent()
    assert meeting_page(row.meeting, "staff_minutes") not in urls_of_tasks(alice)


def test_old_meetings_do_not_wait_for_minutes(alice: User) -> None:
    meeting = make.held(days_ago=200)
    assert meeting_page(meeting, "staff_minutes") not in urls_of_tasks(alice)


def test_late_actions_wait_for_the_team_once_a_series(alice: User, bram: User) -> None:
    row = make.begun()
    for _ in range(2):
        make.action(row, due_on=timezone.localdate() - dt.timedelta(days=1))
    minutes.send(minutes=row, by=None)
    url = series_page(row.meeting.series, "staff_actions")
    assert (urls_of_tasks(alice).count(url), urls_of_tasks(bram).count(url)) == (1, 0)


def test_a_mention_leads_to_the_minutes() -> None:
    row = make.begun()
    make.need(row)
    minutes.send(minutes=row, by=None)
    url = mission.occasion_url(NeedMention.objects.get().source_key)
    assert url == f"{meeting_page(row.meeting, 'staff_minutes')}#s-{make.heading(row).uuid}"


@pytest.mark.parametrize("key", ["need:nothing", "consultation:nothing", "CT Prévention 2024-09-12", ""])
def test_a_mention_of_nothing_we_know_leads_nowhere(key: str) -> None:
    assert mission.occasion_url(key) == ""


def test_one_gets_what_is_kept_of_oneself() -> None:
    row = make.begun()
    make.action(row)
    make.need(row, said_by_email="OWNER@example.org")
    assert len(list(mission.personal_data("owner@example.org"))) == 2


def test_who_is_forgotten_is_in_no_minutes() -> None:
    row = make.begun()
    make.action(row)
    assert (mission.forget("owner@example.org").erased, Action.objects.get().owner_email) == (1, "")


@pytest.mark.parametrize("name", ["minutes", "action", "consultation", "consultationstatement"])
def test_the_back_office_has_lists_to_look_at(client: Client, alice: User, name: str) -> None:
    row = make.begun()
    make.action(row)
    regional = name.startswith("consultation")
    answer = staff_session(client, alice).get(reverse(f"admin:concertations_{name}_changelist"))
    assert answer.status_code == (404 if regional else 200)


def test_the_demo_has_minutes_in_their_states_with_the_real_needs() -> None:
    seed_needs(basin())
    heard = NeedMention.objects.count()
    demo_meetings.seed(timezone.localdate(), is_new=True)
    demo.seed(timezone.localdate(), is_new=True)
    assert sorted(Minutes.objects.values_list("state", flat=True)) == ["approved", "approved", "sent"]
    assert RaisedNeed.objects.exclude(need=None).count() == heard == 18
    assert NeedMention.objects.exclude(source_key__startswith="consultation:").count() == heard
    assert Need.objects.filter(basin=None).count() > 600
    carried = AgendaItem.objects.exclude(carried_key="").values_list("kind", flat=True)
    assert sorted(carried) == [ItemKind.ACTION, ItemKind.ACTION, ItemKind.MINUTES]
