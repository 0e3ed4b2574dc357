"""The team's import page: read first, then written; large files as a job."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from basins.models import User
from core import jobs
from core.models import LongJob
from opendoors.enums import EditionState
from opendoors.models import Edition, Host, Visit, Wish
from tests.basins.people_tools import at, staff_session
from tests.opendoors.factories import EditionFactory, VisitFactory
from tests.opendoors.programme_tools import HEAD
from tests.opendoors.staff_tools import page
from tests.opendoors.waiting_tools import held_by, letters, wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    made: Edition = EditionFactory(slug="2026", state=EditionState.OPEN)
    return made


@pytest.fixture
def team(client: Client, alice: User) -> Client:
    """Alice at work."""
    return staff_session(client, alice)


def programme(edition: Edition, *rows: str) -> SimpleUploadedFile:
    lines = [HEAD, *(row.replace("DAY", edition.starts_on.isoformat()) for row in rows)]
    return SimpleUploadedFile("week.csv", "\n".join(lines).encode())


def test_an_upload_shows_what_it_would_do_and_writes_nothing(team: Client, edition: Edition) -> None:
    response = team.post(
        page("staff_import", slug="2026"), {"file": programme(edition, "DAY,09:00,10:30,A,5,fr"), "seats": "12"}
    )

    assert response.status_code == 200
    assert response.context["outcome"]["can_apply"] is True
    assert not Visit.objects.exists()


def test_what_was_read_is_imported(team: Client, edition: Edition) -> None:
    url = page("staff_import", slug="2026")
    shown = team.post(url, {"file": programme(edition, "DAY,09:00,10:30,A,5,fr"), "seats": ""}).context

    response = team.post(url, {"content": shown["content"], "seats": shown["seats"]})

    assert response.headers["Location"] == page("staff_edition", slug="2026")
    assert Visit.objects.get().host.name == "A"


def test_problems_are_listed_and_nothing_can_be_imported(team: Client, edition: Edition) -> None:
    url = page("staff_import", slug="2026")

    response = team.post(url, {"file": programme(edition, "DAY,25:00,10:30,A,5,fr"), "seats": ""})
    forced = team.post(url, {"content": response.context["content"], "seats": ""})

    assert (response.status_code, forced.status_code) == (422, 409)
    assert "25:00" in response.content.decode()
    assert not Host.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"file": ""},
        {"content": "not base64!"},
        {"content": "é"},
        {"content": "AAAA", "seats": "-1"},
        {"content": "AAAA", "seats": "9" * 5000},
    ],
)
def test_a_broken_upload_is_an_answer_not_a_fault(team: Client, edition: Edition, data: dict[str, str]) -> None:
    response = team.post(page("staff_import", slug="2026"), data)

    assert response.status_code in {409, 422}
    assert not Host.objects.exists()


def test_markup_in_a_file_is_shown_as_text(team: Client, edition: Edition) -> None:
    upload = programme(edition, "DAY,<script>,10:30,A,5,fr")

    content = team.post(page("staff_import", slug="2026"), {"file": upload, "seats": ""}).content.decode()

    assert "&lt;script&gt;" in content
    assert "<script>," not in content


def test_a_large_file_is_a_job_first_to_read_then_to_import(team: Client, edition: Edition) -> None:
    rows = [f"DAY,09:00,10:30,Host {number},5,fr" for number in range(600)]
    url = page("staff_import", slug="2026")

    team.post(url, {"file": programme(edition, *rows), "seats": ""})
    examined = LongJob.objects.get()
    jobs.run(examined.pk)
    before = Visit.objects.count()
    report = team.get(at("job", basin="sud-est", uuid=examined.uuid)).content.decode()
    team.post(url, {"job": str(examined.uuid)})
    jobs.run(LongJob.objects.exclude(pk=examined.pk).get().pk)

    states = list(LongJob.objects.values_list("state", flat=True))
    assert (before, Visit.objects.count(), states) == (0, 600, ["done", "done"])
    assert f'value="{examined.uuid}"' in report


def test_a_large_file_that_is_refused_offers_another_file_and_nothing_more(team: Client, edition: Edition) -> None:
    rows = [f"DAY,09:00,10:30,Host {number},5,fr" for number in range(5001)]
    url = page("staff_import", slug="2026")

    team.post(url, {"file": programme(edition, *rows), "seats": ""})
    jobs.run(LongJob.objects.get().pk)
    answer = team.get(at("job", basin="sud-est", uuid=LongJob.objects.get().uuid))

    assert (answer.context["next_url"], f'href="{url}"' in answer.text) == ("", True)
    assert len(answer.context["job"].result["sentences"]) == 2


def test_a_file_with_a_heading_alone_is_not_called_unchanged(team: Client, edition: Edition) -> None:
    answer = team.post(page("staff_import", slug="2026"), {"file": programme(edition), "seats": ""})

    outcome = answer.context["outcome"]
    assert (answer.status_code, outcome["changes_nothing"], len(outcome["problems"])) == (422, False, 1)


def test_a_job_of_another_edition_is_not_imported_here(team: Client, edition: Edition) -> None:
    other = EditionFactory(slug="other")
    rows = [f"DAY,09:00,10:30,Host {number},5,fr" for number in range(600)]
    team.post(page("staff_import", slug="other"), {"file": programme(other, *rows), "seats": ""})
    jobs.run(LongJob.objects.get().pk)

    answers = [
        team.post(page("staff_import", slug="2026"), {"job": value}).status_code
        for value in (str(LongJob.objects.get().uuid), "nonsense")
    ]

    assert answers == [404, 404]


def test_an_evaluated_edition_is_only_looked_at(team: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    Edition.objects.update(state=EditionState.EVALUATED)

    dashboard = team.get(page("staff_edition", slug="2026")).content.decode()
    refused = team.post(page("staff_visit_call_off", slug="2026", visit=visit.uuid))

    assert page("staff_import", slug="2026") not in dashboard
    assert refused.status_code == 409
    assert Visit.objects.exists()


# --- Who waits -----------------------------------------------------------------------------------


@pytest.fixture
def lined(edition: Edition) -> Visit:
    """Six seats of which one is taken; a group of six waits."""
    visit: Visit = VisitFactory(edition=edition, seats=6, host__name="A")
    held_by("keeper@example.org", visit)
    wait(visit, seats=6)
    return visit


def row(visit: Visit, seats: int) -> str:
    starts, ends = timezone.localtime(visit.starts_at), timezone.localtime(visit.ends_at)
    return f"{starts:%Y-%m-%d,%H:%M},{ends:%H:%M},A,{seats},"


def test_the_page_asks_once_whether_places_in_line_may_end(team: Client, edition: Edition, lined: Visit) -> None:
    url = page("staff_import", slug="2026")
    shown = team.post(url, {"file": programme(edition, row(lined, 5)), "seats": ""})
    sent = {"content": shown.context["content"], "seats": ""}

    asked = team.post(url, sent)
    before = letters("waiting_too_large")
    done = team.post(url, sent | {"end_waiting": "on"})

    assert ['name="end_waiting"' in answer.text for answer in (shown, asked)] == [True, True]
    assert (asked.status_code, asked.context["content"], before) == (409, sent["content"], [])
    assert (done.status_code, letters("waiting_too_large")) == (302, ["eva@example.org"])


def test_nobody_is_asked_where_no_line_ends(team: Client, edition: Edition, lined: Visit) -> None:
    shown = team.post(page("staff_import", slug="2026"), {"file": programme(edition, row(lined, 7)), "seats": ""})

    assert (shown.context["outcome"]["can_apply"], 'name="end_waiting"' in shown.text) == (True, False)


def test_a_large_file_asks_on_the_page_of_its_job(team: Client, edition: Edition, lined: Visit) -> None:
    rows = [f"DAY,09:00,10:30,Host {number},5,fr" for number in range(600)]
    url = page("staff_import", slug="2026")
    team.post(url, {"file": programme(edition, row(lined, 5), *rows), "seats": ""})
    examined = LongJob.objects.get()
    jobs.run(examined.pk)
    job_url = at("job", basin="sud-est", uuid=examined.uuid)

    shown = team.get(job_url).text
    refused = team.post(url, {"job": str(examined.uuid)})
    number = LongJob.objects.count()
    team.post(url, {"job": str(examined.uuid), "end_waiting": "on"})
    jobs.run(LongJob.objects.exclude(pk=examined.pk).get().pk)

    assert ('name="end_waiting"' in shown, refused.headers["Location"], number) == (True, job_url, 1)
    assert (Visit.objects.count(), letters("waiting_too_large")) == (601, ["eva@example.org"])


def test_a_job_that_may_not_end_waiting_asks_again(team: Client, edition: Edition, lined: Visit) -> None:
    """Somebody joined the line between the dry run and the import."""
    rows = [f"DAY,09:00,10:30,Host {number},5,fr" for number in range(600)]
    url = page("staff_import", slug="2026")
    Wish.objects.update(state="released", ended_at=timezone.now())
    team.post(url, {"file": programme(edition, row(lined, 5), *rows), "seats": ""})
    examined = LongJob.objects.get()
    jobs.run(examined.pk)
    Wish.objects.update(state="waiting", ended_at=None)

    team.post(url, {"job": str(examined.uuid)})
    second = LongJob.objects.exclude(pk=examined.pk).get()
    jobs.run(second.pk)
    shown = team.get(at("job", basin="sud-est", uuid=second.uuid))

    assert ('name="end_waiting"' in shown.text, shown.context["next_url"]) == (True, "")
    assert (Visit.objects.count(), letters("waiting_too_large")) == (1, [])
