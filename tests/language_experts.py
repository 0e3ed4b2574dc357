"""Experts, published cases and months of the helpdesk for the walk through all pages and letters in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from basins.models import User
from basins.rights import Role
from core import signing
from core.models import WebhookEndpoint
from core.webhooks import letters as webhook_letters
from helpdesk import expert_queries, reports
from helpdesk.enums import Outcome
from helpdesk.expert_enums import ExpertState
from helpdesk.models import Expert, ExpertCall
from helpdesk.rules import answering, examples, experts, handling, pool
from helpdesk.rules.examples import ExampleData
from tests.factories import UserFactory, basin, grant
from tests.helpdesk.expert_tools import bring_in, data, expert
from tests.helpdesk.tools import ask
from tests.language_world import ANYBODY, STAFF

PAGES: dict[str, list[str]] = {
    **{f"helpdesk:{name}": [ANYBODY] for name in ("volunteer", "volunteer_confirm", "expert", "expert_leave")},
    "helpdesk:expert_call": [ANYBODY],
    "helpdesk_region:volunteer": [ANYBODY],
    **{
        f"{site}:{name}": [ANYBODY]
        for site in ("helpdesk", "helpdesk_region")
        for name in ("examples", "example", "public_figures")
    },
    **{
        f"helpdesk:staff_{name}": [STAFF]
        for name in (
            *("experts", "expert_add", "expert", "expert_refuse", "expert_leave", "bring_in", "refer"),
            *("call_withdraw", "call_thank", "examples", "example", "example_look"),
        )
    },
}
NO_PAGE: dict[str, str] = {
    **{f"helpdesk:{name}": "a file" for name in ("public_figures_pdf", "staff_access_csv")},
    **{
        f"helpdesk:{name}": "answers a button"
        for name in (
            *("expert_away", "expert_accept", "expert_decline", "expert_call_away"),
            *("staff_expert_admit", "staff_expert_away", "staff_figures_paper", "staff_example_take_back"),
        )
    },
}


def experts_and_cases(alice: User) -> dict[str, Any]:
    """An expert who was asked and one who answered, an offer, a case for everybody, a month that is over."""
    row = expert(basin(), name="12345", function="12345", language="fr")
    ticket = ask("12345?", subject="12345", email="five@example.org")
    call = bring_in(ticket, row, alice, question="12345?")
    heard = bring_in(ticket, expert(name="67890", function="67890"), alice, question="12345?")
    experts.expert_replies(call=heard, body="12345.")
    offered = expert(basin(), name="24680", function="24680", state=ExpertState.WAITING)
    unproven = expert(basin(), name="13579", function="13579", state=ExpertState.OFFERED)
    solved = ask("12345?", subject="12345", email="six@example.org")
    answering.answer(ticket=solved, body="12345.", by=alice)
    solved = handling.close(ticket=solved, outcome=Outcome.SOLVED, by=alice)
    said = "12345"
    words = ExampleData(
        title_fr=said, title_nl=said, question_fr=said, question_nl=said, helped_fr=said, helped_nl=said
    )
    case = examples.write(ticket=solved, data=words, by=alice)
    second = UserFactory(email="second@example.org")
    grant(second, Role.HELPDESK_AGENT, "sud-est")
    examples.publish(example=case, by=second)
    reports.make(basin(), (timezone.localdate().replace(day=1) - dt.timedelta(days=1)).replace(day=1), by=None)
    own = {"token": signing.make_token(expert_queries.OWN_LINK, row.uuid)}
    at_call = {"code": ticket.code, "call": call.uuid}
    return {
        "helpdesk:volunteer_confirm": {"token": signing.make_token(expert_queries.CONFIRM_LINK, unproven.uuid)},
        "helpdesk:expert": own,
        "helpdesk:expert_leave": own,
        "helpdesk:expert_call": {"token": signing.make_token(expert_queries.CALL_LINK, call.uuid)},
        "helpdesk:example": {"example": case.uuid},
        "helpdesk_region:example": {"example": case.uuid},
        "helpdesk:staff_expert": {"expert": row.uuid},
        "helpdesk:staff_expert_leave": {"expert": row.uuid},
        "helpdesk:staff_expert_refuse": {"expert": offered.uuid},
        "helpdesk:staff_bring_in": {"code": ticket.code},
        "helpdesk:staff_refer": {"code": ticket.code},
        "helpdesk:staff_call_withdraw": at_call,
        "helpdesk:staff_call_thank": at_call | {"call": heard.uuid},
        **{
            f"helpdesk:staff_{name}": {"code": solved.code} for name in ("example", "example_look", "example_take_back")
        },
    }


def _alice() -> User:
    """Alice, who reads the language that is active."""
    User.objects.filter(email="alice@example.org").update(language=get_language())
    return User.objects.get(email="alice@example.org")


def _asked() -> ExpertCall:
    """A question to an expert who reads the language that is active."""
    ticket = ask("12345?", subject="12345", email="new@example.org", language=get_language())
    row = expert(basin(), name="12345", function="12345", language=get_language())
    return bring_in(ticket, row, _alice(), question="12345?")


def remind(_world: Any) -> None:
    call = _asked()
    Expert.objects.update(language=get_language())
    assert experts.remind(now=call.remind_at)


def thank(_world: Any) -> None:
    call = _asked()
    experts.expert_replies(call=call, body="12345.")
    experts.thank(call=call, by=_alice(), words="12345")


def say(_world: Any) -> None:
    experts.expert_replies(call=_asked(), body="12345.")


def offer(_world: Any) -> Expert:
    told = data(name="12345", email="new-expert@example.org", function="12345", language=get_language())
    pool.offer(data=told, home=basin(), consents=True)
    return Expert.objects.get(email="new-expert@example.org")


def confirm(world: Any) -> Expert:
    _alice()
    return pool.confirm(expert=offer(world))


def offer_again(world: Any) -> None:
    confirm(world)
    offer(world)


def stop_webhook(_world: Any) -> None:
    """A partner's endpoint answers that it is gone."""
    row = WebhookEndpoint.objects.create(
        owner="key:12345",
        contact="partner@example.org",
        language=get_language(),
        url="https://example.org/12345",
        types=["ticket.answered"],
        disabled_at=timezone.now(),
        disabled_why=WebhookEndpoint.Disabled.GONE,
    )
    webhook_letters.stopped(row)


LETTERS: dict[str, Callable[[Any], Any]] = {
    "core.webhook_stopped": stop_webhook,
    "helpdesk.expert_asked": lambda _world: _asked(),
    "helpdesk.expert_confirm": offer,
    "helpdesk.expert_link": offer_again,
    "helpdesk.expert_not_taken": lambda world: pool.refuse(expert=confirm(world), by=_alice(), words="12345"),
    "helpdesk.expert_offered": confirm,
    "helpdesk.expert_over": lambda _world: experts.withdraw(call=_asked(), by=_alice(), word="12345"),
    "helpdesk.expert_reminder": remind,
    "helpdesk.expert_said": say,
    "helpdesk.expert_thanks": thank,
    "helpdesk.expert_welcome": lambda world: pool.admit(expert=confirm(world), by=_alice()),
}
