"""What everybody may know of answers: how often the helpdesk named an organisation, never so few that it tells who."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from basins.models import User
from core.spoken import BRUSSELS
from directory.models import Service
from helpdesk.mission import mission
from helpdesk.models import AnswerRecord, Ticket
from helpdesk.rules import answering
from tests.directory.factories import service
from tests.helpdesk.tools import ask

pytestmark = pytest.mark.django_db


def name_it(record: Service, times: int, by: User) -> list[Ticket]:
    """Answers to as many questions, each with that record."""
    tickets = [ask() for _ in range(times)]
    for ticket in tickets:
        answering.answer(ticket=ticket, body="Appelez-les le matin.", records=[record.uuid], by=by)
    return tickets


def told(record: Service) -> list[tuple[str, int]]:
    return [(str(each.title), each.number) for each in mission.took_part([record.uuid])]


def test_who_was_named_often_is_said_to_have_been(alice: User) -> None:
    record = service()
    name_it(record, 5, alice)
    assert told(record) == [("Helpdesk Sud-Est", 5)]


def test_few_answers_are_not_told(alice: User) -> None:
    record = service()
    name_it(record, 4, alice)
    assert told(record) == []


def test_a_question_counts_once_however_often_it_was_answered(alice: User) -> None:
    record = service()
    for ticket in name_it(record, 4, alice)[:2]:
        answering.answer(ticket=ticket, body="Encore une fois.", records=[record.uuid], by=alice)
    assert AnswerRecord.objects.filter(record=record.uuid).count() == 6
    assert told(record) == []


def test_whole_months_are_told(alice: User) -> None:
    record = service()
    with time_machine.travel(dt.datetime(2026, 3, 31, 23, 30, tzinfo=BRUSSELS), tick=False):
        name_it(record, 2, alice)
    with time_machine.travel(dt.datetime(2026, 5, 13, 11, tzinfo=BRUSSELS), tick=False):
        name_it(record, 3, alice)
    (found,) = mission.took_part([record.uuid])
    assert (found.starts, found.ends) == (dt.date(2026, 3, 1), dt.date(2026, 5, 31))


def test_the_page_of_the_organisation_leads_to_the_helpdesk(alice: User, client: Client) -> None:
    record = service()
    name_it(record, 5, alice)
    page = client.get(f"/nl/zuid-oost/repertorium/organisatie/{record.organization.uuid}/").text
    assert page.count("genoemd in 5 antwoorden") + page.count("named in 5 answers") == 1


@pytest.mark.parametrize("number", [1, 3])
def test_it_costs_two_queries(number: int, alice: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    records = [service() for _ in range(number)]
    for record in records:
        name_it(record, 5, alice)
    with django_assert_num_queries(2):
        assert [each.number for each in mission.took_part([record.uuid for record in records])] == [5 * number]
