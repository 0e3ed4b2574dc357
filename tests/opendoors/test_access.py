"""Who may do what around an open-door week: each right for itself."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from basins.models import User
from basins.rights import ROLE_RIGHTS, Right, Role
from opendoors import access
from tests.basins.people_tools import staff_session
from tests.factories import UserFactory, grant
from tests.opendoors.factories import EditionFactory
from tests.opendoors.staff_tools import page

pytestmark = pytest.mark.django_db


def test_staff_of_the_basin_keep_its_weeks_and_nobody_else(alice: User, bram: User, daan: User) -> None:
    edition = EditionFactory()

    readers = (alice, bram, daan, AnonymousUser())

    assert [access.may_manage_edition(reader, edition) for reader in readers] == [True, False, False, False]


def test_who_may_read_bookings_reads_them_without_keeping_the_programme(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    EditionFactory(slug="2026")
    rights = frozenset({Right.ENTER_BACK_OFFICE, Right.SEE_OPEN_DOOR_BOOKINGS})
    monkeypatch.setitem(ROLE_RIGHTS, Role.HELPDESK_AGENT, rights)
    reader = UserFactory()
    grant(reader, Role.HELPDESK_AGENT, "sud-est")
    desk = staff_session(client, reader)

    pages = ("staff_bookings", "staff_bookings_csv", "staff_edition")
    answers = [desk.get(page(name, slug="2026")).status_code for name in pages]

    assert answers == [200, 200, 404]
