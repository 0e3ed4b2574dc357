"""Every letter speaks its reader's language, in its subject, its text and its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail as sent
from django.utils import timezone
from django.utils.translation import get_language, override

from basins.models import User
from basins.rights import Role
from basins.rules import people
from core.bilingual import current_language
from core.mail import deliver_due
from core.mail.letters import _writers
from core.models import OutboxMessage
from directory.models import Confirmation, Organization
from directory.rules import confirming
from opendoors.models import BookedVisit, Edition, Host
from opendoors.rules import asking, booking, day_letters, hosting, reminding
from opendoors.rules.programme_data import VisitData
from tests import language_helpdesk as helpdesk
from tests import language_meetings, language_minutes
from tests import language_tools as tools
from tests.directory.world import change_a_listed_record, tell_of_something_new
from tests.factories import basin
from tests.language_letters import HOST_LETTERS
from tests.language_waiting import WAITING_LETTERS
from tests.language_world import World, a_world

pytestmark = pytest.mark.django_db
both = pytest.mark.parametrize("language", tools.LANGUAGES)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    tools.compile_all()


@pytest.fixture(autouse=True)
def _other_rows() -> None:
    tools.words_of_rows.cache_clear()


@pytest.fixture
def world(settings: Any, tmp_path: Path, alice: User, daan: User) -> World:
    settings.LOCAL_DIR = tmp_path
    made = a_world(alice, daan)
    made.values.update(helpdesk.a_helpdesk(alice))
    return made


def remind(world: World) -> None:
    eve = dt.datetime.combine(world.edition.starts_on, dt.time(10), tzinfo=dt.UTC) - dt.timedelta(days=1)
    with time_machine.travel(eve):
        reminding.write_reminders(now=timezone.now())
        deliver_due()


def move(world: World) -> None:
    visit = world.visits[0]
    data = VisitData(
        starts_at=visit.starts_at + dt.timedelta(minutes=15),
        ends_at=visit.ends_at,
        seats=visit.seats,
        languages=tuple(visit.languages),
    )
    hosting.edit_visit(visit=visit, place=visit.place, data=data, by=None)


def ask(world: World) -> None:
    """The day after a week that is over."""
    past = Edition.objects.get(slug="past")
    Host.objects.filter(edition=past).update(contact_language=get_language())
    with time_machine.travel(dt.datetime.combine(past.ends_on, dt.time(10), tzinfo=dt.UTC) + dt.timedelta(days=1)):
        asking.write_questions(now=timezone.now())
        deliver_due()


def tell_hosts(world: World) -> None:
    """The eve of the first day."""
    Host.objects.filter(edition=world.edition).update(contact_language=get_language())
    with time_machine.travel(
        dt.datetime.combine(world.edition.starts_on, dt.time(10), tzinfo=dt.UTC) - dt.timedelta(days=1)
    ):
        day_letters.write_day_letters(now=timezone.now())
        deliver_due()


def certify(world: World) -> None:
    """Some days after a week that is over, to those of whom somebody said that they came."""
    past = Edition.objects.get(slug="past")
    noted = {"attendance": "present", "attendance_at": timezone.now(), "attendance_by": "host"}
    BookedVisit.objects.filter(visit__edition=past).update(**noted)
    with time_machine.travel(dt.datetime.combine(past.ends_on, dt.time(10), tzinfo=dt.UTC) + dt.timedelta(days=4)):
        day_letters.write_day_letters(now=timezone.now())
        deliver_due()


def ask_organizations() -> None:
    today, language = timezone.localdate(), current_language()
    Organization.objects.update(confirm_email="info@example.org", confirm_language=language, assured_on=None)
    Confirmation.objects.update(asked_on=today - dt.timedelta(days=15), answered_on=None)
    assert confirming.ask_and_remind(today=today)


# What makes each kind of letter go out.
LETTERS: dict[str, Callable[[World], Any]] = {
    "basins.sign_in_code": lambda world: people.post_code(email="daan@example.org", code="1234-5678"),
    "basins.role_given": lambda world: people.grant_role(
        user=User.objects.get(email="daan@example.org"), role=Role.TEAM_MEMBER, basin=basin(), by=None
    ),
    "basins.second_factor_changed": lambda world: people.tell_of_second_factor(
        person=User.objects.get(email="daan@example.org"), event="set_up"
    ),
    "directory.list_changed": lambda world: change_a_listed_record(),
    "directory.list_kept": lambda world: None,
    "directory.search_followed": lambda world: None,
    "directory.search_news": lambda world: tell_of_something_new(),
    "directory.still_right": lambda world: ask_organizations(),
    "opendoors.booking_confirmed": lambda world: None,
    "opendoors.booking_changed": lambda world: booking.change(
        booking=world.booking, visits=[world.visits[0].uuid], by=None
    ),
    "opendoors.booking_cancelled": lambda world: booking.cancel(booking=world.booking, by=None),
    "opendoors.reminder": remind,
    "opendoors.visit_cancelled": lambda world: hosting.cancel_visit(visit=world.visits[0], by=None),
    "opendoors.visit_moved": move,
    **HOST_LETTERS,
    **WAITING_LETTERS,
    **helpdesk.LETTERS,
    **language_meetings.LETTERS,
    **language_minutes.LETTERS,
    "opendoors.host_sheet": tell_hosts,
    "opendoors.certificate": certify,
    "opendoors.evaluation_visitor": ask,
    "opendoors.evaluation_host": ask,
}


def test_every_kind_of_letter_is_on_the_list() -> None:
    assert set(LETTERS) == {kind for kind in _writers if not kind.startswith("tests.")}


@both
@pytest.mark.parametrize("kind", LETTERS)
def test_a_letter_speaks_its_readers_language(world: World, language: str, kind: str) -> None:
    with override(language):
        User.objects.update(language=language)
        world.booking.visitor.__class__.objects.update(language=language)
        OutboxMessage.objects.update(language=language)
        LETTERS[kind](world)
    deliver_due()
    known = tools.words_of_rows(language)
    letters = [each for each in sent.outbox if each.extra_headers or each.subject]
    assert OutboxMessage.objects.filter(kind=kind, state=OutboxMessage.State.SENT).exists()
    for each in letters:
        text = str(each.body)
        html = str(next(part for part, kind_of_part in each.alternatives if kind_of_part == "text/html"))
        found = tools.strange([(str(each.subject), language), (text, language)], language, known)
        assert sorted(found) == []
        assert tools.strange_on_page(html, language, known) == []
        assert tools.PageReader(html, "").page_language == language
