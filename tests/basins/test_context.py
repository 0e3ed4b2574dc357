"""``site``: the frame of every page, which costs an anonymous reader no query."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils.translation import override

from basins.models import Basin, User
from basins.rules import territory as rules
from basins.rules.people import NotYours
from basins.territory import territory
from basins.web.context import site
from tests.basins.pages import url
from tests.factories import basin

pytestmark = pytest.mark.django_db


def test_a_warm_page_without_content_of_its_own_costs_no_query(client: Client, django_assert_num_queries: Any) -> None:
    client.get(url("accessibility"))

    with django_assert_num_queries(0):
        client.get(url("accessibility"))


def test_the_menu_says_where_one_is(client: Client) -> None:
    menu = client.get(url("agenda")).context["site"].menu

    assert [entry.url for entry in menu if entry.is_current] == [url("agenda")]


def test_the_menu_holds_what_each_mission_gives(client: Client) -> None:
    context = client.get(url("home")).context

    assert len(context["site"].menu) == 4


@pytest.mark.parametrize(("code", "expected"), [("sud-est", "sud-est"), (None, None)])
def test_one_basin_is_the_current_one_or_none(client: Client, code: str | None, expected: str | None) -> None:
    shown = client.get(url("privacy", "nl", code)).context["site"]

    current = [each.code for each in shown.basins if each.is_current]
    assert current == ([expected] if expected else [])
    assert (shown.basin.code if shown.basin else None) == expected


def test_names_are_those_of_the_readers_language(client: Client) -> None:
    shown = client.get(url("privacy", "nl")).context["site"]

    assert [each.name for each in shown.basins] == ["Noord", "Noord-Oost", "Centrum-West", "Zuid", "Zuid-Oost"]
    assert shown.basin.helpdesk_email == "info@zorgzone-zuid-oost.brussels"


def test_signing_in_leads_back_to_the_page(client: Client) -> None:
    shown = client.get(url("search"), {"q": "aide"}).context["site"]

    assert shown.sign_in_url.endswith(f"?next={url('search')}%3Fq%3Daide")


def test_an_address_that_leads_nowhere_keeps_the_basin(rf: RequestFactory) -> None:
    request = rf.get("/nl/zuid-oost/niets/")
    request.resolver_match = None  # as Django leaves it on a 404

    with override("nl"):
        shown = site(request)["site"]

        assert shown.code == "sud-est"
        assert [each.url for each in shown.languages] == ["/fr/sud-est/", "/nl/zuid-oost/"]


def test_what_an_editor_changes_is_shown_at_once(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    client.get(url("home", basin="nord"))
    row = basin("nord")
    row.helpdesk_phone = "02 000 00 00"

    with django_capture_on_commit_callbacks(execute=True):
        rules.save_part(part=row, by=None)

    shown = client.get(url("home", basin="nord")).context["site"]
    assert shown.basin.helpdesk_phone == "02 000 00 00"


def test_only_the_region_edits_the_territory(alice: User) -> None:
    row = basin("sud-est")

    with pytest.raises(NotYours):
        rules.save_part(part=row, by=alice)


def test_an_introduction_in_one_language_is_marked_in_the_other() -> None:
    Basin.objects.filter(code="nord").update(intro_nl="")

    with override("nl"):
        facts = territory().find("nord")

        assert facts is not None
        assert (facts.intro.language, facts.intro.is_fallback) == ("fr", True)
