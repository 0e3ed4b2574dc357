"""``site``: the frame of every page, which costs an anonymous reader no query."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client, RequestFactory
from django.utils.translation import gettext_lazy, override

from basins.models import Basin, User
from basins.rules import territory as rules
from basins.rules.people import NotYours
from basins.territory import territory
from basins.web.context import frame, site
from tests.basins.pages import url
from tests.basins.people_tools import at, in_french
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

    assert len(context["site"].menu) == 7


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


def test_from_a_front_page_signing_in_leads_to_ones_own_space(client: Client) -> None:
    shown = client.get(url("home")).context["site"]

    assert shown.sign_in_url == f"{at('account_login')}?next={url('my_space')}"


def test_the_page_to_come_back_to_changes_its_language_with_the_page(client: Client) -> None:
    shown = client.get(at("account_login"), {"next": f"{url('my_space')}?a=1"}).context["site"]

    assert {link.code: link.url.partition("next=")[2] for link in shown.languages} == {
        "fr": f"{url('my_space')}%3Fa%3D1".replace("/", "%2F"),
        "nl": f"{url('my_space', 'nl')}%3Fa%3D1",
    }


@pytest.mark.parametrize("elsewhere", ["https://example.org/fr/", "//example.org/", "/fr/nowhere/", ""])
def test_a_next_page_that_is_none_of_ours_stays_as_it_is(client: Client, elsewhere: str) -> None:
    shown = client.get(at("account_login"), {"next": elsewhere}).context["site"]

    dutch = shown.languages[1].url
    assert parse_qs(dutch.partition("?")[2], keep_blank_values=True) == {"next": [elsewhere]}


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_pages_outside_both_languages_are_told_which_one_to_speak(
    client: Client, language: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IS_DEMO = True
    monkeypatch.setattr("basins.web.context.reverse", lambda name, *args, **more: f"/{name}/")

    with override(language):
        made = frame(None)

    assert made.demo_url == f"/demo:index/?language={language}"
    assert f"/api:docs/?language={language}" in [link.url for link in made.about]


@pytest.mark.parametrize("code", ["nord", "nord-est", "sud"])
def test_a_basin_whose_helpdesk_nobody_gave_says_so_on_every_page(client: Client, code: str) -> None:
    page = client.get(url("privacy", basin=code)).content.decode()

    sentence = in_french(gettext_lazy("We were not given a phone number for the helpdesk of this basin."))
    assert sentence in page[page.index("<footer") :]


def test_contacts_name_the_basins_nobody_told_us_of(client: Client) -> None:
    shown = client.get(url("accessibility", basin=None))

    assert shown.context["site"].unknown_helpdesks == ["Nord", "Nord-Est", "Sud"]
    assert "Nord, Nord-Est, Sud" in shown.content.decode()


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
