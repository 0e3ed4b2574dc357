"""The demo's own pages and data: there in the demo, and nowhere else."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import include, path

import config.urls
from basins.models import PartnerKey, RoleGrant, User
from config.demo import seed as seeding
from config.demo.personas import PERSONAS
from core.mail import Attachment, Letter, deliver_due, letter, post, title_of
from core.models import OutboxMessage
from tests.basins.people_tools import at

pytestmark = pytest.mark.django_db

# The addresses as they are when APP_ENV is demo.
urlpatterns = [path("demo/", include("config.demo.urls", namespace="demo")), *config.urls.urlpatterns]


@pytest.fixture
def local(settings: Any, tmp_path: Path) -> Path:
    settings.LOCAL_DIR = tmp_path
    return tmp_path


@pytest.fixture
def demo(settings: Any, local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if APP_ENV were demo, with the people in it."""
    settings.IS_DEMO = True
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(seeding, "missions", tuple)
    seeding.seed(lambda _line: None)


@letter("tests.demo_letter")
def demo_letter(params: dict[str, Any]) -> Letter:
    return Letter(
        subject="Bonjour",
        template="account/mail/second_factor_changed",
        context={"what": "<script>alert(1)</script>", "by": "", "at": None},
        attachments=[Attachment("visite.ics", b"BEGIN:VCALENDAR", "text/calendar")],
    )


def one_mail() -> OutboxMessage:
    OutboxMessage.objects.all().delete()
    post("tests.demo_letter", to="daan@example.org", language="fr", params={}, key="one")
    deliver_due()
    return OutboxMessage.objects.get()


# --- Elsewhere -----------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["", "mails/", "sign-in/"])
def test_outside_the_demo_there_is_no_such_page(greet: Client, page: str) -> None:
    assert greet.get(f"/demo/{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "mails/"])
def test_even_with_its_addresses_the_pages_refuse_outside_the_demo(greet: Client, settings: Any, page: str) -> None:
    settings.ROOT_URLCONF = __name__
    assert greet.get(f"/demo/{page}").status_code == 404


def test_nobody_signs_in_as_somebody_outside_the_demo(greet: Client, settings: Any, alice: User) -> None:
    settings.ROOT_URLCONF = __name__
    answer = greet.post("/demo/sign-in/", {"email": "alice@example.org"})
    assert (answer.status_code, "_auth_user_id" in greet.session) == (404, False)


def test_production_has_no_demo_people(settings: Any) -> None:
    class Production:
        is_production = True

    settings.ENV = Production()
    with pytest.raises(CommandError):
        call_command("seed_demo", stdout=io.StringIO())
    assert User.objects.count() == 0


# --- Data ----------------------------------------------------------------------------------------
def seed_all(local: Path) -> dict[str, Any]:
    call_command("seed_demo", stdout=io.StringIO())
    notes: dict[str, Any] = json.loads((local / "demo.json").read_text())
    return notes


def test_the_notes_name_address_key_and_sign_ins(local: Path) -> None:
    notes = seed_all(local)
    assert notes["url"] == project.SITE_URL
    assert [(each["role"], each["email"]) for each in notes["sign_ins"]] == [
        (each.role, each.email) for each in PERSONAS
    ]
    assert PartnerKey.objects.get().digest == seeding.sha256(notes["api_key"].encode()).hexdigest()


def test_a_second_start_changes_nothing_and_keeps_the_key(local: Path) -> None:
    first = seed_all(local)
    counted = [model.objects.count() for model in (User, RoleGrant, PartnerKey, OutboxMessage)]
    assert seed_all(local) == first
    assert [model.objects.count() for model in (User, RoleGrant, PartnerKey, OutboxMessage)] == counted


def test_a_revoked_key_is_replaced_at_the_next_start(local: Path) -> None:
    from basins.rules.keys import revoke_key

    first = seed_all(local)
    revoke_key(key=PartnerKey.objects.get(), by=None)
    assert seed_all(local)["api_key"] != first["api_key"]


def test_a_role_that_was_taken_away_stays_away(local: Path) -> None:
    from basins.rules.people import end_role

    seed_all(local)
    end_role(grant=RoleGrant.objects.get(user__email="alice@example.org"), by=None)
    seed_all(local)
    assert not User.objects.get(email="alice@example.org").is_staff


def test_secrets_of_the_apps_are_valid() -> None:
    assert [len(base64.b32decode(each.totp_secret)) for each in PERSONAS if each.totp_secret] == [20, 20, 20]


# --- Pages ---------------------------------------------------------------------------------------
@pytest.mark.usefixtures("demo")
def test_the_page_lists_everybody_with_the_code_of_their_app(greet: Client) -> None:
    page = greet.get("/demo/").content.decode()
    assert [each.email for each in PERSONAS if each.email not in page] == []
    assert page.count('class="code"') == 3


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("asked", [{"query": "?language=nl"}, {"header": "nl-BE,nl;q=0.9"}])
def test_the_page_speaks_the_readers_language(greet: Client, asked: dict[str, str]) -> None:
    answer = greet.get(f"/demo/{asked.get('query', '')}", headers={"accept-language": asked.get("header", "fr")})
    assert '<html lang="nl"' in answer.content.decode()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.role)
