"""What experts do with a question, and what the calendar does in time: answers, a no, thanks, reminders."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from basins.models import User
from basins.rules.privacy import NationalNumberFound
from core.spoken import BRUSSELS
from helpdesk.enums import Channel, MessageKind
from helpdesk.errors import PersonNamed, StepRefused
from helpdesk.expert_enums import CallState
from helpdesk.models import Ticket
from helpdesk.rules import experts, handling
from helpdesk.rules.asking import MailData
from helpdesk.rules.identity import MASK, Kind
from tests.helpdesk.expert_tools import bring_in, expert
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 13, 11, 0, tzinfo=BRUSSELS)  # a Wednesday; the next day is a public holiday
NISS = "85.07.30-033.28"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ticket() -> Ticket:
    return ask()


def sent_to(address: str) -> list[Any]:
    return [message for message in letters() if message.to == [address]]


# --- Answers -------------------------------------------------------------------------------------


def test_an_answer_stands_in_the_thread_for_the_desk_and_not_for_who_asked(ticket: Ticket, alice: User) -> None:
    call = bring_in(ticket, expert(name="Wim"), alice)

    said = experts.expert_replies(call=call, body="On peut arrêter, en équipe.")

    call.refresh_from_db()
    assert (call.state, call.answered_at) == (CallState.ANSWERED, NOW)
    assert (said.kind, said.call, said.author) == (MessageKind.FROM_EXPERT, call, None)
    assert [message.subject for message in sent_to(alice.email)] == [f"[{ticket.code}] Un expert a répondu"]
    assert len(sent_to("nele@example.org")) == 1  # that the question came in


def test_the_same_words_twice_are_one_and_further_words_are_welcome(ticket: Ticket, alice: User) -> None:
    call = bring_in(ticket, expert(), alice)

    experts.expert_replies(call=call, body="Oui.")
    experts.expert_replies(call=call, body="Oui.")
    experts.expert_replies(call=call, body="Et prévenez le médecin.")

    assert list(call.messages.values_list("body", flat=True)) == ["Oui.", "Et prévenez le médecin."]


def test_the_same_mail_twice_is_one(ticket: Ticket, alice: User) -> None:
    call = bring_in(ticket, expert(), alice)
    mail = MailData(message_id="<1@example.org>", quoted="> la question")

    for _twice in range(2):
        experts.expert_replies(call=call, body="Oui.", channel=Channel.MAIL, confirmed=True, mail=mail)

    assert list(call.messages.values_list("channel", "quoted")) == [("mail", "> la question")]


def test_what_an_expert_writes_is_looked_at_like_all_words(ticket: Ticket, alice: User) -> None:
    call = bring_in(ticket, expert(), alice)

    with pytest.raises(NationalNumberFound):
        experts.expert_replies(call=call, body=f"Pour {NISS}", confirmed=True)
    with pytest.raises(PersonNamed):
        experts.expert_replies(call=call, body="Appelez Mme au 0475 12 34 56")
    assert call.messages.count() == 0


def test_staff_mask_an_experts_words_too(ticket: Ticket, alice: User) -> None:
    call = bring_in(ticket, expert(), alice)
    experts.expert_replies(call=call, body="Appelez le 0475 12 34 56", confirmed=True)

    assert handling.mask(ticket=ticket, kinds=[Kind.PHONE], by=alice) == 1
    assert call.messages.get().body == f"Appelez le {MASK}"


def test_a_yes_gives_the_time_anew(ticket: Ticket, alice: User, clock: Any) -> None:
    call = bring_in(ticket, expert(), alice)
    clock.move_to(NOW + dt.timedelta(days=5))  # Monday 11:00

    assert experts.accept(call=call).due_at == dt.datetime(2026, 5, 21, 11, 0, tzinfo=BRUSSELS)


def test_a_no_tells_the_colleague_who_could_be_next(ticket: Ticket, alice: User) -> None:
    expert(name="Suivante")
    call = bring_in(ticket, expert(name="Wim"), alice)

    experts.decline(call=call, word="Trop loin de mon domaine")

    [letter] = sent_to(alice.email)
    assert "Trop loin de mon domaine" in letter.body
    assert "Suivante" in letter.body
    with pytest.raises(StepRefused):
        experts.expert_replies(call=call, body="Quand même…")


def test_thanks_are_sent_once(ticket: Ticket, alice: User) -> None:
    wim = expert()
    call = bring_in(ticket, wim, alice)
    with pytest.raises(StepRefused):
        experts.thank(call=call, by=alice)
    letters()
    experts.expert_replies(call=call, body="Oui.")

    experts.thank(call=call, by=alice, words="Très utile !")
    experts.thank(call=call, by=alice, words="Encore merci")

    assert ["Très utile !" in message.body for message in sent_to(wim.email)] == [False, True]


def test_taken_back_the_expert_is_told(ticket: Ticket, alice: User) -> None:
    wim = expert()
    call = bring_in(ticket, wim, alice)

    experts.withdraw(call=call, by=alice, word="La situation est réglée")

    assert [message.to for message in sent_to(wim.email)] == [[wim.email]]  # the question itself is not sent any more
    assert "La situation est réglée" in sent_to(wim.email)[0].body
    with pytest.raises(StepRefused):
        experts.accept(call=call)


# --- In time -------------------------------------------------------------------------------------


def test_reminded_once_when_half_of_the_time_is_over(ticket: Ticket, alice: User, clock: Any) -> None:
    wim = expert()
    call = bring_in(ticket, wim, alice)
    letters()
    for day, hour in ((13, 16), (15, 9), (15, 15), (18, 9), (18, 15)):
        at = dt.datetime(2026, 5, day, hour, 30, tzinfo=BRUSSELS)
        clock.move_to(at)
        experts.remind(now=at)

    call.refresh_from_db()
    assert call.reminded_at == dt.datetime(2026, 5, 15, 15, 30, tzinfo=BRUSSELS)
    assert len(sent_to(wim.email)) == 2


def test_nobody_is_reminded_outside_working_hours(ticket: Ticket, alice: User) -> None:
    bring_in(ticket, expert(), alice)

    assert experts.remind(now=dt.datetime(2026, 5, 17, 12, 0, tzinfo=BRUSSELS)) == 0


def test_what_is_not_answered_in_time_lapses_and_the_next_is_proposed(ticket: Ticket, alice: User, clock: Any) -> None:
    expert(name="Suivante")
    wim = expert(name="Wim")
    call = bring_in(ticket, wim, alice)
    clock.move_to(call.due_at)

    assert (experts.lapse(now=call.due_at), experts.lapse(now=call.due_at)) == (1, 0)

    call.refresh_from_db()
    assert call.state == CallState.LAPSED
    [letter] = [each for each in sent_to(alice.email) if "Wim" in each.body]
    assert "Suivante" in letter.body
    assert bring_in(ask(email="b@example.org"), wim, alice).is_open  # the place is free again


def test_a_late_answer_is_still_welcome(ticket: Ticket, alice: User, clock: Any) -> None:
    call = bring_in(ticket, expert(), alice)
    clock.move_to(call.due_at)
    experts.lapse(now=call.due_at)

    experts.expert_replies(call=call, body="Désolé, voici.")

    call.refresh_from_db()
    assert call.state == CallState.ANSWERED
