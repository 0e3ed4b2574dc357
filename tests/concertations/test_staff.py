"""The team's pages: for staff of the basin with their second factor, and what they do there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from basins.models import User
from basins.rights import Role
from concertations.enums import MeetingState
from concertations.models import AgendaItem, Document, Meeting
from concertations.web import staff_urls
from core.models import LongJob
from tests.basins.people_tools import sign_in, staff_session
from tests.concertations.factories import AgendaItemFactory, MeetingFactory, SeriesFactory
from tests.concertations.staff_tools import keep_files_in_memory, page, team
from tests.factories import UserFactory, grant

__all__ = ["team"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    made: Meeting = MeetingFactory(series=SeriesFactory(slug="sante-mentale"), number=1)
    return made


def document_of(meeting: Meeting) -> Document:
    return Document.objects.create(
        series=meeting.series, meeting=meeting, title_fr="Charte", title_nl="Handvest", file="charte.pdf"
    )


def all_pages(meeting: Meeting, basin: str | None = "sud-est") -> list[str]:
    """Every address of these pages, with rows filled in."""
    item = AgendaItemFactory(meeting=meeting)
    values: dict[str, Any] = {
        "slug": meeting.series.slug,
        "meeting": meeting.uuid,
        "item": item.uuid,
        "document": document_of(meeting).uuid,
    }
    return [
        page(str(pattern.name), basin, **{key: values[key] for key in pattern.pattern.converters})
        for pattern in staff_urls.urlpatterns
        if pattern.name
    ]


# --- Who -----------------------------------------------------------------------------------------


def test_strangers_are_asked_to_sign_in(greet: Client, meeting: Meeting) -> None:
    for url in all_pages(meeting):
        assert {greet.get(url).status_code, greet.post(url).status_code} <= {302, 405}, url


def test_staff_without_the_second_factor_go_and_get_it(client: Client, alice: User, meeting: Meeting) -> None:
    sign_in(client, alice)
    for url in all_pages(meeting):
        assert {client.get(url).status_code, client.post(url).status_code} <= {302, 405}, url


def test_staff_of_another_basin_find_nothing(client: Client, bram: User, meeting: Meeting) -> None:
    staff_session(client, bram)
    for url in all_pages(meeting):
        assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}, url


def test_the_team_opens_every_page(team: Client, meeting: Meeting) -> None:
    for url in all_pages(meeting):
        assert team.get(url).status_code in {200, 302, 405}, url


def test_the_regions_series_are_kept_by_the_region(client: Client, alice: User) -> None:
    region = UserFactory(email="hanne@example.org")
    grant(region, Role.REGION_ADMIN, None)
    meeting = MeetingFactory(series=SeriesFactory(basin=None, slug="car"))
    urls = all_pages(meeting, None)
    staff_session(client, alice)
    assert {client.get(url).status_code for url in urls} <= {404, 405}
    staff_session(client, region)
    assert {client.get(url).status_code for url in urls} <= {200, 302, 405}


# --- What they do --------------------------------------------------------------------------------


def test_a_series_and_its_first_meeting_are_written(team: Client) -> None:
    typed = {"name_fr": "CT Crise", "name_nl": "TO Crisis", "kind": "working_group", "slug": "crise"}
    assert team.post(page("staff_series_new"), typed).status_code == 302
    day = timezone.localdate() + dt.timedelta(days=40)
    typed = {"number": "1", "day": f"{day}", "begins": "09:15", "ends": "12:15", "reminder_days_before": "5"}
    assert team.post(page("staff_meeting_new", slug="crise"), typed).status_code == 302
    made = Meeting.objects.get(series__slug="crise")
    assert (made.number, made.state, timezone.localtime(made.starts_at).strftime("%H:%M")) == (1, "draft", "09:15")


def test_a_meeting_without_hours_is_a_whole_day(team: Client, meeting: Meeting) -> None:
    day = timezone.localdate() + dt.timedelta(days=40)
    typed = {"number": "2", "day": f"{day}", "is_whole_day": "on", "reminder_days_before": "5"}
    assert team.post(page("staff_meeting_new", slug="sante-mentale"), typed).status_code == 302
    made = meeting.series.meetings.get(number=2)
    assert (made.is_whole_day, made.day) == (True, day)


def test_hours_are_asked_for_where_they_are_known(team: Client, meeting: Meeting) -> None:
    typed = {"day": "2030-01-15", "reminder_days_before": "5"}
    answer = team.post(page("staff_meeting_new", slug="sante-mentale"), typed)
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["begins", "ends"]


def test_a_step_is_taken_and_logged(team: Client, alice: User) -> None:
    meeting = MeetingFactory(state=MeetingState.DRAFT)
    url = page("staff_meeting_step", slug=meeting.series.slug, meeting=meeting.uuid)
    assert team.post(url, {"to": "announced"}).status_code == 302
    change = meeting.state_changes.get()
    assert (change.from_state, change.to_state, change.by) == ("draft", "announced", alice)


def test_calling_off_asks_for_the_reason_in_both_languages(team: Client, meeting: Meeting) -> None:
    url = page("staff_meeting_call_off", slug="sante-mentale", meeting=meeting.uuid)
    assert team.post(url, {"cancel_note_fr": "Malade"}).status_code == 422
    assert team.post(url, {"cancel_note_fr": "Malade", "cancel_note_nl": "Ziek"}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CANCELLED


def test_an_agenda_is_begun_and_put_in_order(team: Client, meeting: Meeting) -> None:
    where: dict[str, Any] = {"slug": "sante-mentale", "meeting": meeting.uuid}
    assert team.post(page("staff_agenda_usual", **where)).status_code == 302
    first, second = meeting.items.order_by("position")[:2]
    assert team.post(page("staff_item_move", **where, item=first.uuid), {"down": "1"}).status_code == 302
    assert [item.pk for item in meeting.items.order_by("position")[:2]] == [second.pk, first.pk]


def test_an_item_is_taken_off(team: Client, meeting: Meeting) -> None:
    item = AgendaItemFactory(meeting=meeting)
    url = page("staff_item", slug="sante-mentale", meeting=meeting.uuid, item=item.uuid)
    assert team.post(url, {"remove": "1"}).status_code == 302
    assert not AgendaItem.objects.filter(pk=item.pk).exists()


def test_a_document_is_put_up_and_opened_by_everybody(team: Client, meeting: Meeting, settings: Any) -> None:
    keep_files_in_memory(settings)
    file = SimpleUploadedFile("charte.pdf", b"%PDF-1.7 charte", "application/pdf")
    url = page("staff_meeting_document_new", slug="sante-mentale", meeting=meeting.uuid)
    typed = {"title_fr": "Charte", "title_nl": "Handvest", "audience": "public", "file": file}
    assert team.post(url, typed).status_code == 302
    document = Document.objects.get()
    answer = Client().get(page("document", slug="sante-mentale", document=document.uuid))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 charte"
    assert answer["Content-Disposition"] == 'attachment; filename="charte.pdf"'


def test_the_dates_for_a_mail_stand_in_both_languages(team: Client, meeting: Meeting) -> None:
    words = team.get(page("staff_save_the_date")).context["text"]
    assert [name in words for name in ("CT Santé mentale 1", "TO Geestelijke gezondheid 1")] == [True, True]


def test_the_dates_for_a_slide_are_drawn_by_the_worker(team: Client, meeting: Meeting) -> None:
    answer = team.post(page("staff_save_the_date_slide"), {"months": "6"})
    job = LongJob.objects.get()
    assert (answer.status_code, job.params, job.scope) == (302, {"meetings": [str(meeting.uuid)]}, "sud-est")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_costs_the_same_however_many_series_there_are(
    team: Client, rows: int, django_assert_num_queries: Any
) -> None:
    for _row in range(rows):
        MeetingFactory()
    team.get(page("staff_index"))  # what a process keeps
    with django_assert_num_queries(8):
        team.get(page("staff_index"))
