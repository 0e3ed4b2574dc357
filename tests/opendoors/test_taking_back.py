"""A record that was made of a host goes with its link, unless something hangs on it by now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext, gettext_lazy

from basins.models import User
from directory.enums import ChangeAction
from directory.models import Contact, Correction, Location, Organization, RecordChange, SavedList, Service, Tombstone
from directory.rules import freshness, records, undoing
from opendoors import queries_links
from opendoors.enums import LinkKind
from opendoors.models import Host, HostLink
from opendoors.rules import linking
from tests.basins.people_tools import in_french, staff_session
from tests.directory.factories import service
from tests.opendoors.factories import EditionFactory, HostFactory, PlaceFactory
from tests.opendoors.staff_tools import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> Host:
    made = HostFactory(name="Casa Hestia", edition=EditionFactory(slug="2026"))
    PlaceFactory(host=made)
    return made


def undone(host: Host, link: HostLink, by: User) -> Any:
    answer = linking.undo(host=host, link=link.uuid, by=by)
    assert answer is not None
    return answer.made


def test_what_was_made_goes_with_the_link(host: Host, alice: User) -> None:
    other = service()
    link = linking.make(host=host, by=alice)

    assert undone(host, link, alice).stays == ""

    assert (list(Service.objects.all()), Location.objects.count()) == ([other], 0)
    assert list(Organization.objects.all()) == [other.organization]
    assert Tombstone.objects.filter(record_uuid=link.record).exists()
    (line,) = queries_links.lines([host])
    assert (line.tied, line.proposals) == (None, [])


def test_it_can_be_made_again_and_brought_back_by_the_history(host: Host, alice: User) -> None:
    first = linking.make(host=host, by=alice)
    undone(host, first, alice)
    again = linking.make(host=host, by=alice)
    undone(host, again, alice)

    for kind in ("organization", "service"):
        change = RecordChange.objects.filter(action=ChangeAction.REMOVED, record_kind=kind).latest("pk")
        undoing.undo(change=change, by=alice)
    assert Service.objects.get().uuid == again.record


def changed(made: Service, by: User) -> None:
    records.edit_service(service=made, values={"home_visits": True}, by=by)


def checked(made: Service, by: User) -> None:
    freshness.assure(records=[made], on=dt.date(2026, 11, 22), by=by)


def gets_another(made: Service, by: User) -> None:
    records.create_service(organization=made.organization, values={"name_fr": "Autre"}, by=by)


def gets_a_person(made: Service, by: User) -> None:
    Contact.objects.create(organization=made.organization, function_fr="Accueil")


def is_corrected(made: Service, by: User) -> None:
    Correction.objects.create(service=made, words="Fermé", language="fr")


def is_listed(made: Service, by: User) -> None:
    SavedList.objects.create(email="a@example.org", language="fr", used_on=dt.date(2026, 11, 22), records=[made.uuid])


def is_linked_again(made: Service, by: User) -> None:
    linking.confirm(host=HostFactory(), kind=LinkKind.ORGANIZATION, record=made.organization.uuid, by=by)


def has_moved(made: Service, by: User) -> None:
    records.move_service(service=made, into=service().organization, by=by)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (changed, "it was changed or checked since"),
        (checked, "it was changed or checked since"),
        (gets_another, "its organisation has other records"),
        (gets_a_person, "persons to turn to are named there"),
        (is_corrected, "somebody wrote about it"),
        (is_listed, "it stands on a list that somebody keeps"),
        (is_linked_again, "another host is linked to it"),
        (has_moved, "it was changed or checked since"),
    ],
)
def test_what_something_hangs_on_stays_and_says_why(
    happens: Callable[[Service, User], None], why: str, host: Host, alice: User
) -> None:
    link = linking.make(host=host, by=alice)
    made = Service.objects.get(uuid=link.record)
    happens(made, alice)

    answer = undone(host, link, alice)

    assert str(answer.stays) == gettext(why)
    assert Service.objects.filter(uuid=made.uuid).exists()
    assert not HostLink.objects.filter(host=host).exists()


def test_a_record_that_was_there_before_is_never_taken_out(host: Host, alice: User) -> None:
    there = service()
    link = linking.confirm(host=host, kind=LinkKind.SERVICE, record=there.uuid, by=alice)

    assert undone(host, link, alice) is None
    assert list(Service.objects.all()) == [there]


@pytest.mark.parametrize("stays", [False, True])
def test_the_team_reads_what_became_of_it(stays: bool, host: Host, client: Client, alice: User) -> None:
    link = linking.make(host=host, by=alice)
    if stays:
        changed(Service.objects.get(uuid=link.record), alice)

    team = staff_session(client, alice)
    url = page("staff_link", slug="2026", host=host.uuid)
    response = team.post(url, {"do": "undo", "link": str(link.uuid)}, follow=True)

    (said,) = [str(each) for each in response.context["messages"]]
    assert "Casa Hestia" in said
    assert (in_french(gettext_lazy("it was changed or checked since")) in said) is stays
    assert Service.objects.exists() is stays
