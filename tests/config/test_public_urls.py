"""Closed by default: every address there is, asked for by a stranger, in both languages.

A new address fails here until it is closed, or named next to its view and in the list below.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern
from django.utils.translation import override

from basins.web.public import is_public, public_urls

# What a converter is given; an address that needs more says so here.
VALUES: dict[str, Any] = {
    "BasinConverter": "sud-est",
    "UUIDConverter": uuid.UUID(int=1),
    "IntConverter": 1,
    "SlugConverter": "nothing",
    "StringConverter": "nothing",
    "PathConverter": "nothing",
}
REGEX_VALUES = {"app_label": "basins", "url": "nothing"}
ADMIN_DOOR = "admin:login"
# Listed, for nobody is signed in there yet; whoever comes without the step before begins anew.
LATER_STEPS = {"account_confirm_login_code", "mfa_authenticate"}


# All that a stranger may see.
OPEN = {
    *("root", "health", "inbound_mail"),
    *("robots", "home", "agenda", "agenda_feed", "search", "news", "news_item", "find_basin"),
    *("accessibility", "privacy", "components", "sitemap", "sitemap_section"),
    *("job", "job_fragment", "job_stop", "job_file"),
    *("account_login", "account_request_login_code", "account_confirm_login_code"),
    *("mfa_authenticate", "account_logout"),
    *("api:*", "demo:*"),
    *("helpdesk:volunteer", "helpdesk:volunteer_confirm", "helpdesk_region:volunteer"),
    *("helpdesk:expert", "helpdesk:expert_away", "helpdesk:expert_leave"),
    *("helpdesk:expert_call", "helpdesk:expert_accept", "helpdesk:expert_decline", "helpdesk:expert_call_away"),
    *("opendoors:editions", "opendoors:week", "opendoors:seats", "opendoors:visit"),
    *("opendoors:call", "opendoors:call_sent", "opendoors:call_link"),
    *("opendoors:host", "opendoors:host_edit", "opendoors:host_place", "opendoors:host_visit_new"),
    *("opendoors:host_visit", "opendoors:host_visit_call_off", "opendoors:host_withdraw", "opendoors:host_again"),
    *("opendoors:booked", "opendoors:change", "opendoors:cancel", "opendoors:booked_calendar"),
    *("opendoors:confirm_address", "opendoors:offer", "opendoors:waiting", "opendoors:leave_waiting"),
    *("opendoors:sheet", "opendoors:sheet_paper", "opendoors:here", "opendoors:certificate"),
    *("opendoors:evaluate", "opendoors:evaluate_host", "opendoors:figures", "opendoors:figures_all"),
    *("directory:search", "directory:record", "directory:organization", "directory:wrong", "directory:missing"),
    *("directory_region:search", "directory_region:record", "directory_region:organization"),
    *("directory_region:wrong", "directory_region:missing"),
    *("directory:wrong_organization", "directory:wrong_place"),
    *("directory_region:wrong_organization", "directory_region:wrong_place"),
    *("directory_region:confirm", "directory_region:confirm_record"),
    *("directory:leaflet", "directory:leaflet_pdf", "directory:follow"),
    *("directory:kept", "directory:kept_sent", "directory:kept_stop"),
    *("directory_region:leaflet", "directory_region:leaflet_pdf", "directory_region:follow"),
    *("directory_region:kept", "directory_region:kept_sent", "directory_region:kept_stop"),
    *("helpdesk:examples", "helpdesk:example", "helpdesk_region:examples", "helpdesk_region:example"),
    *("helpdesk:public_figures", "helpdesk:public_figures_pdf", "helpdesk_region:public_figures"),
    *("directory:ways", "directory:way", "directory_region:ways", "directory_region:way"),
    *("concertations:index", "concertations:series", "concertations:series_calendar", "concertations:document"),
    *("concertations:meeting", "concertations:meeting_calendar", "concertations:agenda_pdf"),
    *("concertations:wall_enter", "concertations:wall", "concertations:wall_now"),
    *("concertations:wall_screen", "concertations:wall_screen_now", "concertations:choose"),
    *("concertations_region:wall_enter", "concertations_region:wall", "concertations_region:wall_now"),
    *("concertations_region:wall_screen", "concertations_region:wall_screen_now", "concertations_region:choose"),
    *("concertations_region:index", "concertations_region:series", "concertations_region:series_calendar"),
    *("concertations_region:document", "concertations_region:meeting", "concertations_region:meeting_calendar"),
    *("concertations_region:agenda_pdf",),
    *("concertations:register", "concertations:mine", "concertations:confirm", "concertations:change"),
    *("concertations:give_back", "concertations:offer", "concertations:calendar", "concertations:paper"),
    *("concertations:certificate", "concertations:here", "concertations:apply", "concertations:commit"),
    *("concertations:leave", "concertations:add_paper"),
    *("concertations_region:register", "concertations_region:mine", "concertations_region:confirm"),
    *("concertations_region:change", "concertations_region:give_back", "concertations_region:offer"),
    *("concertations_region:calendar", "concertations_region:paper", "concertations_region:certificate"),
    *("concertations_region:here", "concertations_region:apply", "concertations_region:commit"),
    *("concertations_region:leave", "concertations_region:add_paper"),
    *("concertations:minutes", "concertations:minutes_pdf", "concertations:minutes_sent", "concertations:action"),
    *("concertations_region:minutes", "concertations_region:minutes_pdf"),
    *("concertations_region:minutes_sent", "concertations_region:action"),
    *("concertations:consultations", "concertations:consultation", "concertations:consultation_part"),
    *("concertations_region:consultations", "concertations_region:consultation"),
    *("concertations_region:consultation_part",),
    *("helpdesk:ask", "helpdesk:suggestions", "helpdesk:ticket", "helpdesk:helped", "helpdesk:place"),
    "helpdesk:document",
    *("helpdesk_region:ask", "helpdesk_region:suggestions"),
}


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Name with namespace, and arguments for it, of every address below ``patterns``."""
    yield from _names(patterns, prefix, {})


