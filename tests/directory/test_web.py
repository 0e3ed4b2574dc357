"""The public pages of the directory: search, a record, an organisation, what is wrong, what is missing."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from basins.models import Need, User
from directory.models import Correction, MissedSearch, Service
from directory.rules import limits, merging, records
from directory.search import finder
from tests.basins.people_tools import at, sign_in
from tests.directory.factories import LocationFactory, OrganizationFactory, service
from tests.directory.search_tools import write

pytestmark = pytest.mark.django_db

ONE_HOUR = dt.datetime(2026, 11, 23, 9, 5, tzinfo=dt.UTC)


def search(client: Client, *, basin: str | None = "sud-est", **params: Any) -> Any:
    url = at("directory:search", basin=basin) if basin else at("directory_region:search")
    return client.get(url, params)


def listed(answer: Any) -> list[str]:
    return [str(card.service) for card in answer.context["cards"]]


def page_of(made: Service, name: str = "record") -> str:
    return at(f"directory_region:{name}", record=made.uuid)


# --- Search ---------------------------------------------------------------------------------------
def test_a_basin_finds_what_serves_it_and_leads_to_the_rest(greet: Client) -> None:
    write("Ici", areas=["basin:sud-est"])
    write("Ailleurs", areas=["basin:nord"])
    write("Partout", areas=["region"])
    page = search(greet)
    assert sorted(listed(page)) == ["Ici", "Partout"]
    (chip,) = page.context["chips"]
    assert sorted(listed(greet.get(f"{page.context['address']}?{chip.query}"))) == ["Ailleurs", "Ici", "Partout"]


def test_the_region_asks_for_no_basin(greet: Client) -> None:
    write("Ici", areas=["basin:sud-est"])
    write("Ailleurs", areas=["basin:nord"])
    assert sorted(listed(search(greet, basin=None))) == ["Ailleurs", "Ici"]


def test_the_link_keeps_the_search(greet: Client) -> None:
    write("Soins à Etterbeek", terms=["themes:nursing"], areas=["municipality:21005"], home_visits=True)
    page = search(
        greet, q="soins", theme="nursing", served="1040", **{"with": "home_visits"}, near="1040", sort="fresh"
    )
    assert page.context["query"] == "q=soins&near=1040&theme=nursing&served=1040&with=home_visits&sort=fresh"
    assert listed(greet.get(f"{page.context['address']}?{page.context['query']}")) == ["Soins à Etterbeek"]


def test_each_filter_can_be_taken_away(greet: Client) -> None:
    write("Soins", terms=["themes:nursing"], areas=["region"])
    page = search(greet, theme=["nursing", "grief"], basin=None)
    assert [(chip.label, chip.query) for chip in page.context["chips"]] == [
        ("Soins infirmiers", "theme=grief"),
        ("Deuil", "theme=nursing"),
    ]


def test_a_choice_stays_chosen_and_has_its_count(greet: Client) -> None:
    write("Soins", terms=["themes:nursing"], areas=["region"])
    page = search(greet, theme="nursing")
    box = re.search(r'<input type="checkbox" name="theme" value="nursing"[^>]*>.*?<span class="n">(\d+)', page.text)
    assert box is not None
    assert ("checked" in box[0], box[1]) == (True, "1")


def test_nothing_found_says_what_to_drop_and_whom_to_ask(greet: Client) -> None:
    write("Dentiste", terms=["themes:dental-care"], areas=["basin:nord"])
    page = search(greet, q="dentiste", theme="dental-care")
    assert [(drop.label, drop.total) for drop in page.context["drops"]] == [("Bassin Sud-Est", 1)]
    assert page.text.count("tel:+3223186058") == 3  # beside, in the empty list, and in the footer
    assert listed(greet.get(f"{page.context['address']}?{page.context['drops'][0].query}")) == ["Dentiste"]


def test_what_was_not_found_is_counted_without_who_asked(greet: Client, alice: User) -> None:
    write("Dentiste", areas=["region"])
    for client in (greet, sign_in(Client(), alice)):
        search(client, q="Parachute  Étanche", theme="nursing", near="1040")
    row = MissedSearch.objects.values("words", "postcode", "filters", "basin__code", "times", "verdict").get()
    assert row == {
        "words": "parachute etanche",
        "postcode": "1040",
        "filters": ["theme=nursing"],
        "basin__code": "sud-est",
        "times": 2,
        "verdict": "",
    }


def test_what_was_found_is_not_counted(greet: Client) -> None:
    write("Dentiste", areas=["region"])
    search(greet, q="dentiste")
    search(greet, q="tandarts")
    search(greet)
    assert not MissedSearch.objects.exists()


def test_a_script_gets_the_part_that_changes(greet: Client) -> None:
    write("Dentiste", areas=["region"])
    url = at("directory:search", basin="sud-est")
    part = greet.get(url, {"q": "dentiste"}, headers={"HX-Request": "true", "HX-Target": "found"})
    assert (part.text.count("<html"), part.text.count('id="found"')) == (0, 1)
    assert part["HX-Push-Url"] == f"{url}?q=dentiste"
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize(
    "params",
    [
        *({"page": "0"}, {"page": "x"}, {"page": "²"}, {"page": "99999999"}, {"page": "-1"}, {"sort": "distance"}),
        *({"near": "9999"}, {"near": "'"}, {"theme": "nothing"}, {"with": "nothing"}, {"sort": "x"}, {"q": "x" * 5000}),
        *(
            {"theme": ["x"] * 200},
            {"served": "abcd"},
            {"q": "\u202e\x07"},
            {"lang": "x"},
            {"all": "on", "near": "1040"},
        ),
    ],
)
def test_an_address_that_makes_no_sense_shows_more_rather_than_an_error(greet: Client, params: dict[str, Any]) -> None:
    write("Dentiste", areas=["region"])
    assert search(greet, **params).status_code == 200


def test_a_page_too_far_is_the_last_one(greet: Client) -> None:
    for number in range(3):
        write(f"Fiche {number}", areas=["region"])
    assert len(listed(search(greet, page="40"))) == 3


def test_an_unknown_postcode_is_said_at_its_field(greet: Client) -> None:
    page = search(greet, near="9000")
    assert (page.text.count('aria-invalid="true"'), page.text.count('id="near-error"')) == (1, 1)


def test_strangers_do_not_find_what_is_for_professionals(greet: Client, daan: User) -> None:
    write("Réservé", areas=["region"], visibility="professionals")
    assert listed(search(greet)) == []
    assert listed(search(sign_in(Client(), daan))) == ["Réservé"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_many(
    greet: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        place = LocationFactory()
        write("Dentiste", organization=place.organization, places=[str(place.uuid)], areas=["region"], languages=["fr"])
    search(greet, q="dentiste")
    finder.forget_answers()
    # Words; answer; records; their territory, places, phones, languages and those' names, organisations' phones.
    with django_assert_num_queries(9):
        assert len(listed(search(greet, q="dentiste"))) == number


# --- A record -------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 3])
def test_a_record_costs_the_same_however_much_hangs_on_it(
    greet: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    organization = OrganizationFactory()
    places = [LocationFactory(organization=organization) for _ in range(number)]
    made = service(
        organization,
        places=[str(place.uuid) for place in places],
        phones=[{"number": f"02 318 60 5{n}"} for n in range(number)],
        terms=["themes:grief", "themes:dementia", "audiences:children"][:number],
        languages=["fr", "nl", "en"][:number],
    )
    greet.get(page_of(made))
    with django_assert_num_queries(20):
        assert greet.get(page_of(made)).status_code == 200


def test_a_missing_translation_is_said(greet: Client) -> None:
    made = service(name_fr="Écoute", name_nl="", description_fr="Pour parler.")
    page = greet.get(at("directory_region:record", "nl", record=made.uuid)).text
    assert page.count('<span lang="fr">Écoute</span>') >= 1
    assert page.count("alleen in het Frans") >= 1


def test_what_is_for_professionals_is_404_for_strangers(greet: Client, daan: User) -> None:
    made = service(visibility="on_referral")
    assert (greet.get(page_of(made)).status_code, sign_in(Client(), daan).get(page_of(made)).status_code) == (404, 200)


def test_lines_for_professionals_are_not_given_to_strangers(greet: Client, daan: User) -> None:
    made = service(phones=[{"number": "02 318 60 58", "professionals_only": True}])
    shown = [
        client.get(at("directory:record", basin="sud", record=made.uuid)).text.count("tel:+3223186058")
        for client in (greet, sign_in(Client(), daan))
    ]
    assert shown == [0, 1]


def test_the_address_of_a_shelter_is_not_shown(greet: Client) -> None:
    place = LocationFactory(street_fr="Rue Cachée 3", hides_address=True)
    made = service(place.organization, places=[str(place.uuid)])
    urls = [page_of(made), at("directory_region:organization", organization=place.organization.uuid)]
    assert [greet.get(url).text.count("Cachée") for url in urls] == [0, 0]


def test_the_address_of_a_merged_record_leads_to_what_it_is_now(greet: Client, alice: User) -> None:
    organization = OrganizationFactory()
    old, new = service(organization, name_fr="Jadis"), service(organization, name_fr="Nouveau")
    address = page_of(old)
    merging.merge_services(services=[old], into=new, by=alice)
    answer = greet.get(address)
    assert (answer.status_code, answer["Location"]) == (301, page_of(new))
    assert greet.get(page_of(new)).text.count("Jadis") == 1


def test_the_address_of_a_removed_record_says_so(greet: Client, alice: User) -> None:
    made = service()
    address = page_of(made)
    records.remove_service(service=made, by=alice)
    assert greet.get(address).status_code == 410


def test_an_address_of_nothing_is_404(greet: Client) -> None:
    assert greet.get(at("directory_region:record", record=uuid4())).status_code == 404


def test_a_merged_organisation_leads_to_the_one_it_is_part_of(greet: Client, alice: User) -> None:
    old, new = OrganizationFactory(), OrganizationFactory()
    merging.merge_organizations(organizations=[old], into=new, by=alice)
    answer = greet.get(at("directory_region:organization", organization=old.uuid))
    assert (answer.status_code, answer["Location"]) == (301, at("directory_region:organization", organization=new.uuid))


def test_an_organisation_lists_what_the_reader_may_see(greet: Client, daan: User) -> None:
    organization = OrganizationFactory()
    service(organization, name_fr="Ouvert")
    service(organization, name_fr="Réservé", visibility="professionals")
    url = at("directory_region:organization", organization=organization.uuid)
    assert listed(greet.get(url)) == ["Ouvert"]
    assert sorted(listed(sign_in(Client(), daan).get(url))) == ["Ouvert", "Réservé"]


# --- What readers tell ----------------------------------------------------------------------------
def test_what_is_wrong_is_kept_for_the_team(greet: Client) -> None:
    made = service()
    answer = greet.post(page_of(made, "wrong"), {"words": "Le numéro a changé.", "email": "Daan@Example.org"})
    kept = Correction.objects.get()
    assert (answer.status_code, kept.service, kept.words, kept.email) == (
        302,
        made,
        "Le numéro a changé.",
        "daan@example.org",
    )


@pytest.mark.parametrize("typed", [{}, {"words": " "}, {"words": "x", "email": "x"}, {"words": "85.07.30-033.28"}])
def test_what_cannot_be_kept_comes_back(greet: Client, typed: dict[str, str]) -> None:
    answer = greet.post(page_of(service(), "wrong"), typed)
    assert (answer.status_code, Correction.objects.count()) == (422, 0)


def test_an_organisation_and_a_place_can_be_wrong_as_well(greet: Client) -> None:
    place = LocationFactory()
    page = at("directory_region:organization", organization=place.organization.uuid)
    context = greet.get(page).context
    ((_place, _is_shown, place_url),) = context["places"]
    for url, words in ((context["wrong_url"], "Faux nom"), (place_url, "Il y a des marches")):
        assert greet.get(url).status_code == 200
        answer = greet.post(url, {"words": words})
        assert (answer.status_code, answer["Location"]) == (302, page)
    assert [(row.record, row.words) for row in Correction.objects.order_by("pk")] == [
        (place.organization, "Faux nom"),
        (place, "Il y a des marches"),
    ]


def test_a_records_page_leads_to_the_form_of_its_place(greet: Client) -> None:
    place = LocationFactory(name_fr="Antenne")
    made = service(place.organization, places=[str(place.uuid)])
    (shown,) = greet.get(page_of(made)).context["view"].places
    assert f'<a href="{shown.wrong_url}">' in greet.get(page_of(made)).text
    assert "Antenne" in greet.get(shown.wrong_url).text


def test_the_form_of_a_shelter_does_not_tell_its_address(greet: Client) -> None:
    place = LocationFactory(street_fr="Rue Cachée 1", hides_address=True)
    page = greet.get(at("directory_region:wrong_place", location=place.uuid))
    assert (page.status_code, "Cachée" in page.text) == (200, False)


@pytest.mark.parametrize("name", ["wrong_organization", "wrong_place"])
def test_the_form_of_nothing_is_404(greet: Client, name: str) -> None:
    key: dict[str, Any] = {"organization" if name == "wrong_organization" else "location": uuid4()}
    assert greet.get(at(f"directory_region:{name}", **key)).status_code == 404


def test_the_form_of_a_merged_organisation_leads_to_the_one_it_is_part_of(greet: Client, alice: User) -> None:
    old, new = OrganizationFactory(), OrganizationFactory()
    merging.merge_organizations(organizations=[old], into=new, by=alice)
    answer = greet.get(at("directory_region:wrong_organization", organization=old.uuid))
    assert answer["Location"] == at("directory_region:wrong_organization", organization=new.uuid)


def test_what_is_missing_becomes_a_need_of_the_basin(greet: Client) -> None:
    url = at("directory:missing", basin="sud-est")
    assert greet.get(url, {"q": "psy à domicile"}).text.count('value="psy à domicile"') == 1
    for _ in range(2):
        assert greet.post(url, {"title": "Psy à domicile", "words": "Couple âgé"}).status_code == 302
    need = Need.objects.get()
    assert (need.title_fr, need.basin is not None and need.basin.code, need.mentions.count()) == (
        "Psy à domicile",
        "sud-est",
        2,
    )


# --- Not more than a team writes ------------------------------------------------------------------
def test_one_network_writes_so_much_in_an_hour_and_loses_nothing(
    greet: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MESSAGES_PER_HOUR", 2)
    wrong = page_of(service(), "wrong")
    missing = at("directory:missing", basin="sud-est")
    with time_machine.travel(ONE_HOUR, tick=False):
        assert greet.post(wrong, {"words": "Un"}, REMOTE_ADDR="192.0.2.7").status_code == 302
        assert greet.post(missing, {"title": "Deux"}, REMOTE_ADDR="192.0.2.7").status_code == 302
        for url, typed in ((wrong, {"words": "Mon long récit"}), (missing, {"title": "Mon long récit"})):
            answer = greet.post(url, typed, REMOTE_ADDR="192.0.2.7")
            assert (answer.status_code, answer.text.count("Mon long récit")) == (429, 1)
        assert greet.post(wrong, {"words": "Ailleurs"}, REMOTE_ADDR="192.0.2.8").status_code == 302
    with time_machine.travel(ONE_HOUR + dt.timedelta(hours=1), tick=False):
        assert greet.post(wrong, {"words": "Plus tard"}, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert sorted(Correction.objects.values_list("words", flat=True)) == ["Ailleurs", "Plus tard", "Un"]
    assert Need.objects.count() == 1


def test_what_is_refused_anyway_is_not_counted(greet: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MESSAGES_PER_HOUR", 1)
    wrong = page_of(service(), "wrong")
    with time_machine.travel(ONE_HOUR, tick=False):
        assert greet.post(wrong, {"words": "85.07.30-033.28"}, REMOTE_ADDR="192.0.2.9").status_code == 422
        assert greet.post(wrong, {"words": "Un"}, REMOTE_ADDR="192.0.2.9").status_code == 302
