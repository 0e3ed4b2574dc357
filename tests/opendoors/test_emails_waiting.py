"""What who waits is told, as it arrives; and that what is no longer true is not sent."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from basins.models import User
from core.models import OutboxMessage
from core.spoken import moment
from opendoors import queries
from opendoors.emails.common import NOT_YET, NOT_YOU
from opendoors.emails.waiting import YOURS
from opendoors.models import Edition, Visit
from opendoors.rules import addresses, hosting, signing_up, waiting
from opendoors.rules import booking as rules
from tests.opendoors.booking_tools import book
from tests.opendoors.factories import EditionFactory, VisitFactory
from tests.opendoors.test_emails import calendar, plain, received
from tests.opendoors.waiting_tools import ask, full, give_back, held_by, wait, wish_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(dt.datetime(2026, 5, 13, 10, 0, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def edition() -> Edition:
    return EditionFactory(slug="2026")


def to_eva() -> list[EmailMessage]:
    return [message for message in received() if message["To"] == "eva@example.org"]


def test_who_joins_reads_the_places_and_where_to_confirm(edition: Edition) -> None:
    visits, _keepers = full(edition, 2)
    request = ask(*visits)

    (message,) = to_eva()

    said = plain(message)
    with translation.override("fr"):
        kwargs = {"basin": "sud-est", "token": queries.visitor_link(request.visitor)}
        page = reverse("opendoors:confirm_address", kwargs=kwargs)
    assert [said.count(visit.host.name) for visit in visits] == [1, 1]
    assert said.count(page) == 1


def test_who_has_not_confirmed_reads_nothing_of_visits_that_are_theirs(edition: Edition) -> None:
    visits, _keepers = full(edition, 1)
    ask(*visits)
    book(VisitFactory(edition=edition, day=3), email="eva@example.org", language="fr")

    first = to_eva()[0]

    with translation.override("fr"):
        expected = translation.gettext("Please confirm your place in line"), str(NOT_YET), str(YOURS), str(NOT_YOU)
    subject, not_yet, yours, not_you = expected
    assert str(first["Subject"]) == subject
    assert [plain(first).count(said) for said in (not_yet, yours, not_you)] == [1, 0, 1]


def test_an_offer_names_visit_end_and_the_page_to_answer(edition: Edition) -> None:
    (visit,), keepers = full(edition)
    request = wait(visit)
    received()
    give_back(*keepers)

    message = to_eva()[-1]

    wish, said = wish_of(request), plain(message)
    assert wish.expires_at is not None
    with translation.override("fr"):
        until = moment(wish.expires_at)
    assert visit.host.name in str(message["Subject"])
    assert (said.count(str(wish.uuid)), said.count(until)) == (1, 1)


def test_an_offer_that_is_gone_before_the_mail_leaves_is_not_sent(edition: Edition) -> None:
    (visit,), keepers = full(edition)
    request = wait(visit)
    received()
    give_back(*keepers)
    waiting.decline(wish=wish_of(request), by=None)

    kinds = [visit.host.name in str(message["Subject"]) for message in to_eva()]

    assert not any(kinds)


def test_what_would_be_given_back_is_said_with_the_offer(edition: Edition) -> None:
    (visit,), keepers = full(edition)
    mine = VisitFactory(edition=edition)
    held_by("eva@example.org", mine)
    wait(visit)
    received()
    give_back(*keepers)

    said = plain(to_eva()[-1])

    assert said.count(mine.host.name) == 2  # among what is held, and as what goes


def test_who_waits_for_what_is_called_off_reads_what_there_is_instead(edition: Edition, alice: User) -> None:
    (visit,), _keepers = full(edition)
    instead = VisitFactory(edition=edition, day=1)
    wait(visit)
    received()

    hosting.cancel_visit(visit=visit, by=alice)

    said = plain(to_eva()[-1])
    assert (said.count(visit.host.name), said.count(instead.host.name)) == (1, 1)


def test_who_did_not_confirm_reads_what_went(edition: Edition, clock: Any) -> None:
    (visit,), _keepers = full(edition)
    ask(visit)
    received()

    clock.shift(dt.timedelta(hours=25))
    addresses.release_unconfirmed(now=timezone.now())

    assert plain(to_eva()[-1]).count(visit.host.name) == 1


# --- Booked and waited for in one go --------------------------------------------------------------


def signed_up(edition: Edition, by: User | None = None) -> tuple[signing_up.SignUp, Visit, Visit]:
    """Eva books one visit and waits for another, full one."""
    (full_one,), _keepers = full(edition, 1)
    free = VisitFactory(edition=edition, day=2)
    signed = signing_up.sign_up(
        visits=[free.uuid], waits=[full_one.uuid], wanted=1, seats=1, name="Eva", email="Eva@example.org ",
        language="fr", by=by,
    )  # fmt: skip
    return signed, free, full_one


def test_one_letter_says_what_is_booked_and_where_one_stands(edition: Edition, eva: User) -> None:
    _signed, free, full_one = signed_up(edition, by=eva)

    (message,) = to_eva()

    said = plain(message)
    assert re.findall(r"UID:visit-(\S+)@", calendar(message)) == [str(free.uuid)]
    assert (said.count(free.host.name), said.count(full_one.host.name)) == (1, 1)
    with translation.override("fr"):
        line = translation.gettext("For the others you are on the waiting list:")
    assert said.index(line) < said.index(full_one.host.name) < said.index(free.host.name)


def test_unconfirmed_the_one_letter_asks_once_to_confirm_both(edition: Edition) -> None:
    signed_up(edition)

    (message,) = to_eva()

    with translation.override("fr"):
        assert str(message["Subject"]) == translation.gettext("Please confirm your visits and your place in line")
    assert plain(message).count("/confirmer/") == 1
    assert "STATUS:TENTATIVE" in calendar(message)


def test_of_what_was_given_up_before_it_was_sent_it_says_nothing(edition: Edition, eva: User) -> None:
    left, free, _full = signed_up(edition, by=eva)
    assert left.request is not None
    waiting.leave(request=left.request, by=None)

    (message,) = to_eva()

    with translation.override("fr"):
        assert str(message["Subject"]) == translation.ngettext("Your visit is booked", "", 1)
    assert plain(message).count(free.host.name) == 1


def test_what_was_booked_and_given_back_leaves_the_place_in_line(edition: Edition, eva: User) -> None:
    signed, _free, full_one = signed_up(edition, by=eva)
    assert signed.booking is not None
    rules.cancel(booking=signed.booking, by=None)

    first, _cancelled = to_eva()

    with translation.override("fr"):
        assert str(first["Subject"]) == translation.gettext("You are on the waiting list")
    assert plain(first).count(full_one.host.name) == 1


def test_what_gave_way_to_both_is_in_the_one_letter(edition: Edition, eva: User) -> None:
    (full_one,), _keepers = full(edition, 1)
    typed, mine = VisitFactory(edition=edition, day=2), VisitFactory(edition=edition, day=2)
    book(typed, email="eva@example.org")
    ask(full_one)

    signing_up.sign_up(
        visits=[mine.uuid], waits=[full_one.uuid], wanted=1, seats=1, name="Eva", email="eva@example.org",
        language="fr", by=eva,
    )  # fmt: skip

    params = OutboxMessage.objects.get(kind="opendoors.booked_and_waiting").params
    gone = Visit.objects.filter(booked__uuid__in=params["gave_way"]).get()
    assert (gone, len(params["gave_way_in_line"])) == (typed, 1)
