"""What the helpdesk gives to the common pages, and what of it is forgotten, asked and closed in time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from basins.missions import Period, ask_url
from basins.models import User
from basins.rules import privacy
from helpdesk import queries
from helpdesk.enums import Channel, EventKind, Helped, Outcome, TicketState
from helpdesk.mission import mission
from helpdesk.models import AnswerRecord, HeldMail, Message, Ticket
from helpdesk.rules import answering, following_up, forgetting, handling, replying
from tests.basins.people_tools import sign_in
from tests.directory.factories import service
from tests.factories import basin
from tests.helpdesk.factories import HeldMailFactory
from tests.helpdesk.tools import WORDS, ask, letters

pytestmark = pytest.mark.django_db

LATER = dt.timedelta(days=15)


def answered(alice: User, **fields: Any) -> Ticket:
    ticket = ask(**fields)
    record = service(name_fr="Écoute", name_nl="Gesprek")
    answering.answer(ticket=ticket, body="Appelez-les le matin.", records=[record.uuid], by=alice)
    return Ticket.objects.select_related("basin", "asker").get(pk=ticket.pk)


# --- The common pages ----------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "words"), [("/fr/sud-est/", "Poser une question"), ("/nl/", "Een vraag stellen")])
def test_the_front_page_leads_to_the_form(greet: Client, path: str, words: str) -> None:
    page = greet.get(path)

    assert words in page.text
    assert f'href="{path}helpdesk/"' in page.text


def test_what_found_nothing_in_the_directory_is_one_click_from_the_form(greet: Client) -> None:
    page = greet.get("/fr/sud-est/repertoire/", {"q": "zzzqqq baluchonnage", "near": "1040"})

    assert 'href="/fr/sud-est/helpdesk/?q=zzzqqq+baluchonnage&amp;near=1040"' in page.text
    assert ask_url(None) == "/fr/helpdesk/"


@pytest.mark.parametrize(("language", "words"), [("fr", "helpdesk"), ("nl", "vraag stellen")])
def test_the_search_of_the_site_finds_the_form(language: str, words: str) -> None:
    with override(language):
        hits = list(mission.search(words, basin()))

    assert [hit.url.rsplit("/", 2)[1] for hit in hits] == ["helpdesk"]


def test_figures_say_no_small_number(alice: User) -> None:
    period = Period(timezone.localdate(), timezone.localdate())
    for n in range(4):
        ask(f"Question {n}")
    assert list(mission.figures(basin(), period)) == []

    ask("Encore une")

    assert [(figure.key, figure.value) for figure in mission.figures(basin(), period)] == [("helpdesk.asked", 5)]
    assert list(mission.figures(basin("nord"), period)) == []


def test_tasks_say_what_waits_for_the_desk_and_for_who_asked(alice: User, bram: User, daan: User) -> None:
    ticket = ask(email=daan.email, subject="Aide ménagère")
    ask("Autre chose")
    HeldMailFactory()
    answering.answer(ticket=ticket, body="Welke taal?", by=alice, asks_back=True)

    assert [task.label for task in mission.tasks_for(alice)] == [
        "Helpdesk Sud-Est\u00a0: 1 question attend une réponse",
        "Helpdesk Sud-Est\u00a0: 1 e-mail attend d’être examiné",
    ]
    assert [task.label for task in mission.tasks_for(daan)] == [
        "Le helpdesk vous pose une question\u00a0: Aide ménagère"
    ]
    assert list(mission.tasks_for(bram)) == []


def test_the_desk_is_among_the_work_of_who_answers(alice: User, daan: User) -> None:
    assert [desk.label for desk in mission.desks(alice)] == ["Helpdesk Sud-Est"]
    assert list(mission.desks(daan)) == []


def test_ones_own_questions_are_listed_with_their_link(client: Client, daan: User) -> None:
    ticket = ask(email=daan.email, subject="Aide ménagère")
    ask("Celle de quelqu’un d’autre")

    (section,) = mission.mine(daan)

    assert [(str(item.title), item.kind, item.place) for item in section.items] == [
        ("Aide ménagère", "Une question", "nouvelle")
    ]
    assert sign_in(client, daan).get(section.items[0].url).status_code == 200
    assert ticket.code in sign_in(client, daan).get(section.items[0].url).text


def test_a_need_leads_back_to_its_ticket(alice: User) -> None:
    ticket = handling.close(ticket=ask(), outcome=Outcome.NO_ANSWER, by=alice, need_title="Psychologue en arabe")
    assert ticket.need is not None

    assert ticket.code in mission.occasion_url(ticket.need.mentions.get().source_key)
    assert mission.occasion_url("answer:1") == ""


# --- A person's data -----------------------------------------------------------------------------


def test_all_that_is_held_on_an_address_is_given_with_the_reason(alice: User) -> None:
    ticket = answered(alice)
    handling.note(ticket=ticket, body="Entre nous.", by=alice)
    HeldMailFactory(from_email="nele@example.org")

    question, held = mission.personal_data("Nele@example.org")

    assert (question.reference, question.fields["name"]) == (ticket.code, "Nele")
    assert [said["words"] for said in question.fields["messages"]] == [WORDS, "Appelez-les le matin."]
    assert held.fields["words"] == "Voici encore un mot."


def test_forgetting_erases_the_words_and_the_person_and_keeps_the_figures(alice: User) -> None:
    ticket = answered(alice)
    replying.say_whether_it_helped(ticket=ticket, helped=Helped.YES, words="Très bien.")
    handling.close(ticket=ticket, outcome=Outcome.SOLVED, by=alice)
    record = AnswerRecord.objects.get()

    outcome = mission.forget("nele@example.org")

    ticket.refresh_from_db()
    assert (outcome.kept, outcome.erased > 0) == ([], True)
    assert (ticket.subject, ticket.postcode, ticket.helped_words, ticket.search_vector) == ("—", "", "", None)
    assert (ticket.asker.name, ticket.asker.email, ticket.asker.profession) == ("—", "", "nurse")
    assert set(Message.objects.values_list("body", flat=True)) == {""}
    assert (ticket.helped, ticket.outcome, ticket.basin.code) == (Helped.YES, Outcome.SOLVED, "sud-est")
    record.refresh_from_db()
    assert (record.snapshot, str(record.record) != "") == ({}, True)
    assert list(mission.personal_data("nele@example.org")) == []
    assert list(ticket.events.values_list("kind", flat=True))[-1] == EventKind.FORGOTTEN


def test_what_is_still_being_answered_is_kept_and_said_so(alice: User) -> None:
    ticket = answered(alice)

    outcome = mission.forget("nele@example.org")

    assert [kept.what for kept in outcome.kept] == [ticket.code]
    assert Message.objects.filter(body=WORDS).exists()


def test_the_outbox_goes_with_the_person(alice: User) -> None:
    handling.close(ticket=answered(alice), outcome=Outcome.SOLVED, by=alice)

    privacy.forget(email="nele@example.org")
    mission.forget("nele@example.org")

    assert letters() == []


def test_twelve_months_after_closing_the_words_go_and_later_ones_stay(alice: User) -> None:
    old = handling.close(ticket=answered(alice), outcome=Outcome.SOLVED, by=alice)
    HeldMailFactory()
    now = timezone.now()
    with time_machine.travel(now + dt.timedelta(days=300)):
        fresh = handling.close(ticket=ask("Plus tard"), outcome=Outcome.SOLVED, by=alice)
        still_open = ask("Encore ouverte")

    changed = forgetting.forget_closed_before(now + dt.timedelta(days=1))

    for ticket in (old, fresh, still_open):
        ticket.refresh_from_db()
    assert changed > 0
    assert [ticket.anonymised_at is None for ticket in (old, fresh, still_open)] == [False, True, True]
    assert HeldMail.objects.count() == 0
    assert forgetting.forget_closed_before(now + dt.timedelta(days=1)) == 0


@pytest.mark.parametrize(("language", "words"), [("fr", "Qui pose la question"), ("nl", "Wie de vraag stelt")])
def test_the_page_on_privacy_says_what_is_kept(greet: Client, language: str, words: str) -> None:
    path = {"fr": "/fr/vie-privee/", "nl": "/nl/privacy/"}[language]

    assert words in greet.get(path).text


# --- The calendar --------------------------------------------------------------------------------


def test_two_weeks_after_the_answer_it_is_asked_once_whether_it_helped(alice: User) -> None:
    ticket = answered(alice)
    letters()
    assert following_up.ask_whether_it_helped(now=timezone.now()) == 0

    with time_machine.travel(timezone.now() + LATER):
        assert following_up.ask_whether_it_helped(now=timezone.now()) == 1
        assert following_up.ask_whether_it_helped(now=timezone.now()) == 0
        letter = letters()[-1]

    assert letter.subject == f"[{ticket.code}] Heeft ons antwoord geholpen?"
    assert letter.body.count("?helped=") == 3


@pytest.mark.parametrize("fate", ["said", "open", "nobody", "late"])
def test_nobody_is_asked_who_said_it_waits_has_no_address_or_has_forgotten(alice: User, fate: str) -> None:
    more = {"channel": Channel.PHONE, "email": "", "phone": "02 345 67 89", "by": alice} if fate == "nobody" else {}
    ticket = answered(alice, **more)
    if fate == "said":
        replying.say_whether_it_helped(ticket=ticket, helped=Helped.YES)
    if fate == "open":
        replying.reply(ticket=ticket, body="Et encore ?", channel=Channel.WEB, language="fr")
    days = 60 if fate == "late" else 15

    assert following_up.ask_whether_it_helped(now=timezone.now() + dt.timedelta(days=days)) == 0


def test_what_nobody_comes_back_to_is_closed_and_silence_is_told(alice: User) -> None:
    solved, silent = answered(alice), ask("Une question", email="other@example.org")
    answering.answer(ticket=silent, body="Welke taal?", by=alice, asks_back=True)
    letters()

    with time_machine.travel(timezone.now() + dt.timedelta(days=36)):
        assert following_up.close_quiet(now=timezone.now()) == 2
        assert following_up.close_quiet(now=timezone.now()) == 0
        sent = letters()

    for ticket in (solved, silent):
        ticket.refresh_from_db()
    assert [(ticket.state, ticket.outcome) for ticket in (solved, silent)] == [
        (TicketState.CLOSED, Outcome.SOLVED),
        (TicketState.CLOSED, Outcome.SILENT),
    ]
    assert [letter.to for letter in sent[-1:]] == [["other@example.org"]]
    assert "We vroegen u iets en hoorden niets meer." in sent[-1].body


def test_a_letter_about_what_is_erased_meanwhile_is_dropped(alice: User) -> None:
    ticket = answered(alice)
    handling.close(ticket=ticket, outcome=Outcome.SOLVED, by=alice)
    forgetting.forget(email="nele@example.org")

    assert letters() == []
    assert queries.participants_of(ticket) == set()
