"""What the mails of the open-door week say, as the receiver gets them."""

from __future__ import annotations

import datetime as dt
import re
from email.message import EmailMessage, Message
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.utils import translation

from basins.models import Municipality, User
from core import mail, spoken
from core.models import OutboxMessage
from opendoors import queries
from opendoors.models import Booking, Edition, Place, Visit
from opendoors.rules import addresses, hosting
from opendoors.rules import booking as rules
from tests.factories import UserFactory
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits
from tests.opendoors.waiting_tools import ask, letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return EditionFactory(slug="2026")


def held(*visits: Visit, language: str = "fr", **more: Any) -> Booking:
    """What Daan booked, signed in: nothing is left to confirm."""
    by = User.objects.filter(email="daan@example.org").first() or UserFactory(email="daan@example.org")
    return unconfirmed(*visits, language=language, **{"by": by, **more})


def unconfirmed(*visits: Visit, language: str = "fr", **more: Any) -> Booking:
    fields = {"name": "Daan", "email": "daan@example.org", "by": None, **more}
    return rules.book(visits=[visit.uuid for visit in visits], language=language, **fields)


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


def test_a_visit_taken_again_outdoes_its_giving_back(edition: Edition) -> None:
    leaving, arriving = week_of_visits(edition, 2)
    booking = unconfirmed(leaving)
    told = [_entry(received()[-1], leaving)]
    addresses.confirm(visitor=booking.visitor, by=None)

    for visits in ([arriving], [arriving, leaving], [arriving]):
        rules.change(booking=booking, visits=[visit.uuid for visit in visits], by=None)
        told.append(_entry(received()[-1], leaving))

    assert [status for _sequence, status in told] == ["TENTATIVE", "CANCELLED", "CONFIRMED", "CANCELLED"]
    assert [sequence for sequence, _status in told] == [0, 2, 4, 5]


def _entry(message: EmailMessage, visit: Visit) -> tuple[int, str]:
    entry = calendar(message).partition(f"UID:visit-{visit.uuid}@opendoors")[2]
    found = re.search(r"SEQUENCE:(\d+).*?STATUS:(\w+)", entry, re.DOTALL)
    assert found is not None
    return int(found[1]), found[2]


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

    assert html(message).count("&lt;b&gt;Maison&lt;/b&gt; 100 % santé") == 1
    assert plain(message).count("<b>Maison</b> 100 % santé") == 1


# --- Seats, names, the way, what to do first -----------------------------------------------------


def html(message: EmailMessage) -> str:
    return _text(next(part for part in message.walk() if part.get_content_type() == "text/html"))


def test_a_held_booking_asks_first_to_confirm(edition: Edition) -> None:
    unconfirmed(VisitFactory(edition=edition))

    (message,) = received()

    links = re.findall(r'class="button" href="[^"]*?(/fr/[^"]*)"', html(message))
    assert [link.rpartition("/")[0].rpartition("/")[2] for link in links] == ["confirmer"]
    assert plain(message).count("/confirmer/") == 1


