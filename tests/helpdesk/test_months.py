"""A month's figures for everybody: once, without what is small, on a page and on paper in both languages."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from basins.models import User
from basins.rules.people import NotYours
from core import jobs as long_jobs
from core.models import LongJob
from helpdesk import public_figures, reports, tasks
from helpdesk.enums import Channel, Outcome
from helpdesk.errors import StepRefused, TicketInvalid
from helpdesk.figures import Delays, Figures, Part
from helpdesk.models import MonthReport, Ticket
from tests.basins.people_tools import staff_session
from tests.factories import basin, local
from tests.helpdesk.desk_tools import page
from tests.helpdesk.factories import AskerFactory, TicketFactory

pytestmark = pytest.mark.django_db

NOW = local(dt.date(2026, 5, 4), "10:00")
APRIL = dt.date(2026, 4, 1)
PAGE, PAGE_NL, REGION = "/fr/sud-est/helpdesk/chiffres/", "/nl/zuid-oost/helpdesk/cijfers/", "/fr/helpdesk/chiffres/"


@pytest.fixture(autouse=True)
def _may() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def tickets(number: int, **fields: Any) -> list[Ticket]:
    """Asked in April, answered an hour of work later."""
    came = local(dt.date(2026, 4, 14), "10:00")
    usual = {"received_at": came, "first_answered_at": came + dt.timedelta(hours=1), "state": "answered"}
    return [TicketFactory(**{**usual, **fields}) for _number in range(number)]


def month(**counts: int) -> dict[str, Any]:
    """What is published of a month with so many tickets by channel."""
    total = sum(counts.values())
    delays = Delays(total, 60, 120)
    parts = {"channel": [Part(value, number, delays) for value, number in counts.items()]}
    return public_figures.safe(Figures(total, delays, parts, NOW))


# --- What is left out --------------------------------------------------------------------------------


def test_what_is_small_is_not_there_nor_what_tells_it() -> None:
    assert month(web=20, mail=9, phone=3)["parts"]["channel"] == [["web", 20], ["mail", None], ["phone", None]]


def test_what_is_hidden_stands_in_no_order_of_size() -> None:
    shown = month(web=40, phone=4, mail=2, partner=3)["parts"]["channel"]
    assert shown == [["web", 40], ["mail", None], ["partner", None], ["phone", None]]


def test_a_month_with_few_says_only_that() -> None:
    assert month(web=4) == {"number": None, "answered": None, "median": None, "ninetieth": None, "parts": {}}


@pytest.mark.parametrize(("answered", "told"), [(20, 20), (18, None), (15, 15), (3, None)])
def test_how_many_are_unanswered_is_not_told_either(answered: int, told: int | None) -> None:
    counted = Figures(20, Delays(answered, 60, 120), {}, NOW)
    found = public_figures.safe(counted)
    assert found["answered"] == told
    assert (found["median"] is None) is (answered < 5)


def test_only_what_came_in_that_month_at_that_helpdesk_counts() -> None:
    tickets(6)
    tickets(7, basin=basin("nord"))
    tickets(5, received_at=local(dt.date(2026, 5, 1), "00:00"))
    tickets(5, received_at=local(dt.date(2026, 3, 31), "23:59"))
    assert public_figures.of_month(basin(), APRIL)["number"] == 6


def test_a_merged_ticket_counts_where_it_went() -> None:
    first, *_others = tickets(6)
    closed = {"state": "closed", "closed_at": NOW, "outcome": Outcome.MERGED, "merged_into": first}
    tickets(2, **closed)
    assert public_figures.of_month(basin(), APRIL)["number"] == 6


# --- Once --------------------------------------------------------------------------------------------


def test_a_month_is_counted_once(alice: User) -> None:
    tickets(6)
    first = reports.make(basin(), APRIL, by=None)
    tickets(6)
    again = reports.make(basin(), APRIL, by=alice)
    assert (again.pk, again.figures["number"], again.made_by) == (first.pk, 6, None)


@pytest.mark.parametrize("day", [dt.date(2026, 5, 1), dt.date(2026, 6, 1)])
def test_a_month_that_is_not_over_is_not_published(day: dt.date) -> None:
    with pytest.raises(StepRefused):
        reports.make(basin(), day, by=None)
    with pytest.raises(TicketInvalid):
        reports.make(basin(), dt.date(2026, 4, 2), by=None)


def test_another_helpdesk_publishes_nothing_here(bram: User) -> None:
    with pytest.raises(NotYours):
        reports.make(basin(), APRIL, by=bram)


def test_the_calendar_publishes_all_basins_and_one_fault_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    make = reports.make

    def fails_in_nord(where: Any, *args: Any, **more: Any) -> MonthReport:
        if where.code == "nord":
            raise RuntimeError
        return make(where, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(reports, "make", fails_in_nord)
        tasks.publish_month()
    assert MonthReport.objects.filter(month=APRIL).count() == 4
    tasks.publish_month()
    assert MonthReport.objects.filter(month=APRIL).count() == 5


# --- On paper ----------------------------------------------------------------------------------------


def test_the_paper_says_it_in_french_then_in_dutch_and_can_be_read_aloud() -> None:
    for _number in range(12):
        tickets(1, channel=Channel.PHONE, asker=AskerFactory(profession="nurse"))
    tickets(2, channel=Channel.MAIL)
    document = PdfReader(io.BytesIO(bytes(reports.make(basin(), APRIL, by=None).pdf)))
    pages = [each.extract_text() for each in document.pages]
    text = " ".join(" ".join(pages).split())
    assert text.index("avril 2026") < text.index("april 2026")
    assert "Le helpdesk en chiffres" in pages[0]
    assert any("Beroep van de vraagsteller" in each for each in pages)
    assert str(document.root_object["/MarkInfo"]) == "{'/Marked': True}"
    assert "14" in text


def test_the_button_starts_the_paper(client: Client, alice: User) -> None:
    tickets(6)
    desk = staff_session(client, alice)
    desk.post(page("staff_figures_paper"), {"month": "2026-04"})
    job = LongJob.objects.get()
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, str(job.file.name).endswith("2026-04.pdf")) == ("done", True)
    assert MonthReport.objects.get().made_by == alice
    desk.post(page("staff_figures_paper"), {"month": "2026-05"})
    assert LongJob.objects.count() == 1


# --- Pages -------------------------------------------------------------------------------------------


def test_everybody_reads_the_last_month_and_takes_its_paper(greet: Client) -> None:
    tickets(12, channel=Channel.PHONE)
    tickets(2, channel=Channel.MAIL)
    assert "Aucun mois" in greet.get(PAGE).text
    reports.make(basin(), APRIL, by=None)
    answer = greet.get(PAGE)
    assert answer.context["figures"]["number"] == 14
    assert "Avril 2026" in answer.text
    assert "non affiché" in answer.text.lower()
    assert "April 2026" in greet.get(PAGE_NL).text
    paper = greet.get(answer.context["pdf_url"])
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize("asked", ["2026-03", "nonsense", "2026-05"])
def test_a_month_that_is_not_published_is_not_there(greet: Client, asked: str) -> None:
    reports.make(basin(), APRIL, by=None)
    assert greet.get(PAGE, {"month": asked}).status_code == 404
    assert greet.get(f"{PAGE}{asked}.pdf").status_code == 404


def test_the_region_shows_the_helpdesks_side_by_side(greet: Client) -> None:
    tickets(7)
    tickets(3, basin=basin("nord"))
    for code in ("sud-est", "nord"):
        reports.make(basin(code), APRIL, by=None)
    ((_month, cells),) = greet.get(REGION).context["months"]
    numbers = {str(cell["name"]): (cell["number"], cell["is_counted"]) for cell in cells}
    assert sorted(numbers.values(), key=str) == [(7, True), (None, False), (None, False), (None, False), (None, True)]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_many_months(
    greet: Client, number: int, django_assert_num_queries: Any
) -> None:
    tickets(8)
    for back in range(number):
        MonthReport.objects.create(basin=basin(), month=dt.date(2026, 4 - back, 1), figures=month(web=8), pdf=b"%PDF-")
    greet.get(PAGE)
    with django_assert_num_queries(3):
        greet.get(PAGE)
