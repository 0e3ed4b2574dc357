"""Two colleagues ask one expert at once: the last free place is given once, and a control shows it without the lock."""

from __future__ import annotations

import threading

import pytest

from basins.models import User
from core.models import OutboxMessage
from helpdesk.errors import ExpertNotFree
from helpdesk.expert_enums import CallState
from helpdesk.models import Expert, ExpertCall
from helpdesk.rules import experts
from tests.helpdesk.expert_tools import bring_in, expert
from tests.helpdesk.tools import ask
from tests.opendoors.race_tools import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

COLLEAGUES = 8


def race(wim: Expert, alice: User) -> dict[str, int]:
    """As many tickets as colleagues, each of whom asks the same expert at the same instant."""
    tickets = [ask(email=f"nele{n}@example.org") for n in range(COLLEAGUES)]

    def act(n: int) -> str:
        try:
            bring_in(tickets[n], wim, alice)
        except ExpertNotFree:
            return "full"
        return "asked"

    return dict(all_at_once(COLLEAGUES, act))


@pytest.mark.parametrize("limit", [{"at_once": 2, "per_month": 60}, {"at_once": 20, "per_month": 2}])
def test_of_all_who_ask_at_once_as_many_get_through_as_the_expert_agreed_to(alice: User, limit: dict[str, int]) -> None:
    wim = expert(**limit)

    assert race(wim, alice) == {"asked": 2, "full": COLLEAGUES - 2}
    assert ExpertCall.objects.filter(expert=wim, state=CallState.ASKED).count() == 2
    assert OutboxMessage.objects.filter(kind="helpdesk.expert_asked").count() == 2


def test_without_the_lock_there_is_a_race(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same colleagues with the expert's row not locked ask more than was agreed."""
    wim = expert(at_once=2)
    together = threading.Barrier(COLLEAGUES)
    refuse = experts.refuse_not_free

    def look_without_lock(row: Expert) -> Expert:
        return Expert.objects.get(pk=row.pk)

    def look_together(*args: object) -> None:
        refuse(*args)  # type: ignore[arg-type]  # passed on as they came
        together.wait(timeout=30)  # everybody has counted before anybody writes

    monkeypatch.setattr(experts, "lock_expert", look_without_lock)
    monkeypatch.setattr(experts, "refuse_not_free", look_together)

    assert race(wim, alice) == {"asked": COLLEAGUES}


def test_two_presses_of_one_button_at_once_ask_once(alice: User) -> None:
    wim, ticket = expert(), ask()

    answers = all_at_once(4, lambda _n: str(bring_in(ticket, wim, alice).uuid))

    assert len(answers) == 1
    assert ExpertCall.objects.count() == 1
