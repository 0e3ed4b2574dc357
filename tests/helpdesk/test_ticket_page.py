"""The asker's page: what the link shows and to whom, replies, the place, whether it helped."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from basins.models import User
from core import signing
from directory.models import Service
from helpdesk import queries
from helpdesk.enums import Outcome, TicketState
from helpdesk.models import Ticket
from helpdesk.rules import answering, forgetting, handling, merging, routing
from tests.basins.people_tools import sign_in
from tests.directory.factories import service
from tests.factories import basin
from tests.helpdesk.tools import WORDS, ask

pytestmark = pytest.mark.django_db


def page_of(ticket: Ticket, language: str = "fr", name: str = "ticket") -> str:
    ticket = Ticket.objects.select_related("asker", "basin").get(pk=ticket.pk)
    with override(language):
        return queries.asker_url(name, ticket.asker, ticket.basin.code)


def test_the_page_shows_the_thread_and_says_why_this_basin(greet: Client, alice: User) -> None:
    ticket = ask()
    record = service(name_fr="Écoute de l’Exemple", name_nl="Gesprek")
    answering.answer(ticket=ticket, body="Essayez ceci.", records=[record.uuid], by=alice)
    handling.note(ticket=ticket, body="Secret entre collègues", by=alice)

    page = greet.get(page_of(ticket))

    with override("fr"):
        advice = str(answering.ADVICE)
    for words in (WORDS[:30], "Essayez ceci.", "Gesprek", advice, "Etterbeek", ticket.code):
        assert words in page.text
    assert "Secret entre collègues" not in page.text


def test_in_dutch_the_page_is_dutch(greet: Client) -> None:
    page = greet.get(page_of(ask(), "nl"))

    assert "/nl/zuid-oost/helpdesk/vraag/" in page.request["PATH_INFO"]
    assert "Goed aangekomen" in page.text


def test_nothing_on_the_way_keeps_or_lists_the_page(greet: Client) -> None:
    page = greet.get(page_of(ask()))

    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex", "same-origin")


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_link_that_is_not_ours_opens_nothing(greet: Client, language: str) -> None:
    ticket = ask()
    other = signing.make_token("helpdesk.other", ticket.asker.uuid)
    with override(language):
        url = page_of(ticket, language).replace(signing.make_token(queries.LINK, ticket.asker.uuid), other)
    wrong = re.sub(r"/([^/]+)/$", f"/{other}/", url)

    answer = greet.get(wrong)

    assert answer.status_code == 404
    assert WORDS[:30] not in answer.text


def test_after_a_hand_over_the_old_link_leads_to_the_new_basin(greet: Client, alice: User) -> None:
    ticket = ask()
    before = page_of(ticket)
    routing.hand_over(ticket=ticket, basin=basin("nord"), by=alice)

    answer = greet.get(f"{before}?helped=yes")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/fr/nord/helpdesk/demande/")
    assert answer["Location"].endswith("?helped=yes")


def test_the_link_of_a_merged_question_shows_where_it_went(greet: Client, alice: User) -> None:
    first, second = ask("Une question"), ask("La même question")
    before = page_of(first)
    merging.merge(ticket=first, into=second, by=alice)

    page = greet.get(before)

    assert ("Une question" in page.text, "La même question" in page.text) == (True, True)


def test_a_reply_lands_in_the_thread_and_opens_it_again(greet: Client, alice: User) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voilà.", by=alice)

    answer = greet.post(page_of(ticket), {"body": "C’est complet."}, follow=True)

    assert "Votre réponse est envoyée." in answer.text
    assert Ticket.objects.get().state == TicketState.OPEN
    assert list(ticket.messages.values_list("body", flat=True))[-1] == "C’est complet."


@pytest.mark.parametrize("body", ["", "Son numéro : 85.07.30-033.28", "x" * 8001])
def test_a_reply_that_may_not_stand_comes_back_with_what_was_typed(greet: Client, body: str) -> None:
    ticket = ask()

    answer = greet.post(page_of(ticket), {"body": body})

    assert answer.status_code == 422
    assert f"{body}</textarea>" in answer.text
    assert ticket.messages.count() == 1


def test_a_reply_that_may_tell_who_it_is_is_asked_about_first(greet: Client) -> None:
    ticket = ask()
    sent = {"body": "Appelez la garde au 0475 12 34 56"}

    first = greet.post(page_of(ticket), sent)
    found = re.search(r'name="confirm" value="(\w+)"', first.text)
    assert found is not None
    assert (first.status_code, ticket.messages.count()) == (422, 1)
    greet.post(page_of(ticket), {**sent, "confirm": found[1]})

    assert ticket.messages.count() == 2


def test_it_is_taken_out_of_a_reply_on_the_askers_word(greet: Client) -> None:
    ticket = ask()

    greet.post(page_of(ticket), {"body": "Son fils : 0475 12 34 56", "take_out": "1"})

    assert list(ticket.messages.values_list("body", flat=True))[-1] == "Son fils : [•••]"


def test_a_link_from_the_mail_says_nothing_by_itself_and_a_click_does(greet: Client, alice: User) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voilà.", by=alice)

    page = greet.get(f"{page_of(ticket)}?helped=partly")

    assert re.search(r'value="partly"[^>]*checked', page.text)
    assert Ticket.objects.get().helped == ""
    greet.post(page_of(ticket, name="helped"), {"helped": "partly", "words": "Trop loin."})
    assert (Ticket.objects.get().helped, Ticket.objects.get().helped_words) == ("partly", "Trop loin.")


def test_whether_it_helped_is_asked_by_post_alone_and_only_of_an_answer(greet: Client) -> None:
    ticket = ask()

    assert greet.get(page_of(ticket, name="helped")).status_code == 405
    assert greet.post(page_of(ticket, name="helped"), {"helped": "yes"}).status_code == 422
    assert Ticket.objects.get().helped == ""


def test_the_asker_says_that_the_person_lives_elsewhere(greet: Client) -> None:
    ticket = ask()

    answer = greet.post(page_of(ticket, name="place"), {"postcode": "1020", "basin": ""}, follow=True)

    assert Ticket.objects.get().basin.code == "nord"
    assert "1020" in answer.text


@pytest.mark.parametrize("sent", [{"postcode": "9000"}, {"postcode": "1040", "basin": "moon"}])
def test_a_place_that_is_none_is_said_at_its_field(greet: Client, sent: dict[str, str]) -> None:
    ticket = ask()

    answer = greet.post(page_of(ticket, name="place"), sent)

    assert answer.status_code == 422
    assert Ticket.objects.get().basin.code == "sud-est"


def test_a_record_that_is_no_longer_public_keeps_its_copy_and_loses_its_link(greet: Client, alice: User) -> None:
    ticket = ask()
    record = service(name_fr="Écoute", name_nl="Gesprek aan huis")
    answering.answer(ticket=ticket, body="", records=[record.uuid], by=alice)
    assert str(record.uuid) in greet.get(page_of(ticket)).text

    Service.objects.filter(pk=record.pk).update(visibility="professionals")

    page = greet.get(page_of(ticket)).text
    assert ("Gesprek aan huis" in page, str(record.uuid) in page) == (True, False)


def test_erased_words_are_said_to_be_erased(greet: Client, alice: User) -> None:
    ticket = handling.close(ticket=ask(), outcome=Outcome.WITHDRAWN, by=alice)
    url = page_of(ticket)
    forgetting.forget(email="nele@example.org")

    page = greet.get(url)

    assert "ont été effacés, comme promis" in page.text
    assert WORDS[:30] not in page.text
    assert greet.post(url, {"body": "Encore"}).status_code == 422


@pytest.mark.parametrize("number", [1, 3])
def test_a_long_thread_costs_no_more_queries_than_a_short_one(
    greet: Client, alice: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ticket = ask()
    for n in range(number):
        record = service(name_fr=f"Écoute {n}", name_nl=f"Gesprek {n}")
        seen = ticket.messages.last()
        answering.answer(
            ticket=ticket, body=f"Voilà {n}.", records=[record.uuid], by=alice, seen=seen.uuid if seen else None
        )
    url = page_of(ticket)
    greet.get(url)

    with django_assert_num_queries(8):
        greet.get(url)


def test_questions_stand_in_ones_own_space(client: Client, daan: User) -> None:
    ask(email="Daan@Example.org", subject="Aide ménagère")

    page: Any = sign_in(client, daan).get("/fr/mon-espace/")

    assert "Mes questions au helpdesk" in page.text
    assert "Aide ménagère" in page.text
