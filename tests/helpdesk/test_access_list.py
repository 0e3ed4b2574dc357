"""Who may read the tickets of a helpdesk, by which function, and who read which: a table without a word of them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from basins.models import RoleGrant, User
from basins.rights import Role
from helpdesk import access_list
from helpdesk.models import Ticket, TicketRead
from tests.basins.people_tools import staff_session
from tests.factories import UserFactory, basin, grant
from tests.helpdesk.desk_tools import page
from tests.helpdesk.factories import TicketFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 13, 10, tzinfo=dt.UTC)


@pytest.fixture
def ticket() -> Ticket:
    return TicketFactory(subject="Un couple âgé très reconnaissable")


def read(ticket: Ticket, reader: User, times: int = 1) -> None:
    for _time in range(times):
        TicketRead.objects.create(ticket=ticket, reader=reader)


def lines() -> list[list[Any]]:
    return list(access_list.lines("sud-est"))


def test_who_read_what_how_often_and_when(alice: User, ticket: Ticket) -> None:
    with time_machine.travel(NOW, tick=False):
        read(ticket, alice, 3)
    (line,) = lines()
    assert line[:4] == ["Alice", "alice@example.org", str(Role.COORDINATOR.label), "sud-est"]
    assert line[6:] == [ticket.code, 3, "2026-05-13 12:00"]


def test_who_may_and_did_not_stands_there_too(alice: User, bram: User) -> None:
    assert [(line[1], line[6], line[7]) for line in lines()] == [("alice@example.org", "", 0)]


def test_a_function_that_ended_is_said(ticket: Ticket) -> None:
    zoe = UserFactory(email="zoe@example.org")
    row = grant(zoe, Role.HELPDESK_AGENT, "sud-est")
    read(ticket, zoe)
    RoleGrant.objects.filter(pk=row.pk).update(ended_at=timezone.now())
    (line,) = lines()
    assert (line[1], line[5] != "", line[6]) == ("zoe@example.org", True, ticket.code)


def test_a_team_member_who_may_not_answer_is_not_in_it(alice: User) -> None:
    grant(UserFactory(email="team@example.org"), Role.TEAM_MEMBER, "sud-est")
    assert [line[1] for line in lines()] == ["alice@example.org"]


def test_a_reader_without_a_function_is_not_lost(alice: User, ticket: Ticket) -> None:
    gone = UserFactory(email="gone@example.org")
    read(ticket, gone)
    assert [(line[1], line[2]) for line in lines()][-1] == ("gone@example.org", "")
    gone.delete()
    assert [(line[1], line[6]) for line in lines()][-1] == ("", ticket.code)


def test_tickets_of_other_helpdesks_are_not_in_it(alice: User) -> None:
    read(TicketFactory(basin=basin("nord")), alice)
    assert [line[6] for line in lines()] == [""]


def test_the_table_holds_no_word_of_a_ticket(client: Client, alice: User, ticket: Ticket) -> None:
    read(ticket, alice)
    answer = staff_session(client, alice).get(page("staff_access_csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 2
    assert (rows[0][0], rows[1][6]) == ("Nom", ticket.code)
    assert "reconnaissable" not in text


def test_it_is_for_who_answers_for_the_helpdesk(client: Client, alice: User, bram: User) -> None:
    agent = UserFactory(email="agent@example.org")
    grant(agent, Role.HELPDESK_AGENT, "sud-est")
    for person in (agent, bram):
        assert staff_session(Client(), person).get(page("staff_access_csv")).status_code in {403, 404}
    assert page("staff_access_csv") in staff_session(client, alice).get(page("staff_figures")).text
    assert page("staff_access_csv") not in staff_session(Client(), agent).get(page("staff_figures")).text
