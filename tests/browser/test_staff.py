"""The team at work: bring the programme in, take it out on paper."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect
from pypdf import PdfReader

from basins.models import User
from core import jobs
from core.models import LongJob
from opendoors import demo
from opendoors.models import Edition, Visit
from tests.basins.people_tools import at, staff_session
from tests.browser.conftest import Visitors
from tests.opendoors.factories import EditionFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

BROKEN = """date,start,end,host,seats,languages
{day},09:00,10:30,Maison Un,5,fr
{day},25:00,10:30,Maison Deux,5,fr
{day},09:00,10:30,Maison Trois,-3,fr
"""


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def desk(visitors: Visitors, client: Client, alice: User) -> Page:
    """Alice's browser, her second factor used."""
    return visitors(session=staff_session(client, alice)).page


def page_of(name: str, edition: Edition) -> str:
    return at(f"opendoors:{name}", basin="sud-est", slug=edition.slug)


def sends(page: Page, content: bytes) -> None:
    file: FilePayload = {"name": "programme.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("[type=file]").set_input_files(file)
    with page.expect_navigation():
        page.locator("form[enctype] button").click()


def test_a_broken_file_is_explained_by_line_and_column(desk: Page) -> None:
    edition = EditionFactory(slug="2026")
    desk.goto(page_of("staff_import", edition))
    sends(desk, BROKEN.format(day=edition.starts_on).encode())
    (clock, seats) = desk.locator(".note.bad li").all_inner_texts()
    assert [word in clock for word in ("Ligne 3", "start", "25:00")] == [True] * 3
    assert [word in seats for word in ("Ligne 4", "seats", "-3")] == [True] * 3
    expect(desk.locator("input[name=content]")).to_have_count(0)  # nothing to import
    assert Visit.objects.count() == 0


def test_a_good_file_is_read_first_and_written_then(desk: Page) -> None:
    edition = EditionFactory(slug="2026")
    programme = demo._programme(edition.starts_on)
    desk.goto(page_of("staff_import", edition))
    sends(desk, programme)
    expect(desk.locator("#h-report")).to_be_visible()
    expect(desk.locator(".note.bad")).to_have_count(0)
    assert Visit.objects.count() == 0
    with desk.expect_navigation():
        desk.locator("form:has([name=content]) button").click()
    expect(desk.locator("main [role=status]").first).to_be_visible()
    assert (Visit.objects.count(), edition.hosts.count()) == (73, 51)
    desk.goto(page_of("staff_import", edition))
    sends(desk, programme)
    expect(desk.locator("input[name=content]")).to_have_count(0)  # the same file again would change nothing
    expect(desk.locator(".note.ok")).to_be_visible()


def test_the_programme_on_paper_is_a_job_with_progress_and_a_file(desk: Page, week: Edition) -> None:
    desk.goto(page_of("staff_edition", week))
    desk.locator("form[action$='/sur-papier/'] button").click()
    expect(desk.locator("progress")).to_be_visible()
    job = LongJob.objects.get()
    running = LongJob.objects.filter(pk=job.pk)
    running.update(state=LongJob.State.RUNNING, steps_done=30, steps_total=73, heartbeat_at=timezone.now())
    expect(desk.locator("progress")).to_have_attribute("value", "30")
    running.update(state=LongJob.State.WAITING)
    jobs.run(job.pk)
    link = desk.locator("a[href$='/fichier/']")
    expect(link).to_be_visible()
    with desk.expect_download() as download:
        link.click()
    paper = PdfReader(BytesIO(Path(download.value.path()).read_bytes()))
    words = "".join(sheet.extract_text() for sheet in paper.pages)
    assert "GymSANA" in words


def test_a_job_is_stopped_by_its_button(desk: Page, week: Edition) -> None:
    desk.goto(page_of("staff_edition", week))
    desk.locator("form[action$='/sur-papier/'] button").click()
    desk.locator("main .btn.text").click()
    expect(desk.locator("progress")).to_have_count(0)
    assert LongJob.objects.get().state == LongJob.State.STOPPED
