"""Site search: folded, ranked, in the basin first, and safe whatever is typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from basins import search
from basins.rules import routing
from opendoors import queries
from opendoors.models import Edition
from tests.basins.pages import url
from tests.factories import NewsItemFactory, basin
from tests.opendoors.factories import EditionFactory, HostFactory

pytestmark = pytest.mark.django_db


def titles(response: Any) -> list[str]:
    return [hit.title.value for hit, _title, _basin in response.context["hits"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Équipe mobile", 1.0),
        ("mobile equipe", 0.8),
        ("EQUIP", 0.75),
        ("equipe logement", 0.55),
        ("logement", 0.4),
        ("equipe avion", 0.0),
        ("", 0.0),
        ("!!!", 0.0),
    ],
)
def test_score_of_what_was_typed(query: str, expected: float) -> None:
    assert search.score(query, ["équipe  mobile"], ["Aide au logement"]) == pytest.approx(expected)


def test_the_best_hit_comes_first(client: Client) -> None:
    NewsItemFactory(title_fr="Autre chose", body_fr="On parle de vaccination.")
    NewsItemFactory(title_fr="Vaccination", title_nl="Inenting")
    NewsItemFactory(title_fr="Vaccination contre la grippe")

    response = client.get(url("search"), {"q": "VACCINATION"})

    assert titles(response) == ["Vaccination", "Vaccination contre la grippe", "Autre chose"]


def test_what_was_written_in_the_other_language_is_found_too(client: Client) -> None:
    NewsItemFactory(title_fr="Vaccination", title_nl="Inenting")

    response = client.get(url("search"), {"q": "inenting"})

    assert titles(response) == ["Vaccination"]


def test_a_basin_is_searched_alone_until_all_are_asked_for(client: Client) -> None:
    NewsItemFactory(title_fr="Vaccination au nord", basin=basin("nord"))

    here = client.get(url("search"), {"q": "vaccination"})
    everywhere = client.get(url("search"), {"q": "vaccination", "all": "on"})

    assert titles(here) == []
    assert titles(everywhere) == ["Vaccination au nord"]


def test_nothing_found_proposes_to_widen_and_whom_to_call(client: Client) -> None:
    page = client.get(url("search"), {"q": "zzz"}).content.decode()

    assert f'href="{url("search")}?q=zzz&amp;all=on"' in page
    assert 'href="tel:+3223186058"' in page


def test_where_no_phone_is_known_those_that_are_known_are_shown(client: Client) -> None:
    page = client.get(url("search", basin="nord"), {"q": "zzz"}).content.decode()

    assert page.count('href="tel:') == 2


def test_a_word_counts_more_than_the_beginning_of_one(client: Client) -> None:
    edition = EditionFactory()
    HostFactory(edition=edition, name="Les Verts Matins")
    HostFactory(edition=edition, name="SSM Le Chien Vert")
    HostFactory(edition=edition, name="La Maison Ouverte asbl")

    response = client.get(url("search"), {"q": "vert"})

    assert titles(response) == ["SSM Le Chien Vert", "Les Verts Matins"]


def test_what_is_over_comes_last(client: Client) -> None:
    today = timezone.localdate()
    past = EditionFactory()
    Edition.objects.filter(pk=past.pk).update(
        starts_on=today - dt.timedelta(days=5), ends_on=today - dt.timedelta(days=1)
    )
    HostFactory(edition=past, name="Tela")
    coming = HostFactory(edition=EditionFactory(), name="Tela asbl")

    response = client.get(url("search"), {"q": "tela"})

    assert titles(response) == [coming.name, "Tela"]


@pytest.mark.parametrize("words", ["portes ouvertes", "opendeurweek", "Semaine portes ouvertes"])
def test_open_doors_finds_the_weeks_and_their_page(client: Client, words: str) -> None:
    edition = EditionFactory()
    NewsItemFactory(title_fr="Après les portes ouvertes")

    response = client.get(url("search"), {"q": words})

    addresses = [hit.url for hit, _title, _basin in response.context["hits"]]
    with override("fr"):
        assert queries.week_url(edition) in addresses
        assert reverse("opendoors:editions", kwargs={"basin": "sud-est"}) in addresses


@pytest.mark.parametrize("postcode", ["1040", "1000", "1050", "1082", "1170"])
def test_a_postcode_has_the_candidates_of_the_page_for_it(client: Client, postcode: str) -> None:
    response = client.get(url("search"), {"q": f" {postcode} "})

    found = [(hit.basin_code, hit.excerpt) for hit, _title, _basin in response.context["hits"]]
    with override("fr"):
        expected = [(each.basin.code if each.basin else None, each.reason) for each in routing.candidates(postcode)]
    assert found == expected


def test_a_postcode_that_nobody_knows_finds_nothing(client: Client) -> None:
    assert titles(client.get(url("search"), {"q": "9000"})) == []


@pytest.mark.parametrize("words", ["helpdesk", "téléphone", "telefoon"])
def test_helpdesks_are_found_and_those_not_known_say_so(client: Client, words: str) -> None:
    response = client.get(url("search", basin="centre-ouest"), {"q": words})

    # The form by which one asks in writing is found by its own name, too.
    hits = [hit for hit, _title, _basin in response.context["hits"] if not hit.url.endswith("/helpdesk/")]
    assert [hit.basin_code for hit in hits] == ["centre-ouest", "sud-est", "nord", "nord-est", "sud"]
    assert "02\N{NO-BREAK SPACE}880\N{NO-BREAK SPACE}29\N{NO-BREAK SPACE}87" in hits[0].excerpt
    with override("fr"):
        assert hits[-1].excerpt == gettext("We were not given a phone number for the helpdesk of this basin.")


def test_a_basins_name_alone_does_not_find_its_helpdesk(client: Client) -> None:
    response = client.get(url("search"), {"q": "nord-est"})

    assert [hit.basin_code for hit, _title, _basin in response.context["hits"]] == ["nord-est"]


@pytest.mark.parametrize(("words", "code"), [("Etterbeek", "sud-est"), ("laken", "nord"), ("1082", "nord")])
def test_a_place_finds_its_basin(client: Client, words: str, code: str) -> None:
    response = client.get(url("search", basin=None), {"q": words})

    assert [hit.basin_code for hit, _title, _basin in response.context["hits"]] == [code]


def test_a_place_outside_the_basin_is_found_from_within_it(client: Client) -> None:
    response = client.get(url("search"), {"q": "Jette"})

    assert [hit.basin_code for hit, _title, _basin in response.context["hits"]] == ["nord"]


def test_nothing_typed_finds_nothing(client: Client) -> None:
    response = client.get(url("search"))

    assert response.status_code == 200
    assert titles(response) == []


@pytest.mark.parametrize(
    "words", ["'; DROP TABLE x; --", "%%%", "\\", "<script>alert(1)</script>", "\u202e\u0007", "(", "é" * 200, "😀"]
)
def test_hostile_words_are_only_words(client: Client, words: str) -> None:
    response = client.get(url("search"), {"q": words})

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_words_without_end_are_refused_in_words(client: Client) -> None:
    response = client.get(url("search"), {"q": "x" * 10_000})

    assert response.status_code == 200
    assert len(response.context["form"].errors["q"]) == 1


def test_a_nul_byte_is_refused(client: Client) -> None:
    assert client.get(url("search") + "?q=%00").status_code == 400


def test_many_hits_come_in_pages(client: Client) -> None:
    NewsItemFactory.create_batch(25, title_fr="Vaccination")

    response = client.get(url("search"), {"q": "vaccination", "page": "2"})

    assert len(titles(response)) == 5


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_list_do_not_grow(client: Client, number: int, django_assert_num_queries: Any) -> None:
    client.get(url("search"), {"q": "vaccination"})
    NewsItemFactory.create_batch(number, title_fr="Vaccination")

    # basin, news, series, meetings, two of consultations, hosts, editions, cases; whether the directory changed
    with django_assert_num_queries(10):
        client.get(url("search"), {"q": "vaccination"})
