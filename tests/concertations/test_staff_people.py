"""The team's pages around people: lists, presence, roster, cycles; nothing for other teams."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import time_machine
from django.test import Client

from basins.models import User
from concertations.enums import SeriesKind
from concertations.links import meeting_page, series_page
from concertations.models import CommunityCycle, Meeting, Registration
from concertations.queries_roster import roster_of
from concertations.rules import memberships
from core.models import LongJob
from tests.basins.people_tools import staff_session
from tests.concertations.community_tools import cycle_of
from tests.concertations.factories import MeetingFactory, ParticipantFactory, RegistrationFactory, SeriesFactory
from tests.concertations.registering_tools import letters, person

pytestmark = pytest.mark.django_db

WHO = {"name": "An", "role": "", "organisation": "", "sector": "", "email": "an@example.org", "language": "nl"}
PAGES = ["staff_registrations", "staff_register", "staff_presence", "staff_invite"]


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice's browser."""
    return staff_session(client, alice)


@pytest.mark.parametrize("name", [*PAGES, "staff_at_door", "staff_registrations_csv"])
def test_staff_of_another_basin_sees_nothing(client: Client, bram: User, name: str) -> None:
    assert staff_session(client, bram).get(meeting_page(MeetingFactory(), name)).status_code == 404


def test_somebody_on_the_phone_is_registered_at_once(desk: Client) -> None:
    meeting = MeetingFactory()

    desk.post(meeting_page(meeting, "staff_register"), WHO)

    row = Registration.objects.get()
    assert (row.state, row.is_held, letters("registered")) == ("confirmed", False, ["an@example.org"])


def test_the_list_costs_the_same_for_one_and_for_three(desk: Client, django_assert_num_queries: Any) -> None:
    meeting = MeetingFactory()
    RegistrationFactory(meeting=meeting)
    page = meeting_page(meeting, "staff_registrations")
    desk.get(page)
    with django_assert_num_queries(7):
        desk.get(page)
    for state in ("confirmed", "waiting"):
        RegistrationFactory(meeting=meeting, state=state)
    with django_assert_num_queries(7):
        desk.get(page)


def test_the_table_holds_what_people_said(desk: Client) -> None:
    row = RegistrationFactory(access_needs="une rampe")

    body = b"".join(desk.get(meeting_page(row.meeting, "staff_registrations_csv")).streaming_content).decode(
        "utf-8-sig"
    )

    _headings, line = csv.reader(io.StringIO(body), delimiter=";")
    assert (line[0], line[10], line[13]) == (row.participant.name, "une rampe", row.reference)


def test_presence_is_noted_and_what_was_not_touched_stays(desk: Client) -> None:
    one = RegistrationFactory()
    other = RegistrationFactory(meeting=one.meeting)
    data = {
        f"p-{one.uuid}": "absent",
        f"was-{one.uuid}": "",
        f"p-{other.uuid}": "present",
        f"was-{other.uuid}": "present",
    }
    with time_machine.travel(one.meeting.starts_at):
        staff_session(desk, _alice())
        desk.post(meeting_page(one.meeting, "staff_presence"), data | {"source": "sheet"})

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.presence, one.presence_by, other.presence) == ("absent", "sheet", "")


def _alice() -> User:
    return User.objects.get(email="alice@example.org")


def test_before_the_day_nothing_is_noted(desk: Client) -> None:
    row = RegistrationFactory()

    answer = desk.post(meeting_page(row.meeting, "staff_presence"), {f"p-{row.uuid}": "present"})

    assert (answer.status_code, bool(answer.context["problems"])) == (422, True)


def test_who_came_unannounced_is_added(desk: Client) -> None:
    meeting = MeetingFactory()
    with time_machine.travel(meeting.starts_at):
        staff_session(desk, _alice())
        desk.post(meeting_page(meeting, "staff_at_door"), WHO | {"email": ""})
    assert list(Registration.objects.values_list("at_the_door", "presence")) == [(True, "present")]


def test_the_sheet_is_a_job(desk: Client) -> None:
    desk.post(meeting_page(MeetingFactory(), "staff_sheet"))
    assert LongJob.objects.get().kind == "concertations.sheet"


# --- The roster ----------------------------------------------------------------------------------


@pytest.fixture
def two_meetings() -> tuple[Meeting, Meeting]:
    """One that was held and the next one, announced."""
    held = MeetingFactory(number=1, state="held")
    Meeting.objects.filter(pk=held.pk).update(starts_at="2026-03-03 09:00+01:00", ends_at="2026-03-03 12:00+01:00")
    held.refresh_from_db()
    return held, MeetingFactory(series=held.series, number=2)


def came(meeting: Meeting, organisation: str, **more: Any) -> Registration:
    who = ParticipantFactory(series=meeting.series, organisation=organisation, **more)
    return RegistrationFactory(
        meeting=meeting, participant=who, presence="present", presence_at=meeting.starts_at, presence_by="staff"
    )


