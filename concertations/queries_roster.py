"""The roster of a series: who came when, and which organisations and sectors miss at its next meeting."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone

from basins.enums import Sector
from concertations.enums import MeetingState, Presence, RegistrationState
from concertations.models import Meeting, Participant, Registration, Series
from concertations.queries_registrations import with_registrations
from core.text import fold

MEETINGS_AT_MOST = 24  # columns of the roster: the latest ones; the table to download has them all
HERE = frozenset({RegistrationState.CONFIRMED, RegistrationState.OFFERED, RegistrationState.WAITING})


@dataclass(frozen=True, slots=True)
class Cell:
    """One person at one meeting. ``word``: present, excused, absent, coming, waiting, unsaid, or "" for nothing."""

    meeting: Meeting
    word: str


@dataclass(frozen=True, slots=True)
class Line:
    """One person over the series."""

    participant: Participant
    cells: list[Cell]
    present: int
    is_coming: bool

    @property
    def was_there(self) -> bool:
        return self.present > 0


@dataclass(slots=True)
class Missing:
    """Who was there before and is not registered for the next meeting; and the sectors nobody of whom ever came."""

    people: list[Line] = field(default_factory=list)
    organisations: list[tuple[str, list[Line]]] = field(default_factory=list)
    sectors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Roster:
    """All of it. ``next`` is the meeting one is invited to, if any is announced."""

    meetings: list[Meeting]
    lines: list[Line]
    next: Meeting | None
    missing: Missing
    sectors: list[tuple[str, int]]


def roster_of(series: Series, *, columns: int | None = MEETINGS_AT_MOST) -> Roster:
    """Three queries. Erased people and those who only gave places back are left out."""
    shown = series.meetings.exclude(state__in=[MeetingState.DRAFT, MeetingState.CANCELLED])
    meetings = list(shown.order_by("-starts_at", "-pk")[:columns])[::-1]
    now = timezone.now()
    following = next((row for row in meetings if row.state == MeetingState.ANNOUNCED and row.ends_at > now), None)
    people = with_registrations(Participant.objects.filter(series=series)).order_by("name", "pk")
    lines = [line for person in people if (line := _line(person, meetings, following)).cells]
    sectors = Counter(line.participant.sector for line in lines if line.was_there or line.is_coming)
    named = [(str(sector.label), sectors[sector.value]) for sector in Sector if sectors[sector.value]]
    return Roster(meetings, lines, following, _missing(lines, following), named)


def _line(person: Participant, meetings: list[Meeting], following: Meeting | None) -> Line:
    rows: list[Registration] = person.rows  # type: ignore[attr-defined]  # prefetched under this name
    if person.email.endswith("@invalid") or not rows:
        return Line(person, [], 0, is_coming=False)
    latest = {row.meeting_id: row for row in rows}  # given back and registered again: the last one
    cells = [Cell(meeting, _word(latest.get(meeting.pk))) for meeting in meetings]
    present = sum(row.presence == Presence.PRESENT for row in rows)
    is_coming = following is not None and (row := latest.get(following.pk)) is not None and row.state in HERE
    return Line(person, cells if any(cell.word for cell in cells) else [], present, is_coming)


def _word(row: Registration | None) -> str:
    if row is None or row.state == RegistrationState.LAPSED:
        return ""
    if row.presence:
        return row.presence
    if row.state == RegistrationState.CANCELLED:
        return Presence.EXCUSED  # who gives a place back has said so
    if row.state in {RegistrationState.WAITING, RegistrationState.OFFERED}:
        return "waiting"
    return "coming"


def _missing(lines: list[Line], following: Meeting | None) -> Missing:
    """Organisations are compared folded; one is there as soon as one of its people comes."""
    known = {line.participant.sector for line in lines if line.was_there or line.is_coming}
    sectors = [str(sector.label) for sector in Sector if sector.value not in known and sector != Sector.OTHER]
    if following is None:
        return Missing(sectors=sectors)
    coming = {fold(line.participant.organisation) for line in lines if line.is_coming}
    gone = [line for line in lines if line.was_there and not line.is_coming]
    groups: dict[str, list[Line]] = {}
    for line in gone:
        key = fold(line.participant.organisation)
        if key and key not in coming:
            groups.setdefault(key, []).append(line)
    organisations = [(group[0].participant.organisation, group) for _key, group in sorted(groups.items())]
    return Missing(people=gone, organisations=organisations, sectors=sectors)
