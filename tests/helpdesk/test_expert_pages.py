"""Experts' own pages by signed links: a question with its case and no other, the pool, and the page of volunteers."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from basins.models import User
from core import signing
from core.spoken import BRUSSELS
from helpdesk import expert_queries
from helpdesk.enums import Outcome
from helpdesk.expert_enums import CallState, ExpertState
from helpdesk.mission import mission
from helpdesk.models import Expert, ExpertCall, Message, Ticket
from helpdesk.rules import experts, handling, pool
from tests.basins.people_tools import at
from tests.factories import basin
from tests.helpdesk.expert_tools import QUESTION, bring_in, data, expert
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 13, 11, 0, tzinfo=BRUSSELS)
WORDS = "Madame, née le 12/03/1941, ne mange plus. Son fils : 0475 12 34 56. Merci, Nele"
SENT = {
    "name": "Wim",
    "email": "wim@example.org",
    "language": "nl",
    "languages": ["nl"],
    "domains": ["palliative"],
    "at_once": 2,
    "per_month": 4,
    "consents": "on",
}


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ticket() -> Ticket:
    return ask(WORDS, phone="02 345 67 89", organisation="Soins du Quartier", confirmed=True)


@pytest.fixture
def call(ticket: Ticket, alice: User) -> ExpertCall:
    return bring_in(ticket, expert(name="Wim"), alice)


def url(call: ExpertCall, name: str = "expert_call", language: str = "fr") -> str:
    with override(language):
        return expert_queries.call_url(call, name)


def own(row: Expert, name: str = "expert") -> str:
    with override("fr"):
        return expert_queries.own_url(row, name)


# --- A question ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "words"), [("fr", "Une question pour vous"), ("nl", "Een vraag voor u")])
def test_the_question_and_the_case_in_both_languages(
    greet: Client, call: ExpertCall, language: str, words: str
) -> None:
    page = greet.get(url(call, language=language))

    assert words in page.text
    assert QUESTION in page.text
    assert "ne mange plus" in page.text


def test_nothing_on_the_page_leads_to_who_asks_or_to_the_person(greet: Client, call: ExpertCall) -> None:
    text = greet.get(url(call)).text

    for secret in ("Nele", "nele@example.org", "02 345 67 89", "345 67 89", "0475", "12/03/1941", "Soins du Quartier"):
        assert secret not in text
    assert "Soins infirmiers" in text  # the function is enough
    assert "Etterbeek" in text


def test_the_page_is_private(greet: Client, call: ExpertCall) -> None:
    page = greet.get(url(call))

    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex", "same-origin")
    assert "no-store" in page["Cache-Control"]


def test_an_answer_is_sent_and_can_be_added_to(greet: Client, call: ExpertCall) -> None:
    page = greet.post(url(call), {"body": "On peut arrêter."}, follow=True)

    assert "Vous avez répondu" in page.text
    assert "On peut arrêter." in page.text
    greet.post(url(call), {"body": "Prévenez le médecin."})
    assert call.messages.count() == 2


@pytest.mark.parametrize("body", ["", "x" * 8001, "Pour 85.07.30-033.28"])
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(greet: Client, call: ExpertCall, body: str) -> None:
    page = greet.post(url(call), {"body": body})

    assert page.status_code == 422
    assert body[:300] in page.text
    assert "error" in page.text
    assert call.messages.count() == 0


def test_what_may_tell_who_the_person_is_is_shown_first_and_taken_out_or_confirmed(
    greet: Client, call: ExpertCall
) -> None:
    sent = {"body": "Appelez le 0475 98 76 54."}

    page = greet.post(url(call), sent)
    found = re.search(r'name="confirm" value="(\w+)"', page.text)
    assert (page.status_code, call.messages.count(), found is not None) == (422, 0, True)

    greet.post(url(call), {**sent, "take_out": "1"})
    assert call.messages.get().body == "Appelez le [•••]."
    assert found is not None
    greet.post(url(call), {**sent, "confirm": found[1]})
    assert call.messages.count() == 2


def test_reading_alone_says_nothing(greet: Client, call: ExpertCall) -> None:
    for name in ("expert_accept", "expert_decline", "expert_call_away"):
        assert greet.get(url(call, name)).status_code == 405
    call.refresh_from_db()
    assert call.state == CallState.ASKED


def test_yes_but_later(greet: Client, call: ExpertCall) -> None:
    page = greet.post(url(call, "expert_accept"), follow=True)

    assert "Vous avez dit oui" in page.text


def test_no_with_a_word_and_the_case_is_shown_no_longer(greet: Client, call: ExpertCall) -> None:
    page = greet.post(url(call, "expert_decline"), {"word": "Pas mon domaine"}, follow=True)

    call.refresh_from_db()
    assert (call.state, call.word) == (CallState.DECLINED, "Pas mon domaine")
    assert "ne mange plus" not in page.text


def test_a_word_that_is_too_long_comes_back(greet: Client, call: ExpertCall) -> None:
    page = greet.post(url(call, "expert_decline"), {"word": "x" * 301})

    assert page.status_code == 422
    assert "x" * 301 in page.text


def test_away_gives_the_question_back_and_nobody_asks_until_then(greet: Client, call: ExpertCall) -> None:
    greet.post(url(call, "expert_call_away"), {"until": "2026-05-20"})

    call.refresh_from_db()
    assert (call.state, call.expert.away_until) == (CallState.DECLINED, dt.date(2026, 5, 20))


@pytest.mark.parametrize("until", ["", "demain", "2026-05-12", "2028-01-01"])
def test_a_day_that_is_none_or_past_is_refused(greet: Client, call: ExpertCall, until: str) -> None:
    assert greet.post(url(call, "expert_call_away"), {"until": until}).status_code == 422
    call.refresh_from_db()
    assert (call.state, call.expert.away_until) == (CallState.ASKED, None)


def test_once_the_ticket_is_closed_its_words_are_shown_no_longer(greet: Client, call: ExpertCall, alice: User) -> None:
    experts.expert_replies(call=call, body="Oui.")
    handling.close(ticket=call.ticket, outcome=Outcome.WITHDRAWN, by=alice)

    assert "ne mange plus" not in greet.get(url(call)).text
    assert greet.post(url(call), {"body": "Encore"}).status_code == 422


def test_a_link_for_another_purpose_opens_nothing(greet: Client, call: ExpertCall) -> None:
    for purpose in ("helpdesk.asker", "helpdesk.expert", "helpdesk.expert_confirm"):
        token = signing.make_token(purpose, call.uuid)
        page = greet.get(reverse("helpdesk:expert_call", kwargs={"basin": "sud-est", "token": token}))
        assert page.status_code == 404
    assert greet.get(own(Expert(uuid=call.uuid, home=basin()))).status_code == 404


def test_who_left_reads_nothing_any_more(greet: Client, call: ExpertCall) -> None:
    link = url(call)
    pool.leave(expert=call.expert)

    assert greet.get(link).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_long_the_thread(
    greet: Client, call: ExpertCall, number: int, django_assert_num_queries: Any
) -> None:
    for n in range(number):
        experts.expert_replies(call=call, body=f"Mot {n}")
    greet.get(url(call))

    with django_assert_num_queries(3):
        greet.get(url(call))


# --- Offering oneself ----------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "words"), [("fr", "Partagez ce que vous savez"), ("nl", "Deel wat u weet")])
def test_the_page_of_volunteers_in_both_languages(greet: Client, language: str, words: str) -> None:
    assert words in greet.get(at("helpdesk:volunteer", language, basin="sud-est")).text


def test_who_offers_confirms_the_address_and_then_the_helpdesk_is_told(greet: Client, alice: User) -> None:
    page = greet.post(
        at("helpdesk:volunteer", basin="sud-est"), {**SENT, "basins": ["sud-est"], "reachable": ["mon_am"]}
    )
    row = Expert.objects.get()
    assert "wim@example.org" in page.text
    assert (row.state, row.consented_at) == (ExpertState.OFFERED, None)

    [letter] = letters()
    [link] = re.findall(r"https?://\S+/helpdesk/\S+", letter.body)
    path = "/" + link.split("/", 3)[3]
    assert greet.get(path).status_code == 200
    row.refresh_from_db()
    assert row.state == ExpertState.OFFERED  # scanners follow links
    greet.post(path)

    row.refresh_from_db()
    assert (row.state, row.consented_at) == (ExpertState.WAITING, NOW)
    assert [message.to for message in letters()] == [["wim@example.org"], ["alice@example.org"]]


def test_on_the_site_of_the_region_one_says_which_helpdesk_gets_in_touch(greet: Client) -> None:
    page = at("helpdesk_region:volunteer")
    nobody = greet.post(page, SENT)
    known = greet.post(page, {**SENT, "home": "nord"})

    assert (nobody.status_code, list(nobody.context["form"].errors)) == (422, ["home"])
    assert known.status_code == 200
    assert Expert.objects.get().home.code == "nord"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"consents": ""}, "consents"),
        ({"domains": []}, "domains"),
        ({"domains": ["astrology"]}, "domains"),
        ({"languages": []}, "languages"),
        ({"email": "wim"}, "email"),
        ({"name": ""}, "name"),
        ({"at_once": "0"}, "at_once"),
        ({"per_month": "viele"}, "per_month"),
        ({"about": "NISS 85.07.30-033.28"}, "about"),
        ({"email": "85073003328@example.org"}, "email"),
        ({"phone": "le soir"}, "phone"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_the_rest_stays(
    greet: Client, changes: dict[str, Any], field: str
) -> None:
    page = greet.post(at("helpdesk:volunteer", basin="sud-est"), {**SENT, "organisation": "Équipe Oméga", **changes})

    assert page.status_code == 422
    assert f"id_{field}" in page.text
    assert page.context["form"].errors[field]
    assert "Équipe Oméga" in page.text
    assert Expert.objects.count() == 0


def test_an_empty_offer_is_told_all_that_is_missing_at_once(greet: Client) -> None:
    page = greet.post(at("helpdesk:volunteer", basin="sud-est"), {})

    assert {"name", "email", "domains", "consents"} <= set(page.context["form"].errors)


def test_an_address_in_the_pool_gets_its_link_and_nothing_is_changed_or_told(greet: Client) -> None:
    expert(name="Wim", email="wim@example.org", about="Avant")
    stranger = greet.post(at("helpdesk:volunteer", basin="sud-est"), {**SENT, "email": "new@example.org"})
    known = greet.post(at("helpdesk:volunteer", basin="sud-est"), {**SENT, "about": "Après"})

    assert known.text.replace("wim@", "new@").count("new@example.org") == stranger.text.count("new@example.org")
    assert Expert.objects.get(email="wim@example.org").about == "Avant"
    assert {message.to[0] for message in letters()} == {"new@example.org", "wim@example.org"}


def test_too_many_offers_from_one_network_are_held_back(greet: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "OFFERED_PER_HOUR", 1)
    greet.post(at("helpdesk:volunteer", basin="sud-est"), SENT)

    answer = greet.post(at("helpdesk:volunteer", basin="sud-est"), {**SENT, "email": "b@example.org"})

    assert answer.status_code == 422
    assert Expert.objects.count() == 1


def test_what_nobody_confirms_is_deleted_and_its_link_is_too_old(greet: Client, clock: Any) -> None:
    pool.offer(data=data(), home=basin(), consents=True)
    link = expert_queries.confirm_url(Expert.objects.get())
    clock.move_to(NOW + dt.timedelta(days=7, hours=1))

    assert greet.get(link).status_code == 410
    assert pool.forget_unconfirmed(now=NOW + dt.timedelta(days=7, hours=1)) == 1
    assert Expert.objects.count() == 0


# --- One's own page ------------------------------------------------------------------------------


def test_an_expert_changes_what_they_offer_but_not_the_address(greet: Client) -> None:
    wim = expert(email="wim@example.org")

    greet.post(own(wim), {**SENT, "email": "other@example.org", "domains": ["rights"], "at_once": "5"})

    wim.refresh_from_db()
    assert (wim.domains, wim.at_once, wim.email) == (["rights"], 5, "wim@example.org")


def test_what_is_wrong_there_comes_back(greet: Client) -> None:
    wim = expert()

    page = greet.post(own(wim), {**SENT, "domains": [], "about": "Gardé"})

    assert page.status_code == 422
    assert "Gardé" in page.text


def test_away_and_back(greet: Client) -> None:
    wim = expert()

    greet.post(own(wim, "expert_away"), {"until": "2026-06-01"})
    wim.refresh_from_db()
    assert wim.away_until == dt.date(2026, 6, 1)
    greet.post(own(wim, "expert_away"), {"back": "1"})
    wim.refresh_from_db()
    assert wim.away_until is None


def test_leaving_asks_first_and_keeps_nothing_of_who_never_answered(greet: Client) -> None:
    wim = expert()

    greet.get(own(wim, "expert_leave"))
    assert Expert.objects.count() == 1
    greet.post(own(wim, "expert_leave"))
    assert Expert.objects.count() == 0


def test_leaving_takes_open_questions_back_and_tells_the_desk(call: ExpertCall, alice: User) -> None:
    letters()

    pool.leave(expert=call.expert)

    call.refresh_from_db()
    row = Expert.objects.get(pk=call.expert_id)
    assert call.state == CallState.WITHDRAWN
    assert (row.name, row.email, row.phone, row.about, row.state) == ("—", "", "", "", ExpertState.LEFT)
    assert [message.to for message in letters()][-1] == ["alice@example.org"]


# --- Privacy -------------------------------------------------------------------------------------


def test_what_is_held_on_an_expert_can_be_asked_for(call: ExpertCall) -> None:
    experts.expert_replies(call=call, body="Oui.")

    [record] = expert_queries.experts_personal_data(call.expert.email.upper())

    assert record.fields["name"] == "Wim"
    assert record.fields["answers"] == ["Oui."]
    assert record.fields["questions"] == [f"{call.ticket.code}: answered, 2026-05-13"]
    assert list(expert_queries.experts_personal_data("")) == []


def test_forgotten_on_demand_the_advice_stays_without_a_name(call: ExpertCall) -> None:
    experts.expert_replies(call=call, body="Oui.")
    email = call.expert.email

    assert (pool.forget_expert(email), pool.forget_expert(email), pool.forget_expert("")) == (1, 0, 0)

    row = Expert.objects.get()
    assert (row.name, row.email, row.organisation) == ("—", "", "")
    assert Message.objects.get(call=call).body == "Oui."
    assert list(expert_queries.experts_personal_data(email)) == []


def test_the_common_pages_give_and_erase_what_is_held_on_an_expert() -> None:
    wim = expert()

    assert [each.fields["email"] for each in mission.personal_data(wim.email)] == [wim.email]
    assert mission.forget(wim.email).erased == 1
    assert list(mission.personal_data(wim.email)) == []
