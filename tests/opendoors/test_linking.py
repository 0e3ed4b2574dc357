"""What the team says of hosts and the directory: yes, no, a new record, and back again."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from basins.models import User
from basins.rights import ROLE_RIGHTS, Right
from basins.rules.people import NotYours
from directory.enums import Visibility
from directory.models import Location, Organization, Service, SourceRecord
from directory.rules import merging, records
from opendoors import queries_links
from opendoors.enums import EditionState, HostState, LinkKind, LinkVerdict, VisitState
from opendoors.errors import LinkError, LinkTaken
from opendoors.models import Edition, Host, HostLink, Visit
from opendoors.rules import linking
from opendoors.rules.linking import Undone
from tests.directory.factories import OrganizationFactory, service
from tests.opendoors.factories import EditionFactory, HostFactory, PlaceFactory, VisitFactory
from tests.opendoors.link_tools import organization

pytestmark = pytest.mark.django_db


def tie(host: Host, made: Organization, by: User | None = None) -> HostLink:
    return linking.confirm(host=host, kind=LinkKind.ORGANIZATION, record=made.uuid, by=by)


def now(host: Host) -> Any:
    return queries_links.tied([host.pk]).get(host.pk)


def took_part(made: Organization) -> list[tuple[str, int]]:
    from directory.standing import known_as
    from opendoors.mission import mission

    return [(str(each.title), each.number) for each in mission.took_part(known_as(made))]


# --- Yes -------------------------------------------------------------------------------------------


def test_a_host_is_linked_with_who_and_when(alice: User) -> None:
    host, made = HostFactory(), OrganizationFactory()

    link = tie(host, made, alice)

    assert (link.record, link.verdict, link.decided_by) == (made.uuid, LinkVerdict.SAME, alice)
    assert (now(host).organization, now(host).service) == (made, None)


def test_a_host_is_linked_to_one_record(alice: User) -> None:
    host, record = HostFactory(), service()

    linking.confirm(host=host, kind=LinkKind.SERVICE, record=record.uuid, by=alice)

    assert (now(host).organization, now(host).service) == (record.organization, record)


def test_the_same_word_again_changes_nothing(alice: User, bram: User) -> None:
    host, made = HostFactory(), OrganizationFactory()
    first = tie(host, made, alice)

    assert tie(host, made, alice) == first
    assert HostLink.objects.get().decided_by == alice


def test_another_word_is_refused_until_the_first_is_taken_back(alice: User) -> None:
    host, made, other = HostFactory(), OrganizationFactory(), OrganizationFactory()
    link = tie(host, made, alice)

    with pytest.raises(LinkTaken):
        tie(host, other, alice)
    linking.undo(host=host, link=link.uuid, by=alice)
    tie(host, other, alice)

    assert now(host).organization == other


@pytest.mark.parametrize("kind", LinkKind)
def test_what_the_directory_does_not_have_cannot_be_linked(kind: LinkKind, alice: User) -> None:
    with pytest.raises(LinkError):
        linking.confirm(host=HostFactory(), kind=kind, record=uuid4(), by=alice)


def test_an_organisation_is_no_record(alice: User) -> None:
    with pytest.raises(LinkError):
        linking.confirm(host=HostFactory(), kind=LinkKind.SERVICE, record=OrganizationFactory().uuid, by=alice)


def test_an_evaluated_week_is_linked_too(alice: User) -> None:
    host = HostFactory(edition=EditionFactory(state=EditionState.EVALUATED))

    tie(host, OrganizationFactory(), alice)

    assert now(host) is not None


def test_the_programme_is_drawn_anew_and_partners_get_the_visits_again(alice: User) -> None:
    visit, other = VisitFactory(), VisitFactory()
    version = visit.edition.programme_version

    tie(visit.host, OrganizationFactory(), alice)

    assert Edition.objects.get(pk=visit.edition_id).programme_version == version + 1
    assert Visit.objects.get(pk=visit.pk).modified > visit.modified
    assert Visit.objects.get(pk=other.pk).modified == other.modified


def test_the_database_holds_one_link_per_host() -> None:
    host = HostFactory()
    said: dict[str, Any] = {"host": host, "kind": LinkKind.ORGANIZATION, "verdict": LinkVerdict.SAME}
    HostLink.objects.create(**said, record=uuid4())

    with pytest.raises(IntegrityError, match="opendoors_host_linked_once"), transaction.atomic():
        HostLink.objects.create(**said, record=uuid4())


# --- No --------------------------------------------------------------------------------------------


def test_what_is_not_the_same_is_no_longer_proposed_until_that_is_taken_back(alice: User) -> None:
    host = HostFactory(name="Atoll Est")
    made = organization("Atoll Est")

    link = linking.refuse(host=host, organization=made.uuid, by=alice)
    (refused,) = queries_links.lines([host])
    linking.undo(host=host, link=link.uuid, by=alice)
    (again,) = queries_links.lines([host])

    assert (refused.proposals, [each for _link, each in refused.refused]) == ([], [made])
    assert ([each.organization for each in again.proposals], again.refused) == ([made], [])


def test_no_twice_is_one_no(alice: User) -> None:
    host, made = HostFactory(), OrganizationFactory()

    first = linking.refuse(host=host, organization=made.uuid, by=alice)

    assert linking.refuse(host=host, organization=made.uuid, by=alice) == first


def test_what_is_linked_is_not_refused(alice: User) -> None:
    host, record = HostFactory(), service()
    linking.confirm(host=host, kind=LinkKind.SERVICE, record=record.uuid, by=alice)

    with pytest.raises(LinkTaken):
        linking.refuse(host=host, organization=record.organization.uuid, by=alice)


def test_yes_after_no_stands_alone(alice: User) -> None:
    host, record = HostFactory(), service()
    linking.refuse(host=host, organization=record.organization.uuid, by=alice)

    linking.confirm(host=host, kind=LinkKind.SERVICE, record=record.uuid, by=alice)

    assert HostLink.objects.get().verdict == LinkVerdict.SAME


def test_a_link_undone_twice_is_undone_once(alice: User) -> None:
    host = HostFactory()
    link = tie(host, OrganizationFactory(), alice)

    assert linking.undo(host=host, link=link.uuid, by=alice) == Undone()
    assert linking.undo(host=host, link=link.uuid, by=alice) is None


def test_the_link_of_another_host_is_not_undone(alice: User) -> None:
    link = tie(HostFactory(), OrganizationFactory(), alice)

    assert linking.undo(host=HostFactory(), link=link.uuid, by=alice) is None


# --- A new record ----------------------------------------------------------------------------------


def test_a_record_is_made_of_what_the_host_says(alice: User) -> None:
    host = HostFactory(name="Casa Hestia", name_language="fr", contact_phone="02 318 60 58")
    PlaceFactory(host=host, wheelchair=False, directions_fr="Par la cour.")

    linking.make(host=host, by=alice)

    made = now(host)
    place = made.service.at_locations.get().location
    assert (made.organization.name_fr, made.organization.name_nl) == ("Casa Hestia", "")
    assert (made.service.name_fr, made.service.description_nl) == ("Casa Hestia", "Wij tonen u het huis.")
    assert made.service.visibility == Visibility.PROFESSIONALS
    assert (place.street_nl, place.postcode, place.step_free) == ("Voorbeeldstraat 12", "1040", False)
    assert (place.is_seat, place.transport_fr) == (True, "Par la cour.")


def test_a_made_record_says_where_it_is_from_and_nothing_of_the_contact(alice: User) -> None:
    host = HostFactory(contact_phone="02 318 60 58")

    linking.make(host=host, by=alice)

    sources = SourceRecord.objects.filter(service__isnull=False).values_list("source__code", "identifier")
    made = now(host)
    assert list(sources) == [("open-doors", str(host.uuid))]
    assert made.organization.origins["name_fr"].startswith("source:")
    assert (made.organization.email, made.service.email, made.organization.phones.count()) == ("", "", 0)


def test_a_place_without_an_address_is_left_out(alice: User) -> None:
    host = HostFactory()
    PlaceFactory(host=host, street_fr="", street_nl="", postcode="")

    linking.make(host=host, by=alice)

    assert not Location.objects.exists()


def test_a_name_without_a_language_stands_in_both(alice: User) -> None:
    host = HostFactory(name="PUSH", name_language="")

    linking.make(host=host, by=alice)

    assert (now(host).organization.name_fr, now(host).organization.name_nl) == ("PUSH", "PUSH")


def test_of_a_linked_host_no_record_is_made(alice: User) -> None:
    host = HostFactory()
    tie(host, OrganizationFactory(), alice)

    with pytest.raises(LinkTaken):
        linking.make(host=host, by=alice)
    assert not Service.objects.exists()


# --- Rights ----------------------------------------------------------------------------------------


def test_the_team_of_another_basin_says_nothing(bram: User) -> None:
    host, made = HostFactory(), OrganizationFactory()
    link = tie(host, made)

    for act in (
        lambda: tie(host, made, bram),
        lambda: linking.refuse(host=host, organization=made.uuid, by=bram),
        lambda: linking.make(host=host, by=bram),
        lambda: linking.undo(host=host, link=link.uuid, by=bram),
    ):
        with pytest.raises(NotYours):
            act()
    assert HostLink.objects.get() == link


def test_making_a_record_takes_the_right_of_the_directory(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for role, held in list(ROLE_RIGHTS.items()):
        monkeypatch.setitem(ROLE_RIGHTS, role, held - {Right.MANAGE_DIRECTORY})
    host, made = HostFactory(), OrganizationFactory()

    with pytest.raises(NotYours):
        linking.make(host=host, by=alice)
    assert (Organization.objects.count(), HostLink.objects.count()) == (1, 0)
    assert tie(host, made, alice).record == made.uuid


# --- The directory goes on -------------------------------------------------------------------------


def test_a_link_follows_organisations_that_merge(alice: User) -> None:
    host, old, middle, new = HostFactory(), OrganizationFactory(), OrganizationFactory(), OrganizationFactory()
    VisitFactory(host=host, edition=host.edition)
    tie(host, old, alice)

    merging.merge_organizations(organizations=[old], into=middle, by=alice)
    merging.merge_organizations(organizations=[middle], into=new, by=alice)

    assert now(host).organization == new
    assert took_part(new) == [("Le Grand Bain", 1)]


def test_a_link_follows_records_that_merge(alice: User) -> None:
    host, old, new = HostFactory(), service(), service()
    VisitFactory(host=host, edition=host.edition)
    linking.confirm(host=host, kind=LinkKind.SERVICE, record=old.uuid, by=alice)

    merging.merge_services(services=[old], into=new, by=alice)

    assert (now(host).service, now(host).organization) == (new, new.organization)
    assert took_part(new.organization) == [("Le Grand Bain", 1)]
    assert took_part(old.organization) == []


def test_a_link_to_what_was_removed_leads_nowhere_and_gives_way(alice: User) -> None:
    host, gone, other = HostFactory(), OrganizationFactory(), OrganizationFactory()
    tie(host, gone, alice)
    records.remove_organization(organization=gone, by=alice)

    (line,) = queries_links.lines([host])
    assert line.tied is not None
    assert line.tied.now is None
    tie(host, other, alice)

    assert now(host).organization == other
    assert HostLink.objects.count() == 1


# --- Over editions ---------------------------------------------------------------------------------


def two_weeks() -> tuple[Edition, Edition]:
    first = EditionFactory(slug="2025", state=EditionState.EVALUATED)
    second = EditionFactory(slug="2026")
    Edition.objects.filter(pk=first.pk).update(starts_on="2025-12-01", ends_on="2025-12-05")
    return first, second


def reasons(host: Host) -> list[tuple[str, list[str]]]:
    (line,) = queries_links.lines([host])
    return [(str(each.organization), each.reasons) for each in line.proposals]


def test_the_link_of_an_earlier_week_is_proposed_first(alice: User) -> None:
    first, second = two_weeks()
    made = organization("Un tout autre nom")
    organization("Atoll Est")
    before = HostFactory(edition=first, name="Atoll Est", contact_email="")
    tie(before, made, alice)

    found = reasons(HostFactory(edition=second, name="ATOLL Est", contact_email=""))

    assert [name for name, _why in found] == ["Un tout autre nom", "Atoll Est"]
    assert ["2025" in why for why in found[0][1]] == [True]


def test_so_is_that_of_a_host_with_the_same_contact_and_a_like_name(alice: User) -> None:
    first, second = two_weeks()
    made = organization("Un tout autre nom")
    tie(HostFactory(edition=first, name="Équipe Tela", contact_email="t@example.org"), made, alice)

    like = HostFactory(edition=second, name="Équipe Mobile Tela", contact_email="T@example.org")
    unlike = HostFactory(edition=second, name="Guichet Social", contact_email="t@example.org")
    alone = HostFactory(edition=second, name="Mobile Tela", contact_email="other@example.net")

    assert [name for name, _why in reasons(like)] == ["Un tout autre nom"]
    assert (reasons(unlike), reasons(alone)) == ([], [])


def test_links_of_another_basin_are_not_proposed(alice: User) -> None:
    from tests.factories import basin

    elsewhere = EditionFactory(basin=basin("nord"))
    tie(HostFactory(edition=elsewhere, name="Atoll Est"), organization("Un tout autre nom"))

    assert reasons(HostFactory(name="Atoll Est", contact_email="")) == []


# --- Where an organisation took part ---------------------------------------------------------------


def test_an_organisation_took_part_in_published_weeks_as_accepted_host_with_its_planned_visits(alice: User) -> None:
    made = OrganizationFactory()
    for number, (state, host_state) in enumerate(
        [
            (EditionState.OPEN, HostState.ACCEPTED),
            (EditionState.DRAFT, HostState.ACCEPTED),
            (EditionState.CALL, HostState.ACCEPTED),
            (EditionState.EVALUATED, HostState.WITHDRAWN),
        ]
    ):
        edition = EditionFactory(state=state, name_fr=f"Semaine {number}")
        host = HostFactory(edition=edition, state=host_state)
        VisitFactory(edition=edition, host=host)
        VisitFactory(edition=edition, host=host, day=1)
        VisitFactory(edition=edition, host=host, day=2, state=VisitState.CANCELLED)
        tie(host, made, alice)

    assert took_part(made) == [("Semaine 0", 2)]


def test_two_hosts_of_one_organisation_count_together(alice: User) -> None:
    edition, made = EditionFactory(), OrganizationFactory()
    for _number in range(2):
        tie(VisitFactory(edition=edition).host, made, alice)

    assert took_part(made) == [("Le Grand Bain", 2)]


def test_a_host_that_is_not_the_same_took_part_nowhere(alice: User) -> None:
    visit, made = VisitFactory(), OrganizationFactory()
    linking.refuse(host=visit.host, organization=made.uuid, by=alice)

    assert took_part(made) == []
