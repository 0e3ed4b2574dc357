"""Which letter goes to or about an expert, and when; what it says stands in ``helpdesk/emails_experts.py``."""

from __future__ import annotations

from basins.models import Basin, User
from core import mail
from helpdesk.models import Expert, ExpertCall, Message, SentLetter
from helpdesk.rules import overdue

ASKED, REMINDER, OVER, THANKS = (
    "helpdesk.expert_asked",
    "helpdesk.expert_reminder",
    "helpdesk.expert_over",
    "helpdesk.expert_thanks",
)
SAID = "helpdesk.expert_said"
CONFIRM, OFFERED, WELCOME, LINK, NOT_TAKEN = (
    "helpdesk.expert_confirm",
    "helpdesk.expert_offered",
    "helpdesk.expert_welcome",
    "helpdesk.expert_link",
    "helpdesk.expert_not_taken",
)


# --- About a ticket ------------------------------------------------------------------------------


def asked(call: ExpertCall) -> None:
    """The question, and the link to the ticket."""
    _to_expert(ASKED, call)


def reminder(call: ExpertCall) -> None:
    """Once: the question still waits."""
    _to_expert(REMINDER, call)


def over(call: ExpertCall) -> None:
    """Nobody waits for them any more."""
    _to_expert(OVER, call, state=call.state)


def thanks(call: ExpertCall, *, words: str) -> None:
    _to_expert(THANKS, call, words=words)


def said(call: ExpertCall, message: Message | None = None) -> None:
    """To the colleague who has the ticket: what became of the question."""
    ticket = call.ticket
    key = f"{SAID}:{call.uuid}:{message.uuid if message else call.state}"
    for user in colleagues_of(call):
        mail.post(
            SAID,
            to=user.email,
            language=user.language,
            params={"call": str(call.uuid), "state": call.state},
            key=f"{key}:{user.pk}",
            scope=ticket.basin.code,
        )


def colleagues_of(call: ExpertCall) -> list[User]:
    """Who has the ticket, else who asked the expert, else all who answer where it is now."""
    answering = list(overdue.answering(call.ticket.basin))
    for user in (call.ticket.assignee, call.asked_by):
        if user is not None and user in answering:
            return [user]
    return answering


def _to_expert(kind: str, call: ExpertCall, **params: str) -> None:
    expert = call.expert
    if not expert.email:
        return
    row = mail.post(
        kind,
        to=expert.email,
        language=expert.language,
        params={"call": str(call.uuid), **params},
        key=f"{kind}:{call.uuid}",
        scope=call.ticket.basin.code,
    )
    if row is not None:
        SentLetter.objects.create(ticket=call.ticket, kind=kind, message_id=row.message_id)


# --- About the pool ------------------------------------------------------------------------------


def confirm(expert: Expert) -> None:
    """Is this address theirs? Once an hour at most, whoever types it."""
    _about_pool(CONFIRM, expert, once=f"{expert.modified:%Y%m%d%H}")


def link(expert: Expert, *, hour: str) -> None:
    """The way to their own page, for who lost it."""
    _about_pool(LINK, expert, once=hour)


def welcome(expert: Expert) -> None:
    _about_pool(WELCOME, expert)


def offered(expert: Expert) -> None:
    """To the helpdesk in touch: somebody offers themselves."""
    for user in overdue.answering(expert.home):
        mail.post(
            OFFERED,
            to=user.email,
            language=user.language,
            params={"expert": str(expert.uuid)},
            key=f"{OFFERED}:{expert.uuid}:{user.pk}",
            scope=expert.home.code,
        )


def not_taken(*, email: str, name: str, language: str, home: Basin, key: str, words: str) -> None:
    """Nothing of them is kept once this is sent."""
    mail.post(
        NOT_TAKEN,
        to=email,
        language=language,
        params={"name": name, "basin": home.code, "words": words},
        key=f"{NOT_TAKEN}:{key}",
        scope=home.code,
    )


def _about_pool(kind: str, expert: Expert, *, once: str = "") -> None:
    mail.post(
        kind,
        to=expert.email,
        language=expert.language,
        params={"expert": str(expert.uuid)},
        key=":".join(filter(None, [kind, str(expert.uuid), once])),
        scope=expert.home.code,
    )