def test_the_roster_says_who_misses(two_meetings: tuple[Meeting, Meeting]) -> None:
    held, following = two_meetings
    gone, stays = came(held, "Maison médicale", sector="health"), came(held, "CPAS d’Etterbeek")
    colleague = ParticipantFactory(series=held.series, organisation="CPAS D’ETTERBEEK")
    RegistrationFactory(meeting=following, participant=colleague)

    found = roster_of(held.series)

    assert found.next == following
    assert [name for name, _lines in found.missing.organisations] == ["Maison médicale"]
    assert {line.participant for line in found.missing.people} == {gone.participant, stays.participant}
    words = {line.participant.pk: [cell.word for cell in line.cells] for line in found.lines}
    assert words == {
        gone.participant.pk: ["present", ""],
        stays.participant.pk: ["present", ""],
        colleague.pk: ["", "coming"],
    }


def test_who_gave_back_counts_as_excused(two_meetings: tuple[Meeting, Meeting]) -> None:
    held, _following = two_meetings
    RegistrationFactory(meeting=held, state="cancelled", cancelled_at=held.created)

    (line,) = roster_of(held.series).lines

    assert [cell.word for cell in line.cells] == ["excused", ""]


def test_the_roster_costs_the_same_for_one_and_for_three(
    desk: Client, two_meetings: tuple[Meeting, Meeting], django_assert_num_queries: Any
) -> None:
    held, _following = two_meetings
    page = series_page(held.series, "staff_roster")
    came(held, "A")
    desk.get(page)
    with django_assert_num_queries(8):
        desk.get(page)
    came(held, "B")
    came(held, "C")
    with django_assert_num_queries(8):
        desk.get(page)


def test_who_misses_is_invited(desk: Client, two_meetings: tuple[Meeting, Meeting]) -> None:
    held, following = two_meetings
    row = came(held, "Maison médicale")
    data = {"people": [str(row.participant.uuid)], "addresses": "new@example.org\n", "language": "nl", "word": ""}

    desk.post(meeting_page(following, "staff_invite"), data)

    assert letters("invitation") == [row.participant.email, "new@example.org"]


def test_a_wrong_address_is_named(desk: Client) -> None:
    answer = desk.post(meeting_page(MeetingFactory(), "staff_invite"), {"addresses": "nobody", "language": "fr"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["addresses"])


# --- Communities ---------------------------------------------------------------------------------


@pytest.fixture
def cycle(alice: User) -> CommunityCycle:
    return cycle_of(SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None), by=alice, sessions=False)


def here(cycle: CommunityCycle) -> str:
    return series_page(cycle.series, "staff_cycle", cycle=cycle.uuid)


def test_the_team_makes_a_cycle_and_its_sessions(desk: Client) -> None:
    series = SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None)
    data = {
        "name": "2027-2028",
        "first_day": "2027-09-14",
        "begins": "13:30",
        "ends": "16:30",
        "rhythm": "monthly",
        "sessions_planned": "10",
        "places": "14",
    }

    made = desk.post(series_page(series, "staff_cycle_new"), data)
    desk.post(made.url, {"do": "sessions"})

    assert series.meetings.count() == 10


def test_a_day_is_left_out_and_put_back(desk: Client, cycle: CommunityCycle) -> None:
    day = cycle.first_day.isoformat()
    desk.post(here(cycle), {"do": "leave-out", "day": day})
    row = cycle.exceptions.get()

    desk.post(here(cycle), {"do": "put-back", "exception": str(row.uuid)})

    assert (row.day.isoformat(), cycle.exceptions.count()) == (day, 0)


def test_applications_are_taken_or_not(desk: Client, cycle: CommunityCycle) -> None:
    rows = [
        memberships.apply(
            cycle=cycle, person=person(n), motivation="…", expectations="", wants_to_moderate=False, by=None
        )
        for n in range(2)
    ]
    assert desk.get(here(cycle)).status_code == 200

    desk.post(here(cycle), {"do": "take-in", "member": str(rows[0].uuid)})
    desk.post(here(cycle), {"do": "moderator", "member": str(rows[0].uuid)})
    desk.post(here(cycle), {"do": "refuse", "member": str(rows[1].uuid)})

    found = list(cycle.memberships.order_by("pk").values_list("state", "moderator_place"))
    assert found == [("accepted", 1), ("refused", None)]


def test_what_a_rule_refuses_is_said(desk: Client, cycle: CommunityCycle, alice: User) -> None:
    CommunityCycle.objects.filter(pk=cycle.pk).update(places=2)
    for n in range(2):
        memberships.add(cycle=cycle, person=person(n), by=alice)
    row = memberships.apply(
        cycle=cycle, person=person(3), motivation="…", expectations="", wants_to_moderate=False, by=None
    )

    answer = desk.post(here(cycle), {"do": "take-in", "member": str(row.uuid)})

    assert (answer.status_code, len(answer.context["problems"])) == (409, 1)


def test_other_series_have_no_cycles(desk: Client) -> None:
    assert desk.get(series_page(SeriesFactory(), "staff_cycles")).status_code == 404


def test_a_member_is_added_by_hand(desk: Client, cycle: CommunityCycle) -> None:
    desk.post(series_page(cycle.series, "staff_member_new", cycle=cycle.uuid), WHO)
    assert cycle.memberships.get().state == "accepted"
