"""Paper around people: tagged, whole, in both languages where both stand together."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from pypdf import PdfReader

from basins.models import User
from concertations import queries_registrations as queries
from concertations import reports_people
from concertations.models import Registration
from tests.concertations.factories import MeetingFactory, ParticipantFactory, RegistrationFactory, SeriesFactory
from tests.pdf_ua import faults

pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    """All that the PDF says, on one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_the_sheet_names_who_is_expected_in_both_languages() -> None:
    row = RegistrationFactory()
    RegistrationFactory(meeting=row.meeting, state="waiting", participant__name="Somebody in line")

    content = reports_people.render_sheet(row.meeting, language="fr")

    said = text_of(content)
    assert (row.participant.name in said, "Somebody in line" in said) == (True, False)
    assert ("CT Santé mentale" in said, "TO Geestelijke gezondheid" in said) == (True, True)
    assert len(PdfReader(io.BytesIO(content)).pages) == 2  # the list, and the poster for the door
    assert faults(content) == []


def test_the_sheet_of_the_region_has_no_basin() -> None:
    meeting = MeetingFactory(series=SeriesFactory(basin=None))
    assert len(PdfReader(io.BytesIO(reports_people.render_sheet(meeting, language="nl"))).pages) == 2


def test_the_certificate_counts_the_hours() -> None:
    who = ParticipantFactory()
    rows = [
        RegistrationFactory(
            participant=who,
            meeting=MeetingFactory(series=who.series),
            presence="present",
            presence_at=who.created,
            presence_by="staff",
        )
        for _ in range(2)
    ]

    content = reports_people.render_certificate(who, rows, [], language="fr")

    assert queries.time_of(rows) == dt.timedelta(hours=6)
    assert faults(content) == []
    said = text_of(content)
    assert (who.name in said, "6 h" in said.replace("\u202f", " ").replace("\xa0", " ")) == (True, True)


def test_hours_that_are_not_known_count_nothing(alice: User) -> None:
    row: Registration = RegistrationFactory(meeting=MeetingFactory(is_whole_day=True))
    assert queries.time_of([row]) == dt.timedelta()
