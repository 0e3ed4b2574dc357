"""Table cards on paper: everybody once, readable by a screen reader, by the worker; and what is forgotten by itself."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from pypdf import PdfReader

from concertations import personal_room, reports_room
from concertations.enums_tables import SeatingKind
from concertations.mission import mission
from concertations.models import Phone
from concertations.rules import seating
from tests.concertations.room_tools import planned, room, stick, wall
from tests.pdf_ua import faults

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "pages"), [(SeatingKind.SWAP, 4 + 1), (SeatingKind.ROUNDS, 4 + 1), (SeatingKind.PAIRS, 1)]
)
def test_cards_are_for_everybody_and_name_everybody(kind: SeatingKind, pages: int) -> None:
    fields: dict[str, Any] = {"rounds": 2} if kind == SeatingKind.PAIRS else {}
    row = seating.draw(seating=planned(room(13), kind=kind, **fields), by=None, seed=1)
    pdf = reports_room.render_cards(row, language="fr")
    assert faults(pdf) == []
    reader = PdfReader(io.BytesIO(pdf))
    said = " ".join(page.extract_text() for page in reader.pages)
    assert [f"Person {number:02}" in said for number in range(13)] == [True] * 13
    assert len(reader.pages) == pages


def test_without_seats_there_is_nothing_to_print() -> None:
    with pytest.raises(ValueError, match="No seats"):
        reports_room.render_cards(planned(room(2)), language="fr")


def test_a_year_later_nothing_ties_post_its_to_a_phone() -> None:
    row = wall()
    stick(row, "un", phone="one")
    day = row.meeting.day
    assert mission.forget_expired(day + dt.timedelta(days=360)) == 0
    assert mission.forget_expired(day + dt.timedelta(days=370)) == 1
    assert Phone.objects.filter(post_its__isnull=False).count() == 0


def test_the_privacy_page_says_what_is_kept_of_a_phone() -> None:
    row = personal_room.privacy_row()
    assert ("12" in row.how_long, row in list(mission.privacy_rows())) == (True, True)