def test_one_can_be_everybody(greet: Client, persona: Any) -> None:
    answer = greet.post("/demo/sign-in/", {"email": persona.email})
    assert (answer.status_code, greet.get(answer["Location"]).status_code) == (302, 200)
    expected = 200 if persona.totp_secret else 403
    assert greet.get(at("admin:index"), follow=True).status_code == expected


@pytest.mark.usefixtures("demo")
def test_one_cannot_be_somebody_who_is_no_persona(greet: Client) -> None:
    User.objects.create_user("somebody@example.org")
    assert greet.post("/demo/sign-in/", {"email": "somebody@example.org"}).status_code == 404


@pytest.mark.usefixtures("demo")
def test_a_link_signs_nobody_in() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.get("/demo/sign-in/?email=alice@example.org").status_code == 405
    assert strict.post("/demo/sign-in/", {"email": "alice@example.org"}).status_code == 403


@pytest.mark.usefixtures("demo")
def test_mails_are_listed_and_read(greet: Client) -> None:
    row = one_mail()
    assert "Bonjour" in greet.get("/demo/mails/").content.decode()
    page = greet.get(f"/demo/mails/{row.uuid}/").content.decode()
    assert ("visite.ics" in page, 'sandbox="allow-popups' in page, "<script>alert" in page) == (True, True, False)


@pytest.mark.usefixtures("demo")
def test_a_mail_that_waits_goes_by_the_title_of_its_letter(greet: Client) -> None:
    row = post("opendoors.reminder", to="lotte@example.org", language="nl", params={}, key="waiting")
    assert row is not None

    pages = [greet.get(f"/demo/mails/{path}").text for path in ("", f"{row.uuid}/")]

    assert ["opendoors.reminder" in page for page in pages] == [False, False]
    assert all(title_of("opendoors.reminder") in page for page in pages)


@pytest.mark.usefixtures("demo")
def test_a_mail_is_shown_in_a_frame_in_which_nothing_acts(greet: Client) -> None:
    answer = greet.get(f"/demo/mails/{one_mail().uuid}/html/")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["frame-ancestors"], answer["X-Frame-Options"]) == (
        "'none'",
        "'self'",
        "SAMEORIGIN",
    )
    assert "script-src" not in policy


@pytest.mark.usefixtures("demo")
def test_attachments_are_downloaded_as_they_were_sent(greet: Client) -> None:
    row = one_mail()
    answer = greet.get(f"/demo/mails/{row.uuid}/1/")
    assert (answer.content, answer["Content-Disposition"]) == (
        b"BEGIN:VCALENDAR",
        'attachment; filename="visite.ics"',
    )
    assert greet.get(f"/demo/mails/{row.uuid}/2/").status_code == 404


@pytest.mark.usefixtures("demo")
def test_in_the_demo_the_code_can_be_read_in_the_browser(greet: Client) -> None:
    OutboxMessage.objects.all().delete()
    greet.post(at("account_login"), {"email": "daan@example.org"})
    deliver_due()
    row = OutboxMessage.objects.get()
    assert row.params["code"] in greet.get(f"/demo/mails/{row.uuid}/").content.decode()


def test_the_demo_says_what_came_of_a_reminder(demo: None, client: Client) -> None:
    answer = client.post("/demo/mails/remind/", {"to": "nobody@example.org"}, follow=True)

    assert answer.redirect_chain == [("/demo/mails/?to=nobody%40example.org", 302)]
    assert [str(message.level_tag) for message in answer.context["messages"]] == ["info"]
