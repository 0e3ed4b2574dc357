"""Sign-in with a mailed code, by hand: what people type, see and get."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail as sent
from django.test import Client
from django.utils import timezone

from basins.models import User
from basins.rules import people
from basins.web.accounts import CODE_GONE, TOO_MANY_TRIES, AccountAdapter
from core.models import OutboxMessage
from tests.basins.people_tools import at, in_french, mailed_code
from tests.factories import UserFactory, grant

pytestmark = pytest.mark.django_db

SIGN_IN = {language: at("account_login", language) for language in ("fr", "nl")}
CODE = {language: at("account_confirm_login_code", language) for language in ("fr", "nl")}
MY_SPACE = {language: at("my_space", language) for language in ("fr", "nl")}
SIGN_OUT = at("account_logout")


def ask(client: Client, email: str, language: str = "fr", query: str = "") -> None:
    answer = client.post(f"{SIGN_IN[language]}{query}", {"email": email})
    assert (answer.status_code, answer["Location"]) == (302, f"{CODE[language]}{query}")


def sentences(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_the_mailed_code_signs_in_and_leads_to_my_space(greet: Client, daan: User) -> None:
    ask(greet, "daan@example.org", "nl")
    answer = greet.post(CODE["nl"], {"code": mailed_code()})
    assert (answer.status_code, answer["Location"]) == (302, MY_SPACE["nl"])
    assert greet.session["_auth_user_id"] == str(daan.pk)


def test_the_code_is_written_in_the_language_of_the_page(greet: Client, daan: User) -> None:
    ask(greet, "daan@example.org", "fr")
    assert OutboxMessage.objects.get().language == "fr"


@pytest.mark.parametrize("typed", ["{0}{1}", "{0} {1}", " {0}-{1} "])
def test_the_code_may_be_typed_with_or_without_its_dash(greet: Client, daan: User, typed: str) -> None:
    ask(greet, "daan@example.org")
    answer = greet.post(CODE["fr"], {"code": typed.format(*mailed_code().split("-"))})
    assert answer["Location"] == MY_SPACE["fr"]


def test_the_address_is_found_whatever_the_case(greet: Client, daan: User) -> None:
    ask(greet, "Daan@Example.ORG")
    assert User.objects.count() == 1


def test_an_unknown_address_gets_an_account_without_rights(greet: Client) -> None:
    ask(greet, "new@example.org", "nl")
    greet.post(CODE["nl"], {"code": mailed_code()})
    user = User.objects.get()
    assert (user.email, user.language, user.is_staff, user.last_login is not None) == (
        "new@example.org",
        "nl",
        False,
        True,
    )


def test_a_known_and_an_unknown_address_are_answered_alike(greet: Client, daan: User) -> None:
    known, unknown = Client(), Client()
    answers = [
        (client.post(SIGN_IN["fr"], {"email": email}), client.get(CODE["fr"]))
        for client, email in ((known, "daan@example.org"), (unknown, "nobody@example.org"))
    ]
    posts = [(post.status_code, post["Location"]) for post, _page in answers]
    pages = [
        page.content.decode().replace("daan@", "X@").replace("nobody@", "X@").partition("<form")[0]
        for _post, page in answers
    ]
    assert posts[0] == posts[1]
    assert pages[0] == pages[1]


def test_a_closed_account_is_answered_alike_and_gets_no_mail(greet: Client) -> None:
    UserFactory(email="gone@example.org", is_active=False)
    ask(greet, "gone@example.org")
    assert (greet.get(CODE["fr"]).status_code, OutboxMessage.objects.count()) == (200, 0)


def test_five_wrong_codes_end_the_attempt_even_with_the_right_one_after(greet: Client, daan: User) -> None:
    ask(greet, "daan@example.org")
    code = mailed_code()
    for _attempt in range(4):
        assert greet.post(CODE["fr"], {"code": "0000-0000"}).status_code == 200
    fifth = greet.post(CODE["fr"], {"code": "0000-0000"}, follow=True)
    assert sentences(fifth) == [in_french(TOO_MANY_TRIES)]
    assert greet.post(CODE["fr"], {"code": code})["Location"] == SIGN_IN["fr"]
    assert "_auth_user_id" not in greet.session


def test_a_wrong_code_is_said_to_be_wrong(greet: Client, daan: User) -> None:
    ask(greet, "daan@example.org")
    answer = greet.post(CODE["fr"], {"code": "0000-0000"})
    sentence = in_french(AccountAdapter.error_messages["incorrect_code"])
    assert answer.context["form"].errors == {"code": [sentence]}


@pytest.mark.parametrize("typed", ["", "1" * 200, "é", "<b>", "１２３４-５６７８"])
def test_nonsense_instead_of_a_code_is_an_error_of_the_field(greet: Client, daan: User, typed: str) -> None:
    ask(greet, "daan@example.org")
    assert list(greet.post(CODE["fr"], {"code": typed}).context["form"].errors) == ["code"]


def test_a_stale_code_is_refused_with_the_reason(greet: Client, daan: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(greet, "daan@example.org")
        code = mailed_code()
        clock.shift(dt.timedelta(minutes=15, seconds=1))
        answer = greet.post(CODE["fr"], {"code": code}, follow=True)
    assert sentences(answer) == [in_french(CODE_GONE)]
    assert "_auth_user_id" not in greet.session


def test_a_code_works_once(greet: Client, daan: User) -> None:
    ask(greet, "daan@example.org")
    code = mailed_code()
    greet.post(CODE["fr"], {"code": code})
    greet.post(SIGN_OUT)
    answer = greet.post(CODE["fr"], {"code": code}, follow=True)
    assert sentences(answer) == [in_french(CODE_GONE)]
    assert "_auth_user_id" not in greet.session


def test_a_code_works_in_the_browser_that_asked_alone(greet: Client, daan: User) -> None:
    ask(greet, "daan@example.org")
    code, thief = mailed_code(), Client()
    ask(thief, "eva@example.org")
    assert thief.post(CODE["fr"], {"code": code}).status_code == 200
    assert "_auth_user_id" not in thief.session


def test_another_code_can_be_sent_and_replaces_the_first(greet: Client, daan: User) -> None:
    ask(greet, "daan@example.org")
    first = mailed_code()
    greet.post(CODE["fr"], {"action": "resend"})
    second = mailed_code()
    assert greet.post(CODE["fr"], {"code": first}).status_code == 200
    assert greet.post(CODE["fr"], {"code": second})["Location"] == MY_SPACE["fr"]


def test_whoever_mistyped_the_address_can_go_back(greet: Client, daan: User) -> None:
    ask(greet, "daam@example.org")
    assert greet.get(SIGN_IN["fr"]).status_code == 302
    assert greet.get(f"{SIGN_IN['fr']}?again").status_code == 200


def test_the_fourth_code_within_five_minutes_is_refused(greet: Client, daan: User) -> None:
    for _time in range(3):
        ask(Client(), "daan@example.org")
    answer = greet.post(SIGN_IN["fr"], {"email": "daan@example.org"})
    assert answer.context["form"].errors == {"email": [in_french(TOO_MANY_TRIES)]}
    assert OutboxMessage.objects.count() == 3


def test_one_computer_cannot_ask_for_many_people(greet: Client) -> None:
    for number in range(20):
        ask(Client(), f"p{number}@example.org")
    answer = greet.post(SIGN_IN["fr"], {"email": "p21@example.org"})
    assert list(answer.context["form"].errors) == ["email"]


def test_the_limits_are_counted_in_the_cache_that_all_processes_share(greet: Client, daan: User) -> None:
    from allauth.core.internal import ratelimit
    from allauth.mfa.totp.internal import auth

    assert [cache._alias for cache in (ratelimit.cache, auth.cache)] == ["shared", "shared"]


def test_sign_in_works_while_the_shared_cache_is_away(greet: Client, daan: User, settings: object) -> None:
    from django.core.cache import caches
    from redis.exceptions import ConnectionError as Away

    client = caches["shared"]._cache
    broken = pytest.MonkeyPatch()

    def away(*_args: object, **_kwargs: object) -> None:
        raise Away("gone")

    for method in ("add", "get", "set", "delete"):
        broken.setattr(client, method, away)
    try:
        ask(greet, "daan@example.org")
    finally:
        broken.undo()
    assert greet.post(CODE["fr"], {"code": mailed_code()})["Location"] == MY_SPACE["fr"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("/nl/", "/nl/"),
        ("https://evil.example/", MY_SPACE["fr"]),
        ("//evil.example/", MY_SPACE["fr"]),
        ("javascript:alert(1)", MY_SPACE["fr"]),
        ("/\\evil.example", MY_SPACE["fr"]),
    ],
)
def test_sign_in_leads_back_to_pages_of_this_site_only(greet: Client, daan: User, wanted: str, found: str) -> None:
    greet.post(f"{SIGN_IN['fr']}?next={wanted}", {"email": "daan@example.org"})
    answer = greet.post(f"{CODE['fr']}?next={wanted}", {"code": mailed_code()})
    assert answer["Location"] == found


def test_what_was_sent_leaves_no_code_in_the_table(greet: Client, daan: User) -> None:
    ask(greet, "daan@example.org")
    code = mailed_code()
    row = OutboxMessage.objects.get()
    assert (row.state, row.params, row.rendered, code in row.subject) == ("sent", {}, None, False)


def test_a_code_that_went_stale_before_it_could_be_sent_is_dropped_and_forgotten(greet: Client, daan: User) -> None:
    from core.mail import deliver_due

    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(greet, "daan@example.org")
        clock.shift(dt.timedelta(minutes=16))
        deliver_due()
    row = OutboxMessage.objects.get()
    assert (row.state, row.params, len(sent.outbox)) == ("dropped", {}, 0)


def test_a_sign_in_page_cannot_be_posted_from_another_site(daan: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(SIGN_IN["fr"], {"email": "daan@example.org"}).status_code == 403


def test_sign_out_asks_first_and_signs_out_by_post(greet: Client, daan: User) -> None:
    greet.force_login(daan, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert greet.get(SIGN_OUT).status_code == 200
    assert "_auth_user_id" in greet.session
    assert greet.post(SIGN_OUT)["Location"] == "/fr/"
    assert "_auth_user_id" not in greet.session


def test_an_account_closed_meanwhile_is_out_at_the_next_page(greet: Client, daan: User) -> None:
    greet.force_login(daan, backend="allauth.account.auth_backends.AuthenticationBackend")
    User.objects.update(is_active=False)
    assert greet.get(MY_SPACE["fr"])["Location"] == f"{SIGN_IN['fr']}?next={MY_SPACE['fr']}"


def test_an_account_closed_between_asking_and_typing_does_not_come_in(greet: Client, daan: User) -> None:
    ask(greet, "daan@example.org")
    code = mailed_code()
    User.objects.update(is_active=False)
    answer = greet.post(CODE["fr"], {"code": code}, follow=True)
    assert sentences(answer) == [in_french(AccountAdapter.error_messages["account_inactive"])]


@pytest.mark.parametrize("path", ["password/reset/", "password/change/", "signup/", "email/", "login/"])
def test_allauths_other_pages_do_not_exist(greet: Client, path: str) -> None:
    assert greet.get(SIGN_IN["fr"].rpartition("/")[0].rpartition("/")[0] + f"/{path}").status_code == 404


def test_unused_accounts_are_forgotten_after_a_day(daan: User, eva: User, alice: User) -> None:
    old = timezone.now() - dt.timedelta(hours=25)
    User.objects.update(created=old)
    User.objects.filter(pk=eva.pk).update(last_login=old)
    UserFactory(email="fresh@example.org")
    assert people.forget_unused_accounts() == 1
    assert sorted(User.objects.values_list("email", flat=True)) == [
        "alice@example.org",
        "eva@example.org",
        "fresh@example.org",
    ]


def test_an_invited_colleague_who_never_came_is_waited_for(daan: User) -> None:
    from basins.rights import Role

    grant(daan, Role.TEAM_MEMBER, "nord")
    User.objects.update(created=timezone.now() - dt.timedelta(days=300))
    assert people.forget_unused_accounts() == 0
