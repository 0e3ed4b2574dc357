"""Approved minutes stand in the database itself: plain SQL, past every rule."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import IntegrityError, connection, transaction

from concertations.enums_minutes import ActionState
from concertations.models import Action, Minutes, MinutesPoint, RaisedNeed
from concertations.rules import actions, minutes
from tests.concertations import minutes_tools as make

pytestmark = pytest.mark.django_db
STANDS = "approved minutes do not change"


def full() -> Minutes:
    """Sent minutes with one of everything."""
    row = make.begun()
    for write in (make.point, make.action, make.need, make.news):
        write(row)
    minutes.send(minutes=row, by=None)
    return Minutes.objects.get(pk=row.pk)


def run(sql: str, values: Sequence[int] = ()) -> int:
    """How many rows a statement changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


CHANGES = [
    "UPDATE concertations_minutes SET figures = '{}', state = 'sent', approved_at = NULL, approved_in_id = NULL",
    "UPDATE concertations_minutes SET figures = '{\"present\": 70}'",
    "DELETE FROM concertations_minutesstep; DELETE FROM concertations_minutes",
    "UPDATE concertations_minutessection SET title_fr = 'Autre chose'",
    "UPDATE concertations_minutespoint SET text_nl = 'Iets anders'",
    "DELETE FROM concertations_minutespoint",
    "UPDATE concertations_action SET text_fr = 'Autre chose'",
    "UPDATE concertations_action SET due_on = due_on + 30",
    "UPDATE concertations_action SET owner = 'Quelqu’un d’autre'",
    "UPDATE concertations_raisedneed SET title = 'Autre chose'",
    "UPDATE concertations_raisedneed SET said_by = 'Quelqu’un d’autre'",
    "DELETE FROM concertations_raisedneed",
    "UPDATE concertations_sharednews SET title_fr = 'Autre chose'",
    (
        "INSERT INTO concertations_minutespoint (uuid, created, modified, section_id, kind, text, text_fr, text_nl) "
        "SELECT gen_random_uuid(), now(), now(), section_id, kind, text, text_fr, text_nl "
        "FROM concertations_minutespoint"
    ),
]


@pytest.mark.parametrize("sql", CHANGES)
def test_approved_minutes_cannot_change(sql: str) -> None:
    make.approved(full())
    with pytest.raises(IntegrityError, match=STANDS):
        run(sql)


@pytest.mark.parametrize("sql", CHANGES[3:])
def test_the_same_goes_through_before_they_are_approved(sql: str) -> None:
    full()
    assert run(sql) == 1


def test_a_point_does_not_move_out_of_approved_minutes() -> None:
    row = make.approved(full())
    other = make.begun()
    point = MinutesPoint.objects.get(section__minutes=row)
    with pytest.raises(IntegrityError, match=STANDS):
        run(
            "UPDATE concertations_minutespoint SET section_id = %s WHERE id = %s",
            [make.heading(other).pk, point.pk],
        )


def test_a_point_does_not_move_into_approved_minutes() -> None:
    row = make.approved(full())
    point = make.point(make.begun())
    with pytest.raises(IntegrityError, match=STANDS):
        run("UPDATE concertations_minutespoint SET section_id = %s WHERE id = %s", [make.heading(row).pk, point.pk])


def test_a_person_can_be_erased_from_approved_minutes() -> None:
    make.approved(full())
    erased = run("UPDATE concertations_action SET owner = '', owner_email = ''")
    assert (erased, run("UPDATE concertations_raisedneed SET said_by = '', said_by_email = ''")) == (1, 1)


def test_an_action_of_approved_minutes_goes_on() -> None:
    make.approved(full())
    done = actions.move(action=Action.objects.get(), to=ActionState.DONE, by=None, outcome_fr="Fait")
    assert done.state == ActionState.DONE


def test_a_need_of_approved_minutes_may_leave_the_list() -> None:
    make.approved(full())
    raised = RaisedNeed.objects.get()
    assert raised.need is not None
    raised.need.delete()
    raised.refresh_from_db()
    assert raised.need is None


def test_an_item_of_the_agenda_may_go() -> None:
    row = make.approved(full())
    row.meeting.items.all().delete()
    section = make.heading(row)
    assert (section.item, section.title_fr) == (None, "Besoins")
