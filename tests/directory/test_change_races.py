"""Numbers of changes become visible in their order, or a partner who follows them misses one for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from directory.models import Organization
from directory.rules import log, records
from tests.directory.factories import OrganizationFactory
from tests.opendoors.race_tools import wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def in_the_background(act: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def rename(organization: Organization) -> None:
    records.edit_organization(organization=organization, values={"name_fr": "Autre"}, by=None)


def number_of(organization: Organization) -> int:
    return Organization.objects.get(pk=organization.pk).changed_seq


def test_without_the_lock_a_later_number_is_seen_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The race there would be."""
    monkeypatch.setattr(log, "lock", lambda: None)
    slow, quick = OrganizationFactory(changed_seq=0), OrganizationFactory(changed_seq=0)
    with transaction.atomic():
        rename(slow)
        in_the_background(lambda: rename(quick)).join(timeout=20)
        drawn = number_of(slow)
        assert 0 < drawn < number_of(quick)


def test_with_it_the_second_writer_waits_and_gets_the_later_number() -> None:
    slow, quick = OrganizationFactory(changed_seq=0), OrganizationFactory(changed_seq=0)
    with transaction.atomic():
        rename(slow)
        second = in_the_background(lambda: rename(quick))
        wait_until_blocked()
        assert number_of(quick) == 0
    second.join(timeout=20)
    assert 0 < number_of(slow) < number_of(quick)
