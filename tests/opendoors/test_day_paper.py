"""Paper for the day and after it, read back: the right pages, words, tags; made by jobs that say how far they are."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from basins.models import User
from core import jobs
from core.models import LongJob
from opendoors import jobs as od_jobs
from opendoors import queries, queries_day, reports
from opendoors.enums import VisitState
from opendoors.models import Edition, Visit
from opendoors.queries_hosts import host_link
from tests.basins.people_tools import at, staff_session
from tests.opendoors.day_tools import NINE, guest, running_week, visit_today

pytestmark = pytest.mark.django_db

AFTERWARDS = NINE + dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def edition() -> Edition:
    return running_week()


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page, white space made one."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def tags_of(pdf: bytes) -> Counter[str]:
    """How often each tag stands in the file; a picture without a text alternative as ``/Figure?``."""
    found: Counter[str] = Counter()

    def walk(element: Any) -> None:
        element = element.get_object()
        if isinstance(element, list):
            for each in element:
                walk(each)
        elif isinstance(element, dict) and "/S" in element:
            name = element["/S"]
            found["/Figure?" if name == "/Figure" and not element.get("/Alt") else name] += 1
            if "/K" in element:
                walk(element["/K"])

    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    walk(root["/StructTreeRoot"]["/K"])
    return found


def fonts_outside(pdf: bytes) -> list[str]:
    """Fonts whose shapes are not in the file."""
    missing = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]  # a dictionary, says the standard
        for font in fonts.values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            if not {"/FontFile2", "/FontFile3"} & set(descriptor):
                missing.append(str(font))
    return missing


def sheets(edition: Edition) -> bytes:
    return reports.render_sheets(queries_day.visits_with_sheets(edition), language="fr")


# --- Lists ----------------------------------------------------------------------------------------


def test_each_visit_has_a_sheet_with_pages_of_its_own(edition: Edition) -> None:
    for day in range(3):
        guest(visit_today(edition=edition, day=day, host__name=f"Maison {day}"), f"Daan {day}")

    pages = pages_of(sheets(edition))

    assert [f"Maison {day}" in page and f"Daan {day}" in page for day, page in enumerate(pages)] == [True] * 3
    assert [page.endswith("1 / 1") or "1 / 1" in page for page in pages] == [True] * 3


def test_a_sheet_names_who_comes_and_both_languages(edition: Edition) -> None:
    visit = visit_today(edition=edition)
    guest(visit, "Daan Dubois", organisation="Wijkhuis", seats=3, companions="An Peeters\nBilal Öz", access_needs=True)

    (page,) = pages_of(sheets(edition))

    for said in ("Daan Dubois × 3", "Wijkhuis", "An Peeters, Bilal Öz", "Lundi 7 décembre", "Maandag 7 december"):
        assert said in page.replace("\N{NO-BREAK SPACE}", " ")


def test_the_narrow_columns_of_a_sheet_break_no_word(edition: Edition) -> None:
    guest(visit_today(edition=edition), "Daan")

    (sheet,) = pages_of(sheets(edition))

    assert [word for word in ("Aanwezig", "Verontschuldigd", "Afwezig") if word not in sheet] == []


def test_no_mail_address_stands_on_a_sheet(edition: Edition) -> None:
    guest(visit_today(edition=edition), email="daan@example.org")

    assert "example.org" not in pages_of(sheets(edition))[0]


def test_who_gave_back_and_whose_address_is_not_confirmed_is_not_on_a_sheet(edition: Edition) -> None:
    visit = visit_today(edition=edition)
    guest(visit, "Held", held_until=NINE)
    guest(visit, "Gone").booking.booked.update(state="cancelled", cancelled_at=NINE)

    (page,) = pages_of(sheets(edition))

    assert ("Held" in page, "Gone" in page) == (False, False)


def test_a_visit_that_was_called_off_has_no_sheet(edition: Edition) -> None:
    visit_today(edition=edition, state=VisitState.CANCELLED)
    visit_today(edition=edition)

    assert len(pages_of(sheets(edition))) == 1


def test_all_sheets_are_read_with_as_few_queries_as_one(edition: Edition, django_assert_num_queries: Any) -> None:
    for day in range(3):
        guest(visit_today(edition=edition, day=day))

    with django_assert_num_queries(2):
        sheets(edition)


def test_sheets_are_tagged_and_bring_their_fonts(edition: Edition) -> None:
    guest(visit_today(edition=edition), access_needs=True)
    guest(visit_today(edition=edition, day=1))

    pdf = sheets(edition)
    tags = tags_of(pdf)

    assert (tags["/Document"], tags["/Table"], tags["/H1"], tags["/Figure?"]) == (1, 2, 2, 0)
    assert fonts_outside(pdf) == []


def test_markup_in_a_name_stays_text(edition: Edition) -> None:
    guest(visit_today(edition=edition), "<b>Daan</b>")

    assert "<b>Daan</b>" in pages_of(sheets(edition))[0]


# --- Posters --------------------------------------------------------------------------------------


def test_a_poster_has_a_code_in_each_language_that_can_be_read_aloud(edition: Edition) -> None:
    visit_today(edition=edition, host__name="Maison Ouverte")

    pdf = reports.render_posters(queries_day.visits_with_sheets(edition), language="fr")

    assert "Maison Ouverte" in pages_of(pdf)[0]
    assert (tags_of(pdf)["/Figure"], tags_of(pdf)["/Figure?"]) == (3, 0)  # the mark, and two codes


def test_the_codes_of_a_poster_open_the_door_in_their_language(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "code_image", lambda address: address)

    codes = reports._codes(visit_today(edition=edition))

    ways = {code: at("opendoors:here", code, basin="sud-est", token="x")[:-2] for code in ("fr", "nl")}
    assert [ways[code] in codes[code] for code in ("fr", "nl")] == [True, True]


# --- The programme --------------------------------------------------------------------------------


def test_after_the_grid_comes_one_block_per_visit(edition: Edition) -> None:
    one = visit_today(edition=edition, host__name="Maison Une", seats=7)
    one.place.directions_fr, one.place.directions_nl = "Par la cour.", "Langs de tuin."
    one.place.save()
    visit_today(edition=edition, day=1, host__name="Huis Twee", host__description_fr="", languages=["nl"])

    pdf = reports.render_programme(edition, language="fr")
    grid, blocks = pages_of(pdf)

    assert tags_of(pdf)["/Art"] == 2
    assert ("Maison Une" in grid, "Huis Twee" in grid) == (True, True)
    for said in (
        "Rue de l’Exemple 12",
        "Voorbeeldstraat 12",
        "Par la cour.",
        "Langs de tuin.",
        "7 places",
        "7 plaatsen",
    ):
        assert said in blocks.replace("\N{NO-BREAK SPACE}", " ")
    assert blocks.count("Wij tonen u het huis.") == 3  # once for the first, twice where it is all there is


# --- Certificates ---------------------------------------------------------------------------------


def test_a_certificate_names_the_visits_somebody_came_to_and_their_hours(edition: Edition) -> None:
    came = guest(
        visit_today(edition=edition, host__name="Maison Une"), "Daan", email="d@example.org", attendance="present"
    )
    guest(visit_today(edition=edition, day=1, host__name="Maison Deux"), email="d@example.org", attendance="present")
    guest(visit_today(edition=edition, day=2, host__name="Maison Trois"), email="d@example.org", attendance="absent")
    rows = queries_day.attended(came.booking, whole_visitor=True)

    pdf = reports.render_certificate(came.booking, rows, language="fr")
    (page,) = pages_of(pdf)

    assert [name in page for name in ("Maison Une", "Maison Deux", "Maison Trois")] == [True, True, False]
    assert page.replace("\N{NO-BREAK SPACE}", " ").count("1 h 30") == 2
    assert "3 h" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert (tags_of(pdf)["/Table"], tags_of(pdf)["/Figure?"], fonts_outside(pdf)) == (1, 0, [])


def test_a_browsers_link_certifies_its_own_booking_alone(edition: Edition) -> None:
    one = guest(visit_today(edition=edition), email="d@example.org", attendance="present")
    guest(visit_today(edition=edition, day=1), email="d@example.org", attendance="present")

    assert queries_day.attended(one.booking, whole_visitor=False) == [one]


# --- Jobs -----------------------------------------------------------------------------------------


def run(job: LongJob) -> LongJob:
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_the_sheets_of_an_edition_are_one_job_that_counts_them(edition: Edition, alice: User) -> None:
    for day in range(3):
        guest(visit_today(edition=edition, day=day))

    params = {"edition": str(edition.uuid), "what": "sheets"}
    job = run(jobs.start(od_jobs.PAPER, params=params, by=alice, scope="sud-est", language="fr"))

    assert (job.state, job.steps_done, job.steps_total) == ("done", 3, 3)
    with job.file.open("rb") as file:
        assert len(PdfReader(file).pages) == 3


def test_without_a_visit_the_job_says_so(edition: Edition, alice: User) -> None:
    params = {"edition": str(edition.uuid), "what": "posters"}
    job = run(jobs.start(od_jobs.PAPER, params=params, by=alice, scope="sud-est", language="fr"))

    assert (job.state, bool(job.note)) == ("failed", True)


def test_lists_are_seen_by_who_reads_bookings_alone(client: Client, edition: Edition, alice: User, bram: User) -> None:
    params = {"edition": str(edition.uuid), "what": "sheets"}
    job = jobs.start(od_jobs.PAPER, params=params, by=alice, scope="sud-est", language="fr")
    page = at("job", basin="sud-est", uuid=job.uuid)

    answers = [staff_session(Client(), each).get(page).status_code for each in (alice, bram)]

    assert (answers, client.get(page).status_code) == ([200, 404], 302)


@pytest.mark.parametrize(("what", "number"), [("sheets", 2), ("posters", 2)])
def test_a_host_prints_its_own_by_its_link(client: Client, edition: Edition, what: str, number: int) -> None:
    mine = visit_today(edition=edition)
    visit_today(edition=edition, host=mine.host, place=mine.place, day=1)
    visit_today(edition=edition)
    url = at("opendoors:sheet_paper", basin="sud-est", token=host_link(mine.host), visit=mine.uuid)

    answer = client.post(url, {"what": what})
    job = run(LongJob.objects.get())

    assert answer["Location"] == at("job", basin="sud-est", uuid=job.uuid)
    with job.file.open("rb") as file:
        assert len(PdfReader(file).pages) == number
    assert client.get(answer["Location"]).status_code == 200


def test_a_button_pressed_twice_leads_to_the_same_job(client: Client, edition: Edition) -> None:
    mine = visit_today(edition=edition)
    url = at("opendoors:sheet_paper", basin="sud-est", token=host_link(mine.host), visit=mine.uuid)

    answers = {client.post(url, {"what": "sheets"})["Location"] for _ in range(2)}

    assert (len(answers), LongJob.objects.count()) == (1, 1)


def test_there_is_no_other_paper(client: Client, edition: Edition) -> None:
    mine: Visit = visit_today(edition=edition)
    url = at("opendoors:sheet_paper", basin="sud-est", token=host_link(mine.host), visit=mine.uuid)

    assert client.post(url, {"what": "money"}).status_code == 404


def test_who_came_has_the_certificate_made_without_an_account(
    client: Client, edition: Edition, clock: time_machine.Traveller
) -> None:
    row = guest(visit_today(edition=edition), attendance="present")
    url = at("opendoors:certificate", "nl", basin="sud-est", token=queries.visitor_link(row.booking.visitor))
    clock.move_to(AFTERWARDS)

    shown = client.get(url)
    started = client.post(url)
    job = run(LongJob.objects.get())
    page = client.get(started["Location"])

    assert (shown.status_code, job.state, job.language, job.started_by) == (200, "done", "nl", None)
    assert at("job_file", "nl", basin="sud-est", uuid=job.uuid) in page.text


@pytest.mark.parametrize(("attendance", "when"), [("", AFTERWARDS), ("absent", AFTERWARDS), ("present", NINE)])
def test_who_did_not_come_or_asks_too_early_gets_none(
    client: Client, edition: Edition, clock: time_machine.Traveller, attendance: str, when: dt.datetime
) -> None:
    row = guest(visit_today(edition=edition), attendance=attendance)
    url = at("opendoors:certificate", basin="sud-est", token=queries.visitor_link(row.booking.visitor))
    clock.move_to(when)

    assert (client.get(url).status_code, client.post(url).status_code, LongJob.objects.count()) == (200, 409, 0)


@pytest.mark.parametrize(("when", "is_offered"), [(NINE, False), (AFTERWARDS, True)])
def test_ones_own_page_leads_to_the_certificate_once_there_is_one(
    client: Client, edition: Edition, clock: time_machine.Traveller, when: dt.datetime, is_offered: bool
) -> None:
    row = guest(visit_today(edition=edition), attendance="present")
    address = {"basin": "sud-est", "token": queries.visitor_link(row.booking.visitor)}
    clock.move_to(when)

    page = client.get(at("opendoors:booked", **address))

    assert (at("opendoors:certificate", **address) in page.text) == is_offered
