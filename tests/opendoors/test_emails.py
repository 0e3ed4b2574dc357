"""What the mails of the open-door week say, as the receiver gets them."""

from __future__ import annotations

import datetime as dt
import re
from email.message import EmailMessage, Message

import pytest
import time_machine
from django.core import mail as django_mail

from core import mail
from core.models import OutboxMessage
from opendoors import queries
from opendoors.models import Booking, Edition, Visit
from opendoors.rules import booking as rules
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return EditionFactory(slug="2026")


def held(*visits: Visit, language: str = "fr") -> Booking:
    return rules.book(
        visits=[visit.uuid for visit in visits], name="Daan", email="daan@example.org", language=language, by=None
    )


def received() -> list[EmailMessage]:
    mail.deliver_due()
    return [message.message() for message in django_mail.outbox]


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode().replace("\r\n", "\n")


def plain(message: EmailMessage) -> str:
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    return _text(part)


def calendar(message: EmailMessage) -> str:
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    return _text(part).replace("\n ", "")


def test_the_confirmation_names_every_visit_with_its_address(edition: Edition) -> None:
    visits = week_of_visits(edition, 3, languages=["nl", "fr"])
    held(*visits)

    (message,) = received()

    said = plain(message)
    assert message["To"] == "daan@example.org"
    assert message["Subject"] == "Vos 3 visites sont réservées"
    assert [said.count(visit.host.name) for visit in visits] == [1, 1, 1]
    assert said.count("Rue de l’Exemple 12, 1040") == 3


def test_the_confirmation_speaks_the_visitor_s_language(edition: Edition) -> None:
    held(VisitFactory(edition=edition), language="nl")

    (message,) = received()

    assert message["Subject"] == "Uw bezoek is gereserveerd"
    assert plain(message).count("Voorbeeldstraat 12") == 1


def test_the_calendar_of_the_confirmation_has_one_entry_per_visit(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    held(first, second)

    (message,) = received()

    assert re.findall(r"UID:(\S+)", calendar(message)) == [
        f"visit-{first.uuid}@opendoors",
        f"visit-{second.uuid}@opendoors",
    ]


def test_the_link_of_the_mail_opens_all_visits_of_the_address(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    held(first)
    held(second)

    message = received()[-1]

    token = re.search(r"/reservation/([^/\s]+)/", plain(message))
    assert token is not None
    assert [row.visit for row in queries.holding(token[1], "sud-est").confirmed] == [first, second]


def test_a_change_takes_what_was_given_back_off_the_calendar(edition: Edition) -> None:
    leaving, arriving = week_of_visits(edition, 2)
    booking = held(leaving)
    rules.change(booking=booking, visits=[arriving.uuid], by=None)

    message = received()[-1]

    entries = dict(re.findall(r"UID:(\S+).*?STATUS:(\w+)", calendar(message), re.DOTALL))
    assert entries == {
        f"visit-{arriving.uuid}@opendoors": "CONFIRMED",
        f"visit-{leaving.uuid}@opendoors": "CANCELLED",
    }


def test_giving_everything_back_says_so_and_offers_other_visits(edition: Edition) -> None:
    booking = held(VisitFactory(edition=edition))
    rules.cancel(booking=booking, by=None)

    message = received()[-1]

    assert calendar(message).count("STATUS:CANCELLED") == 1
    assert plain(message).count("/fr/sud-est/portes-ouvertes/2026/\n") == 1


def test_a_confirmation_that_comes_after_the_cancellation_is_dropped(edition: Edition) -> None:
    booking = held(VisitFactory(edition=edition))
    rules.cancel(booking=booking, by=None)

    received()

    states = dict(OutboxMessage.objects.values_list("kind", "state"))
    assert states == {"opendoors.booking_confirmed": "dropped", "opendoors.booking_cancelled": "sent"}


def remind(booking: Booking, day: dt.date, stage: str) -> None:
    mail.post(
        "opendoors.reminder",
        to="daan@example.org",
        language="fr",
        params={"visitor": str(booking.visitor.uuid), "day": day.isoformat(), "stage": stage},
        key=f"test:{day}:{stage}",
    )


def test_the_reminder_of_the_eve_names_the_visits_of_that_day_alone(edition: Edition) -> None:
    tomorrow, later = week_of_visits(edition, 2)
    booking = held(tomorrow, later)
    remind(booking, edition.starts_on, "eve")

    with time_machine.travel(tomorrow.starts_at - dt.timedelta(days=1)):
        message = received()[-1]

    assert plain(message).count(tomorrow.host.name) == 1
    assert plain(message).count(later.host.name) == 0


def test_the_early_reminder_names_all_visits_to_come(edition: Edition) -> None:
    visits = week_of_visits(edition, 2)
    booking = held(*visits)
    remind(booking, edition.starts_on, "early")

    message = received()[-1]

    assert [plain(message).count(visit.host.name) for visit in visits] == [1, 1]


def test_a_reminder_held_up_until_after_the_day_is_not_sent(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = held(visit)
    remind(booking, edition.starts_on, "eve")

    with time_machine.travel(visit.starts_at + dt.timedelta(days=1)):
        received()

    assert OutboxMessage.objects.get(kind="opendoors.reminder").state == "dropped"


def test_markup_in_a_host_s_name_is_text_in_the_mail(edition: Edition) -> None:
    held(VisitFactory(edition=edition, host__name="<b>Maison</b> 100 % santé"))

    (message,) = received()

    html = next(part for part in message.walk() if part.get_content_type() == "text/html")
    assert _text(html).count("&lt;b&gt;Maison&lt;/b&gt; 100 % santé") == 1
    assert plain(message).count("<b>Maison</b> 100 % santé") == 1
