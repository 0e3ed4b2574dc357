"""What is read of experts: who could be asked and why, the pool with its load, and a ticket as an expert reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from basins.missions import PersonalRecord, PrivacyRow
from basins.models import User
from basins.rights import Right
from core import signing, spoken
from core.bilingual import text
from helpdesk import access
from helpdesk.enums import FROM_THE_DESK, SHOWN_TO_ASKER, MessageKind
from helpdesk.expert_enums import (
    DOMAIN_OF_THEME,
    IN_TOUCH,
    OPEN_CALLS,
    READING_CALLS,
    CallState,
    ExpertDomain,
    ExpertLanguage,
    ExpertState,
    HalfDay,
)
from helpdesk.models import AnswerRecord, Expert, ExpertCall, Message, Ticket
from helpdesk.queries import thread_of
from helpdesk.rules.clock import is_running
from helpdesk.rules.experts import LOAD_DAYS
from helpdesk.rules.hiding import for_expert

CALL_LINK, OWN_LINK, CONFIRM_LINK = "helpdesk.expert_call", "helpdesk.expert", "helpdesk.expert_confirm"
CONFIRM_WITHIN = dt.timedelta(days=7)
READS = Right.ANSWER_TICKETS  # in whose basin one holds it, one opens the tickets an expert was asked about
NOON = 13  # the hour at which the afternoon of a half day begins


# --- By link -------------------------------------------------------------------------------------


def call_by_link(token: str) -> ExpertCall:
    """The question whose link it is. Raises ``BadToken``, also for what is erased, and for who left the pool."""
    rows = ExpertCall.objects.select_related("ticket__basin", "ticket__asker", "ticket__municipality", "expert__home")
    found = rows.filter(uuid=signing.read_uuid(CALL_LINK, token)).first()
    if found is None or found.ticket.anonymised_at is not None or found.expert.state not in IN_TOUCH:
        raise signing.BadToken
    return found


def expert_by_link(token: str) -> Expert:
    """The expert whose own page it is. Raises ``BadToken``, also for who left."""
    found = Expert.objects.filter(uuid=signing.read_uuid(OWN_LINK, token), state__in=IN_TOUCH)
    row = found.select_related("home").prefetch_related("basins").first()
    if row is None:
        raise signing.BadToken
    return row


def expert_to_confirm(token: str) -> Expert:
    """Who confirms their address. Raises ``BadToken``, ``StaleToken``."""
    found = Expert.objects.filter(uuid=signing.read_uuid(CONFIRM_LINK, token, CONFIRM_WITHIN))
    row = found.exclude(state=ExpertState.LEFT).select_related("home").first()
    if row is None:
        raise signing.BadToken
    return row


def call_url(call: ExpertCall, name: str = "expert_call") -> str:
    token = signing.make_token(CALL_LINK, call.uuid)
    return reverse(f"helpdesk:{name}", kwargs={"basin": call.ticket.basin.code, "token": token})


def own_url(expert: Expert, name: str = "expert") -> str:
    token = signing.make_token(OWN_LINK, expert.uuid)
    return reverse(f"helpdesk:{name}", kwargs={"basin": expert.home.code, "token": token})


def confirm_url(expert: Expert) -> str:
    token = signing.make_token(CONFIRM_LINK, expert.uuid)
    return reverse("helpdesk:volunteer_confirm", kwargs={"basin": expert.home.code, "token": token})


# --- A ticket as an expert reads it --------------------------------------------------------------


def reads_ticket(call: ExpertCall) -> bool:
    """An expert reads the ticket while they have something to do with it, and it is not closed."""
    return call.state in READING_CALLS and not call.ticket.is_closed


@dataclass(frozen=True, slots=True)
class Heard:
    """Words of a ticket with nothing in them that tells who asks or who the person is."""

    message: Message
    body: str
    who: str
    is_ours: bool
    is_own: bool
    records: list[AnswerRecord] = field(default_factory=list)


def thread_for_expert(call: ExpertCall) -> list[Heard]:
    """What who asked and the desk said to each other, and the expert's own words; no notes, no other expert's."""
    asker = call.ticket.asker
    said = thread_of(call.ticket).filter(Q(kind__in=SHOWN_TO_ASKER) | Q(call=call))
    return [
        Heard(
            message,
            body=message.body if message.call_id else for_expert(message.body, asker),
            who=_who(message, call),
            is_ours=message.kind in FROM_THE_DESK,
            is_own=message.call_id is not None,
            records=[each for each in message.records.all() if each.snapshot],
        )
        for message in said
    ]


def _who(message: Message, call: ExpertCall) -> str:
    if message.kind == MessageKind.FROM_EXPERT:
        return _("You")
    if message.kind in FROM_THE_DESK:
        return _("Helpdesk")
    asker = call.ticket.asker
    said = asker.get_profession_display() if asker.profession else for_expert(asker.function, asker)
    return said or _("The professional who asks")


def call_of(ticket: Ticket, email: str) -> ExpertCall | None:
    """The question by which the holder of an address has a part in a ticket, for a mail of theirs; the last one.

    ``None``: they have none, or none any more; such a mail waits to be looked at.
    """
    address = email.strip().lower()
    if not address or ticket.is_closed or ticket.anonymised_at is not None:
        return None
    calls = ticket.expert_calls.filter(expert__email=address, expert__state__in=IN_TOUCH, state__in=READING_CALLS)
    return calls.select_related("ticket", "expert").order_by("-asked_at", "-pk").first()


def past_call_of(ticket: Ticket, email: str) -> ExpertCall | None:
    """The last question about a ticket to the holder of an address, wherever it stands and whatever the ticket's state.

    ``None`` for who was never asked about it. They may have no part in it any more: their words are an expert's all
    the same, and not those of who asked.
    """
    calls = ticket.expert_calls.filter(expert__email=email.strip().lower()).exclude(expert__email="")
    return calls.select_related("ticket", "expert").order_by("-asked_at", "-pk").first()


# --- Who could be asked --------------------------------------------------------------------------


def with_load(experts: QuerySet[Expert], now: dt.datetime) -> QuerySet[Expert]:
    """Annotated: questions open now, asked in thirty days, and the moment of the last one."""
    lately = Q(calls__asked_at__gt=now - LOAD_DAYS) & ~Q(calls__state=CallState.WITHDRAWN)
    return experts.annotate(
        open_now=Count("calls", filter=Q(calls__state__in=OPEN_CALLS)),
        in_month=Count("calls", filter=lately),
        last_call=Max("calls__asked_at"),
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """An expert for a ticket: what speaks for them, and why they cannot be asked now ("": they can)."""

    expert: Expert
    reasons: list[str]
    why_not: str
    points: int


def domain_of(ticket: Ticket) -> ExpertDomain | None:
    """The domain of a ticket's theme, or of the broader theme above it."""
    term = ticket.theme
    while term is not None:
        if term.code in DOMAIN_OF_THEME:
            return DOMAIN_OF_THEME[term.code]
        term = term.parent
    return None


