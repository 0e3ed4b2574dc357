"""The page of changes, by the link in the mail: one waits there for full visits, too."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as django_mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core import mail
from core.models import OutboxMessage
from opendoors import queries
from opendoors.models import Booking, Edition, Visit, WaitingRequest
from opendoors.rules import booking as booking_rules
from tests.opendoors.booking_tools import input_of, taken
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits
from tests.opendoors.waiting_tools import ask, held_by, states, wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return EditionFactory(slug="2026")


@pytest.fixture
def full(edition: Edition) -> Visit:
    """A visit of the second day whose two seats are taken."""
    visit = VisitFactory(edition=edition, day=1, seats=2)
    held_by("first@example.org", visit, seats=2)
    visit.refresh_from_db()
    return visit


def mine(edition: Edition, *visits: Visit, **more: Any) -> tuple[Booking, str]:
    """What Daan holds, and where the link of his mail changes it."""
    booking = held_by("daan@example.org", *(visits or (VisitFactory(edition=edition),)), **more)
    with translation.override("fr"):
        kwargs = {"basin": "sud-est", "token": queries.visitor_link(booking.visitor)}
        return booking, reverse("opendoors:change", kwargs=kwargs)


def save(client: Client, url: str, *visits: Visit, waits: tuple[Visit, ...] = (), **more: str) -> Any:
    ticks = {"visits": [str(visit.uuid) for visit in visits], "waits": [str(visit.uuid) for visit in waits]}
    return client.post(url, {"seats": "1", "companions": "", "wanted": "all", **more, **ticks})


def test_by_the_link_of_the_mail_one_waits_for_a_full_visit_too(greet: Client, edition: Edition, full: Visit) -> None:
    kept = VisitFactory(edition=edition)
    _booking, url = mine(edition, kept)

    page = greet.get(url)
    answer = save(greet, url, kept, waits=(full,))
    shown = greet.get(answer.url)

    request = WaitingRequest.objects.get()
    assert (input_of(page, full), "data-line" in page.text, "?change" in page.text) == ('name="waits"', True, False)
    assert answer.status_code == 302
    assert (request.name, request.seats, request.wanted, request.is_held) == ("Daan", 1, 1, False)
    assert [wish.visit for line in shown.context["lines"] for wish in line.wishes] == [full]
    assert taken(kept) == [1]
    assert list(OutboxMessage.objects.order_by("pk").values_list("kind", flat=True))[-1] == ("opendoors.waiting_joined")


def test_changed_and_waited_for_in_one_go_is_one_letter(greet: Client, edition: Edition, full: Visit) -> None:
    kept, added = week_of_visits(edition, 4)[::3]
    _booking, url = mine(edition, kept)
    before = OutboxMessage.objects.count()

    save(greet, url, kept, added, waits=(full,), seats="2")

    (message,) = OutboxMessage.objects.order_by("pk")[before:]
    request = WaitingRequest.objects.get()
    assert (message.kind, message.params["request"]) == ("opendoors.booking_changed", str(request.uuid))
    assert (taken(kept, added), request.seats) == ([2, 2], 2)
    mail.deliver_due()
    to_daan = [sent for sent in django_mail.outbox if sent.to == ["daan@example.org"]]
    (letter,) = [sent for sent in to_daan if full.host.name in str(sent.body)]
    assert [str(letter.body).count(visit.host.name) for visit in (kept, added)] == [1, 1]


def test_what_a_stranger_asked_for_gives_way_to_the_link_of_the_mail(
    greet: Client, edition: Edition, full: Visit
) -> None:
    kept = VisitFactory(edition=edition)
    _booking, url = mine(edition, kept)
    typed = ask(full, email="daan@example.org", seats=3)

    save(greet, url, kept, waits=(full,))

    assert states(typed) == ["released"]
    assert OutboxMessage.objects.order_by("-pk")[0].params["gave_way_in_line"] == [str(typed.wishes.get().uuid)]


def test_where_the_line_is_refused_nothing_changes(greet: Client, edition: Edition, full: Visit) -> None:
    kept, dropped = week_of_visits(edition, 4)[::3]
    _booking, url = mine(edition, kept, dropped)
    wait(full, email="daan@example.org")

    page = save(greet, url, kept, waits=(full,))

    assert (page.status_code, taken(kept, dropped)) == (422, [1, 1])
    assert input_of(page, full) == 'name="waits" checked'


def test_a_seat_that_came_free_meanwhile_is_ticked_on_the_page_of_changes(greet: Client, edition: Edition) -> None:
    kept, free = week_of_visits(edition, 2)
    _booking, url = mine(edition, kept)

    page = save(greet, url, kept, waits=(free,))

    assert (page.status_code, input_of(page, free)) == (409, 'name="visits" checked')
    assert not WaitingRequest.objects.exists()


def test_a_tab_that_stayed_open_joins_no_line(greet: Client, edition: Edition, full: Visit) -> None:
    kept, added = week_of_visits(edition, 4)[::3]
    booking, url = mine(edition, kept)
    seen = str(greet.get(url).context["seen"])
    booking_rules.change(booking=booking, visits=[kept.uuid, added.uuid], by=None)

    page = save(greet, url, kept, waits=(full,), seen=seen)

    assert (page.status_code, input_of(page, full)) == (409, 'name="waits" checked')
    assert not WaitingRequest.objects.exists()


def test_one_s_own_full_visit_can_be_unticked_and_ticked_again(greet: Client, edition: Edition) -> None:
    own, kept = week_of_visits(edition, 2, seats=1)
    _booking, url = mine(edition, own, kept)

    page = save(greet, url, kept, seats="nonsense")

    assert (page.status_code, input_of(page, own)) == (422, 'name="visits"')


@pytest.mark.parametrize("how", ["browser", "closed"])
def test_the_browser_s_link_and_a_closed_sign_up_have_no_waiting_list(
    greet: Client, edition: Edition, full: Visit, how: str
) -> None:
    kept = VisitFactory(edition=edition)
    booking, url = mine(edition, kept)
    if how == "browser":
        url = url.replace(queries.visitor_link(booking.visitor), queries.booking_link(booking))
    else:
        Edition.objects.update(signup_closes_at=timezone.now())

    page = greet.get(url)
    answer = save(greet, url, kept, waits=(full,))

    assert (input_of(page, full), "data-line" in page.text) == ('name="visits" disabled', False)
    assert (answer.status_code, WaitingRequest.objects.exists()) == (302, False)
