"""Experts in a ticket: asked within their limits, reminded once, heard, thanked; they read that ticket only."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from basins.models import User
from basins.rules.people import NotYours
from basins.rules.privacy import NationalNumberFound
from core.spoken import BRUSSELS
from helpdesk import expert_queries
from helpdesk.enums import Channel, EventKind, MessageKind, Outcome, TicketState
from helpdesk.errors import ExpertNotFree, PersonNamed, StepRefused, TicketClosed, TicketInvalid
from helpdesk.expert_enums import CallState, ExpertDomain
from helpdesk.models import Message, SentLetter, Ticket
from helpdesk.rules import answering, experts, forgetting, handling, held, merging
from helpdesk.rules.asking import MailData
from helpdesk.rules.identity import MASK, Kind
from tests.factories import basin
from tests.helpdesk.expert_tools import QUESTION, bring_in, expert
from tests.helpdesk.factories import HeldMailFactory
from tests.helpdesk.mail_tools import receive
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


# --- Asking --------------------------------------------------------------------------------------


def test_an_expert_is_asked_by_mail_with_the_question_alone(ticket: Ticket, alice: User) -> None:
    wim = expert()

    bring_in(ticket, wim, alice)

    [letter] = sent_to(wim.email)
    assert letter.subject == f"[{ticket.code}] Een vraag voor u: Palliatieve zorg en levenseinde"
    assert QUESTION in letter.body
    assert "couple âgé" not in letter.body
    assert letter.extra_headers["Reply-To"] == "info@zorgzone-zuid-oost.brussels"
    assert SentLetter.objects.filter(ticket=ticket, kind="helpdesk.expert_asked").count() == 1


def test_three_working_days_skip_the_holiday_and_the_weekend(ticket: Ticket, alice: User) -> None:
    call = bring_in(ticket, expert(), alice)

    assert call.due_at == dt.datetime(2026, 5, 19, 11, 0, tzinfo=BRUSSELS)


def test_who_asks_an_expert_has_the_ticket_in_hand(ticket: Ticket, alice: User) -> None:
    bring_in(ticket, expert(), alice)

    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.state) == (alice, TicketState.OPEN)
    assert list(ticket.events.filter(kind=EventKind.EXPERT).values_list("before", "after")) == [("", "asked")]


def test_the_same_question_pressed_twice_is_one(ticket: Ticket, alice: User) -> None:
    wim = expert()

    assert bring_in(ticket, wim, alice) == bring_in(ticket, wim, alice)
    assert len(sent_to(wim.email)) == 1


def test_another_question_to_who_is_asked_already_is_refused(ticket: Ticket, alice: User) -> None:
    wim = expert()
    bring_in(ticket, wim, alice)

    with pytest.raises(StepRefused):
        bring_in(ticket, wim, alice, question="Et la famille ?")


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ("", TicketInvalid),
        ("x" * 2001, TicketInvalid),
        (f"Pour {NISS} ?", NationalNumberFound),
        ("Rappelez le 0475 12 34 56 svp", PersonNamed),
        ("Née le 12/03/1941, que faire ?", PersonNamed),
        ("Nele demande si on peut arrêter.", TicketInvalid),
        ("Écrivez à nele@example.org", TicketInvalid),
    ],
)
def test_the_question_tells_neither_who_asks_nor_who_it_is(
    ticket: Ticket, alice: User, question: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        bring_in(ticket, expert(), alice, question=question)
    assert ticket.expert_calls.count() == 0


def test_a_number_that_belongs_to_a_service_passes_on_the_colleagues_word(ticket: Ticket, alice: User) -> None:
    words = "Le service du 02 345 67 89 peut-il venir la nuit ?"

    assert bring_in(ticket, expert(), alice, question=words, confirmed=True).question == words


def test_another_basins_desk_asks_nobody(ticket: Ticket, bram: User) -> None:
    with pytest.raises(NotYours):
        bring_in(ticket, expert(), bram)


def test_a_closed_ticket_asks_nobody(ticket: Ticket, alice: User) -> None:
    handling.close(ticket=ticket, outcome=Outcome.WITHDRAWN, by=alice)

    with pytest.raises(TicketClosed):
        bring_in(ticket, expert(), alice)


def test_a_domain_they_did_not_offer_is_refused(ticket: Ticket, alice: User) -> None:
    with pytest.raises(TicketInvalid):
        bring_in(ticket, expert(), alice, domain=ExpertDomain.RIGHTS)


def test_nobody_is_asked_about_their_own_question(ticket: Ticket, alice: User) -> None:
    with pytest.raises(TicketInvalid):
        bring_in(ticket, expert(email="nele@example.org"), alice)


# --- Never overloaded ----------------------------------------------------------------------------


def test_as_many_at_once_as_agreed_and_no_more(alice: User) -> None:
    wim = expert(at_once=1)
    first = bring_in(ask(), wim, alice)

    with pytest.raises(ExpertNotFree):
        bring_in(ask(email="b@example.org"), wim, alice)
    experts.expert_replies(call=first, body="Oui.")
    bring_in(ask(email="c@example.org"), wim, alice)


def test_as_many_in_thirty_days_as_agreed_and_no_more(alice: User, clock: Any) -> None:
    wim = expert(per_month=1)
    experts.expert_replies(call=bring_in(ask(), wim, alice), body="Oui.")
    clock.move_to(NOW + dt.timedelta(days=29))

    with pytest.raises(ExpertNotFree):
        bring_in(ask(email="b@example.org"), wim, alice)
    clock.move_to(NOW + dt.timedelta(days=30))
    bring_in(ask(email="c@example.org"), wim, alice)


def test_a_question_taken_back_does_not_count(alice: User) -> None:
    wim = expert(per_month=1)
    experts.withdraw(call=bring_in(ask(), wim, alice), by=alice)

    assert bring_in(ask(email="b@example.org"), wim, alice).state == CallState.ASKED


@pytest.mark.parametrize(("until", "asked"), [(dt.date(2026, 5, 12), True), (dt.date(2026, 5, 13), False)])
def test_who_is_away_is_not_asked_on_the_last_day_either(alice: User, until: dt.date, asked: bool) -> None:
    wim = expert(away_until=until)

    if asked:
        assert bring_in(ask(), wim, alice).is_open
    else:
        with pytest.raises(ExpertNotFree):
            bring_in(ask(), wim, alice)


@pytest.mark.parametrize("state", ["offered", "waiting", "left"])
def test_who_is_not_in_the_pool_is_not_asked(ticket: Ticket, alice: User, state: str) -> None:
    with pytest.raises(ExpertNotFree):
        bring_in(ticket, expert(state=state), alice)


# --- Proposals -----------------------------------------------------------------------------------


def names(ticket: Ticket) -> list[tuple[str, str]]:
    return [(each.expert.name, each.why_not) for each in expert_queries.proposals(ticket, ExpertDomain.PALLIATIVE)]


def test_who_fits_best_is_proposed_first(ticket: Ticket) -> None:
    expert(name="Autre langue", languages=["fr"])
    expert(basin("nord"), name="Autre bassin")
    expert(name="Autre heure", reachable=["fri_pm"])
    expert(basin("sud-est"), name="Tout")
    expert(name="Autre domaine", domains=["rights"])

    assert [name for name, _why in names(ticket)] == ["Tout", "Autre bassin", "Autre heure", "Autre langue"]


def test_each_proposal_says_why(ticket: Ticket) -> None:
    expert(basin("sud-est"), reachable=["wed_am"])

    [found] = expert_queries.proposals(ticket, ExpertDomain.PALLIATIVE)
    assert found.reasons == ["parle néerlandais", "connaît Sud-Est", "joignable maintenant", "en cours\u00a0: 0 sur 2"]


def test_who_is_full_or_away_stands_at_the_end_with_the_reason(alice: User) -> None:
    full = expert(name="Plein", at_once=1)
    expert(name="Absent", away_until=dt.date(2026, 5, 20))
    expert(name="Libre", languages=["de"])
    bring_in(ask(email="b@example.org"), full, alice)

    found = names(ask())

    assert [(name, bool(why)) for name, why in found] == [("Libre", False), ("Absent", True), ("Plein", True)]


def test_who_was_asked_about_it_or_asks_it_is_not_proposed(ticket: Ticket, alice: User) -> None:
    experts.decline(call=bring_in(ticket, expert(), alice))
    expert(email="nele@example.org")

    assert names(ticket) == []


@pytest.mark.parametrize("number", [1, 3])
def test_proposals_cost_the_same_however_many(ticket: Ticket, number: int, django_assert_num_queries: Any) -> None:
    for _n in range(number):
        expert(basin("sud-est"))

    with django_assert_num_queries(2):
        assert len(names(ticket)) == number


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


# --- With the ticket -----------------------------------------------------------------------------


def test_when_the_ticket_is_closed_nobody_waits_for_the_expert(ticket: Ticket, alice: User) -> None:
    wim = expert()
    call = bring_in(ticket, wim, alice)
    letters()

    handling.close(ticket=ticket, outcome=Outcome.WITHDRAWN, by=alice)

    call.refresh_from_db()
    assert call.state == CallState.WITHDRAWN
    assert len(sent_to(wim.email)) == 2
    with pytest.raises(TicketClosed):
        experts.expert_replies(call=call, body="Trop tard ?")


def test_merged_the_expert_goes_along_and_who_is_in_both_is_asked_once(alice: User) -> None:
    one, two = ask(), ask("Autre chose, pour la même personne, au même endroit.")
    wim, ann = expert(at_once=3), expert()
    bring_in(one, wim, alice)
    there = bring_in(two, wim, alice)
    along = bring_in(one, ann, alice)

    merging.merge(ticket=one, into=two, by=alice)

    assert list(two.expert_calls.filter(state=CallState.ASKED).order_by("pk")) == [there, along]
    assert experts.expert_replies(call=along, body="Oui.").ticket == two


def test_forgotten_with_the_ticket_the_words_go_and_that_somebody_was_asked_stays(ticket: Ticket, alice: User) -> None:
    call = bring_in(ticket, expert(), alice)
    experts.expert_replies(call=call, body="Oui.")
    handling.close(ticket=ticket, outcome=Outcome.WITHDRAWN, by=alice)

    forgetting.forget_closed_before(NOW + dt.timedelta(days=1))

    call.refresh_from_db()
    assert (call.question, call.state, call.messages.get().body) == ("—", CallState.ANSWERED, "")


def test_an_expert_takes_part_in_the_ticket_they_are_asked_about_and_in_no_other(ticket: Ticket, alice: User) -> None:
    wim = expert()
    call = bring_in(ticket, wim, alice)
    other = ask(email="b@example.org")

    assert expert_queries.call_of(ticket, wim.email.upper()) == call
    assert expert_queries.call_of(other, wim.email) is None
    assert expert_queries.call_of(ticket, "nele@example.org") is None
    experts.decline(call=call)
    assert expert_queries.call_of(ticket, wim.email) is None


def test_the_thread_as_an_expert_reads_it_has_neither_the_asker_nor_the_person(alice: User) -> None:
    words = (
        "Madame, née le 12/03/1941, est seule. Son fils : 0475 12 34 56. Une rose par jour.\n"
        "Nele Rose, 02 345 67 89, nele@example.org. ROSE"
    )
    ticket = ask(words, name="Nele Rose", phone="02 345 67 89", function="Infirmière", profession="", confirmed=True)
    handling.note(ticket=ticket, body="Elle appelle souvent.", by=alice)
    answering.answer(ticket=ticket, body="Bonjour Nele, un instant.", by=alice, asks_back=True)
    wim, ann = expert(), expert()
    call = bring_in(ticket, wim, alice)
    experts.expert_replies(call=bring_in(ticket, ann, alice), body="Vu par une autre.")
    experts.expert_replies(call=call, body="Vu par moi.")

    thread = expert_queries.thread_for_expert(call)

    assert [heard.who for heard in thread] == ["Infirmière", "Helpdesk", "Vous"]
    assert thread[0].body == (
        f"Madame, née le {MASK}, est seule. Son fils : {MASK}. Une rose par jour.\n{MASK}, {MASK}, {MASK}. {MASK}"
    )
    assert thread[1].body == f"Bonjour {MASK}, un instant."
    assert Message.objects.filter(ticket=ticket, kind=MessageKind.NOTE).exists()


# --- By mail -------------------------------------------------------------------------------------


def test_an_experts_mail_stands_in_the_thread_as_theirs_and_opens_nothing(ticket: Ticket, alice: User) -> None:
    wim = expert()
    call = bring_in(ticket, wim, alice)
    answering.answer(ticket=ticket, body="Bonjour, un premier pas.", by=alice)

    outcome = receive("On peut arrêter.", sender=f"Wim <{wim.email}>", subject=f"Re: [{ticket.code}] Een vraag")

    ticket.refresh_from_db()
    assert outcome == f"expert: {ticket.code}"
    assert [(said.body, said.channel) for said in call.messages.all()] == [("On peut arrêter.", Channel.MAIL)]
    assert ticket.state == TicketState.ANSWERED


def test_an_experts_mail_about_another_ticket_is_held(ticket: Ticket, alice: User) -> None:
    wim = expert()
    bring_in(ticket, wim, alice)
    other = ask(email="b@example.org")

    assert receive("Et ici ?", sender=wim.email, subject=f"[{other.code}]") == "held: unknown_sender"
    assert other.messages.count() == 1


def test_a_held_mail_of_an_expert_is_taken_as_their_words(ticket: Ticket, alice: User) -> None:
    wim = expert()
    call = bring_in(ticket, wim, alice)
    mail = HeldMailFactory(ticket=ticket, from_email=wim.email, body="On peut arrêter.")

    held.put_into_thread(held=mail, ticket=ticket, by=alice)

    assert [said.kind for said in call.messages.all()] == [MessageKind.FROM_EXPERT]
