"""Rules of accounts and roles, and the command that appoints the first of a team."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from basins.models import RoleGrant, User
from basins.rights import Role
from basins.rules import people
from core.models import OutboxMessage
from tests.basins.people_tools import give_factor
from tests.factories import UserFactory, basin, grant

pytestmark = pytest.mark.django_db


def test_an_account_is_opened_once_per_address() -> None:
    first = people.open_account(email="New@Example.org ", language="nl", name="N")
    second = people.open_account(email="new@example.org", language="fr")
    assert first is not None
    assert (first, first.email, first.language) == (second, "new@example.org", "nl")


def test_a_closed_account_is_not_opened_again() -> None:
    UserFactory(email="gone@example.org", is_active=False)
    assert people.open_account(email="gone@example.org", language="fr") is None


def test_a_new_account_has_no_password_that_works() -> None:
    user = people.open_account(email="new@example.org", language="nl")
    assert user is not None
    assert not user.has_usable_password()


def test_who_gets_a_role_is_written_to_in_their_language(alice: User, daan: User) -> None:
    people.grant_role(user=daan, role=Role.TEAM_MEMBER, basin=basin(), by=alice)
    row = OutboxMessage.objects.get()
    assert (row.kind, row.to, row.language, row.scope) == ("basins.role_given", daan.email, "nl", "sud-est")


def test_the_letters_can_be_written_in_both_languages(alice: User, daan: User, eva: User) -> None:
    from core.mail import deliver_due

    people.grant_role(user=daan, role=Role.TEAM_MEMBER, basin=basin(), by=alice)
    people.grant_role(user=eva, role=Role.REGION_ADMIN, basin=None, by=None)
    for event in ("set_up", "removed", "new_codes", "reset"):
        people.tell_of_second_factor(person=daan, event=event)
        people.tell_of_second_factor(person=eva, event=event, by=alice)
    assert deliver_due() == 10


def test_a_role_runs_once(alice: User, daan: User) -> None:
    people.grant_role(user=daan, role=Role.TEAM_MEMBER, basin=basin(), by=alice)
    with pytest.raises(people.RoleRunsAlready):
        people.grant_role(user=daan, role=Role.TEAM_MEMBER, basin=basin(), by=alice)


def test_an_ended_role_can_be_given_again(alice: User, daan: User) -> None:
    given = people.grant_role(user=daan, role=Role.TEAM_MEMBER, basin=basin(), by=alice)
    people.end_role(grant=given, by=alice)
    people.grant_role(user=daan, role=Role.TEAM_MEMBER, basin=basin(), by=alice)
    assert daan.grants.count() == 2


def test_a_role_beyond_ones_own_rights_is_not_given(alice: User, daan: User) -> None:
    with pytest.raises(people.NotYours):
        people.grant_role(user=daan, role=Role.REGION_ADMIN, basin=None, by=alice)
    assert (daan.grants.count(), OutboxMessage.objects.count()) == (0, 0)


def test_ending_a_role_twice_keeps_the_first_date(alice: User, daan: User) -> None:
    given = people.grant_role(user=daan, role=Role.TEAM_MEMBER, basin=basin(), by=alice)
    first = people.end_role(grant=given, by=alice)
    assert people.end_role(grant=given, by=None).ended_at == first.ended_at


def test_a_role_of_another_team_is_not_ended(alice: User, bram: User) -> None:
    given = bram.grants.first()
    assert given is not None
    with pytest.raises(people.NotYours):
        people.end_role(grant=given, by=alice)


def test_the_last_regional_administrator_stays(eva: User, daan: User) -> None:
    last = grant(eva, Role.REGION_ADMIN, None)
    with pytest.raises(people.LastAdministrator):
        people.end_role(grant=last, by=eva)
    other = grant(daan, Role.REGION_ADMIN, None)
    people.end_role(grant=last, by=daan)
    with pytest.raises(people.LastAdministrator):
        people.end_role(grant=other, by=daan)


def test_a_reset_takes_the_app_and_the_recovery_codes(alice: User, eva: User) -> None:
    grant(eva, Role.TEAM_MEMBER, "sud-est")
    give_factor(eva)
    assert people.reset_second_factor(person=eva, by=alice) == 1
    assert OutboxMessage.objects.get().params["event"] == "reset"


def test_a_stranger_to_the_team_resets_nothing(alice: User, bram: User) -> None:
    give_factor(bram)
    with pytest.raises(people.NotYours):
        people.reset_second_factor(person=bram, by=alice)


def run(*arguments: str) -> str:
    said = io.StringIO()
    call_command("create_coordinator", *arguments, stdout=said)
    return said.getvalue()


def test_the_command_writes_nothing_unless_told_to() -> None:
    said = run("first@example.org", "--basin", "nord")
    assert (said.startswith("Would be written"), User.objects.count()) == (True, 0)


def test_the_command_appoints_a_coordinator() -> None:
    run("first@example.org", "--basin", "nord", "--apply")
    given = RoleGrant.objects.get()
    assert (given.user.email, given.role, given.basin, given.granted_by) == (
        "first@example.org",
        "coordinator",
        basin("nord"),
        None,
    )


def test_the_command_appoints_a_regional_administrator() -> None:
    run("first@example.org", "--region", "--apply")
    assert (RoleGrant.objects.get().role, RoleGrant.objects.get().basin) == ("region_admin", None)


@pytest.mark.parametrize("arguments", [["no-address", "--region", "--apply"], ["a@example.org"]])
def test_the_command_says_what_is_wrong(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)


def test_the_command_says_that_the_role_runs() -> None:
    run("first@example.org", "--region", "--apply")
    with pytest.raises(CommandError):
        run("first@example.org", "--region", "--apply")
