"""The back office of people: roles given and ended, factors reset, keys made and revoked."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from basins.models import PartnerKey, RoleGrant, User
from basins.rights import Role
from tests.basins.people_tools import at, give_factor, listed
from tests.factories import basin, grant

pytestmark = pytest.mark.django_db


def give(desk: Client, **changed: object) -> Any:
    typed: dict[str, Any] = {
        "email": "new@example.org",
        "name": "Nora",
        "language": "nl",
        "role": "team_member",
        "basin": basin().pk,
    }
    return desk.post(at("admin:basins_rolegrant_add"), typed | changed)


def test_a_coordinator_invites_a_colleague(desk: Client, alice: User) -> None:
    give(desk)
    given = RoleGrant.objects.get(user__email="new@example.org")
    assert (given.user.name, given.user.language, given.role, given.granted_by) == (
        "Nora",
        "nl",
        "team_member",
        alice,
    )
    assert LogEntry.objects.get().object_id == str(given.pk)


def test_a_coordinator_gives_no_role_elsewhere_nor_for_the_region(desk: Client) -> None:
    for changed in ({"basin": basin("nord").pk}, {"basin": ""}, {"role": "region_admin"}):
        assert give(desk, **changed).status_code == 200
    assert RoleGrant.objects.count() == 1


def test_regional_roles_are_not_offered_to_a_coordinator(desk: Client) -> None:
    form = desk.get(at("admin:basins_rolegrant_add")).context["adminform"].form
    assert [value for value, _label in form.fields["role"].choices] == ["coordinator", "team_member", "helpdesk_agent"]


def test_a_role_that_runs_is_not_given_twice(desk: Client) -> None:
    give(desk)
    answer = give(desk)
    assert list(answer.context["adminform"].form.errors) == ["role"]


def end(desk: Client, *grants: RoleGrant) -> Any:
    chosen = {"action": "end_roles", "_selected_action": [each.pk for each in grants]}
    return desk.post(at("admin:basins_rolegrant_changelist"), chosen, follow=True)


def test_ending_a_role_says_who_and_when(desk: Client, alice: User, eva: User) -> None:
    given = grant(eva, Role.TEAM_MEMBER, "sud-est")
    end(desk, given)
    given.refresh_from_db()
    assert (given.ended_by, given.ended_at is not None, RoleGrant.objects.count()) == (alice, True, 2)


def test_another_teams_role_cannot_be_ended(desk: Client, bram: User) -> None:
    given = bram.grants.first()
    assert given is not None
    end(desk, given)
    given.refresh_from_db()
    assert given.ended_at is None


def test_a_role_cannot_be_changed_or_deleted(desk: Client, alice: User) -> None:
    given = alice.grants.get()
    desk.post(at("admin:basins_rolegrant_delete", object_id=given.pk), {"post": "yes"})
    desk.post(at("admin:basins_rolegrant_change", object_id=given.pk), {"role": "region_admin"})
    given.refresh_from_db()
    assert (given.role, given.ended_at) == ("coordinator", None)


def reset(desk: Client, person: User) -> Any:
    chosen = {"action": "reset_second_factor", "_selected_action": [person.pk]}
    return desk.post(at("admin:basins_user_changelist"), chosen, follow=True)


def test_a_lost_factor_is_reset_by_the_coordinator_and_logged(desk: Client, eva: User) -> None:
    grant(eva, Role.TEAM_MEMBER, "sud-est")
    give_factor(eva)
    reset(desk, eva)
    assert eva.authenticator_set.count() == 0
    assert LogEntry.objects.get().change_message == "second factor reset"


@pytest.mark.parametrize(("role", "code"), [(Role.REGION_ADMIN, None), (Role.TEAM_MEMBER, "nord")])
def test_the_factor_of_somebody_with_roles_elsewhere_is_not_hers_to_reset(
    desk: Client, eva: User, role: Role, code: str | None
) -> None:
    grant(eva, Role.TEAM_MEMBER, "sud-est")
    grant(eva, role, code)
    give_factor(eva)
    reset(desk, eva)
    assert eva.authenticator_set.count() == 1


def test_nobody_resets_their_own_factor(desk: Client, alice: User) -> None:
    reset(desk, alice)
    assert alice.authenticator_set.count() == 1


# --- Keys ----------------------------------------------------------------------------------------
KEY = {"name": "Agenda", "contact_email": "dev@example.org", "scopes": ["opendoors:book"]}


def test_a_new_key_is_shown_once(desk: Client, alice: User) -> None:
    from basins.rules.keys import digest_of

    answer = desk.post(at("admin:basins_partnerkey_add"), {**KEY, "basins": [basin().pk]})
    key = PartnerKey.objects.get()
    plain = answer.context["plain"]
    assert (digest_of(plain), plain in answer.content.decode(), key.created_by) == (key.digest, True, alice)
    assert plain not in desk.get(at("admin:basins_partnerkey_change", object_id=key.pk)).content.decode()


def test_a_key_opens_no_basin_of_somebody_elses(desk: Client) -> None:
    desk.post(at("admin:basins_partnerkey_add"), {**KEY, "basins": [basin().pk, basin("nord").pk]})
    assert PartnerKey.objects.count() == 0


def test_a_key_is_revoked(desk: Client, farid: PartnerKey) -> None:
    desk.post(at("admin:basins_partnerkey_changelist"), {"action": "revoke", "_selected_action": [farid.pk]})
    farid.refresh_from_db()
    assert farid.revoked_at is not None


def test_a_key_that_is_shared_with_another_basin_is_seen_and_not_revoked(desk: Client, farid: PartnerKey) -> None:
    farid.basins.add(basin("nord"))
    chosen = {"action": "revoke", "_selected_action": [farid.pk]}
    answer = desk.post(at("admin:basins_partnerkey_changelist"), chosen, follow=True)
    farid.refresh_from_db()
    assert (farid.revoked_at, len(listed(answer))) == (None, 1)
