"""A question comes in: one way for all channels, all or nothing, and nothing that tells who the person is."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from basins.models import PartnerKey, User
from basins.rules.people import NotYours
from basins.rules.privacy import NationalNumberFound
from core.models import OutboxMessage
from helpdesk.enums import Channel, EventKind, MessageKind, RoutingReason, TicketState
from helpdesk.errors import PersonNamed, PlaceMissing, PlaceUnknown, TicketInvalid, TooManyAsked
from helpdesk.models import Asker, Message, Ticket, TicketEvent
from helpdesk.rules import asking
from tests.factories import basin
from tests.helpdesk.tools import WORDS, ask, letters

pytestmark = pytest.mark.django_db

NISS = "85.07.30-033.28"


def test_a_question_is_a_ticket_with_its_first_words_its_history_and_a_letter() -> None:
    ticket = ask()

    assert (ticket.state, ticket.channel, ticket.basin.code) == (TicketState.NEW, Channel.WEB, "sud-est")
    assert ticket.subject == "Un couple âgé ne peut plus sortir et cherche un soutien psychologique"
    assert list(ticket.messages.values_list("kind", "body", "language")) == [(MessageKind.FROM_ASKER, WORDS, "nl")]
    assert list(ticket.events.values_list("kind", "after")) == [(EventKind.ASKED, "sud-est")]
    assert ticket.due_at is not None
    assert [message.to for message in letters()] == [["nele@example.org"]]


@pytest.mark.parametrize(
    ("postcode", "code", "reason", "municipality"),
    [
        ("1160", "sud-est", RoutingReason.ONLY, "Auderghem"),
        ("1040", "sud-est", RoutingReason.MAIN, "Etterbeek"),
        ("1020", "nord", RoutingReason.ONLY, "Bruxelles"),
        ("", "sud-est", RoutingReason.PAGE, None),
    ],
)
def test_the_place_of_the_person_says_which_basin(
    postcode: str, code: str, reason: RoutingReason, municipality: str | None
) -> None:
    ticket = ask(postcode=postcode, page=basin("sud-est"))

    place = ticket.municipality.name_fr.partition("-")[0] if ticket.municipality else None
    assert (ticket.basin.code, ticket.routing, place) == (code, reason, municipality)


def test_a_basin_that_the_asker_chose_wins_over_the_postcode_and_says_so() -> None:
    ticket = ask(postcode="1040", basin=basin("nord"))

    assert (ticket.basin.code, ticket.routing) == ("nord", RoutingReason.CHOSEN)


def test_choosing_what_the_postcode_says_anyway_keeps_its_reason() -> None:
    assert ask(postcode="1160", basin=basin("sud-est")).routing == RoutingReason.ONLY


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        ({"body": " "}, TicketInvalid, "body"),
        ({"body": "x" * 8001}, TicketInvalid, "body"),
        ({"name": ""}, TicketInvalid, "name"),
        ({"email": ""}, TicketInvalid, "email"),
        ({"email": "nele"}, TicketInvalid, "email"),
        ({"kind": "gossip"}, TicketInvalid, "kind"),
        ({"postcode": "9000"}, PlaceUnknown, "postcode"),
        ({"postcode": ""}, PlaceMissing, "postcode"),
        ({"body": f"Son numéro {NISS}."}, NationalNumberFound, "body"),
        ({"subject": f"Question {NISS}"}, NationalNumberFound, "subject"),
        ({"organisation": NISS}, NationalNumberFound, "organisation"),
        ({"phone": NISS}, NationalNumberFound, "phone"),
        ({"email": f"{NISS.replace('-', '.')}@example.org"}, NationalNumberFound, "email"),
        ({"function": NISS}, NationalNumberFound, "function"),
        ({"phone": "après quatre heures"}, TicketInvalid, "phone"),
        ({"body": "Née le 30, voir 85.07.30-033.29."}, PersonNamed, "body"),
        ({"body": "Appelez Monsieur au 0475 12 34 56."}, PersonNamed, "body"),
        ({"body": "Née le 12/03/1941, elle vit seule."}, PersonNamed, "body"),
        ({"body": "Écrivez à marie.peeters@example.com"}, PersonNamed, "body"),
    ],
)
def test_what_is_not_valid_leaves_nothing_behind(fields: dict[str, Any], error: type[Exception], field: str) -> None:
    with pytest.raises(error) as refused:
        ask(**fields)

    assert refused.value.field == field
    counts = (Ticket.objects.count(), Asker.objects.count(), Message.objects.count(), OutboxMessage.objects.count())
    assert counts == (0, 0, 0, 0)


def test_what_may_tell_who_the_person_is_goes_through_once_somebody_said_that_it_does_not() -> None:
    ticket = ask("Le service répond au 0475 12 34 56.", confirmed=True)

    assert ticket.messages.get().body == "Le service répond au 0475 12 34 56."


def test_a_national_number_is_refused_whatever_was_confirmed() -> None:
    with pytest.raises(NationalNumberFound):
        ask(f"Son numéro {NISS}.", confirmed=True)


def test_ones_own_number_and_address_may_stand_in_the_text() -> None:
    ticket = ask("Rappelez-moi au 02 345 67 89 ou nele@example.org.", phone="+32 2 345 67 89")

    assert ticket.messages.get().body.startswith("Rappelez-moi")


@pytest.mark.parametrize("phone", ["0475 12 34 56, après 16 h", "+33 6 12 34 56 78", "107"])
def test_a_number_that_can_be_called_is_kept_as_it_was_written(phone: str) -> None:
    assert ask(phone=phone).asker.phone == phone


def test_a_call_is_noted_with_a_number_alone_and_gets_no_letter(bram: User) -> None:
    ticket = ask("Aide ménagère", channel=Channel.PHONE, name="", email="", phone="02 345 67 89", by=bram)

    assert (ticket.channel, ticket.basin.code) == (Channel.PHONE, "sud-est")
    assert letters() == []


def test_a_call_from_nobody_is_refused(bram: User) -> None:
    with pytest.raises(TicketInvalid) as refused:
        ask("Aide", channel=Channel.PHONE, name="", email="", by=bram)

    assert refused.value.field == "name"


def test_who_answers_nowhere_notes_no_call(daan: User) -> None:
    with pytest.raises(NotYours):
        ask(channel=Channel.PHONE, by=daan)


def test_a_partners_key_asks_in_its_own_basins(farid: PartnerKey) -> None:
    farid.scopes = ["helpdesk:ask"]
    farid.save()

    assert ask(channel=Channel.PARTNER, key=farid).key == farid
    with pytest.raises(NotYours):
        ask(channel=Channel.PARTNER, key=farid, postcode="1020")


def test_a_key_without_the_scope_asks_nowhere(farid: PartnerKey) -> None:
    with pytest.raises(NotYours):
        ask(channel=Channel.PARTNER, key=farid)


def test_the_same_form_sent_twice_is_one_ticket() -> None:
    once = uuid4()

    first, second = ask(once=once), ask(once=once)

    assert first == second
    assert Ticket.objects.count() == 1


def test_knowing_the_identifier_of_a_ticket_opens_nothing() -> None:
    ticket = ask()

    for different in ({"email": "other@example.org"}, {"body": "Autre chose"}):
        assert ask(**different, once=ticket.uuid) != ticket  # type: ignore[arg-type]  # fields by name


def test_a_script_is_stopped_and_a_team_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ASKED_PER_HOUR", 2)
    ask(network="192.0.2.1")
    ask(network="192.0.2.1")

    with pytest.raises(TooManyAsked):
        ask(network="192.0.2.1")
    assert ask(network="192.0.2.2").pk


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("Qui vient à domicile ? C’est urgent.", "Qui vient à domicile ?"),
        ("\n\nAide ménagère.\nDeux fois par semaine.", "Aide ménagère"),
        ("Een zin zonder punt", "Een zin zonder punt"),
        ("mot " * 40, "mot " * 21 + "mot…"),
    ],
)
def test_a_question_without_a_title_is_called_by_its_first_sentence(body: str, title: str) -> None:
    assert asking.title_of(body) == title


def test_the_letter_speaks_the_askers_language_and_says_where_and_why() -> None:
    ticket = ask()

    letter = letters()[0]

    assert letter.subject == f"[{ticket.code}] Uw vraag is goed aangekomen"
    assert "/nl/zuid-oost/helpdesk/" in letter.body
    assert WORDS not in letter.body


def test_a_letter_leaves_no_words_in_the_outbox_once_it_is_sent() -> None:
    ask()
    letters()

    row = OutboxMessage.objects.get()
    assert (row.state, row.params, row.rendered) == ("sent", {}, None)


def test_history_of_a_call_names_who_noted_it(alice: User) -> None:
    ask(channel=Channel.PHONE, by=alice)

    assert TicketEvent.objects.get().by == alice
