"""What the directory gives to the pages that all missions share."""

from __future__ import annotations

import datetime as dt

import pytest

from basins.missions import Period
from basins.models import User
from basins.rules.retention import first_kept
from directory.mission import mission
from directory.models import Contact
from directory.rules import records
from tests.directory.factories import ContactFactory, OrganizationFactory, service
from tests.factories import basin

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 2)
YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def counted(code: str | None) -> dict[str, int]:
    return {figure.key: figure.value for figure in mission.figures(basin(code) if code else None, YEAR)}


@pytest.mark.parametrize(
    ("area", "in_sud_est"),
    [
        ("region", 1),
        ("basin:sud-est", 1),
        ("municipality:21005", 1),
        ("basin:nord", 0),
        ("municipality:21010", 0),
    ],
)
def test_a_basin_counts_what_serves_it(area: str, in_sud_est: int) -> None:
    service(areas=[area])
    assert counted("sud-est")["directory.records"] == in_sud_est
    assert counted(None)["directory.records"] == 1


def test_records_for_professionals_are_not_counted() -> None:
    service(visibility="professionals")
    assert counted(None) == {"directory.records": 0, "directory.checked": 0}


def test_a_record_checked_in_the_period_counts() -> None:
    made = service()
    made.assured_on = TODAY
    made.save()
    assert counted(None)["directory.checked"] == 1


def test_a_person_is_told_what_is_held_on_them() -> None:
    ContactFactory(email="leen@example.org", name="Leen")
    OrganizationFactory(confirm_email="leen@example.org")
    held = [(record.fields["email"], record.fields.get("name")) for record in mission.personal_data("Leen@example.org")]
    assert held == [("leen@example.org", "Leen"), ("leen@example.org", None)]


def test_a_person_can_be_forgotten(alice: User) -> None:
    ContactFactory(email="leen@example.org")
    organization = OrganizationFactory()
    records.set_confirmation(
        organization=organization, email="Leen@example.org", language="nl", every_days=90, by=alice
    )
    assert mission.forget("leen@example.org").erased == 2
    assert list(mission.personal_data("leen@example.org")) == []


def test_consent_is_not_kept_longer_than_promised() -> None:
    limit = first_kept("directory_contacts", TODAY).date()
    ContactFactory(consent_on=limit - dt.timedelta(days=1))
    kept = ContactFactory(consent_on=limit)
    assert mission.forget_expired(TODAY) == 1
    assert list(Contact.objects.all()) == [kept]
