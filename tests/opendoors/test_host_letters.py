"""What hosts and the team read: the word, the visits, and the link that opens the host's own page."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from django.core import mail as sent
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from basins.models import User
from core import mail
from core.models import OutboxMessage
from opendoors.enums import EditionState, VisitState
from opendoors.models import Edition, Host, Visit
from opendoors.rules import by_host, validating
from opendoors.rules.programme_data import HostData
from tests.opendoors.booking_tools import book
from tests.opendoors.factories import VisitFactory
from tests.opendoors.host_tools import CONTACT, called_edition, propose, visit_data

pytestmark = pytest.mark.django_db

WORD = "Venez plutôt le mardi."


@pytest.fixture
def host() -> Host:
    return propose(called_edition(), contact_language="nl")


def letters(to: str = CONTACT) -> list[EmailMultiAlternatives]:
    """Deliver what waits; the mails to an address in the order they went out."""
    mail.deliver_due()
    return [each for each in sent.outbox if isinstance(each, EmailMultiAlternatives) and each.to == [to]]


def link_in(letter: EmailMultiAlternatives) -> str:
    found = re.search(r"https?://\S+/(?:host|hote|dienst|service)[^/]*/\S+", str(letter.body))
    assert found is not None, letter.body
    return urlsplit(found[0]).path


def test_the_first_letter_carries_the_key_to_ones_page(greet: Client, host: Host) -> None:
    (letter,) = letters()

    page = greet.get(link_in(letter))

    assert page.status_code == 200
    assert link_in(letter).startswith("/nl/zuid-oost/")
    assert "1040" in str(letter.body)  # where the visit takes place


def test_the_teams_word_is_in_the_letter(host: Host, alice: User) -> None:
    validating.ask_change(host=host, by=alice, note=WORD)

    letter = letters()[-1]
    html = str(letter.alternatives[0][0])

    assert WORD in str(letter.body)
    assert WORD in html


def test_a_word_that_was_overtaken_is_not_sent(host: Host, alice: User) -> None:
    validating.ask_change(host=host, by=alice, note=WORD)
    validating.accept(host=host, by=alice)

    letters()

    states = dict(OutboxMessage.objects.values_list("kind", "state"))
    assert states["opendoors.host_changes"] == OutboxMessage.State.DROPPED
    assert states["opendoors.host_accepted"] == OutboxMessage.State.SENT


def test_a_no_names_no_visit(host: Host, alice: User) -> None:
    validating.refuse(host=host, by=alice, note=WORD)

    assert "Rue Haute" not in str(letters()[-1].body)


def test_a_visit_called_off_meanwhile_is_not_announced(host: Host, alice: User) -> None:
    Visit.objects.update(state=VisitState.CANCELLED)

    validating.accept(host=host, by=alice)

    assert "Rue Haute" not in str(letters()[-1].body)


def test_further_visits_are_answered_one_by_one(host: Host, alice: User) -> None:
    validating.accept(host=host, by=alice)
    yes, no = (VisitFactory(edition=host.edition, host=host, day=day, state=VisitState.PROPOSED) for day in (1, 2))

    validating.accept_visit(visit=yes, by=alice)
    validating.refuse_visit(visit=no, by=alice, note=WORD)
    answers = letters()[-2:]

    assert [WORD in str(each.body) for each in answers] == [False, True]


def test_the_team_reads_what_moved_from_when_to_when(host: Host, alice: User) -> None:
    validating.accept(host=host, by=alice)
    Edition.objects.update(state=EditionState.OPEN)
    visit = Visit.objects.select_related("host", "place").get()
    book(visit)
    by_host.edit_visit(visit=visit, place=visit.place, data=visit_data(host.edition, begin="14:00", end="15:30"))

    body = str(letters(alice.email)[-1].body)

    assert "9\N{NO-BREAK SPACE}h" in body
    assert "14\N{NO-BREAK SPACE}h" in body
    assert f"/hotes/{host.uuid}/" in body


def test_the_team_reads_how_many_letters_go_to_visitors(host: Host, alice: User) -> None:
    validating.accept(host=host, by=alice)
    Edition.objects.update(state=EditionState.OPEN)
    visit = Visit.objects.select_related("host").get()
    for number in range(3):
        book(visit, email=f"{number}@example.org")
    by_host.call_off(visit=visit)

    assert "3 " in str(letters(alice.email)[-1].body)


def test_a_former_name_and_a_former_address_are_not_taken_for_moments(host: Host, alice: User) -> None:
    validating.accept(host=host, by=alice)
    fresh = Host.objects.get()
    data = {name: getattr(fresh, name) or "" for name in HostData.__dataclass_fields__}

    by_host.edit_host(host=fresh, data=HostData(**data | {"name": "Maison Bleue"}))

    body = str(letters(alice.email)[-1].body)
    assert "Maison Verte" in body
    assert "Maison Bleue" in body


def test_letters_of_an_older_week_still_say_their_word(host: Host, alice: User) -> None:
    validating.refuse(host=host, by=alice, note=WORD)
    Edition.objects.update(starts_on=dt.date(2020, 1, 6), ends_on=dt.date(2020, 1, 10))

    assert WORD in str(letters()[-1].body)
