"""Needs on their way into the basin's list, news on their way into its news."""

from __future__ import annotations

import pytest

from basins.models import Need, NeedMention, NewsItem, User
from basins.rules.needs import raise_need
from basins.rules.people import NotYours
from concertations.errors.minutes import MinutesError
from concertations.models import RaisedNeed
from concertations.rules import gathering, minutes, minutes_points
from concertations.rules.minutes_points import NeedData
from tests.concertations import minutes_tools as make
from tests.factories import basin

pytestmark = pytest.mark.django_db


def known(title: str = "Lieux ouverts le soir") -> Need:
    """A need that was heard elsewhere."""
    return raise_need(
        source="helpdesk",
        source_key="call",
        basin=basin(),
        title=title,
        language="fr",
        words=title,
        heard_on=make.held().day,
    )


def test_the_list_says_where_when_and_who_said_it() -> None:
    row = make.begun()
    raised = make.need(row, words="Après 18 heures, tout est fermé.", said_by_email="amo@example.org")
    gathering.hand_over_one(raised=raised, by=None)
    mention = NeedMention.objects.get()
    assert (mention.source, mention.source_key, mention.heard_on) == (
        "concertations",
        f"need:{raised.uuid}",
        row.meeting.day,
    )
    assert mention.source_label == f"CT Santé mentale {row.meeting.number} · AMO"
    assert (mention.words, mention.audience) == ("Après 18 heures, tout est fermé.", "population")
    assert mention.raised_by_email == "amo@example.org"


def test_a_need_of_the_same_title_gets_one_more_mention() -> None:
    need = known("Un lieu  OUVERT le soir")
    gathering.hand_over_one(raised=make.need(make.begun()), by=None)
    assert (Need.objects.get(), need.mentions.count()) == (need, 2)


def test_a_person_says_that_two_mean_the_same(alice: User) -> None:
    need = known()
    raised = gathering.hand_over_one(raised=make.need(make.begun()), by=alice, need=need)
    assert (raised.need, Need.objects.count()) == (need, 1)


def test_like_ones_are_proposed() -> None:
    need = known()
    known("Du transport adapté")
    assert gathering.alike(basin=need.basin, title="Un lieu ouvert le soir") == [need]


def test_like_ones_of_another_basin_are_not_proposed() -> None:
    known()
    assert gathering.alike(basin=None, title="Lieux ouverts le soir") == []


def test_handing_over_again_changes_nothing() -> None:
    row = make.begun()
    raised = make.need(row)
    gathering.hand_over_one(raised=raised, by=None)
    minutes.send(minutes=row, by=None)
    assert NeedMention.objects.count() == 1


def test_a_need_in_the_list_is_changed_there(alice: User) -> None:
    row = make.begun()
    raised = gathering.hand_over_one(raised=make.need(row), by=alice)
    with pytest.raises(MinutesError, match=make.says("This need is in the basin's list already: change it there.")):
        minutes_points.keep_need(
            section=make.heading(row), data=NeedData(title="Autre", language="fr"), by=alice, raised=raised
        )


def test_the_team_of_another_basin_hands_nothing_over(bram: User) -> None:
    with pytest.raises(NotYours):
        gathering.hand_over_one(raised=make.need(make.begun()), by=bram)


def test_an_occasion_leads_back_to_the_need_of_the_minutes() -> None:
    raised = make.need(make.begun())
    found = [gathering.raised_by_key(key) for key in (f"need:{raised.uuid}", "need:nothing", "CT Prévention 2024")]
    assert found == [RaisedNeed.objects.get(), None, None]


def test_news_of_the_minutes_come_among_the_news_once(alice: User) -> None:
    shared = make.news(make.begun())
    for _ in range(2):
        minutes_points.make_news(shared=shared, publish=True, by=alice)
    item = NewsItem.objects.get()
    assert (item.title_nl, item.basin, item.published_at is not None) == (
        "Een nieuw mobiel team",
        shared.section.minutes.meeting.series.basin,
        True,
    )


def test_news_may_wait_as_a_draft(alice: User) -> None:
    minutes_points.make_news(shared=make.news(make.begun()), publish=False, by=alice)
    assert NewsItem.objects.get().published_at is None


def test_news_of_approved_minutes_can_still_be_published(alice: User) -> None:
    row = make.begun()
    shared = make.news(row)
    minutes.send(minutes=row, by=None)
    make.approved(row)
    assert minutes_points.make_news(shared=shared, publish=True, by=alice).news == NewsItem.objects.get()
