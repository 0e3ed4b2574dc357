"""The back office of the directory: one for all teams, and every change through the rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from basins.models import User
from directory.models import Contact, Organization, RecordChange, Service, TaxonomyTerm
from tests.basins.people_tools import at, staff_session
from tests.directory.factories import ContactFactory, LocationFactory, OrganizationFactory, service, term

pytestmark = pytest.mark.django_db
MODELS = ["contact", "location", "organization", "recordchange", "service", "taxonomy", "taxonomyterm"]


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice at her desk."""
    return staff_session(client, alice)


def admin_page(name: str, **kwargs: Any) -> str:
    return at(f"admin:directory_{name}", **kwargs)


def fields_of(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send back of a form that nobody touched."""
    answer = client.get(url)
    sent: dict[str, Any] = {}
    for inline in answer.context["inline_admin_formsets"]:
        for field in inline.formset.management_form:
            sent[field.html_name] = 0
    for field in answer.context["adminform"].form:
        value = field.value()
        if isinstance(value, list):
            value = ",".join(map(str, value)) if field.name != "themes" else value
        if value not in (None, "", False):
            sent[field.html_name] = value
    return sent


def send(client: Client, url: str, **changes: Any) -> Any:
    return client.post(url, {**fields_of(client, url), **changes})


@pytest.mark.parametrize("model", MODELS)
def test_lists_are_shown_to_teams(model: str, desk: Client) -> None:
    service(terms=["themes:grief"])
    ContactFactory()
    LocationFactory()
    assert desk.get(admin_page(f"{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_lists_do_not_exist_for_people_without_a_role(model: str, client: Client, daan: User) -> None:
    client.force_login(daan)
    assert client.get(admin_page(f"{model}_changelist")).status_code == 403


def test_another_basins_team_keeps_the_same_records(client: Client, bram: User) -> None:
    made = service()
    page = staff_session(client, bram).get(admin_page("service_change", object_id=made.pk))
    assert page.status_code == 200


def test_a_record_is_changed_through_the_rule(desk: Client, alice: User) -> None:
    made = service()
    url = admin_page("service_change", object_id=made.pk)
    assert send(desk, url, short_description_fr="Un psychologue à la maison", home_visits="on").status_code == 302
    change = RecordChange.objects.filter(by=alice).get()
    assert change.after == {"home_visits": True, "short_description_fr": "Un psychologue à la maison"}


def test_a_form_nobody_touched_changes_nothing(desk: Client, alice: User) -> None:
    made = service(alternate_names=["Écoute", "Gesprek"], min_age=18)
    assert send(desk, admin_page("service_change", object_id=made.pk)).status_code == 302
    assert not RecordChange.objects.filter(by=alice).exists()


def test_what_the_rule_refuses_comes_back_with_the_reason(desk: Client) -> None:
    made = service()
    url = admin_page("service_change", object_id=made.pk)
    answer = send(desk, url, description_fr="85.07.30-033.28")
    assert list(answer.context["adminform"].form.errors) == ["description_fr"]


def test_an_organisation_is_made_with_its_sector(desk: Client) -> None:
    sector = term("sectors", "home-care")
    url = admin_page("organization_add")
    sent = {"name_fr": "Aide", "name_nl": "Hulp", "kbo_number": "0417497106", "sector": sector.pk}
    assert send(desk, url, **sent).status_code == 302
    made = Organization.objects.get()
    assert (made.name_nl, made.kbo_number, made.sector) == ("Hulp", "0417497106", sector)


def test_an_organisation_with_records_is_not_deleted(desk: Client) -> None:
    made = service()
    desk.post(admin_page("organization_delete", object_id=made.organization.pk), {"post": "yes"})
    assert Organization.objects.filter(pk=made.organization.pk).exists()


def test_a_record_is_deleted_through_the_rule(desk: Client, alice: User) -> None:
    made = service()
    desk.post(admin_page("service_delete", object_id=made.pk), {"post": "yes"})
    assert not Service.objects.exists()
    assert RecordChange.objects.filter(by=alice, action="removed").exists()


def test_a_place_is_added_to_an_organisation(desk: Client) -> None:
    organization = OrganizationFactory()
    sent = {"organization": organization.pk, "street_fr": "Rue 1", "postcode": "1040"}
    assert send(desk, admin_page("location_add"), **sent).status_code == 302
    assert organization.locations.get().is_seat


def test_a_person_keeps_phones_and_themes(desk: Client) -> None:
    person = ContactFactory()
    person.phones.create(number="+32470123456")
    theme = term("themes", "dementia")
    url = admin_page("contact_change", object_id=person.pk)
    sent = {"themes": [theme.pk], "consent_on": dt.date(2026, 11, 2), "is_published": "on"}
    assert send(desk, url, **sent).status_code == 302
    found = Contact.objects.get()
    assert (found.is_published, [str(each) for each in found.themes.all()]) == (True, ["Démence"])
    assert [phone.number for phone in found.phones.all()] == ["+32470123456"]


def test_a_person_without_consent_is_not_published(desk: Client) -> None:
    person = ContactFactory()
    answer = send(desk, admin_page("contact_change", object_id=person.pk), is_published="on")
    assert answer.status_code == 200
    assert not Contact.objects.get().is_published


def test_a_term_learns_synonyms(desk: Client) -> None:
    one = term("themes", "dementia")
    url = admin_page("taxonomyterm_change", object_id=one.pk)
    assert send(desk, url, synonyms_fr="alzheimer,mémoire").status_code == 302
    assert term("themes", "dementia").synonyms_fr == ["alzheimer", "mémoire"]


def test_a_term_below_itself_is_refused(desk: Client) -> None:
    top, below = term("themes", "mental-health"), term("themes", "dementia")
    answer = send(desk, admin_page("taxonomyterm_change", object_id=top.pk), parent=below.pk)
    assert list(answer.context["adminform"].form.errors) == ["parent"]
    assert TaxonomyTerm.objects.get(pk=top.pk).parent is None