def proposals(ticket: Ticket, domain: ExpertDomain, now: dt.datetime | None = None) -> list[Proposal]:
    """Who could be asked, the best first, each with the reasons; who cannot be asked now stands at the end with why.

    Who was asked about this ticket already, or asks it, is not among them. Two queries, whatever their number.
    """
    now = now or timezone.now()
    asked = ExpertCall.objects.filter(ticket=ticket, expert=OuterRef("pk"))
    rows = Expert.objects.filter(~Exists(asked), state=ExpertState.ACTIVE, domains__contains=[domain])
    if ticket.asker.email:
        rows = rows.exclude(email=ticket.asker.email)
    found = [_proposal(each, ticket, now) for each in with_load(rows, now).prefetch_related("basins")]
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(
        found, key=lambda each: (bool(each.why_not), -each.points, _last(each.expert) or never, each.expert.name)
    )


def _last(expert: Expert) -> dt.datetime | None:
    moment: dt.datetime | None = expert.last_call  # type: ignore[attr-defined]  # annotated
    return moment


def _proposal(expert: Expert, ticket: Ticket, now: dt.datetime) -> Proposal:
    points, reasons = 0, []
    language = str(ExpertLanguage(ticket.language).label)
    if ticket.language in expert.languages:
        points += 4
        reasons.append(_("speaks %(language)s") % {"language": language})
    else:
        reasons.append(_("does not speak %(language)s") % {"language": language})
    known = [basin.pk for basin in expert.basins.all()]
    if ticket.basin_id in known:
        points += 3
        reasons.append(_("knows %(basin)s") % {"basin": text(ticket.basin, "name")})
    elif not known:
        points += 2
        reasons.append(_("for the whole Region"))
    else:
        reasons.append(_("knows other basins"))
    if not expert.reachable:
        points += 2
        reasons.append(_("can be reached at any time"))
    elif half_day(now) in expert.reachable and is_running(now):
        points += 2
        reasons.append(_("can be reached now"))
    else:
        reasons.append(_("next: %(moment)s") % {"moment": next_half_day(expert, now)})
    reasons.append(load_words(expert))
    if open_now(expert) == 0:
        points += 1
    return Proposal(expert, reasons, why_not(expert, now), points)


