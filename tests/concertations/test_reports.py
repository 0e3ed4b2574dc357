"""The agenda and the dates on paper: tagged, and each language under its own mark."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from concertations import reports
from concertations.models import Meeting
from concertations.rules import agenda
from tests.concertations.factories import MeetingFactory
from tests.pdf_ua import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    made: Meeting = MeetingFactory(number=3, title_fr="La sortie", title_nl="Naar huis", seats=20)
    agenda.begin_with_usual(meeting=made, by=None)
    return made


def test_the_agenda_is_a_tagged_pdf(meeting: Meeting) -> None:
    assert faults(reports.render_agenda(meeting, language="fr")) == []


def test_the_slide_is_a_tagged_pdf(meeting: Meeting) -> None:
    assert faults(reports.render_save_the_date([meeting], meeting.series.basin, language="nl")) == []


def test_the_agenda_has_both_languages_beside_each_other(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def as_text(template: str, context: Any, *, language: str) -> bytes:
        with override(language):
            seen.append(render_to_string(template, {**context, "language": language}))
        return b""

    monkeypatch.setattr(reports, "render_pdf", as_text)
    reports.render_agenda(meeting, language="nl")
    (page,) = seen
    names = ("CT Santé mentale 3", "TO Geestelijke gezondheid 3", "La sortie", "Naar huis")
    assert [name for name in names if name not in page] == []