def _names(
    patterns: list[URLPattern | URLResolver], prefix: str, arguments: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for each in patterns:
        converters = getattr(each.pattern, "converters", {})
        known = arguments | {name: VALUES[type(converter).__name__] for name, converter in converters.items()}
        if isinstance(each.pattern, RegexPattern):
            known |= {name: REGEX_VALUES.get(name, "nothing") for name in each.pattern.regex.groupindex}
        if isinstance(each, URLResolver):
            inner = f"{prefix}{each.namespace}:" if each.namespace else prefix
            yield from _names(each.url_patterns, inner, known)
        elif each.name is not None:
            yield f"{prefix}{each.name}", known


def all_names() -> list[tuple[str, dict[str, Any]]]:
    found = dict.fromkeys((name, tuple(arguments.items())) for name, arguments in names(get_resolver().url_patterns))
    return [(name, dict(arguments)) for name, arguments in found]


def address(name: str, arguments: dict[str, Any], language: str) -> str:
    with override(language):
        return reverse(name, kwargs=arguments)


def nameless(patterns: list[URLPattern | URLResolver]) -> list[str]:
    found = []
    for each in patterns:
        if isinstance(each, URLResolver):
            found += nameless(each.url_patterns)
        elif each.name is None:
            found.append(str(each.pattern))
    return found


def asks_who_is_there(answer: Any) -> bool:
    """Sent to sign in, either at once or by way of the back office's own door."""
    if answer.status_code == 401:
        return True
    doors = {address(name, {}, language) for name in ("account_login", ADMIN_DOOR) for language in ("fr", "nl")}
    return answer.status_code == 302 and answer["Location"].partition("?")[0] in doors


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_exactly_the_listed_addresses_answer_a_stranger(greet: Client, language: str) -> None:
    greet.raise_request_exception = False
    wrong = []
    for name, arguments in all_names():
        if name.startswith("api:") or name in LATER_STEPS:
            continue
        url = address(name, arguments, language)
        for method in ("get", "post"):
            closed = asks_who_is_there(getattr(greet, method)(url))
            if closed == is_public(name) and name != ADMIN_DOOR:
                wrong.append(f"{method} {url} ({name}) is {'closed' if closed else 'open'}")
    assert wrong == []


def test_the_whole_list() -> None:
    assert public_urls() == OPEN


@pytest.mark.django_db
def test_what_the_list_names_exists() -> None:
    existing = {name for name, _arguments in all_names()}
    in_demo = {name for name in public_urls() if name.startswith("demo:")}
    listed = {name for name in public_urls() if not name.endswith(":*")} - in_demo
    assert sorted(listed - existing) == []


def test_only_the_api_and_the_demo_are_open_as_a_whole() -> None:
    assert sorted(name for name in public_urls() if name.endswith(":*")) == ["api:*", "demo:*"]


@pytest.mark.django_db
def test_the_api_asks_for_a_key_where_something_is_written(greet: Client) -> None:
    written = greet.post("/api/v1/opendoors/bookings/", {}, content_type="application/json")
    assert written.status_code == 401


def test_only_two_redirects_of_the_admin_have_no_name() -> None:
    assert sorted(set(nameless(get_resolver().url_patterns))) == ["(?P<url>.*)$", "<path:object_id>/"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/fr/admin/nothing/", "/nl/admin/basins/user/1/"])
def test_those_two_are_closed(greet: Client, path: str) -> None:
    assert asks_who_is_there(greet.get(path))


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(LATER_STEPS))
def test_later_steps_of_sign_in_lead_to_its_beginning(greet: Client, name: str) -> None:
    assert greet.get(address(name, {}, "fr"))["Location"] == address("account_login", {}, "fr")


def test_the_demo_has_no_address_here() -> None:
    assert not settings.IS_DEMO
    assert [name for name, _arguments in all_names() if name.startswith("demo:")] == []
