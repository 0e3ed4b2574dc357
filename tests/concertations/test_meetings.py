"""The life of series and meetings: what each rule allows, refuses, tells."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.utils import timezone

from basins.models import User
from basins.rules.people import NotYours
from basins.rules.privacy import NationalNumberFound
from concertations.enums import MeetingState, RegistrationState, SeriesKind
from concertations.errors import MeetingError, MeetingStepRefused
from concertations.models import Meeting, Series
from concertations.rules import meetings, series
from concertations.rules.meetings import MeetingData
from concertations.rules.series import SeriesData
from concertations.rules.window import why_closed
from core.mail import deliver_due
from core.models import OutboxMessage
from tests.concertations.factories import MeetingFactory, ParticipantFactory, RegistrationFactory, SeriesFactory
from tests.factories import basin, local

pytestmark = pytest.mark.django_db
DAY = dt.date(2030, 3, 12)


def series_data(**fields: Any) -> SeriesData:
    values = {"slug": "crise", "kind": SeriesKind.WORKING_GROUP, "name_fr": "Crise", "name_nl": "Crisis"}
    return SeriesData(**values | fields)


def data(**fields: Any) -> MeetingData:
    values: dict[str, Any] = {"starts_at": local(DAY, "09:15"), "ends_at": local(DAY, "12:15")}
    return MeetingData(**values | fields)


def as_it_is(meeting: Meeting, **fields: Any) -> MeetingData:
    return MeetingData(**{name: getattr(meeting, name) for name in MeetingData.__dataclass_fields__} | fields)


# --- Series --------------------------------------------------------------------------------------


def test_a_series_is_of_a_basin_whose_team_writes_it(alice: User, bram: User) -> None:
    made = series.create(basin=basin(), data=series_data(), by=alice)
    assert (made.basin, made.slug) == (basin(), "crise")
    with pytest.raises(NotYours):
        series.create(basin=basin(), data=series_data(slug="autre"), by=bram)


def test_a_team_writes_none_for_the_region(alice: User) -> None:
    with pytest.raises(NotYours):
        series.create(basin=None, data=series_data(), by=alice)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name_nl": ""}, "name_nl"),
        ({"intro_fr": "Bonjour"}, "intro_nl"),
        ({"kind": SeriesKind.THEMATIC}, "theme"),
        ({"kind": "nothing"}, "kind"),
        ({"contact_email": "x"}, "contact_email"),
        ({"slug": "nouveau"}, "slug"),
        ({"slug": "noteer-alvast"}, "slug"),
    ],
)
def test_what_is_wrong_with_a_series_is_said_at_its_field(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(MeetingError) as refused:
        series.create(basin=basin(), data=series_data(**fields), by=None)
    assert refused.value.field == field


def test_an_address_is_taken_once_in_a_basin() -> None:
    series.create(basin=basin(), data=series_data(), by=None)
    series.create(basin=basin("nord"), data=series_data(), by=None)
    with pytest.raises(MeetingError):
        series.create(basin=basin(), data=series_data(), by=None)


def test_a_series_with_meetings_is_neither_removed_nor_closed() -> None:
    row = MeetingFactory().series
    with pytest.raises(MeetingError):
        series.remove(series=row, by=None)
    with pytest.raises(MeetingError) as refused:
        series.edit(series=row, data=series_data(kind=SeriesKind.COMMUNITY), by=None)
    assert refused.value.field == "kind"


def test_a_series_without_meetings_is_removed() -> None:
    row = SeriesFactory()
    series.remove(series=row, by=None)
    assert not Series.objects.filter(pk=row.pk).exists()


# --- Meetings ------------------------------------------------------------------------------------


def test_numbers_go_on_from_the_highest() -> None:
    row = SeriesFactory()
    meetings.create(series=row, data=data(number=7), by=None)
    assert meetings.next_number(row) == 8


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_at": local(DAY, "09:15")}, "ends_at"),
        ({"ends_at": local(DAY + dt.timedelta(days=2), "09:15")}, "ends_at"),
        ({"registration_opens_at": local(DAY, "08:00")}, "registration_closes_at"),
        (
            {"registration_opens_at": local(DAY, "08:00"), "registration_closes_at": local(DAY, "10:00")},
            "registration_closes_at",
        ),
        ({"seats": 0}, "seats"),
        ({"postcode": "12"}, "postcode"),
        ({"online_url": "nowhere"}, "online_url"),
    ],
)
def test_what_is_wrong_with_a_meeting_is_said_at_its_field(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(MeetingError) as refused:
        meetings.create(series=SeriesFactory(), data=data(**fields), by=None)
    assert refused.value.field == field


def test_a_number_is_given_once() -> None:
    row = SeriesFactory()
    meetings.create(series=row, data=data(number=1), by=None)
    with pytest.raises(MeetingError):
        meetings.create(series=row, data=data(number=1), by=None)


def test_a_series_that_is_over_gets_no_more_meetings() -> None:
    with pytest.raises(MeetingError):
        meetings.create(series=SeriesFactory(is_over=True), data=data(), by=None)


def test_a_national_number_is_refused() -> None:
    with pytest.raises(NationalNumberFound):
        meetings.create(series=SeriesFactory(), data=data(intro_fr="NISS 85.07.30-033.28"), by=None)


def test_what_everybody_reads_stands_in_both_languages_before_it_is_announced() -> None:
    row = MeetingFactory(state=MeetingState.DRAFT, title_fr="La sortie", title_nl="")
    with pytest.raises(MeetingStepRefused):
        meetings.move(meeting=row, to=MeetingState.ANNOUNCED, by=None)


def test_what_was_announced_does_not_lose_a_language() -> None:
    row = MeetingFactory()
    with pytest.raises(MeetingError):
        meetings.edit(meeting=row, data=as_it_is(row, title_fr="La sortie"), by=None)


@pytest.mark.parametrize(
    ("state", "to", "day", "is_possible"),
    [
        ("draft", "announced", 10, True),
        ("draft", "announced", -1, False),
        ("draft", "held", -1, False),
        ("announced", "draft", 10, True),
        ("announced", "held", 10, False),
        ("announced", "held", -1, True),
        ("held", "announced", -1, False),
        ("cancelled", "announced", 10, False),
    ],
)
def test_steps_follow_from_state_and_dates(state: str, to: str, day: int, is_possible: bool) -> None:
    note = {"cancel_note_fr": "Malade"} if state == "cancelled" else {}
    row = MeetingFactory(state=state, day=timezone.localdate() + dt.timedelta(days=day), **note)
    if is_possible:
        assert meetings.move(meeting=row, to=MeetingState(to), by=None).state == to
    else:
        with pytest.raises(MeetingStepRefused):
            meetings.move(meeting=row, to=MeetingState(to), by=None)


def test_a_meeting_somebody_registered_for_is_no_draft_again() -> None:
    row = RegistrationFactory().meeting
    with pytest.raises(MeetingStepRefused):
        meetings.move(meeting=row, to=MeetingState.DRAFT, by=None)


def test_only_a_draft_is_removed() -> None:
    draft, announced = MeetingFactory(state=MeetingState.DRAFT), MeetingFactory()
    meetings.remove(meeting=draft, by=None)
    with pytest.raises(MeetingError):
        meetings.remove(meeting=announced, by=None)
    assert list(Meeting.objects.all()) == [announced]


def test_the_calendar_notes_once_that_a_meeting_was_held() -> None:
    row = MeetingFactory(day=timezone.localdate() - dt.timedelta(days=1))
    assert [meetings.advance_by_calendar(now=timezone.now()) for _run in range(2)] == [1, 0]
    change = row.state_changes.get()
    assert (change.to_state, change.by) == (MeetingState.HELD, None)


def test_what_lies_ahead_is_not_noted_as_held() -> None:
    with pytest.raises(MeetingError):
        meetings.record_held(series=SeriesFactory(), data=data(), by=None)


# --- Who is told ---------------------------------------------------------------------------------


def test_who_registered_is_told_once_of_each_new_time() -> None:
    row = RegistrationFactory().meeting
    later = row.starts_at + dt.timedelta(hours=1)
    for _twice in range(2):
        meetings.edit(meeting=row, data=as_it_is(row, starts_at=later), by=None)
    assert [message.kind for message in OutboxMessage.objects.all()] == ["concertations.meeting_moved"]
    row.refresh_from_db()
    assert row.sequence == 1


def test_nobody_is_told_of_another_subject() -> None:
    row = RegistrationFactory().meeting
    meetings.edit(meeting=row, data=as_it_is(row, title_fr="Autre", title_nl="Ander"), by=None)
    assert OutboxMessage.objects.count() == 0


def test_who_waits_is_told_that_it_is_called_off_and_who_gave_back_is_not() -> None:
    row = MeetingFactory()
    states = (RegistrationState.CONFIRMED, RegistrationState.WAITING)
    people = [
        RegistrationFactory(
            meeting=row, state=state, participant=ParticipantFactory(series=row.series)
        ).participant.email
        for state in states
    ]
    RegistrationFactory(
        meeting=row,
        state=RegistrationState.CANCELLED,
        cancelled_at=timezone.now(),
        participant=ParticipantFactory(series=row.series),
    )
    meetings.call_off(meeting=row, note_fr="L’oratrice est malade.", note_nl="De spreekster is ziek.", by=None)
    assert sorted(OutboxMessage.objects.values_list("to", flat=True)) == sorted(people)


def test_the_letter_gives_the_reason_in_the_readers_language_and_takes_it_off_the_calendar() -> None:
    row = MeetingFactory()
    RegistrationFactory(meeting=row, participant=ParticipantFactory(series=row.series, language="nl"))
    meetings.call_off(meeting=row, note_fr="L’oratrice est malade.", note_nl="De spreekster is ziek.", by=None)
    deliver_due()
    (letter,) = django_mail.outbox
    assert "De spreekster is ziek." in letter.body
    ((_name, calendar, _type),) = letter.attachments
    assert b"STATUS:CANCELLED" in (calendar if isinstance(calendar, bytes) else calendar.encode())


def test_a_meeting_that_began_is_not_called_off() -> None:
    row = MeetingFactory()
    with time_machine.travel(row.starts_at, tick=False), pytest.raises(MeetingStepRefused):
        meetings.call_off(meeting=row, note_fr="Non", note_nl="Nee", by=None)


# --- The window ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("registration_opens_at", True), ("registration_closes_at", False), ("ends_at", False)],
)
def test_one_can_register_between_two_dates(moment: str, is_open: bool) -> None:
    row = MeetingFactory()
    assert (why_closed(row, now=getattr(row, moment)) == "") == is_open


def test_nobody_registers_for_a_draft_or_what_was_called_off() -> None:
    rows = [
        MeetingFactory(state=MeetingState.DRAFT),
        MeetingFactory(state=MeetingState.CANCELLED, cancel_note_fr="Malade"),
        MeetingFactory(registration_opens_at=None, registration_closes_at=None),
    ]
    assert [why_closed(row) == "" for row in rows] == [False, False, False]
