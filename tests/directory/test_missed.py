"""What was looked for in vain: counted without persons, looked at by the team; and what readers say is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from basins.models import Need, User
from basins.rules.people import NotYours
from directory.enums import CorrectionState, MissedVerdict
from directory.mission import mission
from directory.models import Correction, MissedSearch
from directory.rules import corrections, missed
from tests.basins.people_tools import at, staff_session
from tests.directory.factories import LocationFactory, OrganizationFactory, service

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)


def note(words: str = "parachute", *, postcode: str = "", basin: str | None = "sud-est", **values: Any) -> MissedSearch:
    missed.note(words=words, postcode=postcode, filters=(), basin=basin, **{"today": TODAY, **values})
    return MissedSearch.objects.get(words=missed.plain_words(words), postcode=postcode, basin__code=basin)


# --- Counting -------------------------------------------------------------------------------------
def test_the_same_search_again_is_the_same_row() -> None:
    note("Parachute  étanche")
    row = note("parachute etanche", today=TODAY + dt.timedelta(days=3))
    assert (row.times, row.first_on, row.last_on) == (2, TODAY, TODAY + dt.timedelta(days=3))


def test_another_place_is_another_row() -> None:
    note()
    note(postcode="1040")
    note(basin="nord")
    assert MissedSearch.objects.count() == 3


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Psy 1040", "psy 1040"),
        ("jean.dupont@example.org", ""),
        ("85.07.30-033.28", ""),
        ("appeler 0470 12 34 56", "appeler"),
        ("02/318.60.58 psy", "psy"),
        ("x" * 500, "x" * 60),
        ("<b>psy</b>", "b psy b"),
        ("'; DROP TABLE", "drop table"),
    ],
)
def test_what_may_be_somebodys_is_not_kept(typed: str, kept: str) -> None:
    assert missed.plain_words(typed) == kept


def test_nothing_is_counted_where_nothing_is_left_of_the_words() -> None:
    missed.note(words="85.07.30-033.28", postcode="", filters=(), basin=None, today=TODAY)
    assert not MissedSearch.objects.exists()


def test_what_nobody_looks_for_any_more_is_forgotten() -> None:
    note("ancien", today=TODAY - dt.timedelta(days=800))
    note("récent")
    assert missed.forget_before(TODAY - dt.timedelta(days=730)) == 1
    assert MissedSearch.objects.get().words == "recent"


# --- The team looks -------------------------------------------------------------------------------
def test_a_verdict_is_kept_with_who_gave_it(alice: User) -> None:
    row = missed.settle(missed=note(), verdict=MissedVerdict.AREA, remark=" pas ici ", by=alice)
    assert (row.verdict, row.note, row.settled_by) == ("area", "pas ici", alice)


def test_a_stranger_gives_no_verdict(daan: User) -> None:
    with pytest.raises(NotYours):
        missed.settle(missed=note(), verdict=MissedVerdict.AREA, remark="", by=daan)


def test_there_are_five_verdicts_and_no_other(alice: User) -> None:
    with pytest.raises(missed.VerdictMissing):
        missed.settle(missed=note(), verdict="other", remark="", by=alice)
    assert len(MissedVerdict) == 5


def test_what_does_not_exist_becomes_a_need_that_counts_as_often(alice: User) -> None:
    note()
    row = note()
    for _ in range(2):
        missed.raise_as_need(missed=row, title="Parachute", by=alice)
        row.refresh_from_db()
    need = Need.objects.get()
    assert (need, need.mentions.get().weight, need.basin is not None and need.basin.code) == (row.need, 2, "sud-est")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_is_by_frequency_and_costs_the_same(
    client: Client, alice: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(number):
        for _ in range(place + 1):
            note(f"mot{place}x")
    staff_session(client, alice)
    url = at("directory:staff_missed", basin="sud-est")
    client.get(url)
    with django_assert_num_queries(6):  # session, person, rights, second factor; how many; the rows
        page = client.get(url)
    assert [row.times for row in page.context["page"]] == sorted(range(1, number + 1), reverse=True)


def test_another_basins_searches_are_not_listed(client: Client, alice: User) -> None:
    note(basin="nord")
    missed.note(words="partout", postcode="", filters=(), basin=None, today=TODAY)
    page = staff_session(client, alice).get(at("directory:staff_missed", basin="sud-est"))
    assert [row.words for row in page.context["page"]] == ["partout"]


def test_looked_at_it_leaves_the_list_and_stands_under_its_verdict(client: Client, alice: User) -> None:
    row = note()
    staff_session(client, alice)
    url = at("directory:staff_missed_one", basin="sud-est", missed=row.uuid)
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"verdict": "no_offer", "note": "rien"}).status_code == 302
    listed = at("directory:staff_missed", basin="sud-est")
    assert list(client.get(listed).context["page"]) == []
    assert list(client.get(listed, {"verdict": "no_offer"}).context["page"]) == [row]


def test_who_keeps_no_directory_sees_none_of_it(client: Client, alice: User) -> None:
    row = note()
    staff_session(client, alice)
    closed = [
        at("directory:staff_missed", basin="nord"),
        at("directory:staff_missed_one", basin="nord", missed=row.uuid),
        at("directory:staff_corrections", basin="nord"),
    ]
    assert [client.get(url).status_code for url in closed] == [404, 404, 404]


# --- Corrections ----------------------------------------------------------------------------------
def test_a_correction_is_settled_and_opened_again(client: Client, alice: User) -> None:
    row = corrections.report(record=service(), words="Faux numéro", email="", language="fr")
    staff_session(client, alice)
    listed = at("directory:staff_corrections", basin="sud-est")
    assert [each["row"] for each in client.get(listed).context["rows"]] == [row]
    url = at("directory:staff_correction", basin="sud-est", correction=row.uuid)
    client.post(url, {"state": "done"})
    row.refresh_from_db()
    assert (row.state, row.settled_by) == (CorrectionState.DONE, alice)
    client.post(url, {"state": "received"})
    row.refresh_from_db()
    assert (row.state, row.settled_by, row.settled_at) == (CorrectionState.RECEIVED, None, None)


def test_a_state_that_is_none_changes_nothing(client: Client, alice: User) -> None:
    row = corrections.report(record=service(), words="Faux", email="", language="fr")
    staff_session(client, alice).post(
        at("directory:staff_correction", basin="sud-est", correction=row.uuid), {"state": "x"}
    )
    assert Correction.objects.get().state == CorrectionState.RECEIVED


def test_the_address_of_who_wrote_is_forgotten_and_the_words_stay() -> None:
    corrections.report(record=service(), words="Faux", email="Daan@example.org", language="fr")
    assert corrections.forget(email="daan@EXAMPLE.org") == 1
    assert Correction.objects.values_list("words", "email").get() == ("Faux", "")


def test_the_team_sees_what_a_correction_is_about(client: Client, alice: User) -> None:
    place = LocationFactory(name_fr="Antenne")
    nameless = LocationFactory()
    for record in (service(name_fr="Écoute"), nameless.organization, place, nameless):
        corrections.report(record=record, words="Faux", email="", language="fr")
    rows = staff_session(client, alice).get(at("directory:staff_corrections", basin="sud-est")).context["rows"]
    named = nameless.organization
    assert [str(each["record"]) for each in rows] == ["Écoute", str(named), str(place), str(named)]
    assert [each["owner"] for each in rows][1:] == [named, place.organization, named]


def test_a_correction_is_about_one_record() -> None:
    made = service()
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(words="Faux", language="fr")
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(words="Faux", language="fr", service=made, organization=made.organization)


def test_what_somebody_wrote_of_an_organisation_is_among_what_is_kept_of_them() -> None:
    organization = OrganizationFactory(name_fr="Équipe")
    corrections.report(record=organization, words="Faux", email="daan@example.org", language="fr")
    (kept,) = mission.personal_data("daan@example.org")
    assert kept.fields["record"] == "Équipe"
