"""Two of the team decide at once: on real connections, released together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection, transaction

from basins.models import User
from directory.models import Organization
from opendoors.enums import LinkKind, LinkVerdict
from opendoors.errors import LinkTaken
from opendoors.models import Host, HostLink
from opendoors.rules import hosting, linking
from tests.directory.factories import OrganizationFactory
from tests.opendoors.factories import HostFactory, VisitFactory
from tests.opendoors.race_tools import wait_until_blocked
from tests.opendoors.test_hosting import data_of

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    gate = threading.Barrier(len(acts))
    ended = [""] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            act()
            ended[number] = "done"
        except LinkTaken as refused:
            ended[number] = type(refused).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return ended


def confirms(host: Host, record: UUID, by: User) -> Callable[[], object]:
    return lambda: linking.confirm(host=host, kind=LinkKind.ORGANIZATION, record=record, by=by)


@pytest.mark.parametrize("attempt", range(3))
def test_two_say_something_else(alice: User, attempt: int) -> None:
    host, one, other = HostFactory(), OrganizationFactory(), OrganizationFactory()

    ended = at_once(confirms(host, one.uuid, alice), confirms(host, other.uuid, alice))

    assert sorted(ended) == ["LinkTaken", "done"]
    assert HostLink.objects.get().record == (one, other)[ended.index("done")].uuid


def test_two_say_the_same(alice: User) -> None:
    host, made = HostFactory(), OrganizationFactory()

    assert at_once(*[confirms(host, made.uuid, alice)] * 4) == ["done"] * 4
    assert HostLink.objects.count() == 1


def test_two_make_a_record_and_one_is_made(alice: User) -> None:
    host = HostFactory()

    ended = at_once(*[lambda: linking.make(host=host, by=alice)] * 3)

    assert sorted(ended) == ["LinkTaken", "LinkTaken", "done"]
    assert Organization.objects.count() == 1


def test_one_says_yes_and_one_no(alice: User) -> None:
    host, made = HostFactory(), OrganizationFactory()

    ended = at_once(
        confirms(host, made.uuid, alice), lambda: linking.refuse(host=host, organization=made.uuid, by=alice)
    )

    assert ended in (["done", "done"], ["done", "LinkTaken"])
    assert HostLink.objects.get().verdict == LinkVerdict.SAME


def test_the_second_waits_for_the_word_of_the_first(alice: User) -> None:
    """Without the host's lock the second would see no link, and break the constraint instead of being told."""
    host, one, other = HostFactory(), OrganizationFactory(), OrganizationFactory()
    ended: list[str] = []
    second = threading.Thread(target=lambda: ended.extend(at_once(confirms(host, other.uuid, alice))))

    with transaction.atomic():
        confirms(host, one.uuid, alice)()
        second.start()
        wait_until_blocked()
    second.join(timeout=30)

    assert ended == ["LinkTaken"]


def test_a_host_is_linked_while_its_visits_change(alice: User) -> None:
    visit, made = VisitFactory(), OrganizationFactory()

    ended = at_once(
        *[confirms(visit.host, made.uuid, alice)] * 3,
        *[lambda: hosting.edit_visit(visit=visit, place=visit.place, data=data_of(visit), by=alice)] * 2,
    )

    assert ended == ["done"] * 5
