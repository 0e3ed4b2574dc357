"""What the signed links open: the visits, changing them, giving them back, the calendar."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext_lazy

from opendoors import queries
from opendoors.models import Booking, Edition, Visit
from opendoors.rules import addresses
from opendoors.rules import booking as rules
from tests.basins.people_tools import in_french
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return EditionFactory(slug="2026")


WEEK_FR = "/fr/sud-est/portes-ouvertes/2026/"


def held(edition: Edition, *visits: Visit) -> Booking:
    return rules.book(
        visits=[visit.uuid for visit in visits], name="Daan", email="daan@example.org", language="fr", by=None
    )


def link(booking: Booking, tail: str = "") -> str:
    return f"/fr/sud-est/portes-ouvertes/reservation/{queries.booking_link(booking)}/{tail}"


def mailbox_link(booking: Booking, tail: str = "") -> str:
    return f"/fr/sud-est/portes-ouvertes/reservation/{queries.visitor_link(booking.visitor)}/{tail}"


def test_a_link_shows_its_booking_and_nothing_else(greet: Client, edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    held(edition, first)
    booking = held(edition, second)

    page = greet.get(link(booking))

    assert [row.visit for row in page.context["holding"].confirmed] == [second]


def test_the_link_of_the_mail_shows_everything(greet: Client, edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    held(edition, first)
    booking = held(edition, second)

    page = greet.get(mailbox_link(booking))

    assert [row.visit for row in page.context["holding"].confirmed] == [first, second]


@pytest.mark.parametrize("forged", ["x", "u" * 75, "uAAAA.AAAA.AAAA", "%00", "a" * 3000])
def test_a_forged_link_is_not_found(greet: Client, forged: str) -> None:
    assert greet.get(f"/fr/sud-est/portes-ouvertes/reservation/{forged}/").status_code in {400, 404}


def test_a_link_with_one_letter_changed_is_not_found(greet: Client, edition: Edition) -> None:
    token = queries.booking_link(held(edition, VisitFactory(edition=edition)))
    forged = token[:5] + ("A" if token[5] != "A" else "B") + token[6:]

    assert greet.get(f"/fr/sud-est/portes-ouvertes/reservation/{forged}/").status_code == 404


def test_a_link_of_another_basin_is_not_found(greet: Client, edition: Edition) -> None:
    booking = held(edition, VisitFactory(edition=edition))

    assert greet.get(link(booking).replace("sud-est", "nord")).status_code == 404


def test_a_link_ends_some_months_after_the_week(greet: Client, edition: Edition) -> None:
    booking = held(edition, VisitFactory(edition=edition))

    with time_machine.travel(timezone.now() + dt.timedelta(days=200)):
        assert greet.get(link(booking)).status_code == 410


def test_following_the_cancel_link_changes_nothing(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = held(edition, visit)

    page = greet.get(link(booking, "annuler/"))

    visit.refresh_from_db()
    assert page.status_code == 200
    assert visit.seats_taken == 1


def test_confirming_the_cancel_page_gives_the_seats_back(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = held(edition, visit)

    answer: Any = greet.post(link(booking, "annuler/"))
    page = greet.get(answer.url)

    visit.refresh_from_db()
    assert visit.seats_taken == 0
    assert page.context["holding"].confirmed == []


def test_the_page_of_what_is_booked_says_how_to_get_there(greet: Client, edition: Edition) -> None:
    booking = held(edition, VisitFactory(edition=edition, place__directions_fr="Tram 44."))

    assert greet.get(link(booking)).text.count("Tram 44.") == 1


def test_a_team_that_grows_too_large_reads_how_many_more_are_needed(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=4)
    booking = rules.book(visits=[visit.uuid], name="Daan", email="daan@example.org", language="fr", by=None, seats=3)
    addresses.confirm(visitor=booking.visitor, by=None)

    page = greet.post(link(booking, "modifier/"), {"visits": [str(visit.uuid)], "seats": "9"})

    (pick,) = page.context["gone"]
    assert (page.status_code, pick.more, pick.visit.seats_left) == (409, 6, 1)
    assert pick.missing.count("6") == 1
    assert pick.missing.count("9") == 0


def test_giving_back_with_nothing_left_says_so(greet: Client, edition: Edition) -> None:
    booking = held(edition, VisitFactory(edition=edition))
    rules.cancel(booking=booking, by=None)

    page = greet.get(link(booking, "annuler/"), follow=True)

    (message,) = page.context["messages"]
    assert str(message) == in_french(gettext_lazy("There is nothing to give back any more."))


def test_what_is_over_can_be_told_of_and_no_longer_changed(greet: Client, edition: Edition) -> None:
    booking = held(edition, VisitFactory(edition=edition))
    addresses.confirm(visitor=booking.visitor, by=None)

    before = greet.get(mailbox_link(booking))
    with time_machine.travel(booking.booked.get().visit.ends_at + dt.timedelta(hours=1)):
        after = greet.get(mailbox_link(booking))

    assert [bool(page.context["questions_url"]) for page in (before, after)] == [False, True]
    assert [page.text.count("/modifier/") for page in (before, after)] == [1, 0]


def test_changing_shows_my_visits_ticked_and_takes_the_new_choice(greet: Client, edition: Edition) -> None:
    mine, other = week_of_visits(edition, 2)
    booking = held(edition, mine)

    page = greet.get(link(booking, "modifier/"))
    answer: Any = greet.post(link(booking, "modifier/"), {"visits": [str(other.uuid)]})

    assert page.text.count(f'value="{mine.uuid}" checked') == 1
    assert answer.status_code == 302
    assert list(Visit.objects.order_by("pk").values_list("seats_taken", flat=True)) == [0, 1]


def test_a_tab_that_stayed_open_overwrites_nothing(greet: Client, edition: Edition) -> None:
    mine, other, dropped, wanted = week_of_visits(edition, 4)
    booking = held(edition, mine, dropped)
    url = link(booking, "modifier/")
    stale = re.search(r'name="seen" value="([^"]+)"', greet.get(url).text)
    assert stale is not None
    rules.change(booking=booking, visits=[mine.uuid, dropped.uuid, other.uuid], by=None)
    ticks = {"visits": [str(mine.uuid), str(wanted.uuid)], "seats": "1"}

    page = greet.post(url, {**ticks, "seen": stale[1]})
    again = greet.post(url, {"visits": ticks["visits"], "seats": "1", "seen": str(page.context["seen"])})

    assert (page.status_code, [pick.visit for pick in page.context["chosen"]]) == (409, [mine, other, wanted])
    assert again.status_code == 302


def test_changing_to_nothing_is_refused_with_a_word(greet: Client, edition: Edition) -> None:
    booking = held(edition, VisitFactory(edition=edition))

    page = greet.post(link(booking, "modifier/"), {})

    assert page.status_code == 422
    assert booking.booked.get().state == "confirmed"


def test_the_calendar_of_a_link_holds_its_visits(greet: Client, edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    booking = held(edition, first, second)

    file = greet.get(link(booking, "agenda.ics"))

    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    uids = re.findall(r"UID:(\S+)", file.text)
    assert uids == [f"visit-{first.uuid}@opendoors", f"visit-{second.uuid}@opendoors"]
