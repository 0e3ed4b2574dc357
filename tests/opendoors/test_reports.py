"""The programme on paper: its grid on one sheet, both languages, readable by machines."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PageObject, PdfReader

from basins.models import RoleGrant, User
from basins.rights import Role
from core import jobs
from core.models import LongJob
from opendoors import demo, reports
from opendoors import jobs as od_jobs
from opendoors.enums import VisitState
from opendoors.models import Edition
from opendoors.rules import editions, importing
from opendoors.rules.editions import EditionData
from tests.basins.people_tools import at, sign_in, staff_session
from tests.factories import UserFactory, basin, grant, local
from tests.opendoors.factories import EditionFactory, VisitFactory

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def grid_of(pdf: bytes) -> list[PageObject]:
    """The sheets across: the grid. The blocks of the visits stand upright behind it."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [page for page in pages if page.mediabox.width > page.mediabox.height]


@pytest.fixture
def whole_week() -> Edition:
    """The grid of December 2024."""
    monday = dt.date(2024, 12, 2)
    data = EditionData(
        slug="2024",
        name_fr="Le Grand Bain",
        name_nl="Het Grote Bad",
        starts_on=monday,
        ends_on=monday + dt.timedelta(days=4),
        signup_opens_at=local(dt.date(2024, 9, 9), "09:00"),
        signup_closes_at=local(dt.date(2024, 11, 22), "18:00"),
    )
    edition = editions.create(basin=basin(), data=data, by=None)
    importing.apply(edition=edition, content=demo.FACTS.read_bytes(), by=None)
    return edition


def test_the_whole_grid_is_on_one_sheet_across(whole_week: Edition) -> None:
    pdf = reports.render_programme(whole_week, language="fr")

    (sheet,) = grid_of(pdf)
    box = sheet.mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (297, 210)


def test_both_languages_stand_on_it(whole_week: Edition) -> None:
    words = text_of(reports.render_programme(whole_week, language="nl"))

    for said in ("Le Grand Bain", "Het Grote Bad", "lundi", "maandag", "Zoniënzorg", "09.00 – 10.30", "FR·NL"):
        assert said in words


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_addresses_to_sign_up_at_stand_on_it_in_both_languages(language: str) -> None:
    edition = EditionFactory(slug="2026")

    words = text_of(reports.render_programme(edition, language=language))

    assert [at("opendoors:week", code, basin="sud-est", slug="2026") in words for code in ("fr", "nl")] == [True, True]


def test_hours_beside_the_bands_are_written_as_the_bands_are() -> None:
    edition = EditionFactory()
    day = edition.starts_on
    VisitFactory(edition=edition, starts_at=local(day, "09:15"), ends_at=local(day, "10:45"))

    words = text_of(reports.render_programme(edition, language="fr"))

    assert ("09.15 – 10.45" in words, "9 h 15" in words.replace("\N{NO-BREAK SPACE}", " ")) == (True, False)


def test_a_programme_a_little_too_long_is_drawn_smaller_to_stay_on_one_sheet() -> None:
    edition = EditionFactory()
    for number in range(44):
        day = edition.starts_on + dt.timedelta(days=number % 5)
        VisitFactory(
            edition=edition,
            host__name=f"Maison médicale {number}",
            starts_at=local(day, "09:00"),
            ends_at=local(day, "10:30"),
        )

    pdf = reports.render_programme(edition, language="fr")

    assert len(grid_of(pdf)) == 1


def test_a_row_that_does_not_fit_goes_on_on_the_next_sheet() -> None:
    edition = EditionFactory()
    for number in range(65):
        VisitFactory(
            edition=edition,
            host__name=f"Hôte {number}",
            starts_at=local(edition.starts_on, "09:00"),
            ends_at=local(edition.starts_on, "10:30"),
        )

    first, *others = grid_of(reports.render_programme(edition, language="fr"))

    assert ("Hôte" in first.extract_text(), len(others)) == (True, 1)


def test_it_is_tagged_and_says_its_language(whole_week: Edition) -> None:
    reader = PdfReader(io.BytesIO(reports.render_programme(whole_week, language="nl")))

    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Het Grote Bad 2024"


def test_what_was_called_off_is_not_on_paper() -> None:
    visit = VisitFactory(host__name="Gone asbl", state=VisitState.CANCELLED)
    VisitFactory(edition=visit.edition, host__name="Here asbl")

    words = text_of(reports.render_programme(visit.edition, language="fr"))

    assert ("Here asbl" in words, "Gone asbl" in words) == (True, False)


def test_markup_in_a_name_stays_text_on_paper() -> None:
    visit = VisitFactory(host__name="<h1>A & B</h1>")

    assert "<h1>A & B</h1>" in text_of(reports.render_programme(visit.edition, language="fr"))


def test_an_edition_without_visits_is_a_sheet_too() -> None:
    pdf = reports.render_programme(EditionFactory(), language="fr")

    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


def test_the_button_starts_a_job_that_ends_with_the_file(client: Client, alice: User) -> None:
    edition = VisitFactory(edition__slug="2026").edition
    staff_session(client, alice)

    answer = client.post(at("opendoors:staff_on_paper", basin="sud-est", slug="2026"))
    job = LongJob.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    file = client.get(at("job_file", basin="sud-est", uuid=job.uuid))

    assert answer.headers["Location"] == at("job", basin="sud-est", uuid=job.uuid)
    assert job.state == "done"
    assert b"".join(file)[:5] == b"%PDF-"
    assert od_jobs.edition_of(job) == edition


PAGES = ["job", "job_fragment", "job_file"]


@pytest.fixture
def paper(alice: User) -> LongJob:
    """A programme that Alice had made."""
    params = {"edition": str(VisitFactory().edition.uuid)}
    job = jobs.start(od_jobs.PROGRAMME, params=params, by=alice, scope="sud-est", language="fr")
    jobs.run(job.pk)
    return job


def asked(client: Client, job: LongJob) -> list[int]:
    answers = [client.get(at(name, basin="sud-est", uuid=job.uuid)) for name in PAGES]
    for answer in answers:
        answer.close()
    return [answer.status_code for answer in answers]


def test_colleagues_see_each_others_jobs(client: Client, paper: LongJob) -> None:
    colleague = UserFactory()
    grant(colleague, Role.TEAM_MEMBER, "sud-est")
    assert asked(staff_session(client, colleague), paper) == [200, 200, 200]


def test_another_basins_team_sees_nothing(client: Client, paper: LongJob, bram: User) -> None:
    assert asked(staff_session(client, bram), paper) == [404, 404, 404]


def test_who_left_the_team_no_longer_sees_what_they_started(client: Client, paper: LongJob, alice: User) -> None:
    staff_session(client, alice)
    RoleGrant.objects.update(ended_at=timezone.now())
    assert asked(client, paper) == [404, 404, 404]


def test_without_the_second_factor_there_is_no_job(client: Client, paper: LongJob, alice: User) -> None:
    assert asked(sign_in(client, alice), paper) == [404, 404, 404]


def test_without_the_second_factor_nothing_can_be_stopped(client: Client, alice: User) -> None:
    params = {"edition": str(EditionFactory().uuid)}
    job = jobs.start(od_jobs.PROGRAMME, params=params, by=alice, scope="sud-est", language="fr")
    answer = sign_in(client, alice).post(at("job_stop", basin="sud-est", uuid=job.uuid))
    job.refresh_from_db()
    assert (answer.status_code, job.state) == (404, "waiting")
