"""Followed searches: confirmed by a link, told once a day at most, ended by one click."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail as sent
from django.test import Client
from django.utils import timezone

from core.mail import deliver_due
from core.models import OutboxMessage
from directory import following, kept_queries, tasks
from directory.models import SavedSearch
from directory.rules import following as rules
from directory.rules import records
from tests.basins.people_tools import at
from tests.directory.search_tools import write
from tests.factories import basin

pytestmark = pytest.mark.django_db
ADDRESS = "daan@example.org"


def ask(client: Client, query: str, *, email: str = ADDRESS) -> Any:
    return client.post(f"{at('directory:follow', basin='sud-est')}?{query}", {"email": email})


def followed(query: str = "theme=nursing", *, code: str | None = "sud-est") -> SavedSearch:
    found = following.results(following.question_of(query, code))
    row = rules.follow(query=query, found=found, email=ADDRESS, language="fr", basin=basin(code) if code else None)
    return rules.confirm(followed=row)


def news() -> list[list[str]]:
    rows = OutboxMessage.objects.filter(kind="directory.search_news").order_by("pk")
    return [row.params["records"] for row in rows]


def nurse(name: str = "Soins", **values: Any) -> Any:
    return write(name, terms=["themes:nursing"], **{"areas": ["region"], **values})


def test_a_search_is_followed_once_its_link_was_confirmed(greet: Client) -> None:
    assert ask(greet, "theme=nursing&page=3&sort=fresh")["Location"] == at("directory:kept_sent", basin="sud-est")
    row = SavedSearch.objects.get()
    assert (row.query, row.confirmed_at) == ("theme=nursing", None)
    deliver_due()
    link = at("directory:kept", basin="sud-est", held=kept_queries.token_of(row))
    assert link in str(sent.outbox[0].body)
    greet.get(link)
    assert SavedSearch.objects.get().confirmed_at is None
    greet.post(link)
    assert SavedSearch.objects.get().confirmed_at is not None


def test_what_fits_now_and_did_not_is_told_once() -> None:
    nurse("Déjà là")
    followed()
    tasks.tell_of_searches()
    assert news() == []
    new = nurse("Nouveau")
    write("Dentiste", terms=["themes:dental-care"], areas=["region"])
    tasks.tell_of_searches()
    tasks.tell_of_searches()
    assert news() == [[str(new.uuid)]]
    deliver_due()
    assert ("Nouveau" in str(sent.outbox[-1].body), "Déjà là" in str(sent.outbox[-1].body)) == (True, False)


def test_a_record_that_comes_to_serve_the_basin_is_new_there() -> None:
    made = nurse("Nord", areas=["basin:nord"])
    followed()
    records.edit_service(service=made, values={"areas": ["basin:sud-est"]}, by=None)
    from directory.rules import indexing

    indexing.catch_up()
    tasks.tell_of_searches()
    assert news() == [[str(made.uuid)]]


def test_nobody_is_told_twice_in_a_day_nor_loses_what_came_in_between() -> None:
    row = followed()
    today = timezone.localdate()
    one = nurse("Un")
    assert rules.tell(followed=row, found=[one.uuid], today=today)
    two = nurse("Deux")
    assert not rules.tell(followed=row, found=[one.uuid, two.uuid], today=today)
    assert rules.tell(followed=row, found=[one.uuid, two.uuid], today=today + dt.timedelta(days=1))
    assert news() == [[str(one.uuid)], [str(two.uuid)]]


def test_what_is_for_professionals_is_not_told() -> None:
    followed()
    nurse("Interne", visibility="professionals")
    tasks.tell_of_searches()
    assert news() == []


def test_who_did_not_confirm_is_not_told() -> None:
    rules.follow(query="theme=nursing", found=[], email=ADDRESS, language="fr", basin=None)
    nurse()
    tasks.tell_of_searches()
    assert news() == []


def test_the_same_search_twice_is_one_row_and_one_mail_a_day(greet: Client) -> None:
    for _ in range(2):
        ask(greet, "theme=nursing")
    assert (SavedSearch.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_open_now_is_no_part_of_what_is_followed() -> None:
    assert following.query_of(following.question_of("theme=nursing&with=open_now", None)) == "theme=nursing"


def test_a_search_that_asks_nothing_is_not_followed(greet: Client) -> None:
    assert greet.get(at("directory:follow", basin="sud-est"), {"page": "2"}).context["query"] == ""
    assert ask(greet, "page=2").status_code == 422
    assert SavedSearch.objects.count() == 0


def test_a_search_that_gives_nearly_everything_is_refused() -> None:
    found = [nurse().uuid] * (rules.BROADEST + 1)
    with pytest.raises(rules.FollowRefused):
        rules.follow(query="theme=nursing", found=found, email=ADDRESS, language="fr", basin=None)


def test_one_click_ends_it() -> None:
    row = followed()
    url = at("directory:kept_stop", basin="sud-est", held=kept_queries.token_of(row))
    assert Client(enforce_csrf_checks=True).post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert SavedSearch.objects.count() == 0
