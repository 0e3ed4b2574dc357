"""The team's desk: the list, one record, its form, the organisation around it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from basins.models import User
from basins.rules.people import NotYours
from directory.documents import document_of
from directory.enums import ChangeAction, TextState
from directory.errors import RecordRefused
from directory.models import Location, Organization, RecordChange, Service, SourceRecord
from directory.rules import indexing, merging, records, undoing
from tests.basins.people_tools import staff_session
from tests.directory.desk_tools import desk, filled_in, send
from tests.directory.factories import ContactFactory, LocationFactory, OrganizationFactory, SourceFactory, service
from tests.directory.world import TEXTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(client: Client, alice: User) -> Client:
    """Alice at work."""
    return staff_session(client, alice)


def full_record() -> Service:
    place = LocationFactory()
    return service(
        place.organization,
        **TEXTS,
        home_visits=True,
        min_age=65,
        price="insured",
        phones=[{"number": "02 318 60 58", "description_fr": "Accueil"}, {"number": "107"}],
        schedules=[
            {"byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"},
            {"freq": "MONTHLY", "byday": "1TH"},
            {"freq": "", "valid_from": "2026-12-01"},
        ],
        documents=[{"document_fr": "Carte", "document_nl": "Kaart"}],
        costs=[{"option_fr": "séance", "amount": "11.00"}],
        urls=[{"url": "https://example.org/info"}],
        areas=["municipality:21005", "basin:sud"],
        places=[str(place.uuid)],
        terms=["themes:grief", "audiences:older-people", "kinds:service"],
        languages=["fr", "nl"],
        capacity={"waiting_weeks": 6, "said_on": "2026-11-01"},
        alternate_names=["ÉÀD", "Chez vous"],
    )


def shown(page: Any) -> list[str]:
    return [str(row["service"]) for row in page.context["rows"]]


def test_an_extension_in_words_is_refused_with_what_to_write(team: Client) -> None:
    row = full_record()
    page = send(team, desk("staff_record_edit", record=row.uuid), **{"phones-0-extension": "02/12"})
    assert page.status_code == 422
    assert "Écrivez le numéro interne en chiffres, par exemple 214." in page.content.decode()


def test_a_long_form_says_once_what_is_needed_and_not_at_each_field(team: Client) -> None:
    page = team.get(desk("staff_record_edit", record=full_record().uuid)).content.decode()
    assert page.count("Seul un nom est nécessaire, dans une langue au moins.") == 1
    assert "(facultatif)" not in page


@pytest.mark.parametrize("page", ["staff_sources", "staff_ways", "staff_export"])
def test_the_list_leads_to_the_rest_of_the_desk(team: Client, page: str) -> None:
    assert f'href="{desk(page)}"' in team.get(desk("staff_records")).content.decode()


# --- The list --------------------------------------------------------------------------------------
def test_the_list_shows_what_serves_the_basin_and_all_of_them_when_asked(team: Client) -> None:
    service(name_fr="Ici", areas=["basin:sud-est"])
    service(name_fr="Ailleurs", areas=["basin:nord"])
    assert shown(team.get(desk("staff_records"))) == ["Ici"]
    assert sorted(shown(team.get(desk("staff_records"), {"all": "on"}))) == ["Ailleurs", "Ici"]


def test_overdue_goes_by_the_pace_of_the_organisation(team: Client) -> None:
    today = timezone.localdate()
    for name, pace, ago in (("lent", 400, 300), ("vite", 90, 300), ("jamais", 90, None)):
        made = service(OrganizationFactory(confirm_every_days=pace), name_fr=name, areas=["region"])
        if ago is not None:
            Service.objects.filter(pk=made.pk).update(assured_on=today - dt.timedelta(days=ago))
    assert shown(team.get(desk("staff_records"), {"show": "overdue"})) == ["jamais", "vite"]


def test_the_organisations_own_check_counts_for_its_records(team: Client) -> None:
    service(OrganizationFactory(assured_on=timezone.localdate()), areas=["region"])
    assert shown(team.get(desk("staff_records"), {"show": "overdue"})) == []


@pytest.mark.parametrize("wanted", ["poor", "missing", "outdated", "gone", "demo"])
def test_each_filter_finds_its_own(team: Client, wanted: str, alice: User) -> None:
    today = timezone.localdate()
    owner = OrganizationFactory(assured_on=today)
    rich: dict[str, Any] = {
        **TEXTS,
        "email": "a@example.org",
        "areas": ["region"],
        "terms": ["themes:grief"],
        "languages": ["fr"],
        "price": "free",
        "schedules": [{"byday": "MO", "opens_at": "09:00", "closes_at": "17:00"}],
    }
    made = {name: service(owner, name_fr=name, **rich) for name in ("fine", "missing", "outdated", "gone", "demo")}
    service(name_fr="poor", areas=["region"])
    records.edit_service(service=made["missing"], values={"fees_nl": ""}, by=alice)
    records.edit_service(service=made["outdated"], values={"fees_fr": "Douze euros."}, by=alice)
    SourceRecord.objects.create(source=SourceFactory(), identifier="1", service=made["gone"], gone_at=timezone.now())
    Service.objects.filter(pk=made["demo"].pk).update(is_demo=True)
    indexing.catch_up()
    assert shown(team.get(desk("staff_records"), {"show": wanted})) == [wanted]


def test_words_of_a_name_are_found(team: Client) -> None:
    service(OrganizationFactory(name_fr="Étoile", folded_names=["etoile"]), name_fr="Un", areas=["region"])
    service(name_fr="Deux", areas=["region"])
    assert shown(team.get(desk("staff_records"), {"q": "ÉTOILE"})) == ["Un"]
    assert shown(team.get(desk("staff_records"), {"q": "deux"})) == ["Deux"]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_lists(team: Client, number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number):
        service(areas=["region"])
    team.get(desk("staff_records"))
    # Session, reader, their grants, the used factor; the basin, the number of rows, the rows.
    with django_assert_num_queries(7):
        assert len(shown(team.get(desk("staff_records")))) == number
    with django_assert_num_queries(6):
        team.get(desk("staff_organizations"))


def test_it_is_for_those_who_keep_the_directory(client: Client, bram: User) -> None:
    assert staff_session(client, bram).get(desk("staff_records")).status_code == 404


# --- One record ------------------------------------------------------------------------------------
def test_the_desk_says_what_would_raise_a_record(team: Client) -> None:
    made = service()
    page = team.get(desk("staff_record", record=made.uuid))
    assert page.context["quality"] == 15  # both names and nothing out of date
    assert len(page.context["advice"]) == 10


def test_checked_still_right_is_noted_with_who_and_when(team: Client, alice: User) -> None:
    made = service()
    team.post(desk("staff_record_checked", record=made.uuid))
    made.refresh_from_db()
    assert (made.assured_on, made.assured_by) == (timezone.localdate(), alice)
    assert RecordChange.objects.get(action=ChangeAction.CONFIRMED).by == alice


def test_a_text_that_still_fits_is_no_longer_out_of_date(team: Client, alice: User) -> None:
    made = service(**TEXTS)
    records.edit_service(service=made, values={"fees_fr": "Douze euros."}, by=alice)
    team.post(desk("staff_record_keep", record=made.uuid), {"column": "fees_nl"})
    made.refresh_from_db()
    assert made.text_state("fees", "nl") == TextState.PRESENT


def test_a_record_is_taken_out_after_a_question(team: Client) -> None:
    made = service()
    assert team.get(desk("staff_record_remove", record=made.uuid)).status_code == 200
    team.post(desk("staff_record_remove", record=made.uuid))
    assert not Service.objects.exists()


# --- The form --------------------------------------------------------------------------------------
def test_a_form_that_is_sent_as_it_stands_changes_nothing(team: Client) -> None:
    made = full_record()
    before = document_of(made)
    answer = send(team, desk("staff_record_edit", record=made.uuid))
    assert answer.status_code == 302
    assert document_of(Service.objects.get()) == before
    assert not RecordChange.objects.filter(action=ChangeAction.EDITED).exists()


def test_texts_terms_and_criteria_are_written(team: Client) -> None:
    made = full_record()
    send(
        team,
        desk("staff_record_edit", record=made.uuid),
        name_fr="Écoute",
        themes=["grief", "dementia"],
        areas=["region"],
        no_papers="on",
        alternate_names="Un\nDeux, trois\n",
    )
    said = document_of(Service.objects.get())
    found = {key: said[key] for key in ("name_fr", "terms", "areas", "no_papers", "alternate_names")}
    assert found == {
        "name_fr": "Écoute",
        "terms": ["audiences:older-people", "kinds:service", "themes:dementia", "themes:grief"],
        "areas": ["region"],
        "no_papers": True,
        "alternate_names": ["Un", "Deux, trois"],
    }


def test_rows_are_added_changed_and_taken_out(team: Client) -> None:
    made = full_record()
    send(
        team,
        desk("staff_record_edit", record=made.uuid),
        **{"phones-0-description_fr": "Standard", "phones-1-DELETE": "on", "phones-2-number": "02 555 12 12"},
    )
    assert document_of(Service.objects.get())["phones"] == [
        {"number": "+3223186058", "description_fr": "Standard"},
        {"number": "+3225551212"},
    ]


def test_one_more_row_is_given_and_nothing_is_lost_or_saved(team: Client) -> None:
    made = full_record()
    url = desk("staff_record_edit", record=made.uuid)
    page = send(team, url, more="phones", name_fr="Écrit", **{"phones-2-number": "02 555 12 12"})
    assert (page.status_code, page.context["form"]["name_fr"].value()) == (200, "Écrit")
    phones = page.context["form"].row_sets[0].formset
    assert [form["number"].value() for form in phones.forms][2:] == ["02 555 12 12", "", None]
    assert Service.objects.get().name_fr == made.name_fr


@pytest.mark.parametrize("number", ["12", "+999999999", "+"])
def test_what_a_rule_refuses_is_said_and_nothing_is_stored(team: Client, number: str) -> None:
    made = full_record()
    page = send(team, desk("staff_record_edit", record=made.uuid), **{"phones-2-number": number}, name_fr="Écrit")
    assert page.status_code == 422
    assert len(page.context["form"].non_field_errors()) == 1
    assert Service.objects.get().name_fr == made.name_fr


def test_a_row_without_its_number_is_pointed_out(team: Client) -> None:
    made = full_record()
    page = send(team, desk("staff_record_edit", record=made.uuid), **{"phones-2-description_fr": "Accueil"})
    assert page.status_code == 422
    assert list(page.context["form"].row_sets[0].formset.forms[2].errors) == ["number"]


def test_what_is_said_of_places_is_dated_today_when_it_changes(team: Client) -> None:
    made = full_record()
    url = desk("staff_record_edit", record=made.uuid)
    send(team, url, capacity_waiting_weeks="2")
    today = timezone.localdate().isoformat()
    assert document_of(Service.objects.get())["capacity"] == {"waiting_weeks": 2, "said_on": today}


def test_saying_the_same_again_dates_it_today(team: Client) -> None:
    made = full_record()
    send(team, desk("staff_record_edit", record=made.uuid), capacity_again="on")
    assert document_of(Service.objects.get())["capacity"]["said_on"] == timezone.localdate().isoformat()


def test_a_text_can_be_kept_while_another_is_written(team: Client, alice: User) -> None:
    made = full_record()
    records.edit_service(service=made, values={"fees_fr": "Douze euros."}, by=alice)
    send(team, desk("staff_record_edit", record=made.uuid), keep="fees_nl", email="a@example.org")
    row = Service.objects.get()
    assert (row.outdated, row.email) == ([], "a@example.org")


def test_two_who_write_at_once_are_told_before_one_overwrites_the_other(team: Client, bram: User) -> None:
    made = full_record()
    url = desk("staff_record_edit", record=made.uuid)
    mine = filled_in(team, url) | {"email": "mine@example.org"}
    records.edit_service(service=made, values={"email": "theirs@example.org"}, by=bram)
    first = team.post(url, mine)
    assert (first.status_code, Service.objects.get().email) == (422, "theirs@example.org")
    again = mine | {"seen": first.context["form"]["seen"].value()}
    assert team.post(url, again).status_code == 302
    assert Service.objects.get().email == "mine@example.org"


# --- Organisations, places, new records ------------------------------------------------------------
def test_a_new_organisation_place_and_record(team: Client) -> None:
    send(team, desk("staff_organization_new"), name_fr="Maison", kbo_number="", sector="")
    made = Organization.objects.get()
    send(team, desk("staff_location_new", organization=made.uuid), street_fr="Rue Haute 1", postcode="1000")
    place = Location.objects.get()
    send(team, desk("staff_record_new", organization=made.uuid), name_nl="Onthaal", places=[str(place.uuid)])
    row = Service.objects.get()
    assert (place.is_seat, row.organization, row.at_locations.get().location) == (True, made, place)


def test_a_record_without_a_name_is_refused_at_the_field(team: Client) -> None:
    page = send(team, desk("staff_record_new", organization=OrganizationFactory().uuid))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["name_fr"])


def test_organisation_and_place_are_changed(team: Client) -> None:
    place = LocationFactory()
    owner = place.organization
    send(
        team,
        desk("staff_organization_edit", organization=owner.uuid),
        kbo_number="0403.019.261",
        **{"identifiers-0-scheme": "INAMI", "identifiers-0-identifier": "123"},
    )
    send(
        team,
        desk("staff_location_edit", location=place.uuid),
        municipality="21005",
        step_free="true",
        **{"accessibility-0-feature": "lift"},
    )
    owner.refresh_from_db()
    place.refresh_from_db()
    assert (owner.kbo_number, owner.identifiers.get().identifier) == ("0403019261", "123")
    assert (place.municipality and place.municipality.nis_code, place.step_free) == ("21005", True)
    assert place.accessibility.get().feature == "lift"


def test_all_of_an_organisation_is_checked_at_once(team: Client) -> None:
    made = service()
    team.post(desk("staff_organization_checked", organization=made.organization.uuid))
    made.refresh_from_db()
    assert made.assured_on == Organization.objects.get().assured_on == timezone.localdate()


def test_who_is_asked_is_set(team: Client) -> None:
    made = OrganizationFactory()
    url = desk("staff_organization_asked", organization=made.uuid)
    team.post(url, {"email": "Info@Example.org", "language": "nl", "every_days": "180"})
    made.refresh_from_db()
    assert (made.confirm_email, made.confirm_language, made.confirm_every_days) == ("info@example.org", "nl", 180)


# --- Moving to another organisation ----------------------------------------------------------------
def test_a_record_moves_with_its_persons_and_the_history_undoes_it(team: Client, alice: User) -> None:
    old, new = (
        OrganizationFactory(name_fr="Ancienne"),
        OrganizationFactory(name_fr="Nouvelle", folded_names=["nouvelle"]),
    )
    made = service(old)
    own, other = ContactFactory(organization=old, service=made), ContactFactory(organization=old)
    url = desk("staff_record_move", record=made.uuid)
    page = team.get(url, {"q": "nouv"})
    assert list(page.context["page"].object_list) == [new]
    assert team.post(url, {"organization": str(new.uuid)}).status_code == 302
    for row in (made, own, other):
        row.refresh_from_db()
    assert (made.organization, own.organization, other.organization) == (new, new, old)
    undoing.undo(change=RecordChange.objects.latest("pk"), by=alice)
    made.refresh_from_db()
    own.refresh_from_db()
    assert (made.organization, own.organization) == (old, old)


def test_a_record_does_not_move_to_an_organisation_that_merged(team: Client, alice: User) -> None:
    made, gone, into = service(), OrganizationFactory(), OrganizationFactory()
    merging.merge_organizations(organizations=[gone], into=into, by=alice)
    with pytest.raises(RecordRefused):
        records.move_service(service=made, into=gone, by=alice)
    team.post(desk("staff_record_move", record=made.uuid), {"organization": str(gone.uuid)})
    assert Service.objects.get().organization == made.organization


@pytest.mark.parametrize("organization", ["", "nonsense", "00000000-0000-0000-0000-000000000001"])
def test_a_record_moves_to_nothing(team: Client, organization: str) -> None:
    made = service()
    assert team.post(desk("staff_record_move", record=made.uuid), {"organization": organization}).status_code == 404


def test_a_stranger_moves_nothing(greet: Client, daan: User) -> None:
    made = service()
    with pytest.raises(NotYours):
        records.move_service(service=made, into=OrganizationFactory(), by=daan)
    assert greet.post(desk("staff_record_move", record=made.uuid)).status_code == 302
    assert Service.objects.get().organization == made.organization