def test_confirming_sends_the_calendar_anew_and_no_longer_tentative(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    booking = unconfirmed(first, second)
    received()

    for _twice in range(2):
        addresses.confirm(visitor=booking.visitor, by=None)
    before, after = received()

    entries = [
        [re.findall(rf"{name}:(\S+)", calendar(message)) for name in ("UID", "STATUS", "SEQUENCE")]
        for message in (before, after)
    ]
    uids = [f"visit-{visit.uuid}@opendoors" for visit in (first, second)]
    assert entries == [[uids, ["TENTATIVE"] * 2, ["0"] * 2], [uids, ["CONFIRMED"] * 2, ["1"] * 2]]
    with translation.override("fr"):
        assert str(after["Subject"]) == translation.gettext("Your address is confirmed")


def test_confirming_a_place_in_line_alone_sends_no_calendar(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=1)
    held(visit)
    request = ask(visit)

    addresses.confirm(visitor=request.visitor, by=None)

    assert letters("address_confirmed") == []


def test_saving_the_page_of_changes_as_it_is_confirms_with_the_same_letter(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    booking = unconfirmed(first)

    for visits in ([first], [first, second]):
        rules.change(booking=booking, visits=[visit.uuid for visit in visits], by=None, whole_visitor=True)

    assert (letters("address_confirmed"), letters("booking_changed")) == (["daan@example.org"], ["daan@example.org"])


def test_a_confirmed_booking_asks_nothing(edition: Edition) -> None:
    held(VisitFactory(edition=edition))

    (message,) = received()

    assert plain(message).count("/confirmer/") == 0


def test_a_team_reads_its_seats_and_its_names(edition: Edition) -> None:
    held(VisitFactory(edition=edition), seats=3, companions="An\nBo")

    (message,) = received()

    assert plain(message).count(" · 3 places\n") == 1
    assert plain(message).count("An, Bo") == 1


def test_whoever_comes_alone_reads_no_number(edition: Edition) -> None:
    held(VisitFactory(edition=edition))

    (message,) = received()

    assert plain(message).count("place\n") == 0


def test_the_host_s_welcome_is_for_who_booked(edition: Edition) -> None:
    held(VisitFactory(edition=edition, host__welcome_fr="Sonnez deux fois."))

    (message,) = received()

    assert [said.count("Sonnez deux fois.") for said in (plain(message), html(message))] == [1, 1]


def test_the_calendar_says_what_one_reads_on_the_way(edition: Edition) -> None:
    place = {"place__directions_fr": "Tram 44.", "host__description_fr": "Un tour.", "host__welcome_fr": "Deux fois."}
    held(VisitFactory(edition=edition, languages=["fr", "nl"], **place))

    (message,) = received()

    (said,) = re.findall(r"DESCRIPTION;LANGUAGE=FR:(.*)\n", calendar(message))
    lines = said.replace("\N{NO-BREAK SPACE}", " ").replace("\\,", ",").split("\\n")
    assert lines == [
        "Un tour.",
        "Pour y aller : Tram 44.",
        "Langues : français, néerlandais",
        "Le mot du service hôte : Deux fois.",
    ]


def test_what_was_given_back_keeps_no_welcome_in_the_calendar(edition: Edition) -> None:
    booking = held(VisitFactory(edition=edition, host__welcome_fr="Deux fois."))
    rules.cancel(booking=booking, by=None)

    assert "Deux fois." not in calendar(received()[-1])


def test_close_visits_are_pointed_out_in_the_letter(edition: Edition) -> None:
    towns = [Municipality.objects.get(name_fr=name) for name in ("Auderghem", "Etterbeek")]
    held(
        VisitFactory(edition=edition, place__municipality=towns[0]),
        VisitFactory(edition=edition, begin="10:45", end="12:00", place__municipality=towns[1]),
    )

    (message,) = received()

    assert re.search(r"15 minutes .*Auderghem.*Etterbeek\.", plain(message)) is not None


# --- What there is instead -----------------------------------------------------------------------


def test_a_visit_called_off_names_free_visits_at_a_free_time(edition: Edition) -> None:
    lost, kept = week_of_visits(edition, 2)
    free = VisitFactory(edition=edition, day=0, begin="12:00", end="13:00")
    clashing = VisitFactory(edition=edition, day=1)
    held(lost, kept)
    hosting.cancel_visit(visit=lost, by=None)

    message = received()[-1]

    assert [plain(message).count(visit.host.name) for visit in (free, clashing, kept)] == [1, 0, 1]
    assert plain(message).count(queries.visit_url(free)) == 1


def test_what_is_instead_has_seats_for_the_whole_team(edition: Edition) -> None:
    lost = VisitFactory(edition=edition)
    small = VisitFactory(edition=edition, day=1, seats=2)
    large = VisitFactory(edition=edition, day=2, seats=3)
    held(lost, seats=3)
    hosting.cancel_visit(visit=lost, by=None)

    message = received()[-1]

    assert [plain(message).count(visit.host.name) for visit in (small, large)] == [0, 1]


def test_a_visit_that_moved_names_others_too(edition: Edition) -> None:
    moved = VisitFactory(edition=edition)
    other = VisitFactory(edition=edition, day=1)
    held(moved)
    hour = dt.timedelta(hours=1)
    times = {"starts_at": moved.starts_at + hour, "ends_at": moved.ends_at + hour}
    data = hosting.VisitData(**times, seats=moved.seats, languages=tuple(moved.languages))
    hosting.edit_visit(visit=moved, place=moved.place, data=data, by=None)

    message = received()[-1]

    assert plain(message).count(other.host.name) == 1


def test_a_visit_that_moved_says_when_and_where_it_was(edition: Edition) -> None:
    moved = VisitFactory(edition=edition, place__street_fr="Rue Ancienne 3")
    held(moved)
    elsewhere = Place.objects.create(host=moved.host, street_fr="Rue Neuve 1", postcode="1040")
    hour = dt.timedelta(hours=1)
    before = f"{spoken.hours(moved.starts_at, moved.ends_at)}, Rue Ancienne 3"
    times = {"starts_at": moved.starts_at + hour, "ends_at": moved.ends_at + hour}
    data = hosting.VisitData(**times, seats=moved.seats, languages=tuple(moved.languages))
    hosting.edit_visit(visit=moved, place=elsewhere, data=data, by=None)

    message = received()[-1]

    assert before in plain(message)


def test_nothing_is_offered_instead_when_one_can_no_longer_book(edition: Edition) -> None:
    lost, other = week_of_visits(edition, 2)
    held(lost)
    Edition.objects.update(signup_closes_at=lost.starts_at - dt.timedelta(days=30), signup_opens_at=edition.created)
    with time_machine.travel(lost.starts_at - dt.timedelta(days=3)):
        hosting.cancel_visit(visit=lost, by=None)
        message = received()[-1]

    assert plain(message).count(other.host.name) == 0
