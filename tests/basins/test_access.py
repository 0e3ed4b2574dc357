"""Sentences of ``basins.access``: who holds what, where."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from basins import access
from basins.models import Need, NewsItem, PartnerKey, User
from basins.rights import Right, Role
from tests.factories import basin, grant

pytestmark = pytest.mark.django_db


def test_a_right_is_held_in_the_basin_it_was_given_for(alice: User) -> None:
    held = {code: access.holds(alice, Right.WRITE_NEWS, code) for code in ("sud-est", "nord", None)}
    assert held == {"sud-est": True, "nord": False, None: False}


def test_a_regional_right_is_held_everywhere(eva: User) -> None:
    grant(eva, Role.REGION_ADMIN, None)
    assert [access.holds(eva, Right.WRITE_NEWS, code) for code in ("sud-est", "nord", None)] == [True, True, True]


def test_strangers_visitors_and_closed_accounts_hold_nothing(daan: User, alice: User) -> None:
    alice.is_active = False
    readers: list[access.Reader] = [AnonymousUser(), daan, alice]
    assert [access.holds_somewhere(reader, Right.ENTER_BACK_OFFICE) for reader in readers] == [False, False, False]
    assert [access.may_enter_back_office(reader) for reader in readers] == [False, False, False]


@pytest.mark.parametrize(
    ("role", "code", "expected"),
    [
        (Role.TEAM_MEMBER, "sud-est", True),
        (Role.COORDINATOR, "sud-est", True),
        (Role.TEAM_MEMBER, "nord", False),
        (Role.TEAM_MEMBER, None, False),
        (Role.REGION_ADMIN, None, False),
        (Role.REGION_ADMIN, "sud-est", False),
    ],
)
def test_a_coordinator_gives_roles_in_her_team(alice: User, role: Role, code: str | None, *, expected: bool) -> None:
    assert access.may_give_role(alice, role, code) is expected


def test_a_team_member_gives_no_role(bram: User) -> None:
    assert not access.may_give_role(bram, Role.HELPDESK_AGENT, "nord")


def test_a_regional_administrator_gives_every_role_in_its_place(eva: User) -> None:
    grant(eva, Role.REGION_ADMIN, None)
    assert access.may_give_role(eva, Role.REGION_ADMIN, None)
    assert access.may_give_role(eva, Role.COORDINATOR, "nord")
    assert not access.may_give_role(eva, Role.REGION_ADMIN, "nord")


def test_one_sees_oneself_and_ones_own_team(alice: User, bram: User, eva: User) -> None:
    grant(eva, Role.TEAM_MEMBER, "sud-est")
    assert [access.may_see_person(alice, each) for each in (alice, eva, bram)] == [True, True, False]


def test_a_coordinator_does_not_touch_somebody_who_also_works_elsewhere(alice: User, eva: User) -> None:
    grant(eva, Role.TEAM_MEMBER, "sud-est")
    grant(eva, Role.TEAM_MEMBER, "nord")
    assert not access.may_edit_person(alice, eva)
    assert not access.may_reset_second_factor(alice, eva)


def test_a_key_belongs_to_all_its_basins(alice: User, farid: PartnerKey) -> None:
    assert access.may_manage_partner_key(alice, farid)
    farid.basins.add(basin("nord"))
    assert not access.may_manage_partner_key(alice, farid)


def test_a_key_without_basins_is_nobodys(alice: User) -> None:
    assert not access.may_give_partner_key(alice, [])


def test_rows_of_the_region_are_the_regions(alice: User, eva: User) -> None:
    grant(eva, Role.REGION_ADMIN, None)
    assert [access.may_write_news(reader, NewsItem()) for reader in (alice, eva)] == [False, True]
    assert [access.may_manage_need(reader, Need()) for reader in (alice, eva)] == [False, True]


@pytest.mark.parametrize(("scope", "expected"), [("sud-est", True), ("nord", False), ("", False), ("nonsense", False)])
def test_mail_is_seen_by_the_team_it_went_out_for(alice: User, scope: str, *, expected: bool) -> None:
    assert access.may_see_mail(alice, scope) is expected


@pytest.mark.parametrize(
    ("role", "expected"), [(Role.HELPDESK_AGENT, False), (Role.TEAM_MEMBER, False), (Role.COORDINATOR, True)]
)
def test_mail_and_jobs_are_managed_by_the_coordinator(eva: User, role: Role, *, expected: bool) -> None:
    grant(eva, role, "sud-est")
    manages = [access.may_manage_mail(eva, "sud-est"), access.may_stop_job(eva, "sud-est")]
    elsewhere = [access.may_manage_mail(eva, ""), access.may_stop_job(eva, "nord")]
    assert (manages, elsewhere) == ([expected, expected], [False, False])


def test_the_territory_is_edited_by_the_region(alice: User, eva: User) -> None:
    grant(eva, Role.REGION_ADMIN, None)
    assert [access.may_edit_territory(reader) for reader in (alice, eva)] == [False, True]
