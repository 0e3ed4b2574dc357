"""The frame of the back office: the way to the other language, the demo's note, headings that are no riddles."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client

from basins.models import User
from basins.rights import Role
from basins.web.context import Site
from core.models import OutboxMessage
from tests.basins.people_tools import at, staff_session
from tests.factories import UserFactory, grant

pytestmark = pytest.mark.django_db
DEMO = {"fr": "Démonstration", "nl": "Demonstratie"}


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice in the back office."""
    return staff_session(client, alice)


@pytest.mark.parametrize(("here", "there"), [("fr", "nl"), ("nl", "fr")])
def test_the_same_page_is_one_click_away_in_the_other_language(desk: Client, here: str, there: str) -> None:
    page = desk.get(at("admin:basins_newsitem_changelist", here), {"q": "x"}).text

    assert f'href="{at("admin:basins_newsitem_changelist", there)}?q=x" lang="{there}"' in page


@pytest.mark.parametrize(("is_demo", "language"), [(True, "fr"), (True, "nl"), (False, "fr")])
def test_only_the_demo_says_that_it_is_one(
    desk: Client, monkeypatch: pytest.MonkeyPatch, is_demo: bool, language: str
) -> None:
    monkeypatch.setattr(Site, "is_demo", is_demo)

    page = desk.get(at("admin:index", language)).text

    assert (f'<aside class="demo" aria-label="{DEMO[language]}">' in page) is is_demo


@pytest.mark.parametrize(
    ("name", "language", "heading"),
    [
        ("changelist", "fr", "Actualités"),
        ("changelist", "nl", "Nieuwsberichten"),
        ("add", "fr", "Actualité\N{NO-BREAK SPACE}: ajouter"),
        ("add", "nl", "Nieuwsbericht: toevoegen"),
    ],
)
def test_headings_read_well_in_both_languages(desk: Client, name: str, language: str, heading: str) -> None:
    assert f"<h1>{heading}</h1>" in desk.get(at(f"admin:basins_newsitem_{name}", language)).text


@pytest.mark.parametrize(("language", "word"), [("fr", "Ajouter"), ("nl", "Toevoegen")])
def test_the_button_above_a_list_is_one_word(desk: Client, language: str, word: str) -> None:
    page = desk.get(at("admin:basins_newsitem_changelist", language)).text

    assert f'class="addlink">{word}</a>' in page


def test_the_way_to_a_new_row_ends_with_the_same_word(desk: Client) -> None:
    page = desk.get(at("admin:basins_newsitem_add")).text

    assert ("&rsaquo; Ajouter</div>" in page, "Ajouter actualité" in page) == (True, False)


def mail(kind: str, **fields: Any) -> OutboxMessage:
    values = {"key": kind, "kind": kind, "to": "a@example.org", "language": "fr", "message_id": f"<{kind}@x>"}
    return OutboxMessage.objects.create(**values, scope="sud-est", **fields)


@pytest.mark.parametrize(("language", "words"), [("fr", "Rôle attribué"), ("nl", "Rol toegekend")])
def test_a_kind_of_mail_is_said_in_words(desk: Client, language: str, words: str) -> None:
    row = mail("basins.role_given", state="parked")

    pages = [
        desk.get(at("admin:core_outboxmessage_change", language, object_id=row.pk)).text,
        desk.get(at("admin:core_outboxmessage_changelist", language)).text,
    ]

    assert [words in page for page in pages] == [True, True]


def test_a_kind_that_nobody_named_is_its_dotted_name_in_small(desk: Client) -> None:
    row = mail("tests.nameless", state="parked")

    page = desk.get(at("admin:core_outboxmessage_change", object_id=row.pk)).text

    assert "<small>tests.nameless</small>" in page


def test_the_filter_names_no_kind_of_another_basins_mail(client: Client, desk: Client) -> None:
    mail("basins.role_given")
    OutboxMessage.objects.update(scope="nord")

    assert "Rôle attribué" not in desk.get(at("admin:core_outboxmessage_changelist")).text


def test_the_filter_leaves_the_mails_of_one_kind(desk: Client) -> None:
    mail("basins.role_given")
    mail("opendoors.reminder")

    found = desk.get(at("admin:core_outboxmessage_changelist"), {"kind": "basins.role_given"})

    assert [row.kind for row in found.context["cl"].result_list] == ["basins.role_given"]


def test_a_mail_that_is_over_has_no_next_attempt(desk: Client) -> None:
    row = mail("basins.role_given", state="parked")

    page = desk.get(at("admin:core_outboxmessage_change", object_id=row.pk)).text

    assert '<div class="readonly">-</div>' in page
    assert '<div class="readonly">None</div>' not in page


def test_the_next_attempt_is_told_in_brussels_time(desk: Client) -> None:
    row = mail("basins.role_given", state="queued")

    page = unescape(desk.get(at("admin:core_outboxmessage_change", object_id=row.pk)).text)

    assert "+00:00" not in page


def test_staff_without_the_right_find_no_page_at_all(client: Client) -> None:
    person = UserFactory()
    grant(person, Role.HELPDESK_AGENT, "nord")

    answer = staff_session(client, person).get(at("admin:basins_partnerkey_changelist"))

    assert answer.status_code == 404
