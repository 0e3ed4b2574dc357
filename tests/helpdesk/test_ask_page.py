"""The form: what is shown, what is asked back, what is kept when something is wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from basins.models import User
from directory.rules import indexing
from helpdesk.enums import RoutingReason
from helpdesk.models import Message, Ticket
from tests.basins.people_tools import sign_in
from tests.directory.factories import service, term
from tests.helpdesk.tools import WORDS

pytestmark = pytest.mark.django_db

ASK, ASK_NL, REGION = "/fr/sud-est/helpdesk/", "/nl/zuid-oost/helpdesk/", "/fr/helpdesk/"
SENT = {"body": WORDS, "postcode": "1040", "name": "Nele", "email": "nele@example.org"}


def digest_in(page: Any) -> str:
    found = re.search(r'name="confirm" value="(\w+)"', page.text)
    assert found is not None
    return found[1]


def test_a_question_is_sent_and_leads_to_its_page(greet: Client) -> None:
    answer = greet.post(ASK, SENT, follow=True)

    ticket = Ticket.objects.get()
    assert [status for _url, status in answer.redirect_chain] == [302]
    assert ticket.code in answer.text
    assert "Merci\u00a0: le helpdesk a votre question." in answer.text
    assert (ticket.asker.email, ticket.asker.language, ticket.basin.code) == ("nele@example.org", "fr", "sud-est")


def test_in_dutch_all_of_it_is_dutch(greet: Client) -> None:
    page = greet.get(ASK_NL)
    greet.post(ASK_NL, SENT)

    assert "Wat zoekt u, en in welke situatie?" in page.text
    assert Ticket.objects.get().asker.language == "nl"


def test_the_form_of_the_region_needs_a_place_or_a_basin(greet: Client) -> None:
    nowhere = greet.post(REGION, {**SENT, "postcode": ""})

    assert nowhere.status_code == 422
    assert "choisissez un bassin" in nowhere.text
    greet.post(REGION, {**SENT, "postcode": "", "basin": "nord"})
    assert (Ticket.objects.get().basin.code, Ticket.objects.get().routing) == ("nord", RoutingReason.CHOSEN)


def test_on_the_page_of_a_basin_the_place_still_decides(greet: Client) -> None:
    greet.post(ASK, {**SENT, "postcode": "1020"})

    assert Ticket.objects.get().basin.code == "nord"


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(greet: Client) -> None:
    answer = greet.post(ASK, {**SENT, "email": "nele", "postcode": "9000", "phone": "02 345 67 89"})

    assert answer.status_code == 422
    assert Ticket.objects.count() == 0
    for typed in (WORDS, 'value="nele"', 'value="9000"', 'value="02 345 67 89"'):
        assert typed in answer.text
    assert "Écrivez votre adresse e-mail" in answer.text


@pytest.mark.parametrize("written", ["1150 Woluwe-Saint-Pierre", "B-1150", " 1 150 ", "Woluwe (1150)"])
def test_a_postcode_is_read_as_people_write_it(greet: Client, written: str) -> None:
    greet.post(REGION, {**SENT, "postcode": written})

    assert Ticket.objects.get().postcode == "1150"


def test_a_text_that_is_too_long_comes_back_whole(greet: Client) -> None:
    long = "Aide à domicile ? " * 600

    answer = greet.post(ASK, {**SENT, "body": long})

    assert (answer.status_code, answer.context["form"]["body"].value()) == (422, long)
    assert answer.context["form"].errors["body"] == ["C’est trop long\N{NO-BREAK SPACE}: au plus 8000 caractères."]
    assert "maxlength" not in str(answer.context["form"]["body"])


def test_a_postcode_outside_the_region_is_said_at_its_field(greet: Client) -> None:
    answer = greet.post(ASK, {**SENT, "postcode": "9000"})

    assert answer.status_code == 422
    assert 'id="id_postcode_error"' in answer.text


def test_a_national_number_is_refused_in_words(greet: Client) -> None:
    answer = greet.post(ASK, {**SENT, "body": "Son numéro est le 85.07.30-033.28."})

    assert answer.status_code == 422
    assert 'id="id_body_error"' in answer.text
    assert Ticket.objects.count() == 0


def test_what_may_tell_who_it_is_is_shown_first_and_sent_once_confirmed(greet: Client) -> None:
    sent = {**SENT, "body": "Le service de garde répond au 0475 12 34 56."}

    first = greet.post(ASK, sent)
    assert (first.status_code, Ticket.objects.count()) == (422, 0)
    assert "0475 12 34 56</mark>" in first.text
    greet.post(ASK, {**sent, "confirm": digest_in(first)})

    assert Message.objects.get().body == sent["body"]


def test_a_yes_is_given_to_what_was_shown_and_to_nothing_typed_since(greet: Client) -> None:
    sent = {**SENT, "body": "Le service de garde répond au 0475 12 34 56."}
    digest = digest_in(greet.post(ASK, sent))

    answer = greet.post(ASK, {**sent, "body": sent["body"] + " Née le 12/03/1941.", "confirm": digest})

    assert (answer.status_code, Ticket.objects.count()) == (422, 0)


def test_it_is_taken_out_on_the_askers_word(greet: Client) -> None:
    greet.post(ASK, {**SENT, "body": "Madame vit seule, 0475 12 34 56.", "take_out": "1"})

    assert Message.objects.get().body == "Madame vit seule, [•••]."


def test_without_a_script_a_button_shows_what_the_directory_has(greet: Client) -> None:
    service(name_fr="Écoute de l’Exemple", name_nl="Gesprek", terms=["themes:psychological-support"])
    indexing.catch_up()
    words = "Un soutien psychologique pour un couple"

    answer = greet.post(ASK, {**SENT, "body": words, "look": "1"})

    assert answer.status_code == 200
    assert "Écoute de l’Exemple" in answer.text
    assert f"{words}</textarea>" in answer.text
    assert Ticket.objects.count() == 0


def test_suggestions_come_for_a_long_text_by_the_words_we_have_terms_for(greet: Client) -> None:
    name = term("themes", "psychological-support").name_fr
    service(name_fr="Écoute de l’Exemple", name_nl="Gesprek", terms=["themes:psychological-support"])
    indexing.catch_up()
    text = f"Bonjour, je cherche depuis des semaines, pour une voisine de mon patient, quelque chose comme du {name}."

    page = greet.post("/fr/sud-est/helpdesk/suggestions/", {"body": text})

    assert "Écoute de l’Exemple" in page.text
    assert "<html" not in page.text


SUGGESTIONS = "/fr/sud-est/helpdesk/suggestions/"
UNKNOWN = "Cherche une remorque avec rampe, quelqu’un peut la prêter ?"


def test_a_text_without_known_terms_is_looked_for_by_its_own_words(greet: Client) -> None:
    service(name_fr="Prêt de remorque à rampe", name_nl="Aanhangwagen")
    service(name_fr="Quelqu’un pour jouer", name_nl="Spel")
    indexing.catch_up()

    page = greet.post(SUGGESTIONS, {"body": UNKNOWN})

    assert [name in page.text for name in ("Prêt de remorque à rampe", "Quelqu’un pour jouer")] == [True, False]


def test_what_was_chosen_finds_where_words_do_not(greet: Client) -> None:
    audience = term("audiences", "children")
    service(name_fr="Maison des enfants", name_nl="Kinderhuis", terms=["audiences:children"])
    service(name_fr="Autre chose", name_nl="Iets anders")
    indexing.catch_up()

    page = greet.post(SUGGESTIONS, {"body": UNKNOWN, "audience": str(audience.uuid), "theme": "x"})

    assert [name in page.text for name in ("Maison des enfants", "Autre chose")] == [True, False]


def test_where_nothing_fits_the_places_near_by_that_receive_anybody(greet: Client) -> None:
    service(name_fr="Porte d’Etterbeek", name_nl="Deur", kind="welcome_point", areas=["region"])
    service(name_fr="Autre chose", name_nl="Iets anders", areas=["region"])
    indexing.catch_up()

    pages = [greet.post(SUGGESTIONS, {"body": UNKNOWN, "postcode": code}).text for code in ("1040", "")]

    assert ["Porte d’Etterbeek" in page for page in pages] == [True, False]
    assert "Rien avec ces mots" in pages[0]
    assert "Autre chose" not in pages[0]


def test_without_a_script_enter_sends_the_question(greet: Client) -> None:
    """A browser presses the first button of the form: it must be the one that sends."""
    form = greet.get(ASK).text.partition('<form class="stack" method="post"')[2]

    assert re.findall(r"<button[^>]*>", form.partition("</form>")[0])[0] == '<button class="btn" type="submit">'


def test_suggestions_point_out_what_may_tell_who_it_is_and_keep_nothing(greet: Client) -> None:
    page = greet.post("/nl/zuid-oost/helpdesk/suggesties/", {"body": "Mevrouw, 0475 12 34 56, geboren op 12/03/1941"})

    assert ("0475 12 34 56" in page.text, "12/03/1941" in page.text) == (True, True)
    assert Ticket.objects.count() == 0


def test_suggestions_are_asked_for_by_post_so_that_no_words_stand_in_an_address(greet: Client) -> None:
    assert greet.get("/fr/sud-est/helpdesk/suggestions/").status_code == 405


def test_words_that_found_nothing_are_filled_in(greet: Client) -> None:
    page = greet.get(ASK, {"q": "baluchonnage <b>", "near": "1040"})

    assert "baluchonnage &lt;b&gt;</textarea>" in page.text
    assert 'value="1040"' in page.text


def test_who_is_signed_in_types_no_name(client: Client, daan: User) -> None:
    page = sign_in(client, daan).get(ASK)

    assert ('value="Daan"' in page.text, 'value="daan@example.org"' in page.text) == (True, True)


def test_there_is_no_field_for_the_person(greet: Client) -> None:
    names = set(re.findall(r'name="(\w+)"', greet.get(ASK).text.partition("<main")[2]))

    assert names - {"csrfmiddlewaretoken", "look", "once"} == {
        *("body", "postcode", "name", "email", "basin", "kind", "theme", "audience"),
        *("organisation", "profession", "phone"),
    }


def test_sent_twice_from_one_page_is_one_question(greet: Client) -> None:
    found = re.search(r'name="once" value="([\w-]+)"', greet.get(ASK).text)
    assert found is not None
    for _ in range(2):
        greet.post(ASK, {**SENT, "once": found[1]})

    assert Ticket.objects.count() == 1
