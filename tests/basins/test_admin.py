"""The back office: each sees and changes what is theirs, through the rules, and nothing else exists."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from basins.backoffice import ScopedAdmin
from basins.enums import NeedState
from basins.models import Basin, Need, NewsItem, PartnerKey, SiteHost, User
from basins.rights import Right, Role
from basins.rules import needs
from tests.basins.people_tools import at, in_french, listed, staff_session
from tests.factories import NewsItemFactory, UserFactory, basin, grant

pytestmark = pytest.mark.django_db


def raised(title: str, code: str | None) -> Need:
    return needs.raise_need(
        source="test",
        source_key=title,
        basin=basin(code) if code else None,
        title=title,
        language="fr",
        words="…",
        heard_on=timezone.localdate(),
    )


# --- What every class promises -------------------------------------------------------------------
SCOPED = [each for each in admin.site._registry.values() if isinstance(each, ScopedAdmin)]


@pytest.mark.parametrize("desk_of", SCOPED, ids=lambda each: type(each).__name__)
def test_what_may_be_written_is_written_by_a_rule(desk_of: ScopedAdmin[Any]) -> None:
    kind = type(desk_of)
    assert not (desk_of.may_add or desk_of.may_change) or kind.save_with_rule is not ScopedAdmin.save_with_rule
    assert not desk_of.may_delete or kind.delete_with_rule is not ScopedAdmin.delete_with_rule
    assert kind.save_model is ScopedAdmin.save_model
    assert [kind.delete_model, kind.delete_queryset] == [ScopedAdmin.delete_model, ScopedAdmin.delete_queryset]


def test_a_class_that_names_no_rule_writes_nothing(rf: RequestFactory) -> None:
    class Forgetful(ScopedAdmin[NewsItem]):
        right = Right.WRITE_NEWS

    item = NewsItemFactory.build()
    forgetful = Forgetful(NewsItem, admin.site)
    with pytest.raises(NotImplementedError, match="Forgetful allows adding or changing"):
        forgetful.save_with_rule(rf.get("/"), item, None, change=False)
    with pytest.raises(NotImplementedError, match="Forgetful allows deleting"):
        forgetful.delete_with_rule(rf.get("/"), item)
    assert not NewsItem.objects.exists()


# --- What one sees -------------------------------------------------------------------------------
def models_on_the_index(desk: Client) -> list[str]:
    apps = desk.get(at("admin:index")).context["app_list"]
    return sorted(model["object_name"] for app in apps if app["app_label"] == "basins" for model in app["models"])


def test_a_coordinator_sees_her_team_news_needs_and_keys(desk: Client) -> None:
    assert models_on_the_index(desk) == ["Need", "NewsItem", "PartnerKey", "RoleGrant", "User"]


def test_a_helpdesk_agent_sees_needs_alone(client: Client, eva: User) -> None:
    grant(eva, Role.HELPDESK_AGENT, "sud-est")
    assert models_on_the_index(staff_session(client, eva)) == ["Need"]


def test_the_region_sees_the_territory_too(regional_desk: Client) -> None:
    assert models_on_the_index(regional_desk) == [
        "Basin",
        "Municipality",
        "Need",
        "Neighbourhood",
        "NewsItem",
        "PartnerKey",
        "PostcodeArea",
        "RoleGrant",
        "SiteHost",
        "User",
    ]


def test_lists_hold_rows_of_ones_own_basins(desk: Client) -> None:
    NewsItemFactory(title_fr="Ici")
    NewsItemFactory(title_fr="Nord", basin=basin("nord"))
    NewsItemFactory(title_fr="Région", basin=None)
    assert listed(desk.get(at("admin:basins_newsitem_changelist"))) == ["Ici"]


def test_the_region_sees_all_rows(regional_desk: Client) -> None:
    for title, code in (("Ici", "sud-est"), ("Nord", "nord"), ("Région", None)):
        NewsItemFactory(title_fr=title, basin=basin(code) if code else None)
    assert listed(regional_desk.get(at("admin:basins_newsitem_changelist"))) == ["Ici", "Nord", "Région"]


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_another_basins_row_does_not_exist(desk: Client, page: str) -> None:
    item = NewsItemFactory(basin=basin("nord"))
    answer = desk.get(at(f"admin:basins_newsitem_{page}", object_id=item.pk))
    assert answer.status_code in {302, 404}
    assert item.title_fr not in answer.content.decode()


@pytest.mark.parametrize("model", ["basin", "sitehost", "municipality", "postcodearea", "neighbourhood"])
def test_what_is_the_regions_is_not_found_by_a_coordinator(desk: Client, model: str) -> None:
    assert desk.get(at(f"admin:basins_{model}_changelist")).status_code == 404


@pytest.mark.parametrize("model", ["account_emailaddress", "mfa_authenticator"])
def test_tables_of_the_framework_are_nobodys(regional_desk: Client, model: str) -> None:
    assert regional_desk.get(at(f"admin:{model}_changelist")).status_code == 404


def test_choices_are_ones_own_basins(desk: Client) -> None:
    form = desk.get(at("admin:basins_newsitem_add")).context["adminform"].form
    assert [str(each.code) for each in form.fields["basin"].queryset] == ["sud-est"]
    assert form.fields["basin"].required


def test_visitors_are_not_listed_among_the_colleagues(regional_desk: Client, daan: User, alice: User) -> None:
    assert listed(regional_desk.get(at("admin:basins_user_changelist"))) == ["Alice", "Hanne"]


def test_a_coordinator_sees_the_colleagues_of_her_basin(desk: Client, bram: User, eva: User) -> None:
    grant(eva, Role.TEAM_MEMBER, "sud-est")
    assert listed(desk.get(at("admin:basins_user_changelist"))) == ["Alice", "Eva"]


# --- What one changes ----------------------------------------------------------------------------
NEWS = {
    "title_fr": "Titre",
    "title_nl": "Titel",
    "summary_fr": "",
    "summary_nl": "",
    "body_fr": "",
    "body_nl": "",
    "published_at_0": "",
    "published_at_1": "",
}


def test_news_is_written_in_both_languages(desk: Client) -> None:
    desk.post(at("admin:basins_newsitem_add"), {**NEWS, "basin": basin().pk})
    item = NewsItem.objects.get()
    assert (item.title_fr, item.title_nl, item.basin, item.published_at) == (
        "Titre",
        "Titel",
        basin(),
        None,
    )
    assert LogEntry.objects.get().object_id == str(item.pk)


def test_a_form_forged_for_another_basin_writes_nothing(desk: Client) -> None:
    answer = desk.post(at("admin:basins_newsitem_add"), {**NEWS, "basin": basin("nord").pk})
    assert (list(answer.context["adminform"].form.errors), NewsItem.objects.count()) == (["basin"], 0)


def test_news_of_the_region_is_not_written_by_a_basin(desk: Client) -> None:
    desk.post(at("admin:basins_newsitem_add"), {**NEWS, "basin": ""})
    assert NewsItem.objects.count() == 0


def test_what_a_rule_refuses_comes_back_in_the_form_with_all_that_was_typed(desk: Client) -> None:
    typed = {**NEWS, "title_fr": "", "title_nl": "", "body_fr": "Un long texte", "basin": basin().pk}
    answer = desk.post(at("admin:basins_newsitem_add"), typed)
    form = answer.context["adminform"].form
    assert (list(form.errors), form["body_fr"].value(), NewsItem.objects.count()) == (
        ["title_fr"],
        "Un long texte",
        0,
    )


def test_a_post_to_another_basins_row_changes_nothing(desk: Client) -> None:
    item = NewsItemFactory(title_fr="Avant", basin=basin("nord"))
    desk.post(at("admin:basins_newsitem_change", object_id=item.pk), {**NEWS, "title_fr": "Après"})
    assert NewsItem.objects.get().title_fr == "Avant"


def test_the_territory_is_changed_by_the_region(regional_desk: Client) -> None:
    row = basin()
    fields = {
        "name_fr": "Sud-Est",
        "name_nl": "Zuid-Oost",
        "intro_fr": "",
        "intro_nl": "",
        "helpdesk_phone": "02 000 00 00",
        "helpdesk_email_fr": "",
        "helpdesk_email_nl": "",
        "position": row.position,
    }
    regional_desk.post(at("admin:basins_basin_change", object_id=row.pk), fields)
    assert Basin.objects.get(pk=row.pk).helpdesk_phone == "02 000 00 00"


def test_a_site_address_is_taken_away_by_the_region(regional_desk: Client) -> None:
    row = SiteHost.objects.create(host="old.example.org", language="fr")
    regional_desk.post(at("admin:basins_sitehost_delete", object_id=row.pk), {"post": "yes"})
    assert SiteHost.objects.filter(host="old.example.org").count() == 0


def test_basins_cannot_be_deleted_even_by_the_region(regional_desk: Client) -> None:
    answer = regional_desk.post(at("admin:basins_basin_delete", object_id=basin().pk), {"post": "yes"})
    assert (answer.status_code, Basin.objects.count()) == (404, 5)


# --- Needs ---------------------------------------------------------------------------------------
def test_a_need_moves_on_with_its_outcome(desk: Client, alice: User) -> None:
    need = raised("Interprètes", "sud-est")
    page = at("admin:basins_need_change", object_id=need.pk)
    desk.post(page, {"state": "answered", "outcome_fr": "Une liste existe.", "outcome_nl": ""} | INLINES)
    need = Need.objects.get()
    assert (need.state, need.steps.get().by) == (NeedState.ANSWERED, alice)


def test_an_impossible_step_is_an_error_of_the_field(desk: Client) -> None:
    need = raised("Interprètes", "sud-est")
    page = at("admin:basins_need_change", object_id=need.pk)
    answer = desk.post(page, {"state": "planned", "outcome_fr": "", "outcome_nl": ""} | INLINES)
    assert (list(answer.context["adminform"].form.errors), Need.objects.get().state) == (["state"], "heard")


def test_a_need_that_was_told_is_written_down(desk: Client) -> None:
    told = {
        "basin": basin().pk,
        "theme": "",
        "title": "Des interprètes",
        "language": "fr",
        "words": "Personne le soir.",
        "heard_on": "2026-03-02",
        "audience": "",
        "weight": "3",
    }
    desk.post(at("admin:basins_need_add"), told)
    assert Need.objects.get().mentions.get().weight == 3


def test_needs_are_merged_into_the_oldest(desk: Client) -> None:
    old, new = raised("Interprètes", "sud-est"), raised("Traduction", "sud-est")
    desk.post(at("admin:basins_need_changelist"), {"action": "merge", "_selected_action": [new.pk, old.pk]})
    assert Need.objects.get(pk=new.pk).merged_into == old


INLINES = {
    f"{name}-{field}": "0"
    for name in ("mentions", "steps")
    for field in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
}


# --- As many queries at three rows as at one -----------------------------------------------------
@pytest.mark.parametrize("model", ["newsitem", "need", "rolegrant", "user", "partnerkey"])
def test_lists_ask_as_much_for_three_rows_as_for_one(desk: Client, farid: PartnerKey, model: str) -> None:
    page = at(f"admin:basins_{model}_changelist")

    def rows(number: int) -> None:
        NewsItemFactory(title_fr=f"Titre {number}")
        raised(f"Besoin {number}", "sud-est")
        grant(UserFactory(), Role.TEAM_MEMBER, "sud-est")
        PartnerKey.objects.create(name=f"{number}", prefix=f"{number}", digest=f"{number}").basins.add(basin())

    rows(1)
    desk.get(page)
    with CaptureQueriesContext(connection) as one:
        desk.get(page)
    rows(2)
    rows(3)
    with CaptureQueriesContext(connection) as three:
        desk.get(page)
    assert len(three) == len(one)


# --- Pages ---------------------------------------------------------------------------------------
PAGES = [
    f"admin:basins_{model}_{page}"
    for model, pages in {
        "newsitem": ["changelist", "add"],
        "need": ["changelist", "add"],
        "rolegrant": ["changelist", "add"],
        "user": ["changelist"],
        "partnerkey": ["changelist", "add"],
        "basin": ["changelist"],
        "municipality": ["changelist"],
        "neighbourhood": ["changelist", "add"],
        "postcodearea": ["changelist", "add"],
        "sitehost": ["changelist", "add"],
    }.items()
    for page in pages
]


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("name", ["admin:index", *PAGES])
def test_pages_hold_under_the_strict_policy(regional_desk: Client, name: str, language: str) -> None:
    answer = regional_desk.get(at(name, language))
    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Language"]) == (200, language)
    assert [mark for mark in ('style="', "onclick=", "<style", "javascript:") if mark in page] == []


def test_the_greeting_is_by_name(desk: Client) -> None:
    assert in_french("Alice") in desk.get(at("admin:index")).content.decode()
