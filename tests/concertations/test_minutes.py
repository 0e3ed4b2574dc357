"""Minutes from the agenda to their approval."""

from __future__ import annotations

import pytest
from django.utils import timezone

from basins.models import Need, User
from basins.rules.people import NotYours
from basins.rules.privacy import NationalNumberFound
from concertations.enums import ItemKind, MeetingState
from concertations.enums_minutes import MinutesState, PointKind
from concertations.errors.minutes import MinutesError, MinutesStepRefused
from concertations.models import Minutes, MinutesStep
from concertations.rules import minutes, minutes_points
from concertations.rules.minutes_points import PointData
from core.models import OutboxMessage
from tests.concertations import minutes_tools as make
from tests.concertations.factories import AgendaItemFactory, MeetingFactory, ParticipantFactory, RegistrationFactory

pytestmark = pytest.mark.django_db


def steps(now: str, after: str) -> str:
    """What is said of a step that does not follow."""
    labels = {"now": MinutesState(now).label, "next": MinutesState(after).label}
    return make.says("Minutes that are “%(now)s” cannot become “%(next)s”.", **labels)


def test_minutes_begin_with_the_headings_of_the_agenda(alice: User) -> None:
    meeting = make.held()
    AgendaItemFactory(meeting=meeting, kind=ItemKind.BREAK, position=90, title_fr="Pause", title_nl="Pauze")
    row = minutes.begin(meeting=meeting, by=alice)
    assert list(row.sections.values_list("title_fr", "title_nl")) == [("Besoins", "Behoeften")]


def test_minutes_begin_once(alice: User) -> None:
    row = make.begun(alice)
    assert minutes.begin(meeting=row.meeting, by=alice) == row


def test_an_item_that_came_later_gets_its_heading_once(alice: User) -> None:
    row = make.begun(alice)
    AgendaItemFactory(meeting=row.meeting, title_fr="Divers", title_nl="Varia")
    added = [minutes.refresh_headings(minutes=row, by=alice) for _ in range(2)]
    assert added == [1, 0]


def test_minutes_begin_on_the_day(alice: User) -> None:
    with pytest.raises(MinutesStepRefused, match=make.says("The minutes begin on the day of the meeting.")):
        minutes.begin(meeting=MeetingFactory(), by=alice)


def test_there_are_no_minutes_of_what_was_called_off(alice: User) -> None:
    meeting = make.held(state=MeetingState.CANCELLED, cancel_note_fr="Grève")
    with pytest.raises(
        MinutesStepRefused,
        match=make.says("There are no minutes of a meeting that was not announced, or was called off."),
    ):
        minutes.begin(meeting=meeting, by=alice)


def test_the_team_of_another_basin_writes_none(bram: User) -> None:
    with pytest.raises(NotYours):
        minutes.begin(meeting=make.held(), by=bram)


def test_a_point_stands_in_one_language_at_least(alice: User) -> None:
    row = make.begun()
    with pytest.raises(MinutesError) as caught:
        minutes_points.keep_point(section=make.heading(row), data=PointData(text_fr=" "), by=alice)
    assert caught.value.field == "text_fr"


def test_no_national_number_stands_in_minutes(alice: User) -> None:
    row = make.begun()
    with pytest.raises(NationalNumberFound) as caught:
        minutes_points.keep_point(section=make.heading(row), data=PointData(text_nl="85.07.30-033.28"), by=alice)
    assert caught.value.field == "text_nl"


def test_a_heading_with_something_under_it_stays(alice: User) -> None:
    row = make.begun()
    make.point(row)
    with pytest.raises(MinutesError, match=make.says("Something stands under this heading: take that out first.")):
        minutes.remove_section(section=make.heading(row), by=alice)


def test_an_empty_heading_goes(alice: User) -> None:
    row = make.begun()
    minutes.remove_section(section=make.heading(row), by=alice)
    assert row.sections.count() == 0


def test_empty_minutes_are_not_sent(alice: User) -> None:
    with pytest.raises(MinutesStepRefused, match=make.says("Nothing is written yet.")):
        minutes.send(minutes=make.begun(), by=alice)


def test_who_was_registered_gets_the_minutes(alice: User) -> None:
    row = make.begun()
    make.point(row, kind=PointKind.DECISION)
    RegistrationFactory(meeting=row.meeting, participant=ParticipantFactory(series=row.meeting.series, email="a@x.be"))
    RegistrationFactory(meeting=row.meeting, participant=ParticipantFactory(series=row.meeting.series, email=""))
    RegistrationFactory(
        meeting=row.meeting,
        participant=ParticipantFactory(series=row.meeting.series),
        state="cancelled",
        cancelled_at=timezone.now(),
    )
    written = minutes.send(minutes=row, by=alice)
    letters = OutboxMessage.objects.filter(kind="concertations.minutes_sent").values_list("to", flat=True)
    assert (written, list(letters)) == (1, ["a@x.be"])


