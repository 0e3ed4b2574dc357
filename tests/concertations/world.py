"""Rows for every page of series and meetings, for the walk through the site in both languages."""

from __future__ import annotations

from typing import Any

from concertations.enums import DocumentAudience, MeetingState, SeriesKind
from concertations.models import Document, Meeting
from concertations.rules import agenda
from tests.concertations.factories import (
    MeetingFactory,
    ParticipantFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.concertations.world_people import people_of

INTRO = {"intro_fr": "Un groupe du quartier.", "intro_nl": "Een groep uit de wijk."}
SUBJECT = {"title_fr": "La sortie", "title_nl": "Naar huis"}


def a_series() -> dict[str, Any]:
    """Meetings ahead, past, called off and as a draft, one of them with agenda and papers; and the Region's own.

    Returns what addresses are made of, by page.
    """
    series = SeriesFactory(slug="sante-mentale", **INTRO, contact_name="Alice", contact_email="alice@example.org")
    meeting = MeetingFactory(series=series, number=1, seats=20, meal_offered=True, **SUBJECT, **INTRO)
    agenda.begin_with_usual(meeting=meeting, by=None)
    RegistrationFactory(meeting=meeting, participant=ParticipantFactory(series=series))
    without = {"registration_opens_at": None, "registration_closes_at": None}
    MeetingFactory(series=series, number=2, is_whole_day=True, begin="00:00", end="23:59", **without)
    MeetingFactory(series=series, number=3, state=MeetingState.DRAFT)
    MeetingFactory(
        series=series, number=4, state=MeetingState.CANCELLED, cancel_note_fr="Malade.", cancel_note_nl="Ziek."
    )
    MeetingFactory(series=series, number=5, state=MeetingState.HELD, participants_counted=40, **without)
    SeriesFactory(slug="groupe", kind=SeriesKind.COMMUNITY, theme=None, name_fr="Groupe", name_nl="Groep")
    SeriesFactory(slug="fini", kind=SeriesKind.CYCLE, theme=None, is_over=True)
    own = _of(meeting)
    regional = MeetingFactory(
        series=SeriesFactory(basin=None, slug="car", kind=SeriesKind.REGIONAL_COUNCIL, theme=None)
    )
    draft = series.meetings.get(number=3)
    return {
        **{f"concertations:{name}": own for name in PAGES_WITH_ROWS},
        **{f"concertations_region:{name}": _of(regional) for name in ("series", "meeting")},
        **people_of(meeting),
        "concertations:staff_meeting_remove": own | {"meeting": draft.uuid},
    }


# Pages whose address names a row; each is given the values that it asks for.
PAGES_WITH_ROWS = (
    *("series", "meeting", "staff_series", "staff_series_edit", "staff_series_remove", "staff_series_documents"),
    *("staff_series_document_new", "staff_document", "staff_meeting_new", "staff_meeting_held", "staff_meeting"),
    *("staff_meeting_edit", "staff_meeting_call_off", "staff_meeting_remove", "staff_agenda", "staff_item_new"),
    *("staff_item", "staff_meeting_documents", "staff_meeting_document_new"),
)


def _of(meeting: Meeting) -> dict[str, Any]:
    """What the addresses of a meeting's pages are made of."""
    paper = Document.objects.create(
        series=meeting.series,
        meeting=meeting,
        title_fr="Charte",
        title_nl="Handvest",
        file="charte.pdf",
        audience=DocumentAudience.PARTICIPANTS,
    )
    item = meeting.items.first()
    row: dict[str, Any] = {"slug": meeting.series.slug, "meeting": meeting.uuid, "document": paper.uuid}
    return row | ({"item": item.uuid} if item else {})
