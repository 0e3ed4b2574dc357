"""The second factor: set up, used, lost; and the gate it is asked for at."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from basins.models import RoleGrant, User
from basins.rights import Right, Role
from basins.rules import people
from basins.web.second_factor import staff_required
from core.models import OutboxMessage
from tests.basins.people_tools import SECRET, app_code, at, give_factor, mailed_code, sign_in, staff_session
from tests.factories import grant

pytestmark = pytest.mark.django_db

ADMIN = at("admin:index")
SET_UP = at("mfa_activate_totp")
AGAIN = at("mfa_reauthenticate")


def set_up(client: Client) -> list[str]:
    """Go through the set-up as a person does; gives the recovery codes."""
    secret = re.search(r'<code class="key">(\w+)</code>', client.get(SET_UP).content.decode())
    assert secret is not None
    answer = client.post(SET_UP, {"code": app_code(secret[1])})
    return [f"{left}{right}" for left, right in re.findall(r"<code>(\d{4}) (\d{4})</code>", answer.content.decode())]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_stranger_is_sent_to_sign_in_and_back(greet: Client, language: str) -> None:
    door = at("admin:index", language)
    answer = greet.get(door, follow=True)
    assert answer.redirect_chain[-1][0] == f"{at('account_login', language)}?next={door}"


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_staff_without_a_factor_set_one_up_first(client: Client, alice: User, language: str) -> None:
    door = at("admin:index", language)
    answer = sign_in(client, alice).get(door, follow=True)
    assert answer.redirect_chain[-1][0] == f"{at('mfa_activate_totp', language)}?next={door.replace('/', '%2F')}"


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_staff_who_did_not_use_their_factor_are_asked_for_it(client: Client, alice: User, language: str) -> None:
    give_factor(alice)
    door = at("admin:index", language)
    answer = sign_in(client, alice).get(door, follow=True)
    assert answer.redirect_chain[-1][0] == f"{at('mfa_reauthenticate', language)}?next={door.replace('/', '%2F')}"


@pytest.mark.parametrize("name", ["admin:index", "admin:login", "admin:basins_newsitem_changelist"])
@pytest.mark.parametrize(("language", "said"), [("fr", "réservé aux équipes"), ("nl", "voor de teams")])
def test_people_without_a_role_are_told_whom_the_back_office_is_for(
    client: Client, daan: User, language: str, said: str, name: str
) -> None:
    give_factor(daan)
    answer = staff_session(client, daan).get(at(name, language))
    assert (answer.status_code, said in answer.text, "no-store" in answer["Cache-Control"]) == (403, True, True)


def test_staff_with_their_factor_enter(client: Client, alice: User) -> None:
    assert staff_session(client, alice).get(ADMIN).status_code == 200


@pytest.mark.parametrize("name", ["basins_user_changelist", "basins_rolegrant_add", "jsi18n", "basins_need_changelist"])
def test_no_page_of_the_back_office_walks_around_the_gate(client: Client, alice: User, name: str) -> None:
    give_factor(alice)
    assert sign_in(client, alice).get(at(f"admin:{name}")).status_code == 302


def test_a_form_of_the_back_office_cannot_be_posted_around_the_gate(client: Client, alice: User) -> None:
    give_factor(alice)
    sign_in(client, alice).post(at("admin:basins_rolegrant_add"), {"email": "x@example.org", "role": "team_member"})
    assert RoleGrant.objects.count() == 1


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/basins/user/"])
def test_an_address_without_a_language_leads_to_the_same_door(greet: Client, path: str) -> None:
    last, _status = greet.get(path, follow=True).redirect_chain[-1]
    assert last.startswith(at("account_login"))


def test_there_is_no_back_office_in_a_third_language(greet: Client) -> None:
    assert greet.get("/en/admin/").status_code == 404


def test_the_admins_own_sign_in_form_does_not_exist(greet: Client, alice: User) -> None:
    answer = greet.post(at("admin:login"), {"username": "alice@example.org", "password": "!"})
    assert (answer.status_code, "_auth_user_id" in greet.session) == (302, False)


# --- Setting up ----------------------------------------------------------------------------------
def test_setting_up_opens_the_back_office_at_once(client: Client, alice: User) -> None:
    codes = set_up(sign_in(client, alice))
    assert (len(codes), client.get(ADMIN).status_code) == (10, 200)


def test_the_picture_stands_in_the_page_and_needs_nothing_from_elsewhere(client: Client, alice: User) -> None:
    answer = sign_in(client, alice).get(SET_UP)
    assert answer.content.count(b'src="data:image/svg+xml;base64,') == 1
    assert "style=" not in answer.content.decode()


def test_a_wrong_code_sets_nothing_up(client: Client, alice: User) -> None:
    sign_in(client, alice).get(SET_UP)
    answer = client.post(SET_UP, {"code": "000000"})
    assert (list(answer.context["form"].errors), Authenticator.objects.count()) == (["code"], 0)


def test_setting_up_is_told_by_mail(
    client: Client, alice: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        set_up(sign_in(client, alice))
    assert OutboxMessage.objects.filter(kind="basins.second_factor_changed").values_list(
        "to", "params__event"
    ).get() == ("alice@example.org", "set_up")


def test_recovery_codes_are_shown_once(client: Client, alice: User) -> None:
    set_up(sign_in(client, alice))
    page = client.get(at("mfa_index")).content.decode()
    assert re.findall(r"\d{4} \d{4}", page) == []
    assert client.get(SET_UP)["Location"] == at("mfa_index")


def test_after_setting_up_one_goes_on_to_where_one_wanted(client: Client, alice: User) -> None:
    sign_in(client, alice)
    secret = re.search(r'class="key">(\w+)<', client.get(f"{SET_UP}?next={ADMIN}").content.decode())
    assert secret is not None
    answer = client.post(f"{SET_UP}?next={ADMIN}", {"code": app_code(secret[1])})
    assert answer.context["next_url"] == ADMIN


# --- Using it ------------------------------------------------------------------------------------
def type_both(client: Client, code: str) -> str:
    """Sign in by mail, then with ``code``; where that leads."""
    client.post(at("account_login"), {"email": "alice@example.org"})
    first = client.post(at("account_confirm_login_code"), {"code": mailed_code()})
    assert first["Location"] == at("mfa_authenticate")
    answer = client.post(at("mfa_authenticate"), {"code": code})
    return str(answer.headers.get("Location", ""))


def test_sign_in_asks_for_both_and_opens_the_back_office(greet: Client, alice: User) -> None:
    give_factor(alice)
    assert type_both(greet, app_code()) == at("my_space")
    assert greet.get(ADMIN).status_code == 200


def test_without_the_second_nobody_is_in(greet: Client, alice: User) -> None:
    give_factor(alice)
    assert type_both(greet, "000000") == ""
    assert greet.get(at("my_space")).status_code == 302


def test_a_code_of_the_app_works_once(greet: Client, alice: User) -> None:
    give_factor(alice)
    code = app_code()
    type_both(greet, code)
    assert type_both(Client(), code) == ""


@pytest.mark.parametrize(("half_minutes", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(greet: Client, alice: User, half_minutes: int, opens: bool) -> None:
    give_factor(alice)
    with time_machine.travel("2026-11-24T10:00:10+01:00", tick=False):
        assert bool(type_both(greet, app_code(steps=half_minutes))) is opens


def test_a_recovery_code_opens_once(greet: Client, client: Client, alice: User) -> None:
    codes = set_up(sign_in(client, alice))
    client.post(at("account_logout"))
    assert type_both(client, codes[0]) == at("my_space")
    assert client.get(ADMIN).status_code == 200
    assert type_both(Client(), codes[0]) == ""


def test_guessing_the_second_factor_is_stopped(greet: Client, alice: User) -> None:
    give_factor(alice)
    type_both(greet, "000000")
    for _attempt in range(5):
        greet.post(at("mfa_authenticate"), {"code": "000000"})
    assert greet.post(at("mfa_authenticate"), {"code": app_code()}).status_code == 200


def test_confirming_during_a_session_opens_the_back_office(client: Client, alice: User) -> None:
    give_factor(alice)
    sign_in(client, alice)
    answer = client.post(f"{AGAIN}?next={ADMIN}", {"code": app_code()})
    assert (answer["Location"], client.get(ADMIN).status_code) == (ADMIN, 200)


def test_new_recovery_codes_ask_for_the_app_first(client: Client, alice: User) -> None:
    staff_session(client, alice)
    page = at("mfa_generate_recovery_codes")
    assert client.get(page)["Location"].startswith(AGAIN)
    client.post(f"{AGAIN}?next={page}", {"code": app_code()})
    answer = client.post(page)
    assert len(re.findall(r"<code>\d{4} \d{4}</code>", answer.content.decode())) == 10


# --- Forged and stolen sessions ------------------------------------------------------------------
def test_a_session_that_names_somebody_elses_factor_is_not_enough(client: Client, alice: User, bram: User) -> None:
    give_factor(alice)
    factor = give_factor(bram)
    staff_session(client, alice)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "id": factor.pk, "type": "totp"}]
    session.save()
    assert client.get(ADMIN).status_code == 302


def test_records_of_another_person_do_not_count(client: Client, alice: User, bram: User) -> None:
    give_factor(alice)
    staff_session(client, bram)
    session = client.session
    session["_auth_user_id"] = str(alice.pk)
    session["_auth_user_hash"] = alice.get_session_auth_hash()
    session.save()
    assert client.get(ADMIN).status_code == 302


@pytest.mark.parametrize("forged", ["yes", [{"method": "password"}], [{"method": "mfa"}], {}, 1])
def test_a_session_with_nonsense_in_it_is_not_enough(client: Client, alice: User, forged: object) -> None:
    staff_session(client, alice)
    session = client.session
    session["account_authentication_methods"] = forged
    session.save()
    assert client.get(ADMIN).status_code == 302


def test_an_ended_role_closes_the_back_office_at_once(client: Client, alice: User) -> None:
    staff_session(client, alice)
    assert client.get(ADMIN).status_code == 200
    people.end_role(grant=RoleGrant.objects.get(), by=None)
    assert client.get(ADMIN, follow=True).status_code == 403


def test_a_reset_factor_shuts_its_sessions_out_at_once(client: Client, alice: User) -> None:
    staff_session(client, alice)
    people.reset_second_factor(person=alice, by=None)
    assert client.get(ADMIN, follow=True).redirect_chain[-1][0].startswith(SET_UP)


# --- Staff pages of missions ---------------------------------------------------------------------
@staff_required
def any_staff_page(request: HttpRequest, basin: str) -> HttpResponse:
    return HttpResponse("in")


@staff_required(Right.MANAGE_OPEN_DOORS)
def page_with_a_right(request: HttpRequest, basin: str) -> HttpResponse:
    return HttpResponse("in")


def request_of(client: Client, user: User, rf: RequestFactory) -> HttpRequest:
    request = rf.get("/fr/sud-est/equipe/")
    request.user = user
    request.session = client.session
    return request


def test_staff_pages_ask_for_the_right_in_the_basin_of_the_address(
    client: Client, alice: User, rf: RequestFactory
) -> None:
    staff_session(client, alice)
    request = request_of(client, alice, rf)
    assert page_with_a_right(request, basin="sud-est").status_code == 200
    with pytest.raises(Http404):
        page_with_a_right(request, basin="nord")


def test_a_helpdesk_agent_enters_but_not_where_the_right_is_missing(
    client: Client, eva: User, rf: RequestFactory
) -> None:
    grant(eva, Role.HELPDESK_AGENT, "sud-est")
    staff_session(client, eva)
    request = request_of(client, eva, rf)
    assert any_staff_page(request, basin="sud-est").status_code == 200
    with pytest.raises(Http404):
        page_with_a_right(request, basin="sud-est")


def test_the_secret_of_these_tests_is_a_valid_one() -> None:
    assert len(app_code(SECRET)) == 6


def test_the_pages_of_the_second_factor_are_not_public(greet: Client) -> None:
    for name in ("mfa_index", "mfa_activate_totp", "mfa_reauthenticate", "mfa_generate_recovery_codes"):
        assert greet.get(at(name))["Location"].startswith(at("account_login"))
    assert reverse("mfa_index")
