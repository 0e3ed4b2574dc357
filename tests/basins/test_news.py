"""News: who writes it, when it is shown, and on which site."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from basins.models import NewsItem, User
from basins.queries import published_news
from basins.rules import news
from basins.rules.people import NotYours
from core.bilingual import text
from tests.basins.pages import url
from tests.factories import NewsItemFactory, basin

pytestmark = pytest.mark.django_db


def test_what_is_written_is_a_draft(alice: User) -> None:
    item = news.write_news(basin=basin("sud-est"), by=alice, title_fr=" Une fiche ", body_nl="Een fiche")

    assert item.published_at is None
    assert (text(item, "title", "fr").value, text(item, "body", "nl").value) == ("Une fiche", "Een fiche")
    assert list(published_news(basin("sud-est"))) == []


def test_news_has_a_title_in_one_language_at_least(alice: User) -> None:
    with pytest.raises(news.NewsWithoutTitle):
        news.write_news(basin=basin("sud-est"), by=alice, body_fr="Une fiche")


def test_news_in_dutch_alone_is_possible(alice: User) -> None:
    item = news.write_news(basin=basin("sud-est"), by=alice, title_nl="Een fiche")

    assert text(item, "title", "fr").is_fallback is True


def test_a_title_that_is_too_long_is_refused(alice: User) -> None:
    with pytest.raises(ValidationError):
        news.write_news(basin=basin("sud-est"), by=alice, title_fr="x" * 141)


@pytest.mark.parametrize("code", ["nord", None])
def test_one_writes_the_news_of_ones_own_basin(alice: User, code: str | None) -> None:
    with pytest.raises(NotYours):
        news.write_news(basin=basin(code) if code else None, by=alice, title_fr="Une fiche")


def test_strangers_change_nothing(chantal: User) -> None:
    item = NewsItemFactory()

    with pytest.raises(NotYours):
        news.withdraw(item=item, by=chantal)
    with pytest.raises(NotYours):
        news.edit_news(item=item, by=chantal, title_fr="Autre chose")

    item.refresh_from_db()
    assert item.published_at is not None


def test_published_twice_keeps_its_first_date(alice: User) -> None:
    item = news.write_news(basin=basin("sud-est"), by=alice, title_fr="Une fiche")
    with time_machine.travel("2025-05-02 10:00", tick=False):
        first = news.publish(item=item, by=alice).published_at

    with time_machine.travel("2025-05-09 10:00", tick=False):
        second = news.publish(item=item, by=alice).published_at

    assert second == first


def test_news_is_shown_from_its_date_on(alice: User) -> None:
    item = news.write_news(basin=basin("sud-est"), by=alice, title_fr="Une fiche")
    tomorrow = timezone.now() + dt.timedelta(days=1)

    news.publish(item=item, by=alice, at=tomorrow)

    assert list(published_news(basin("sud-est"))) == []
    with time_machine.travel(tomorrow + dt.timedelta(minutes=1)):
        assert list(published_news(basin("sud-est"))) == [item]


def test_withdrawn_news_is_not_found(client: Client, alice: User) -> None:
    item = NewsItemFactory()

    news.withdraw(item=item, by=alice)

    assert client.get(url("news_item", uuid=item.uuid)).status_code == 404


def test_a_basin_shows_its_own_news_and_the_regions(client: Client) -> None:
    own, regional = NewsItemFactory(), NewsItemFactory(basin=None)
    NewsItemFactory(basin=basin("nord"))

    response = client.get(url("news"))

    assert set(response.context["page"]) == {own, regional}


def test_the_region_shows_everybodys_news(client: Client) -> None:
    items = {NewsItemFactory(), NewsItemFactory(basin=None), NewsItemFactory(basin=basin("nord"))}

    response = client.get(url("news", basin=None))

    assert set(response.context["page"]) == items


def test_another_basins_item_is_not_found_here(client: Client) -> None:
    item = NewsItemFactory(basin=basin("nord"))

    assert client.get(url("news_item", uuid=item.uuid)).status_code == 404
    assert client.get(url("news_item", basin="nord", uuid=item.uuid)).status_code == 200


def test_an_item_in_the_other_language_says_so(client: Client) -> None:
    item = NewsItemFactory(title_fr="", title_nl="Alleen in het Nederlands", body_fr="", body_nl="Tekst")

    page = client.get(url("news_item", "fr", uuid=item.uuid)).content.decode()

    assert '<h1><span lang="nl">Alleen in het Nederlands</span></h1>' in page
    assert '<div class="stack" lang="nl"><p>Tekst</p></div>' in page


def test_markup_in_news_is_shown_as_text(client: Client) -> None:
    item = NewsItemFactory(title_fr="<b>gras</b>", body_fr="<script>alert(1)</script>")

    page = client.get(url("news_item", "fr", uuid=item.uuid)).content.decode()

    assert "<script>alert" not in page
    assert "<h1>&lt;b&gt;gras&lt;/b&gt;</h1>" in page


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "9" * 30])
def test_a_page_that_is_not_there_is_the_nearest_one(client: Client, page: str) -> None:
    NewsItemFactory.create_batch(13)

    response = client.get(url("news"), {"page": page})

    assert response.status_code == 200
    assert len(response.context["page"]) in {1, 12}


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_list_do_not_grow(client: Client, number: int, django_assert_num_queries: Any) -> None:
    client.get(url("news"))
    NewsItemFactory.create_batch(number)

    with django_assert_num_queries(3):  # the basin, how many, the items
        client.get(url("news"))

    assert NewsItem.objects.count() == number