def test_sent_minutes_are_not_written_in(alice: User) -> None:
    row = make.sent()
    with pytest.raises(
        MinutesStepRefused, match=make.says("These minutes are out. Take them back first; then send them again.")
    ):
        minutes_points.keep_point(section=make.heading(row), data=PointData(text_fr="Encore"), by=alice)


def test_what_was_taken_back_is_sent_again_to_the_same_people(alice: User) -> None:
    row = make.begun()
    make.point(row)
    RegistrationFactory(meeting=row.meeting)
    minutes.send(minutes=row, by=alice)
    minutes.take_back(minutes=row, by=alice)
    written = minutes.send(minutes=row, by=alice)
    assert (written, Minutes.objects.get(pk=row.pk).times_sent) == (1, 2)


def test_minutes_are_approved_at_a_later_meeting_that_has_begun(alice: User) -> None:
    row = make.sent()
    later = make.held(days_ago=5, series=row.meeting.series)
    done = minutes.approve(minutes=row, meeting=later, by=alice)
    assert (done.state, done.approved_in) == (MinutesState.APPROVED, later)


def test_the_meeting_itself_does_not_approve_its_minutes(alice: User) -> None:
    row = make.sent()
    with pytest.raises(
        MinutesStepRefused, match=make.says("Minutes are approved at a later meeting of the series, once it has begun.")
    ):
        minutes.approve(minutes=row, meeting=row.meeting, by=alice)


def test_a_meeting_ahead_approves_nothing_yet(alice: User) -> None:
    row = make.sent()
    with pytest.raises(
        MinutesStepRefused, match=make.says("Minutes are approved at a later meeting of the series, once it has begun.")
    ):
        minutes.approve(minutes=row, meeting=MeetingFactory(series=row.meeting.series), by=alice)


def test_a_meeting_of_another_series_approves_nothing(alice: User) -> None:
    row = make.sent()
    with pytest.raises(
        MinutesStepRefused, match=make.says("Minutes are approved at a later meeting of the series, once it has begun.")
    ):
        minutes.approve(minutes=row, meeting=make.held(days_ago=5), by=alice)


def test_a_draft_is_not_approved(alice: User) -> None:
    row = make.begun()
    later = make.held(days_ago=5, series=row.meeting.series)
    with pytest.raises(MinutesStepRefused, match=steps("draft", "approved")):
        minutes.approve(minutes=row, meeting=later, by=alice)


def test_approved_minutes_are_not_taken_back(alice: User) -> None:
    with pytest.raises(MinutesStepRefused, match=steps("approved", "draft")):
        minutes.take_back(minutes=make.approved(), by=alice)


def test_approved_minutes_are_not_written_in(alice: User) -> None:
    row = make.approved()
    with pytest.raises(MinutesStepRefused, match=make.says("Approved minutes do not change.")):
        minutes_points.keep_point(section=make.heading(row), data=PointData(text_fr="Encore"), by=alice)


def test_each_step_is_a_row_with_who(alice: User) -> None:
    row = make.begun()
    make.point(row)
    minutes.send(minutes=row, by=alice)
    minutes.take_back(minutes=row, by=alice)
    steps = MinutesStep.objects.filter(minutes=row).values_list("from_state", "to_state", "by")
    assert list(steps) == [("draft", "sent", alice.pk), ("sent", "draft", alice.pk)]


def test_needs_go_to_the_list_when_the_minutes_are_sent(alice: User) -> None:
    row = make.begun()
    raised = make.need(row)
    minutes.send(minutes=row, by=alice)
    raised.refresh_from_db()
    need = Need.objects.get()
    assert (raised.need, need.title_fr, need.basin) == (need, "Un lieu ouvert le soir", row.meeting.series.basin)


def test_who_was_there_is_counted_when_the_minutes_are_sent(alice: User) -> None:
    row = make.begun()
    make.point(row)
    for presence in ("present", "present", "excused"):
        RegistrationFactory(meeting=row.meeting, presence=presence, presence_at=timezone.now(), presence_by="staff")
    minutes.send(minutes=row, by=alice)
    kept = Minutes.objects.get(pk=row.pk).figures
    assert kept == {"present": 2, "excused": 1, "absent": 0, "sectors": {"social": 2}}


def test_what_was_counted_outlives_the_registrations(alice: User) -> None:
    row = make.begun()
    make.point(row)
    registration = RegistrationFactory(
        meeting=row.meeting, presence="present", presence_at=timezone.now(), presence_by="staff"
    )
    minutes.send(minutes=row, by=alice)
    registration.delete()
    done = make.approved(Minutes.objects.get(pk=row.pk))
    assert done.figures["present"] == 1