def open_now(expert: Expert) -> int:
    return int(expert.open_now)  # type: ignore[attr-defined]  # annotated


def in_month(expert: Expert) -> int:
    return int(expert.in_month)  # type: ignore[attr-defined]  # annotated


def load_words(expert: Expert) -> str:
    """``1 of 2 open``: how much of what they agreed to is taken."""
    numbers = {"number": open_now(expert), "limit": expert.at_once}
    return _("%(number)d of %(limit)d questions open") % numbers


def why_not(expert: Expert, now: dt.datetime) -> str:
    """Why an active expert cannot be asked now; "" where they can. As ``rules.experts.refuse_not_free`` decides."""
    if expert.is_away(timezone.localdate(now)) and expert.away_until is not None:
        return _("away until %(day)s") % {"day": spoken.day_month(expert.away_until)}
    if open_now(expert) >= expert.at_once:
        return ngettext("has %(number)d question open", "has %(number)d questions open", open_now(expert)) % {
            "number": open_now(expert)
        }
    if in_month(expert) >= expert.per_month:
        return ngettext(
            "had %(number)d question in thirty days", "had %(number)d questions in thirty days", in_month(expert)
        ) % {"number": in_month(expert)}
    return ""


def half_day(now: dt.datetime) -> str:
    """The half day of a moment in Brussels, "" at the weekend."""
    local = timezone.localtime(now)
    days = list(HalfDay)
    place = local.weekday() * 2 + (local.hour >= NOON)
    return days[place].value if place < len(days) else ""


def next_half_day(expert: Expert, now: dt.datetime) -> str:
    """In words, the half day from now on in which they can be reached."""
    days = list(HalfDay)
    local = timezone.localtime(now)
    place = (local.weekday() * 2 + (local.hour >= NOON)) if local.weekday() < 5 else -1
    later = [each for each in days[place + 1 :] if each in expert.reachable]
    said = str((later or [each for each in days if each in expert.reachable])[0].label)
    return said[:1].lower() + said[1:]


# --- For the desk --------------------------------------------------------------------------------


def calls_of(ticket: Ticket) -> QuerySet[ExpertCall]:
    """Who was asked about a ticket, the first first."""
    return ticket.expert_calls.select_related("expert", "asked_by").order_by("asked_at", "pk")


def pool(user: User, now: dt.datetime | None = None) -> QuerySet[Expert]:
    """Everybody in the pool or on the way into it, with their load: for who answers at a helpdesk. Two queries."""
    if not access.answers_somewhere(user):
        return Expert.objects.none()
    rows = with_load(Expert.objects.filter(state__in=IN_TOUCH), now or timezone.now())
    return rows.select_related("home").prefetch_related("basins").order_by("-state", "name", "pk")


# --- Privacy -------------------------------------------------------------------------------------


def experts_personal_data(email: str) -> Iterator[PersonalRecord]:
    """Everything held on an address as that of an expert."""
    address = email.strip().lower()
    for expert in Expert.objects.filter(email=address).exclude(email="").prefetch_related("basins", "calls__ticket"):
        fields: dict[str, Any] = {
            name: getattr(expert, name)
            for name in (
                *("name", "email", "phone", "function", "organisation", "language", "languages", "domains"),
                *("reachable", "about", "at_once", "per_month", "state", "away_until", "consented_at", "admitted_at"),
            )
        }
        fields["basins"] = [basin.code for basin in expert.basins.all()]
        fields["questions"] = [
            f"{call.ticket.code}: {call.state}, {call.asked_at:%Y-%m-%d}" for call in expert.calls.all()
        ]
        fields["answers"] = list(
            Message.objects.filter(call__expert=expert).exclude(body="").values_list("body", flat=True)
        )
        yield PersonalRecord(
            what=_("Expert whom the helpdesk may ask"),
            reference=str(expert.uuid),
            fields=fields,
            reason=_(
                "You offered to answer questions of the helpdesk. Kept until you leave the pool, by your own link."
            ),
        )


def experts_privacy_row() -> PrivacyRow:
    """For the page on privacy: what is kept of experts, why, how long."""
    return PrivacyRow(
        _("Experts: name, addresses, function, what they know, when they can be reached, what they were asked"),
        _("So that the helpdesks can ask them, and never more than they agreed to"),
        _("Until they leave the pool, by their own link; what they advised stays without a name"),
    )
