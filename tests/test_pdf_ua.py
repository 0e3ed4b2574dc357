"""Every PDF of the product, held against what PDF/UA-1 asks; and the check itself, held against broken ones."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.template.loader import render_to_string
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, BooleanObject, DecodedStreamObject, NameObject

from core import pdf as paper
from core.spoken import BRUSSELS
from directory.leaflet import Sheet, on_paper
from directory.reports import render_leaflet
from helpdesk import reports as month_reports
from helpdesk.models import Ticket
from opendoors import queries_day, reports
from opendoors.models import BookedVisit, Edition
from tests.directory.factories import LocationFactory, service
from tests.directory.world import TEXTS
from tests.factories import basin
from tests.helpdesk.tools import ask
from tests.opendoors.day_tools import NINE, guest, running_week, visit_today
from tests.pdf_ua import faults

pytestmark = pytest.mark.django_db

# Their papers are held against the same in `tests/concertations`: test_reports*, test_room_paper, test_minutes_pages.
HELD_BESIDE_THEIR_PAGES = "concertations/"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NINE, tick=False):
        yield


@pytest.fixture
def edition() -> Edition:
    """A week with all that paper shows: teams, wheelchairs, visits without guests, hours beside the bands."""
    week = running_week()
    full = visit_today(edition=week, seats=9, place__wheelchair=True, host__name_language="nl")
    guest(full, "Daan Dubois", organisation="Wijkhuis", seats=3, companions="An\nBilal", access_needs=True)
    guest(full, "Eva", attendance="present")
    visit_today(edition=week, day=1)
    return week


def programme(edition: Edition) -> bytes:
    return reports.render_programme(edition, language="fr")


def crowded_programme(edition: Edition) -> bytes:
    for number in range(70):
        visit_today(edition=edition, day=number % 5, host__name=f"Maison médicale {number}")
    return reports.render_programme(edition, language="nl")


def sheets(edition: Edition) -> bytes:
    return reports.render_sheets(queries_day.visits_with_sheets(edition), language="fr")


def posters(edition: Edition) -> bytes:
    return reports.render_posters(queries_day.planned(edition), language="nl")


def certificate(edition: Edition) -> bytes:
    row = BookedVisit.objects.select_related("booking__visitor__edition__basin", "visit__host").get(
        attendance="present"
    )
    return reports.render_certificate(row.booking, [row], language="fr")


def leaflet(edition: Edition, *, number: int = 1, of_basin: bool = True) -> bytes:
    keys = []
    for _ in range(number):
        place = LocationFactory(step_free=True, transport_fr="Bus 60", transport_nl="Bus 60")
        made = service(
            place.organization,
            **TEXTS,
            name_fr="Écoute",
            name_nl="Luisteren",
            price="insured",
            phones=[{"number": "02 318 60 58"}],
            schedules=[{"byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}],
            places=[str(place.uuid)],
            languages=["fr", "nl"],
        )
        keys.append(made.uuid)
    sheet = Sheet(records=tuple(keys), title_fr="Chez vous", line_nl="Bel gerust.")
    return render_leaflet(sheet, on_paper(keys), basin=basin() if of_basin else None, language="nl")


def long_leaflet(edition: Edition) -> bytes:
    return leaflet(edition, number=6, of_basin=False)


def month(edition: Edition) -> bytes:
    for _number in range(7):
        ask()
    Ticket.objects.update(received_at=dt.datetime(2026, 4, 14, 10, tzinfo=BRUSSELS))
    return bytes(month_reports.make(edition.basin, dt.date(2026, 4, 1), by=None).pdf)


PAPERS: list[Callable[[Edition], bytes]] = [
    programme,
    crowded_programme,
    month,
    sheets,
    posters,
    certificate,
    leaflet,
    long_leaflet,
]


@pytest.mark.parametrize("draw", PAPERS)
def test_paper_keeps_to_pdf_ua(edition: Edition, draw: Callable[[Edition], bytes]) -> None:
    assert faults(draw(edition)) == []


def test_no_paper_is_forgotten(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: set[str] = set()

    def note(template: str, *given: Any, **more: Any) -> str:
        drawn.add(template)
        return render_to_string(template, *given, **more)

    monkeypatch.setattr(paper, "render_to_string", note)
    for draw in (programme, sheets, posters, certificate, leaflet, month):
        draw(edition)

    root = Path(settings.BASE_DIR) / "templates"
    papers = {str(path.relative_to(root)) for path in root.glob("*/print/*.html")}
    assert drawn == {name for name in papers if not name.startswith(HELD_BESIDE_THEIR_PAGES)}


# --- The check itself -----------------------------------------------------------------------------


def spoiled(pdf: bytes, spoil: Callable[[PdfWriter, Any], None]) -> list[str]:
    """What is said of a file after something was taken from it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    spoil(writer, writer.root_object)
    out = io.BytesIO()
    writer.write(out)
    return faults(out.getvalue())


