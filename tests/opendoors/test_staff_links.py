"""The team's pages of hosts and the directory, what the public sees of it, and what partners get."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from basins.models import User
from basins.rights import ROLE_RIGHTS, Right
from directory.enums import Visibility
from directory.models import Organization, Service
from directory.rules import merging, visibility
from opendoors.enums import EditionState, LinkKind, LinkVerdict
from opendoors.models import Edition, Host, HostLink, Visit
from opendoors.rules import linking
from tests.basins.people_tools import at, staff_session
from tests.directory.factories import LocationFactory, OrganizationFactory, service
from tests.opendoors.factories import EditionFactory, HostFactory, VisitFactory
from tests.opendoors.link_tools import organization
from tests.opendoors.staff_tools import page

pytestmark = pytest.mark.django_db

VISITS = "/api/v1/opendoors/visits/"


@pytest.fixture
def edition() -> Edition:
    return EditionFactory(slug="2026")


@pytest.fixture
def host(edition: Edition) -> Host:
    return HostFactory(edition=edition, name="Atoll Est")


@pytest.fixture
def team(client: Client, alice: User) -> Client:
    return staff_session(client, alice)


def send(team: Client, host: Host, **data: Any) -> Any:
    return team.post(page("staff_link", slug="2026", host=host.uuid), data)


def content(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


# --- The list --------------------------------------------------------------------------------------


def test_hosts_without_a_link_come_first_each_with_what_it_may_be(team: Client, edition: Edition, host: Host) -> None:
    made = organization("Atoll Est")
    linked = HostFactory(edition=edition, name="Abeille")
    linking.confirm(host=linked, kind=LinkKind.ORGANIZATION, record=OrganizationFactory().uuid, by=None)
    HostFactory(edition=edition, name="Zèbre", state="proposed")

    response = team.get(page("staff_links", slug="2026"))

    lines = response.context["lines"]
    assert [line.host.name for line in lines] == ["Atoll Est", "Abeille"]
    assert [each.organization for each in lines[0].proposals] == [made]
    assert (lines[1].proposals, response.context["open"]) == ([], 1)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_list(team: Client, edition: Edition, number: int, django_assert_num_queries: Any) -> None:
    for count in range(number):
        name = f"Service {'abc'[count]}"
        LocationFactory(organization=organization(name))
        VisitFactory(edition=edition, host=HostFactory(edition=edition, name=name))
    team.get(page("staff_links", slug="2026"))

    with django_assert_num_queries(18):
        team.get(page("staff_links", slug="2026"))


def test_a_week_without_hosts_says_so(team: Client, edition: Edition) -> None:
    assert team.get(page("staff_links", slug="2026")).context["lines"] == []


def test_pages_of_hosts_lead_there(team: Client, host: Host) -> None:
    assert page("staff_links", slug="2026") in content(team, page("staff_hosts", slug="2026"))
    assert page("staff_link", slug="2026", host=host.uuid) in content(
        team, page("staff_host", slug="2026", host=host.uuid)
    )


# --- One click -------------------------------------------------------------------------------------


def test_one_click_links(team: Client, host: Host, alice: User) -> None:
    made = organization("Atoll Est")

    response = send(team, host, do="same", record=f"organization:{made.uuid}", **{"from": "list"})

    link = HostLink.objects.get()
    assert response.headers["Location"] == f"{page('staff_links', slug='2026')}#h-{host.uuid}"
    assert (link.record, link.verdict, link.decided_by) == (made.uuid, LinkVerdict.SAME, alice)


def test_one_click_links_a_record(team: Client, host: Host) -> None:
    record = service()

    send(team, host, do="same", record=f"service:{record.uuid}")

    assert (HostLink.objects.get().kind, HostLink.objects.get().record) == (LinkKind.SERVICE, record.uuid)


def test_one_click_refuses_and_one_takes_it_back(team: Client, host: Host) -> None:
    made = organization("Atoll Est")

    response = send(team, host, do="different", organization=str(made.uuid))
    link = HostLink.objects.get()
    assert (link.verdict, response.headers["Location"]) == (
        LinkVerdict.DIFFERENT,
        page("staff_link", slug="2026", host=host.uuid),
    )
    send(team, host, do="undo", link=str(link.uuid))

    assert not HostLink.objects.exists()


def test_one_click_makes_a_record(team: Client, host: Host) -> None:
    send(team, host, do="make")

    assert Service.objects.get().organization.name_fr == "Atoll Est"
    assert HostLink.objects.get().kind == LinkKind.SERVICE


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"do": "same"},
        {"do": "same", "record": "organization:x"},
        {"do": "same", "record": f"host:{uuid4()}"},
        {"do": "different", "organization": str(uuid4())},
        {"do": "undo", "link": "x"},
        {"do": "nonsense"},
    ],
)
def test_nonsense_changes_nothing(team: Client, host: Host, data: dict[str, str]) -> None:
    assert send(team, host, **data).status_code == 302
    assert not HostLink.objects.exists()


def test_who_comes_second_is_told(team: Client, host: Host, alice: User) -> None:
    linking.confirm(host=host, kind=LinkKind.ORGANIZATION, record=OrganizationFactory().uuid, by=alice)

    url = page("staff_link", slug="2026", host=host.uuid)
    response = team.post(url, {"do": "same", "record": f"organization:{OrganizationFactory().uuid}"}, follow=True)

    assert [each.level_tag for each in response.context["messages"]] == ["error"]
    assert HostLink.objects.count() == 1


def test_a_get_changes_nothing(team: Client, host: Host) -> None:
    made = organization("Atoll Est")

    team.get(page("staff_link", slug="2026", host=host.uuid), {"do": "same", "record": f"organization:{made.uuid}"})

    assert not HostLink.objects.exists()


# --- By hand ---------------------------------------------------------------------------------------


def test_an_organisation_is_found_by_hand(team: Client, host: Host) -> None:
    made = organization("Réseau des Cerises")
    organization("Réseau des Prunes")
    url = page("staff_link", slug="2026", host=host.uuid)

    found = team.get(url, {"q": "cerises RESEAU"}).context["found"]
    nothing = team.get(url, {"q": " "}).context["found"]

    assert ([each.organization for each in found], nothing) == ([made], [])


# --- Rights ----------------------------------------------------------------------------------------


def test_another_basins_team_finds_nothing(client: Client, bram: User, host: Host) -> None:
    other = staff_session(client, bram)

    assert other.get(page("staff_links", slug="2026")).status_code in {403, 404}
    assert send(other, host, do="make").status_code in {403, 404}
    assert not HostLink.objects.exists()


def test_who_may_not_write_in_the_directory_is_not_offered_to(
    team: Client, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role, held in list(ROLE_RIGHTS.items()):
        monkeypatch.setitem(ROLE_RIGHTS, role, held - {Right.MANAGE_DIRECTORY})

    response = team.get(page("staff_links", slug="2026"))
    send(team, host, do="make")

    assert 'value="make"' not in response.content.decode()
    assert not Organization.objects.exists()


def test_a_host_of_another_week_is_not_found(team: Client, edition: Edition) -> None:
    assert team.get(page("staff_link", slug="2026", host=HostFactory().uuid)).status_code == 404


# --- What everybody sees ---------------------------------------------------------------------------


def linked_visit(edition: Edition, record: Service | None = None) -> Visit:
    visit = VisitFactory(edition=edition)
    uuid = record.uuid if record else OrganizationFactory(name_fr="Atoll", name_nl="Atol").uuid
    kind = LinkKind.SERVICE if record else LinkKind.ORGANIZATION
    linking.confirm(host=visit.host, kind=kind, record=uuid, by=None)
    return visit


def test_the_page_of_an_organisation_says_where_it_took_part(greet: Client, edition: Edition) -> None:
    record = service()
    linked_visit(edition, record)
    older = EditionFactory(slug="older", state=EditionState.EVALUATED, name_fr="Avant", name_nl="Voordien")
    Edition.objects.filter(pk=older.pk).update(starts_on=dt.date(2024, 12, 2), ends_on=dt.date(2024, 12, 6))
    linked_visit(older, record)
    linked_visit(EditionFactory(state=EditionState.DRAFT), record)

    for language in ("fr", "nl"):
        url = at("directory:organization", language, basin="sud-est", organization=record.organization.uuid)
        response = greet.get(url)
        took_part = response.context["took_part"]
        assert [str(each.title) for each in took_part] == {
            "fr": ["Le Grand Bain", "Avant"],
            "nl": ["Het Grote Bad", "Voordien"],
        }[language]
        assert took_part[1].url in response.content.decode()
    assert "2024" in response.content.decode()


def test_the_regions_page_says_it_too(greet: Client, edition: Edition) -> None:
    record = service()
    linked_visit(edition, record)

    response = greet.get(at("directory_region:organization", organization=record.organization.uuid))

    assert [each.number for each in response.context["took_part"]] == [1]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_organisations_page_do_not_grow(
    greet: Client, number: int, django_assert_num_queries: Any
) -> None:
    record = service()
    for count in range(number):
        linked_visit(EditionFactory(slug=f"week-{count}"), record)
    url = at("directory:organization", basin="sud-est", organization=record.organization.uuid)
    greet.get(url)

    with django_assert_num_queries(18):
        greet.get(url)


def test_an_organisation_that_took_part_nowhere_says_nothing_of_it(greet: Client) -> None:
    url = at("directory:organization", basin="sud-est", organization=OrganizationFactory().uuid)

    assert 'id="h-part"' not in content(greet, url)


def test_a_visit_leads_to_the_record_where_everybody_may_see_it(greet: Client, edition: Edition) -> None:
    record = service()
    visit = linked_visit(edition, record)
    url = page("visit", slug="2026", visit=visit.uuid)
    record_url = at("directory:record", basin="sud-est", record=record.uuid)
    owner_url = at("directory:organization", basin="sud-est", organization=record.organization.uuid)

    public = content(greet, url)
    visibility.set_visibility(services=[record], visibility=Visibility.PROFESSIONALS, by=None)
    hidden = content(greet, url)

    assert (record_url in public, owner_url in public) == (True, False)
    assert (record_url in hidden, owner_url in hidden) == (False, True)


def test_the_week_leads_to_the_organisation_as_soon_as_it_is_linked_and_no_longer_after(
    greet: Client, edition: Edition
) -> None:
    visit = VisitFactory(edition=edition)
    made = OrganizationFactory()
    week = page("week", slug="2026")
    address = at("directory:organization", basin="sud-est", organization=made.uuid)

    before = content(greet, week)
    link = linking.confirm(host=visit.host, kind=LinkKind.ORGANIZATION, record=made.uuid, by=None)
    linked = content(greet, week)
    linking.undo(host=visit.host, link=link.uuid, by=None)
    after = content(greet, week)

    assert [address in each for each in (before, linked, after)] == [False, True, False]


# --- For programs ----------------------------------------------------------------------------------


def hosts(greet: Client, edition: Edition) -> list[tuple[str | None, str | None]]:
    rows = greet.get(VISITS, {"edition": str(edition.uuid)}).json()["results"]
    return [(row["host"]["directory_organization"], row["host"]["directory_service"]) for row in rows]


def test_partners_get_the_identifiers_of_the_directory(greet: Client, edition: Edition) -> None:
    record = service()
    VisitFactory(edition=edition)
    visit = linked_visit(edition, record)

    assert hosts(greet, edition) == [(None, None), (str(record.organization.uuid), str(record.uuid))]
    one = greet.get(f"{VISITS}{visit.uuid}/").json()["host"]
    assert one["directory_organization"] == str(record.organization.uuid)
    assert greet.get(f"/api/hsds/v3/organizations/{one['directory_organization']}").status_code == 200
    assert greet.get(f"/api/hsds/v3/services/{one['directory_service']}").status_code == 200


def test_a_record_that_is_not_public_is_not_told(greet: Client, edition: Edition) -> None:
    record = service(visibility=Visibility.PROFESSIONALS)
    linked_visit(edition, record)

    assert hosts(greet, edition) == [(str(record.organization.uuid), None)]


def test_partners_are_led_on_after_a_merge(greet: Client, edition: Edition) -> None:
    linked_visit(edition)
    into = OrganizationFactory()
    merging.merge_organizations(organizations=[Organization.objects.exclude(pk=into.pk).get()], into=into, by=None)

    assert hosts(greet, edition) == [(str(into.uuid), None)]


def test_a_link_brings_the_visit_back_among_the_changes(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    since = (Visit.objects.get().modified + dt.timedelta(microseconds=1)).isoformat()

    before = greet.get(VISITS, {"modified_after": since}).json()["results"]
    linking.make(host=visit.host, by=None)
    after = greet.get(VISITS, {"modified_after": since}).json()["results"]

    assert (len(before), len(after)) == (0, 1)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_api(greet: Client, edition: Edition, number: int, django_assert_num_queries: Any) -> None:
    for _count in range(number):
        linked_visit(edition, service())
    greet.get(VISITS, {"edition": str(edition.uuid)})

    with django_assert_num_queries(3):
        greet.get(VISITS, {"edition": str(edition.uuid)})
