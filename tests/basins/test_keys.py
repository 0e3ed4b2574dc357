"""Partners' keys: made for one's own basins, shown once, revoked for good."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256

import pytest
import time_machine
from django.utils import timezone

from basins.models import PartnerKey, User
from basins.rights import Role
from basins.rules.keys import KeyInvalid, create_key, known_scopes, note_use, revoke_key
from basins.rules.people import NotYours
from tests.factories import UserFactory, basin, grant

pytestmark = pytest.mark.django_db


def make(by: User | None, *codes: str, scopes: tuple[str, ...] = ("opendoors:book",)) -> tuple[PartnerKey, str]:
    return create_key(
        by=by,
        name="Maison médicale",
        contact_email="it@example.org",
        scopes=scopes,
        basins=[basin(code) for code in codes],
    )


def test_key_is_shown_once_and_kept_as_a_digest(alice: User) -> None:
    key, plain = make(alice, "sud-est")
    assert len(plain) == 46
    assert key.digest == sha256(plain.encode()).hexdigest()
    assert key.prefix == plain[:12]
    stored = PartnerKey.objects.values().get()
    assert plain not in str(stored)
    assert (stored["scopes"], stored["created_by_id"]) == (["opendoors:book"], alice.pk)
    assert [each.code for each in key.basins.all()] == ["sud-est"]


def test_two_keys_are_never_the_same(alice: User) -> None:
    assert make(alice, "sud-est")[1] != make(alice, "sud-est")[1]


@pytest.mark.parametrize("codes", [("nord",), ("sud-est", "nord"), ()])
def test_nobody_gives_keys_to_other_basins(alice: User, codes: tuple[str, ...]) -> None:
    with pytest.raises(NotYours):
        make(alice, *codes)
    assert PartnerKey.objects.count() == 0


def test_team_member_gives_no_keys(bram: User) -> None:
    with pytest.raises(NotYours):
        make(bram, "nord")


def test_region_gives_keys_everywhere(db: None) -> None:
    administrator = UserFactory()
    grant(administrator, Role.REGION_ADMIN, None)
    assert make(administrator, "nord", "sud")[0].basins.count() == 2


@pytest.mark.parametrize("scopes", [(), ("opendoors:everything",), ("opendoors:book", "x")])
def test_scope_that_does_not_exist_is_refused(alice: User, scopes: tuple[str, ...]) -> None:
    with pytest.raises(KeyInvalid) as refused:
        make(alice, "sud-est", scopes=scopes)
    assert refused.value.field == "scopes"


def test_operator_too_names_a_basin() -> None:
    with pytest.raises(KeyInvalid) as refused:
        make(None)
    assert refused.value.field == "basins"


def test_scopes_are_what_the_missions_offer() -> None:
    assert "opendoors:book" in known_scopes()


def test_revoking_keeps_who_and_when_it_was_first_done(alice: User, farid: PartnerKey) -> None:
    first = revoke_key(key=farid, by=alice)
    second = revoke_key(key=farid, by=None)
    assert first.revoked_by == second.revoked_by == alice
    assert first.revoked_at == second.revoked_at


def test_key_of_another_basin_is_not_revoked(bram: User, farid: PartnerKey) -> None:
    with pytest.raises(NotYours):
        revoke_key(key=farid, by=bram)
    farid.refresh_from_db()
    assert farid.revoked_at is None


def test_last_use_is_noted_once_a_minute(farid: PartnerKey) -> None:
    noon = timezone.now().replace(microsecond=0)
    seen: list[dt.datetime | None] = []
    for seconds in (0, 59, 60):
        with time_machine.travel(noon + dt.timedelta(seconds=seconds), tick=False):
            note_use(PartnerKey.objects.get())
        seen.append(PartnerKey.objects.get().last_used_at)
    assert seen == [noon, noon, noon + dt.timedelta(seconds=60)]


def test_note_of_use_is_no_change_of_the_key(farid: PartnerKey) -> None:
    note_use(farid)
    assert PartnerKey.objects.get().modified == farid.modified