def first(node: Any, kind: str) -> Any:
    """The first element of a kind."""
    element = node.get_object()
    if isinstance(element, list):
        return next((found for each in element if (found := first(each, kind))), None)
    if not isinstance(element, dict):
        return None
    if element.get("/S") == f"/{kind}":
        return element
    return first(element["/K"], kind) if "/K" in element else None


def without_lang(writer: PdfWriter, root: Any) -> None:
    del root["/Lang"]


def not_marked(writer: PdfWriter, root: Any) -> None:
    root["/MarkInfo"][NameObject("/Marked")] = BooleanObject(False)


def file_name_shown(writer: PdfWriter, root: Any) -> None:
    del root["/ViewerPreferences"]


def no_tree(writer: PdfWriter, root: Any) -> None:
    del root["/StructTreeRoot"]


def silent_picture(writer: PdfWriter, root: Any) -> None:
    del first(root["/StructTreeRoot"]["/K"], "Figure")["/Alt"]


def heading_of_nothing(writer: PdfWriter, root: Any) -> None:
    del first(root["/StructTreeRoot"]["/K"], "TH")["/A"]


def heading_skipped(writer: PdfWriter, root: Any) -> None:
    first(root["/StructTreeRoot"]["/K"], "H1")[NameObject("/S")] = NameObject("/H3")


def row_lost_its_cell(writer: PdfWriter, root: Any) -> None:
    row = first(root["/StructTreeRoot"]["/K"], "TR")
    row[NameObject("/K")] = ArrayObject(list(row["/K"])[1:])


def own_tag(writer: PdfWriter, root: Any) -> None:
    first(root["/StructTreeRoot"]["/K"], "P")[NameObject("/S")] = NameObject("/Fancy")


def font_outside(writer: PdfWriter, root: Any) -> None:
    font = next(iter(writer.pages[0]["/Resources"]["/Font"].values())).get_object()  # type: ignore[index]
    del font["/ToUnicode"]
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    for name in {"/FontFile2", "/FontFile3"} & set(descriptor):
        del descriptor[name]


def painted_over(writer: PdfWriter, root: Any) -> None:
    page = writer.pages[0]
    more = DecodedStreamObject()
    contents = page.get_contents()
    assert contents is not None
    more.set_data(contents.get_data() + b"\n0 0 10 10 re f")
    page[NameObject("/Contents")] = writer._add_object(more)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (without_lang, "The document does not say its language."),
        (not_marked, "The document does not say that it is tagged."),
        (file_name_shown, "The window would show the name of the file and not the title."),
        (no_tree, "There is no tree of tags."),
        (silent_picture, "A Figure has no text alternative."),
        (heading_of_nothing, "A heading of a table does not say of what."),
        (heading_skipped, "The first heading is of level 3."),
        (row_lost_its_cell, "The rows of a table are not of one length"),
        (own_tag, "The tag Fancy is none of the standard."),
        (font_outside, "is not in the file."),
        (font_outside, "cannot be read."),
        (painted_over, "Page 1: Something is neither tagged nor decoration (f)."),
    ],
)
def test_the_check_finds_what_is_broken(edition: Edition, spoil: Callable[[PdfWriter, Any], None], said: str) -> None:
    whole = certificate(edition)

    assert [each for each in spoiled(whole, spoil) if said in each]
