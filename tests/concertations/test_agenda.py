"""Agendas and papers: order, hours, both languages, files that are what they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile

from basins.models import User
from basins.rules.people import NotYours
from concertations.access import may_open
from concertations.agenda import timed
from concertations.enums import DocumentAudience, ItemKind, MeetingState, SeriesKind
from concertations.errors import MeetingError
from concertations.models import AgendaItem, Document, Meeting
from concertations.rules import agenda, documents
from concertations.rules.agenda import ItemData
from concertations.rules.documents import DocumentData
from tests.concertations.factories import (
    AgendaItemFactory,
    MeetingFactory,
    ParticipantFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.concertations.staff_tools import keep_files_in_memory

pytestmark = pytest.mark.django_db
TITLES: dict[str, Any] = {"title_fr": "Tour de table", "title_nl": "Rondetafel"}


@pytest.fixture(autouse=True)
def _no_files_left(settings: Any) -> None:
    keep_files_in_memory(settings)


def order(meeting: Meeting) -> list[str]:
    return [item.title_fr for item in meeting.items.order_by("position", "pk")]


def paper(meeting: Meeting, *, content: bytes = b"%PDF-1.7", name: str = "charte.pdf", **fields: Any) -> Document:
    said = DocumentData(**{"title_fr": "Charte", "title_nl": "Handvest"} | fields)
    return documents.add(
        series=meeting.series, meeting=meeting, data=said, file=ContentFile(content, name=name), by=None
    )


# --- Items ---------------------------------------------------------------------------------------


def test_items_follow_one_another() -> None:
    meeting = MeetingFactory()
    for title in "abc":
        agenda.add(meeting=meeting, data=ItemData(title_fr=title, title_nl=title), by=None)
    assert order(meeting) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("moved", "down", "after"), [(0, True, "bac"), (2, False, "acb"), (0, False, "abc"), (2, True, "abc")]
)
def test_an_item_changes_places_with_its_neighbour(moved: int, down: bool, after: str) -> None:
    meeting = MeetingFactory()
    rows = [agenda.add(meeting=meeting, data=ItemData(title_fr=t, title_nl=t), by=None) for t in "abc"]
    agenda.shift(item=rows[moved], down=down, by=None)
    assert "".join(order(meeting)) == after


def test_hours_follow_from_the_minutes_until_one_is_not_said() -> None:
    meeting = MeetingFactory()
    for minutes in (10, None, 20):
        AgendaItemFactory(meeting=meeting, minutes=minutes)
    begins = [row.starts and row.starts - meeting.starts_at for row in timed(meeting).rows]
    assert begins == [dt.timedelta(), dt.timedelta(minutes=10), None]


@pytest.mark.parametrize(("minutes", "over", "left"), [(200, 20, 0), (170, 0, 10), (180, 0, 0)])
def test_an_agenda_says_whether_it_fits(minutes: int, over: int, left: int) -> None:
    item = AgendaItemFactory(minutes=minutes)
    found = timed(item.meeting)
    assert (found.over, found.left) == (over, left)


def test_an_item_stands_in_both_languages() -> None:
    with pytest.raises(MeetingError) as refused:
        agenda.add(meeting=MeetingFactory(), data=ItemData(title_fr="Accueil", title_nl=""), by=None)
    assert refused.value.field == "title_nl"


def test_the_usual_agenda_leaves_what_came_by_itself_after_the_welcome() -> None:
    meeting = MeetingFactory()
    AgendaItemFactory(meeting=meeting, carried_key="minutes:1", title_fr="Procès-verbal")
    agenda.begin_with_usual(meeting=meeting, by=None)
    assert order(meeting)[1] == "Procès-verbal"
    assert all(item.title_fr and item.title_nl for item in meeting.items.all())


def test_the_usual_agenda_does_not_come_twice() -> None:
    meeting = MeetingFactory()
    agenda.begin_with_usual(meeting=meeting, by=None)
    with pytest.raises(MeetingError):
        agenda.begin_with_usual(meeting=meeting, by=None)


def test_another_team_writes_nothing(bram: User) -> None:
    item = AgendaItemFactory()
    acts: list[Callable[[], object]] = [
        lambda: agenda.add(meeting=item.meeting, data=ItemData(**TITLES), by=bram),
        lambda: agenda.edit(item=item, data=ItemData(**TITLES), by=bram),
        lambda: agenda.remove(item=item, by=bram),
        lambda: agenda.shift(item=item, down=True, by=bram),
    ]
    for act in acts:
        with pytest.raises(NotYours):
            act()


def test_what_was_called_off_keeps_its_agenda() -> None:
    meeting = MeetingFactory(state=MeetingState.CANCELLED, cancel_note_fr="Malade")
    with pytest.raises(MeetingError):
        agenda.add(meeting=meeting, data=ItemData(**TITLES), by=None)


def test_an_item_a_colleague_took_off_is_not_written_again() -> None:
    item = AgendaItemFactory(kind=ItemKind.ROUND)
    agenda.remove(item=item, by=None)
    with pytest.raises(MeetingError):
        agenda.edit(item=item, data=ItemData(**TITLES), by=None)
    assert not AgendaItem.objects.exists()


# --- Papers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [("charte.exe", b"MZ"), ("charte", b"%PDF-"), ("charte.pdf", b"<html>"), ("charte.docx", b"%PDF-"), ("c.png", b"")],
)
def test_a_file_is_what_its_name_says(name: str, content: bytes) -> None:
    with pytest.raises(MeetingError) as refused:
        paper(MeetingFactory(), name=name, content=content)
    assert refused.value.field == "file"


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "BYTES_AT_MOST", 4)
    with pytest.raises(MeetingError) as refused:
        paper(MeetingFactory())
    assert refused.value.field == "file"


def test_the_item_of_a_paper_is_on_the_same_agenda() -> None:
    with pytest.raises(MeetingError) as refused:
        paper(MeetingFactory(), item=AgendaItemFactory())
    assert refused.value.field == "item"


def test_the_file_goes_with_the_paper(django_capture_on_commit_callbacks: Any) -> None:
    row = paper(MeetingFactory())
    storage, name = row.file.storage, row.file.name or ""
    with django_capture_on_commit_callbacks(execute=True):
        documents.remove(document=row, by=None)
    assert not storage.exists(name)


def test_another_file_takes_the_place_of_the_first(django_capture_on_commit_callbacks: Any) -> None:
    row = paper(MeetingFactory())
    before = row.file.name or ""
    said = DocumentData(title_fr="Charte", title_nl="Handvest")
    with django_capture_on_commit_callbacks(execute=True):
        documents.edit(document=row, data=said, file=ContentFile(b"%PDF-2", name="autre.pdf"), by=None)
    row.refresh_from_db()
    with row.file.open("rb") as file:
        assert (file.read(), row.file.storage.exists(before)) == (b"%PDF-2", False)


def test_a_paper_is_for_whom_it_is_meant(alice: User, daan: User, eva: User) -> None:
    meeting = MeetingFactory()
    who = ParticipantFactory(series=meeting.series, email=daan.email)
    RegistrationFactory(meeting=meeting, participant=who)
    papers = [paper(meeting, audience=audience) for audience in DocumentAudience]
    seen = {person.name: [may_open(person, each) for each in papers] for person in (alice, daan, eva)}
    assert seen == {"Alice": [True, True, True], "Daan": [True, True, False], "Eva": [True, False, False]}


@pytest.mark.parametrize("fields", [{"state": MeetingState.DRAFT}, {"series": SeriesKind.COMMUNITY}])
def test_the_papers_of_a_draft_or_a_closed_group_are_not_for_everybody(eva: User, fields: dict[str, Any]) -> None:
    if "series" in fields:
        fields = {"series": SeriesFactory(kind=fields["series"], theme=None)}
    assert not may_open(eva, paper(MeetingFactory(**fields)))


def test_an_agenda_names_the_papers_of_its_items() -> None:
    item = AgendaItemFactory()
    row = paper(item.meeting, item=item)
    assert [list(each.documents) for each in timed(item.meeting).rows] == [[row]]
