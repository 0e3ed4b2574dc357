"""The day itself on a host's phone: taps on a bad connection, the same list twice, the code at the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from opendoors import queries_day
from opendoors.models import BookedVisit, Visit
from tests.basins.people_tools import at
from tests.browser.axe import faults
from tests.browser.conftest import Visitors
from tests.opendoors.day_tools import MINUTE, guest, running_week, visit_today

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.fixture
def visit(transactional_db: None) -> Visit:
    """A visit that has begun a minute ago, with three guests."""
    now = timezone.now()
    today = timezone.localdate(now)
    edition = running_week(starts_on=today, ends_on=today + dt.timedelta(days=4))
    made = visit_today(edition=edition, starts_at=now - MINUTE, ends_at=now + 60 * MINUTE)
    for name in ("An Peeters", "Bilal Öz", "Chloé Dupont"):
        guest(made, name, organisation="Maison médicale du Parc", seats=1 if name != "Bilal Öz" else 2)
    return made


def opens(page: Page, visit: Visit) -> None:
    page.goto(queries_day.sheet_url(visit))


def taps(page: Page, name: str, word: str) -> None:
    page.locator(".person").filter(has_text=name).locator(f"[type=radio][value={word}]").check()


def is_on(page: Page, name: str, word: str) -> bool:
    return page.locator(".person").filter(has_text=name).locator(f"[type=radio][value={word}]").is_checked()


def unsent(page: Page, number: int) -> None:
    """Wait until the bar says how many taps are not sent yet."""
    words = {0: "none", 1: "one"}.get(number, "many")
    said = page.locator("#sheet").get_attribute(f"data-{words}")
    assert said is not None
    expect(page.locator("#sent")).to_have_text(said.replace("%n", str(number)))


def noted() -> dict[str, str]:
    return {row.booking.name: row.attendance for row in BookedVisit.objects.select_related("booking")}


def broken(page: Page) -> Callable[[], None]:
    """Nothing that is sent arrives any more; gives what repairs it."""

    def handle(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("connectionfailed")
        else:
            route.continue_()

    page.route("**/*", handle)
    return lambda: page.unroute("**/*", handle)


def test_each_tap_is_sent_by_itself(visitors: Visitors, visit: Visit) -> None:
    page = visitors(phone=True).page
    opens(page, visit)

    taps(page, "An Peeters", "present")
    unsent(page, 0)
    taps(page, "Bilal Öz", "excused")
    page.locator("#walk-ins").fill("2")
    page.locator("#walk-ins").blur()
    unsent(page, 0)
    expect(page.locator(".person.waits")).to_have_count(0)

    visit.refresh_from_db()
    assert noted() == {"An Peeters": "present", "Bilal Öz": "excused", "Chloé Dupont": ""}
    assert visit.walk_ins == 2


def test_on_a_bad_connection_nothing_is_lost(visitors: Visitors, visit: Visit) -> None:
    page = visitors(phone=True).page
    opens(page, visit)
    repair = broken(page)

    taps(page, "An Peeters", "present")
    taps(page, "Bilal Öz", "absent")
    unsent(page, 2)
    expect(page.locator(".person.waits")).to_have_count(2)
    before = timezone.now()
    assert noted()["An Peeters"] == ""

    page.reload()
    unsent(page, 2)
    assert (is_on(page, "An Peeters", "present"), is_on(page, "Bilal Öz", "absent")) == (True, True)

    repair()
    page.evaluate("dispatchEvent(new Event('online'))")
    unsent(page, 0)

    assert noted() == {"An Peeters": "present", "Bilal Öz": "absent", "Chloé Dupont": ""}
    row = BookedVisit.objects.get(booking__name="An Peeters")
    assert row.attendance_at is not None
    assert row.attendance_at < before + dt.timedelta(seconds=1)  # when it was tapped, not when it arrived


def test_a_page_that_left_before_the_last_tap_arrived_is_put_right(visitors: Visitors, visit: Visit) -> None:
    page = visitors(phone=True).page
    opens(page, visit)
    as_it_was = page.request.get(page.url).text()
    taps(page, "An Peeters", "present")
    unsent(page, 0)

    def handle(route: Route) -> None:
        if route.request.method == "GET":
            route.fulfill(body=as_it_was, content_type="text/html")
        else:
            route.continue_()

    page.route(page.url, handle)
    page.reload()
    unsent(page, 0)

    assert is_on(page, "An Peeters", "present")


@pytest.mark.parametrize("number", ["99999", "-2"])
def test_a_number_that_cannot_be_is_refused_at_its_field(visitors: Visitors, visit: Visit, number: str) -> None:
    page = visitors(phone=True).page
    opens(page, visit)
    unsent(page, 0)
    field, wrong = page.locator("#walk-ins"), page.locator("#walk-ins-wrong")

    field.fill(number)
    field.blur()

    expect(wrong).to_be_visible()
    expect(page.locator("#sent")).to_have_text("")
    assert field.get_attribute("aria-invalid") == "true"
    assert faults(page) == []

    field.fill("3")
    field.blur()
    unsent(page, 0)
    expect(wrong).to_be_hidden()
    visit.refresh_from_db()
    assert visit.walk_ins == 3


def test_all_are_here_but_one_also_without_a_connection(visitors: Visitors, visit: Visit) -> None:
    page = visitors(phone=True).page
    opens(page, visit)
    unsent(page, 0)
    repair = broken(page)

    page.locator("[name=all]").tap()
    taps(page, "Bilal Öz", "absent")
    unsent(page, 2)
    expect(page.locator(".person.waits")).to_have_count(3)
    page.reload()
    unsent(page, 2)
    assert [is_on(page, name, "present") for name in ("An Peeters", "Bilal Öz", "Chloé Dupont")] == [True, False, True]
    assert faults(page) == []

    repair()
    page.evaluate("dispatchEvent(new Event('online'))")
    unsent(page, 0)

    assert noted() == {"An Peeters": "present", "Bilal Öz": "absent", "Chloé Dupont": "present"}


def test_of_a_team_one_says_how_many_came_also_without_a_connection(visitors: Visitors, visit: Visit) -> None:
    page = visitors(phone=True).page
    opens(page, visit)
    unsent(page, 0)
    number = page.get_by_role("group", name="Bilal Öz").get_by_role("combobox")
    expect(number).to_be_hidden()
    repair = broken(page)

    taps(page, "Bilal Öz", "present")
    number.select_option("1")
    unsent(page, 1)
    page.reload()
    unsent(page, 1)
    expect(number).to_have_value("1")
    assert faults(page) == []

    repair()
    page.evaluate("dispatchEvent(new Event('online'))")
    unsent(page, 0)

    row = BookedVisit.objects.get(booking__name="Bilal Öz")
    assert (row.attendance, row.came, row.people_came) == ("present", 1, 1)


def test_all_are_here_does_not_undo_what_another_phone_said(visitors: Visitors, visit: Visit) -> None:
    first, second = visitors(phone=True).page, visitors(phone=True).page
    opens(first, visit)
    opens(second, visit)
    taps(second, "An Peeters", "excused")
    unsent(second, 0)

    first.locator("[name=all]").tap()
    unsent(first, 0)

    assert noted() == {"An Peeters": "excused", "Bilal Öz": "present", "Chloé Dupont": "present"}
    assert is_on(first, "An Peeters", "excused")


def test_enter_in_the_number_does_not_say_that_all_are_here(visitors: Visitors, visit: Visit) -> None:
    for scripts in (True, False):
        page = visitors(java_script_enabled=scripts).page
        opens(page, visit)
        page.locator("#walk-ins").fill("2" if scripts else "3")
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)

    visit.refresh_from_db()
    assert (visit.walk_ins, set(noted().values())) == (3, {""})


def test_what_was_tapped_on_another_phone_later_stands(visitors: Visitors, visit: Visit) -> None:
    first, second = visitors(phone=True).page, visitors(phone=True).page
    opens(first, visit)
    opens(second, visit)
    repair = broken(first)
    taps(first, "An Peeters", "absent")
    unsent(first, 1)

    taps(second, "An Peeters", "present")
    unsent(second, 0)
    repair()
    first.evaluate("dispatchEvent(new Event('online'))")
    unsent(first, 0)

    assert noted()["An Peeters"] == "present"
    assert is_on(first, "An Peeters", "present")


def test_without_a_script_the_list_is_one_form(visitors: Visitors, visit: Visit) -> None:
    host = visitors(phone=True, java_script_enabled=False)
    opens(host.page, visit)

    taps(host.page, "Chloé Dupont", "present")
    host.follows(host.page.locator("#save"))

    assert noted()["Chloé Dupont"] == "present"
    assert is_on(host.page, "Chloé Dupont", "present")


def test_the_list_is_for_everybody(visitors: Visitors, visit: Visit) -> None:
    page = visitors(phone=True).page
    opens(page, visit)
    taps(page, "An Peeters", "present")
    taps(page, "Bilal Öz", "absent")
    unsent(page, 0)

    assert faults(page) == []


def test_the_list_goes_by_keyboard(visitors: Visitors, visit: Visit) -> None:
    host = visitors()
    opens(host.page, visit)

    host.tabs_to(host.page.locator(".person").filter(has_text="An Peeters").locator("[type=radio][value=present]"))
    host.page.keyboard.press("Space")
    unsent(host.page, 0)

    assert noted()["An Peeters"] == "present"


def test_a_visitor_scans_the_code_and_is_noted(visitors: Visitors, visit: Visit) -> None:
    visitor = visitors(phone=True)
    row = BookedVisit.objects.get(booking__name="An Peeters")
    visitor.page.goto(at("opendoors:here", "nl", basin="sud-est", token=queries_day.door_link(visit)))
    assert faults(visitor.page) == []

    visitor.writes(who=row.booking.reference.lower())
    visitor.follows(visitor.page.locator("main form button"))

    expect(visitor.page.locator("main .note.ok")).to_be_visible()
    assert noted()["An Peeters"] == "present"


def test_a_team_scans_the_code_and_says_how_many_they_are(visitors: Visitors, visit: Visit) -> None:
    visitor = visitors(phone=True)
    row = BookedVisit.objects.get(booking__name="Bilal Öz")
    visitor.page.goto(at("opendoors:here", "nl", basin="sud-est", token=queries_day.door_link(visit)))

    visitor.writes(who=row.booking.reference)
    visitor.follows(visitor.page.locator("main form button"))
    expect(visitor.page.locator("main .note.ok")).to_be_visible()
    assert faults(visitor.page) == []
    visitor.page.locator("[name=came]").select_option("1")
    visitor.follows(visitor.page.locator("main form button"))

    row.refresh_from_db()
    assert (row.attendance, row.came, row.attendance_by) == ("present", 1, "visitor")
