"""The participant's way: the form, the link in the mail, the door."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.utils.translation import override

from basins.models import User
from concertations import queries_registrations as queries
from concertations.enums import RegistrationState, SeriesKind
from concertations.links import meeting_page, page, series_page
from concertations.models import Document, Meeting, Registration
from concertations.rules import memberships, registering
from core.models import LongJob
from tests.basins.people_tools import sign_in
from tests.concertations.community_tools import cycle_of
from tests.concertations.factories import MeetingFactory, RegistrationFactory, SeriesFactory
from tests.concertations.registering_tools import letters, person, registered

pytestmark = pytest.mark.django_db

SAID = {
    "name": "Daan Peeters",
    "role": "verpleegkundige",
    "organisation": "Wijkhuis",
    "sector": "health",
    "email": "Daan@example.org",
    "motivation": "",
    "expectations": "Contacten",
    "access_needs": "",
}


def send(client: Client, meeting: Meeting, **more: Any) -> Any:
    return client.post(meeting_page(meeting, "register"), SAID | more)


def mine(row: Registration, name: str = "mine", **kwargs: Any) -> str:
    return queries.mine_url(row.participant, name, **kwargs)


@pytest.mark.parametrize("basin", ["sud-est", None])
def test_a_stranger_registers_and_is_asked_to_confirm(client: Client, basin: str | None) -> None:
    meeting = MeetingFactory() if basin else MeetingFactory(series=SeriesFactory(basin=None))

    answer = client.post(meeting_page(meeting, "register"), SAID, follow=True)

    row = Registration.objects.get()
    assert (answer.status_code, row.participant.email, row.is_held) == (200, "daan@example.org", True)
    assert answer.context["holding"].from_mailbox is False


def test_the_form_says_what_is_missing(client: Client) -> None:
    answer = send(client, MeetingFactory(), name="", email="?", sector="")

    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["email", "name", "sector"])
    assert Registration.objects.count() == 0


def test_a_full_meeting_asks_first_whether_one_waits(client: Client, alice: User) -> None:
    meeting = MeetingFactory(seats=1)
    registered(meeting, by=alice, n="first")

    refused = send(client, meeting)
    waits = send(client, meeting, wait="on")

    assert (refused.status_code, list(refused.context["form"].errors)) == (409, ["wait"])
    assert (waits.status_code, Registration.objects.latest("pk").state) == (302, "waiting")


def test_who_is_registered_already_reads_so_at_the_address(client: Client) -> None:
    meeting = MeetingFactory()
    send(client, meeting)

    answer = send(client, meeting)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email"])


def test_a_closed_registration_says_why_and_takes_nothing(client: Client) -> None:
    meeting = MeetingFactory(registration_opens_at=None, registration_closes_at=None)

    answer = send(client, meeting)

    assert (answer.status_code, bool(answer.context["reason"]), Registration.objects.count()) == (409, True, 0)


def test_a_draft_is_not_there(client: Client) -> None:
    assert send(client, MeetingFactory(state="draft")).status_code == 404


def test_opening_the_link_confirms_nothing_the_button_does(client: Client) -> None:
    row = registered(MeetingFactory())
    client.get(mine(row, "confirm"))
    row.refresh_from_db()
    assert row.is_held

    client.post(mine(row, "confirm"))

    row.refresh_from_db()
    assert not row.is_held


def test_this_was_not_me_gives_it_back(client: Client) -> None:
    row = registered(MeetingFactory())

    client.post(mine(row, "confirm"), {"answer": "not-me"})

    row.refresh_from_db()
    assert row.state == RegistrationState.CANCELLED


def test_what_the_browser_got_confirms_nothing(client: Client) -> None:
    row = registered(MeetingFactory())
    token = queries.registration_token(row)
    pages = [page(name, "sud-est", token=token) for name in ("mine", "confirm")]

    answers = [client.get(pages[0]).status_code, client.post(pages[1]).status_code]

    row.refresh_from_db()
    assert (answers[0], answers[1], row.is_held) == (200, 404, True)


def test_a_link_of_another_basin_opens_nothing(client: Client) -> None:
    row = registered(MeetingFactory())
    assert client.get(mine(row).replace("sud-est", "nord", 1)).status_code == 404


def test_giving_back_asks_first(client: Client, alice: User) -> None:
    row = registered(MeetingFactory(), by=alice)
    address = mine(row, "give_back", reference=row.reference)
    assert client.get(address).status_code == 200
    row.refresh_from_db()
    assert row.state == RegistrationState.CONFIRMED

    client.post(address)

    row.refresh_from_db()
    assert row.state == RegistrationState.CANCELLED


def test_one_changes_what_one_said(client: Client, alice: User) -> None:
    row = registered(MeetingFactory(meal_offered=True), by=alice)

    client.post(mine(row, "change", reference=row.reference), SAID | {"meal": "vegan", "name": "Daan P."})

    row.refresh_from_db()
    row.participant.refresh_from_db()
    assert (row.meal, row.participant.name) == ("vegan", "Daan P.")


@pytest.mark.parametrize(("word", "state"), [("accept", "confirmed"), ("decline", "cancelled")])
def test_an_offer_is_answered_by_a_button(client: Client, alice: User, word: str, state: str) -> None:
    meeting = MeetingFactory(seats=1)
    first = registered(meeting, "first", by=alice)
    row = registered(meeting, by=alice, may_wait=True)
    registering.cancel(registration=first, by=None)

    assert client.get(mine(row, "offer", reference=row.reference)).status_code == 200
    client.post(mine(row, "offer", reference=row.reference), {"answer": word})

    row.refresh_from_db()
    assert row.state == state


def test_the_calendar_of_the_link_has_its_meetings(client: Client, alice: User) -> None:
    row = registered(MeetingFactory(), by=alice)

    body = client.get(mine(row, "calendar")).content.decode()

    assert (body.count("BEGIN:VEVENT"), f"UID:meeting-{row.meeting.uuid}@concertations" in body) == (1, True)


def test_papers_are_for_who_has_a_seat_by_the_link_in_the_mail(
    client: Client, alice: User, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = registered(MeetingFactory())
    paper = Document.objects.create(
        series=row.meeting.series, title_fr="Note", title_nl="Nota", audience="participants",
        file=ContentFile(b"%PDF-1.7", "note.pdf"),
    )  # fmt: skip
    address = mine(row, "paper", document=str(paper.uuid))
    assert client.get(address).status_code == 404  # not confirmed yet

    registering.confirm(participant=row.participant)

    answer = client.get(address)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"%PDF-1.7")


def test_at_the_door_one_notes_oneself(client: Client, alice: User) -> None:
    row = registered(MeetingFactory(), by=alice)
    with time_machine.travel(row.meeting.starts_at):
        wrong = client.post(queries.door_url(row.meeting), {"who": "x@example.org"})
        right = client.post(queries.door_url(row.meeting), {"who": row.reference})

    row.refresh_from_db()
    assert (wrong.status_code, right.status_code, row.presence) == (422, 302, "present")


def test_guessing_at_the_door_ends(client: Client) -> None:
    meeting = MeetingFactory()
    with time_machine.travel(meeting.starts_at):
        answers = [client.post(queries.door_url(meeting), {"who": f"{n}@x.org"}).status_code for n in range(21)]
    assert (answers[0], answers[20]) == (422, 429)


def test_the_certificate_is_for_who_was_there(client: Client) -> None:
    row = RegistrationFactory()
    assert client.post(mine(row, "certificate")).status_code == 409

    Registration.objects.filter(pk=row.pk).update(presence="present", presence_at=row.created, presence_by="staff")

    assert client.post(mine(row, "certificate")).status_code == 302
    assert LongJob.objects.get().kind == "concertations.certificate"


def test_who_is_signed_in_needs_no_confirmation_and_finds_it_in_their_space(client: Client, daan: User) -> None:
    sign_in(client, daan)
    with override("nl"):
        send(client, MeetingFactory())

    row = Registration.objects.get()
    assert not row.is_held
    assert client.get("/nl/mijn-ruimte/", follow=True).status_code in {200, 404}


# --- Communities ---------------------------------------------------------------------------------


@pytest.fixture
def cycle(alice: User) -> Any:
    return cycle_of(SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None), by=alice)


def test_a_stranger_applies(client: Client, cycle: Any) -> None:
    address = series_page(cycle.series, "apply", cycle=cycle.uuid)
    assert client.get(address).status_code == 200

    client.post(address, SAID | {"motivation": "Samen leren"})

    assert (cycle.memberships.get().state, letters("applied")) == ("applied", ["daan@example.org"])


def test_a_member_commits_by_the_link_and_sees_the_group(client: Client, cycle: Any, alice: User) -> None:
    row = memberships.add(cycle=cycle, person=person(), by=alice)
    address = queries.mine_url(row.participant, "commit", cycle=str(cycle.uuid))
    assert client.get(address).status_code == 200

    client.post(address)

    answer = client.get(queries.mine_url(row.participant))
    assert (Registration.objects.count(), len(answer.context["rows"])) == (10, 10)


def test_only_a_moderator_adds_papers(client: Client, cycle: Any, alice: User, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = memberships.add(cycle=cycle, person=person(), by=alice)
    memberships.commit(membership=row)
    address = queries.mine_url(row.participant, "add_paper")
    assert client.get(address).status_code == 404

    memberships.set_moderator(membership=row, is_moderator=True, by=alice)
    file = ContentFile(b"%PDF-1.7", "cas.pdf")
    client.post(address, {"title_fr": "Cas", "title_nl": "Casus", "language": "fr", "file": file})

    assert list(Document.objects.values_list("title_nl", "audience")) == [("Casus", "participants")]


def test_the_sessions_of_a_closed_group_are_not_public(client: Client, cycle: Any) -> None:
    meeting = cycle.sessions.first().meeting
    assert client.get(meeting_page(meeting)).status_code == 404
    assert dt.timedelta(hours=3) == meeting.ends_at - meeting.starts_at
