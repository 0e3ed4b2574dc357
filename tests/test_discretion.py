"""Logs name nobody: what people do is written down with identifiers, never with a mail address."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from basins.enums import NeedState
from basins.rights import Role
from basins.rules import keys, needs, news, people
from core.mail import deliver_due
from core.models import OutboxMessage
from opendoors.models import Booking
from tests.basins.people_tools import at, give_factor, mailed_code
from tests.core.letters import Script, mail_server
from tests.factories import UserFactory, basin, grant
from tests.opendoors.factories import VisitFactory

pytestmark = pytest.mark.django_db


OURS = ("core", "basins", "opendoors", "config", "django.request", "django.security", "allauth")


@pytest.fixture(autouse=True)
def _everything(caplog: pytest.LogCaptureFixture) -> None:
    """However unimportant."""
    caplog.set_level(logging.DEBUG)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """As they would be written without the formatter that takes addresses out."""
    plain = logging.Formatter("%(message)s")
    return [plain.format(each) for each in caplog.records if each.name.startswith(OURS)]


def with_an_address(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [line for line in lines(caplog) if "@" in line]


def test_signing_in(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.post(at("account_login"), {"email": "nobody.yet@example.org"})
    client.post(at("account_confirm_login_code"), {"code": mailed_code()})
    assert client.session.get("_auth_user_id")
    assert with_an_address(caplog) == []


def test_booking_and_giving_back(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    visit = VisitFactory(edition__slug="2026")
    page = at("opendoors:week", basin="sud-est", slug="2026")
    visitor = {"name": "Daan", "email": "daan@example.org", "organisation": "Wijkhuis", "sector": "social"}
    booked = client.post(page, {**visitor, "visits": [str(visit.uuid)]})
    deliver_due()
    given_back = client.post(at("opendoors:cancel", basin="sud-est", token=booked["Location"].split("/")[-2]))
    assert (Booking.objects.count(), given_back.status_code, len(lines(caplog))) == (1, 302, 2)
    assert with_an_address(caplog) == []


def test_a_server_that_quotes_the_receiver(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    people.post_code(email="gone@example.org", code="1234-5678")
    with mail_server(Script(rcpt="550 5.1.1 <gone@example.org>: no such user"), settings):
        deliver_due()
    assert OutboxMessage.objects.get().state == "parked"
    assert with_an_address(caplog) == []


def test_an_address_that_cannot_be_written_to(caplog: pytest.LogCaptureFixture) -> None:
    people.post_code(email="not@an@address", code="1234-5678")
    deliver_due()
    assert OutboxMessage.objects.get().state == "parked"
    assert with_an_address(caplog) == []


def test_the_work_of_a_team(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever has no name is called by the address elsewhere; not here."""
    by, colleague = UserFactory(name=""), UserFactory(name="")
    grant(by, Role.REGION_ADMIN, None)
    given = people.grant_role(user=colleague, role=Role.TEAM_MEMBER, basin=basin(), by=by)
    give_factor(colleague)
    people.reset_second_factor(person=colleague, by=by)
    people.end_role(grant=given, by=by)
    need = needs.raise_need(
        source="x",
        source_key="1",
        basin=basin(),
        title="Une halte",
        language="fr",
        words="",
        heard_on=timezone.localdate(),
        by=by,
    )
    needs.move_need(need=need, to=NeedState.PROPOSED, by=by)
    item = news.write_news(basin=basin(), by=by, title_fr="Ouvert")
    news.publish(item=item, by=by)
    news.withdraw(item=item, by=by)
    key, _plain = keys.create_key(
        by=by, name="x", contact_email="farid@example.org", scopes=["opendoors:book"], basins=[basin()]
    )
    keys.revoke_key(key=key, by=by)
    said = lines(caplog)
    assert with_an_address(caplog) == []
    assert sum(str(by.uuid) in line for line in said) == 8
