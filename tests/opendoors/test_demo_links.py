"""The demo's hosts and directory: some linked, some proposed, most still open."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from core.spoken import BRUSSELS
from directory import demo as directory_demo
from directory.models import Organization
from opendoors import demo, demo_links, queries_links
from opendoors.enums import LinkVerdict
from opendoors.models import Edition, HostLink

TODAY = dt.datetime(2026, 5, 13, 10, 0, tzinfo=BRUSSELS)

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(db: None) -> None:
    with time_machine.travel(TODAY, tick=False):
        directory_demo.seed(timezone.localdate())
        demo.seed(timezone.localdate())
        demo_links.tie(is_new=True)


@pytest.mark.usefixtures("seeded")
def test_some_hosts_are_linked_some_proposed_most_open() -> None:
    past, ahead = Edition.objects.get(slug="2024"), Edition.objects.get(slug="2026")
    linked = HostLink.objects.filter(verdict=LinkVerdict.SAME, host__edition=past)
    lines = queries_links.lines(list(queries_links.hosts_to_link(ahead)))
    proposed = {line.host.name: [str(each.organization) for each in line.proposals] for line in lines}

    assert 6 <= linked.count() <= 12
    assert HostLink.objects.filter(verdict=LinkVerdict.DIFFERENT).count() == 1
    assert not HostLink.objects.filter(host__edition=ahead).exists()
    assert proposed["SSM Le Chien Vert"] == ["Le Chien Vert – service de santé mentale"]
    assert proposed["SSM Chapelle-aux-Champs - Département Adultes"][0] == "SSM Chapelle-aux-Champs"
    assert proposed["Casa Hestia"][0] == "Casa Hestia"
    assert 12 <= sum(bool(each) for each in proposed.values()) <= 35
    # Nothing that made the page unreadable: who reads it sees at a glance whether it is the same.
    assert all(len(each) <= 3 for each in proposed.values())


@pytest.mark.usefixtures("seeded")
def test_what_was_made_is_called_demo_data_and_the_second_day_adds_nothing() -> None:
    made = Organization.objects.get(name_fr="Casa Hestia")
    before = HostLink.objects.count()

    demo_links.tie(is_new=False)

    assert made.is_demo
    assert HostLink.objects.count() == before


def test_without_weeks_nothing_is_tied() -> None:
    demo_links.tie(is_new=True)

    assert not HostLink.objects.exists()
