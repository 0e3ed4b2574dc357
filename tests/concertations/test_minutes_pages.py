"""Minutes as they are read: by everybody, by the link in the mail, on paper; and the owner's page of an action."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from django.core import mail as sent_mail
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from concertations import figures_minutes, jobs_minutes, queries_minutes
from concertations.enums import SeriesKind
from concertations.links import meeting_page
from concertations.models import Action, Minutes
from concertations.reports_minutes import render_minutes
from concertations.rules import minutes
from core import jobs, signing
from core.mail import deliver_due
from core.models import LongJob
from tests import pdf_ua
from tests.concertations import minutes_tools as make
from tests.concertations.factories import ParticipantFactory, RegistrationFactory, SeriesFactory

pytestmark = pytest.mark.django_db


def came(row: Minutes, **sectors: int) -> None:
    """People who were present, by sector."""
    for sector, number in sectors.items():
        for _ in range(number):
            person = ParticipantFactory(series=row.meeting.series, sector=sector)
            RegistrationFactory(
                meeting=row.meeting,
                participant=person,
                presence="present",
                presence_at=timezone.now(),
                presence_by="staff",
            )


def shown(figures: figures_minutes.Figures) -> list[int | None]:
    return [sector.count for sector in figures.sectors]


def test_approved_minutes_are_everybodys(greet: Client) -> None:
    row = make.approved()
    page = greet.get(meeting_page(row.meeting, "minutes"))
    assert (page.status_code, b"NL Le r" in page.content, "Le réseau se cherche." in page.content.decode()) == (
        200,
        True,
        True,
    )


@pytest.mark.parametrize("name", ["minutes", "minutes_pdf"])
def test_sent_minutes_are_not_published(greet: Client, name: str) -> None:
    assert greet.get(meeting_page(make.sent().meeting, name)).status_code == 404


def test_minutes_of_a_closed_group_are_never_published(greet: Client) -> None:
    row = make.approved(make.sent(series=SeriesFactory(kind=SeriesKind.COMMUNITY)))
    assert greet.get(meeting_page(row.meeting, "minutes")).status_code == 404


def test_who_was_registered_reads_sent_minutes_by_the_link(greet: Client) -> None:
    row = make.sent()
    registration = RegistrationFactory(meeting=row.meeting)
    page = greet.get(queries_minutes.minutes_url(registration))
    assert (page.status_code, page["Referrer-Policy"]) == (200, "same-origin")


def test_the_link_opens_no_draft(greet: Client) -> None:
    row = make.begun()
    registration = RegistrationFactory(meeting=row.meeting)
    assert greet.get(queries_minutes.minutes_url(registration)).status_code == 404


def test_a_forged_link_opens_nothing(greet: Client) -> None:
    registration = RegistrationFactory(meeting=make.sent().meeting)
    token = signing.make_token("another purpose", registration.uuid)
    url = queries_minutes.minutes_url(registration)
    assert greet.get(f"{url.rsplit('/', 2)[0]}/{token}/").status_code == 404


def test_the_mail_leads_to_the_minutes(greet: Client) -> None:
    row = make.begun()
    make.point(row)
    registration = RegistrationFactory(
        meeting=row.meeting, participant=ParticipantFactory(series=row.meeting.series, email="d@x.be", language="nl")
    )
    minutes.send(minutes=row, by=None)
    deliver_due()
    assert sent_mail.outbox[0].to == ["d@x.be"]
    token = queries_minutes.minutes_url(registration).rstrip("/").rsplit("/", 1)[1]
    assert token.split(".")[0] in str(sent_mail.outbox[0].body)


def test_a_mail_of_minutes_that_were_taken_back_is_not_sent() -> None:
    row = make.begun()
    make.point(row)
    RegistrationFactory(meeting=row.meeting)
    minutes.send(minutes=row, by=None)
    minutes.take_back(minutes=row, by=None)
    deliver_due()
    assert sent_mail.outbox == []


def test_small_counts_are_hidden_in_public_and_with_them_what_gives_them_away() -> None:
    row = make.begun()
    came(row, social=8, health=6, housing=2)
    public, team = (figures_minutes.figures(row, public=public) for public in (True, False))
    assert (public.present, shown(public), public.is_hidden) == (16, [8, None, None], True)
    assert (team.present, shown(team), team.is_hidden) == (16, [8, 6, 2], False)


def test_few_participants_are_not_counted_in_public() -> None:
    row = make.begun()
    came(row, social=3)
    public = figures_minutes.figures(row, public=True)
    assert (public.present, shown(public), public.is_hidden) == (None, [None], True)


def test_of_an_old_meeting_heads_were_counted() -> None:
    row = make.begun(meeting=make.held(participants_counted=28, sectors_named="CPAS, ONE"))
    figures = figures_minutes.figures(row, public=True)
    assert (figures.present, figures.sectors, figures.named) == (28, [], "CPAS, ONE")


def test_nobody_counted_is_not_zero() -> None:
    figures = figures_minutes.figures(make.begun(), public=True)
    assert (figures.present, figures.is_hidden) == (None, False)


def test_the_paper_has_both_languages_and_is_tagged() -> None:
    row = make.begun()
    for write in (make.point, make.action, make.need, make.news):
        write(row)
    came(row, social=8)
    pdf = render_minutes(row, language="nl")
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert pdf_ua.faults(pdf) == []
    assert ["réseau" in words, "NL Le" in words, "Een nieuw mobiel team" in words] == [True, True, True]


def test_everybody_prints_approved_minutes_and_the_worker_draws_them_once(greet: Client) -> None:
    url = meeting_page(make.approved().meeting, "minutes_pdf")
    first, second = greet.post(url), greet.post(url)
    job = LongJob.objects.get()
    assert (first.status_code, first["Location"], job.kind) == (302, second["Location"], jobs_minutes.MINUTES)


def test_the_job_draws_the_minutes(greet: Client) -> None:
    greet.post(meeting_page(make.approved().meeting, "minutes_pdf"))
    job = LongJob.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, str(job.file.name).endswith(".pdf")) == ("done", True)


def test_the_meeting_leads_to_its_approved_minutes(greet: Client) -> None:
    row = make.approved()
    url = meeting_page(row.meeting, "minutes")
    approving = greet.get(meeting_page(row.approved_in)).content.decode()  # type: ignore[arg-type]  # approved
    assert (url in greet.get(meeting_page(row.meeting)).content.decode(), url in approving) == (True, False)


def test_the_owner_says_that_it_is_done(greet: Client) -> None:
    row = make.begun()
    action = make.action(row)
    minutes.send(minutes=row, by=None)
    url = queries_minutes.action_link(action)
    asked = greet.get(url)
    state_before = Action.objects.get().state
    answer = greet.post(url, {"decision": "done", "note": "Invités le 3 mai"})
    done = Action.objects.get()
    assert (asked.status_code, state_before, answer.status_code) == (200, "open", 302)
    assert (done.state, done.outcome_fr) == ("done", "Invités le 3 mai")


def test_the_owner_says_why_it_cannot_be_done(greet: Client) -> None:
    row = make.begun()
    action = make.action(row)
    minutes.send(minutes=row, by=None)
    answer = greet.post(queries_minutes.action_link(action), {"decision": "dropped"})
    assert (answer.status_code, Action.objects.get().state) == (422, "open")
    assert list(answer.context["form"].errors) == ["note"]


def test_the_page_of_an_action_closes_with_its_owner(greet: Client) -> None:
    row = make.begun()
    action = make.action(row)
    minutes.send(minutes=row, by=None)
    url = queries_minutes.action_link(action)
    Action.objects.update(owner_email="")
    assert greet.get(url).status_code == 404


def test_a_meeting_that_is_not_there_has_no_minutes(greet: Client) -> None:
    row = make.approved()
    url = meeting_page(row.meeting, "minutes").replace(str(row.meeting.uuid), str(uuid4()))
    assert greet.get(url).status_code == 404
