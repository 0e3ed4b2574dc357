"""The pool of experts: who offers themselves, who is admitted, what they change by their own link, how they leave.

Nothing is kept of who is not taken or leaves, but that somebody answered; the row of an expert is its own lock.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, User
from basins.rules.people import NotYours
from basins.rules.privacy import refuse_national_numbers
from core import checks
from core.cache import count_this_hour
from directory.models import Organization
from helpdesk import access
from helpdesk.enums import EventKind
from helpdesk.errors import ExpertKnown, StepRefused, TicketInvalid, TooManyAsked
from helpdesk.expert_enums import EXPERT_TRANSITIONS, IN_TOUCH, OPEN_CALLS, CallState, ExpertState
from helpdesk.models import Expert, ExpertCall, Ticket
from helpdesk.rules import expert_letters
from helpdesk.rules.checking import refuse_bad_contact
from helpdesk.rules.experts import lock_expert
from helpdesk.rules.log import locked_all, note_event

logger = logging.getLogger(__name__)

ERASED = "—"
UNCONFIRMED_FOR = dt.timedelta(days=7)
AWAY_AT_MOST = dt.timedelta(days=366)
OFFERED_PER_HOUR = 10
WORDS_AT_MOST = 2000
MAY_BE_EMPTY = ("reachable",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertData:
    """What is told of an expert. No basins: the whole Region; no half days: any."""

    name: str
    email: str = ""
    phone: str = ""
    function: str = ""
    organisation: str = ""
    language: str
    languages: Sequence[str]
    domains: Sequence[str]
    reachable: Sequence[str] = ()
    basins: Sequence[Basin] = ()
    about: str = ""
    at_once: int = 2
    per_month: int = 4


# --- By the volunteer ----------------------------------------------------------------------------


def offer(*, data: ExpertData, home: Basin, consents: bool, network: str = "") -> None:
    """Somebody offers themselves on a public page; nothing happens until they confirm their address by its link.

    Who is in the pool already gets the link of their own page instead: the page does not tell which. Raises
    ``TicketInvalid``, ``TooManyAsked``, ``NationalNumberFound``.
    """
    if not consents:
        raise TicketInvalid(_("Say that you agree: without it we may not keep your name."), field="consents")
    if network and count_this_hour("helpdesk:offered", network) > OFFERED_PER_HOUR:
        raise TooManyAsked
    try:
        _offer(data, home)
    except IntegrityError:
        # Sent twice at the same instant: the other one came through first.
        if not Expert.objects.filter(email=data.email.strip().lower()).exists():
            raise


@transaction.atomic
def _offer(data: ExpertData, home: Basin) -> None:
    email = data.email.strip().lower()
    if not email:
        raise TicketInvalid(_("Write your e-mail address, for example name@service.be"), field="email")
    known = Expert.objects.select_for_update(no_key=True).filter(email=email).first()
    if known is not None and known.state in IN_TOUCH:
        _checked(Expert(home=home), data)  # so that what is wrong is said to everybody alike
        expert_letters.link(known, hour=f"{timezone.now():%Y%m%d%H}")
        return
    row = known or Expert(home=home, email=email)
    row.home, row.created = home, timezone.now()
    _save(row, data)
    expert_letters.confirm(row)


@transaction.atomic
def confirm(*, expert: Expert) -> Expert:
    """The address is theirs, and so is the word that they agree: the helpdesk is told. Again: nothing changes."""
    row = lock_expert(expert)
    if row.state == ExpertState.OFFERED:
        row.consented_at = timezone.now()
        _move(row, ExpertState.WAITING)
        expert_letters.offered(row)
    return row


@transaction.atomic
def edit(*, expert: Expert, data: ExpertData, by: User | None = None) -> Expert:
    """Change what is told of an expert: by themselves (``by`` None, by their link) or by the desk.

    The address stays: by it they hold their link. Raises ``NotYours``, ``StepRefused``, ``TicketInvalid``,
    ``NationalNumberFound``.
    """
    _refuse_stranger(by)
    row = lock_expert(expert)
    _refuse_gone(row)
    _save(row, data)
    return row


@transaction.atomic
def set_away(*, expert: Expert, until: dt.date | None, by: User | None = None) -> Expert:
    """Away until the end of that day, or (None) back. Open questions stay theirs. Raises what :func:`edit` does."""
    _refuse_stranger(by)
    row = lock_expert(expert)
    _refuse_gone(row)
    today = timezone.localdate()
    if until is not None and not today <= until <= today + AWAY_AT_MOST:
        raise TicketInvalid(_("Choose a day from today on, within a year."), field="until")
    row.away_until = until
    row.save(update_fields=["away_until", "modified"])
    return row


def leave(*, expert: Expert, by: User | None = None) -> None:
    """Out of the pool, at once and for good; open questions are withdrawn, and the desk is told of them.

    Raises ``NotYours``, ``StepRefused``.
    """
    _refuse_stranger(by)
    _erase(expert, by=by)


# --- By the desk ---------------------------------------------------------------------------------


@transaction.atomic
def admit(*, expert: Expert, by: User) -> Expert:
    """Take a volunteer into the pool, who is told so with their link. Raises ``NotYours``, ``StepRefused``."""
    _refuse_stranger(by)
    row = lock_expert(expert)
    if row.state == ExpertState.ACTIVE:
        return row
    row.admitted_at, row.admitted_by = timezone.now(), by
    _move(row, ExpertState.ACTIVE)
    expert_letters.welcome(row)
    return row


@transaction.atomic
def refuse(*, expert: Expert, by: User, words: str = "") -> None:
    """Not take a volunteer, with a word; nothing of them is kept. Raises ``NotYours``, ``StepRefused``."""
    _refuse_stranger(by)
    row = lock_expert(expert)
    if row.state != ExpertState.WAITING:
        raise StepRefused(_("Only who waits for the helpdesk can be refused."))
    words = words.strip()
    if len(words) > WORDS_AT_MOST:
        raise TicketInvalid(
            _("This is too long: at most %(number)d characters.") % {"number": WORDS_AT_MOST}, field="words"
        )
    refuse_national_numbers(words=words)
    expert_letters.not_taken(
        email=row.email, name=row.name, language=row.language, home=row.home, key=str(row.uuid), words=words
    )
    row.delete()


@transaction.atomic
def add(*, data: ExpertData, home: Basin, agreed_on: dt.date | None, by: User) -> Expert:
    """Take in somebody who agreed by word of mouth; they are told so, with their link, and can leave by it.

    Raises ``NotYours``, ``ExpertKnown``, ``TicketInvalid``, ``NationalNumberFound``.
    """
    _refuse_stranger(by)
    if agreed_on is None or agreed_on > timezone.localdate():
        raise TicketInvalid(_("Say on which day this person agreed, today at the latest."), field="agreed_on")
    email = data.email.strip().lower()
    if not email:
        raise TicketInvalid(_("Write the e-mail address: questions go there."), field="email")
    if Expert.objects.filter(email=email).exclude(state=ExpertState.OFFERED).exists():
        raise ExpertKnown
    now = timezone.now()
    row = Expert.objects.filter(email=email).first() or Expert(email=email)
    row.home, row.state = home, ExpertState.ACTIVE
    row.consented_at = min(now, dt.datetime.combine(agreed_on, dt.time(12), tzinfo=timezone.get_current_timezone()))
    row.admitted_at, row.admitted_by = now, by
    _save(row, data)
    expert_letters.welcome(row)
    return row


# --- Erasing -------------------------------------------------------------------------------------


def forget_unconfirmed(*, now: dt.datetime) -> int:
    """Delete who never confirmed their address; returns how many."""
    return Expert.objects.filter(state=ExpertState.OFFERED, created__lt=now - UNCONFIRMED_FOR).delete()[0]


def forget_expert(email: str) -> int:
    """Erase an expert by their address, on demand; returns the rows changed. What they advised stays, unnamed."""
    found = Expert.objects.filter(email=email.strip().lower()).exclude(email="").first()
    if found is None:
        return 0
    _erase(found, by=None)
    return 1


@transaction.atomic
def _erase(expert: Expert, *, by: User | None) -> None:
    open_ones = ExpertCall.objects.filter(expert=expert, state__in=OPEN_CALLS)
    tickets = {each.pk: each for each in locked_all(list(Ticket.objects.filter(expert_calls__in=open_ones).distinct()))}
    row = lock_expert(expert)
    for call in ExpertCall.objects.filter(expert=row, state__in=OPEN_CALLS).select_related("asked_by"):
        if call.ticket_id not in tickets:
            raise StepRefused(_("A question came in at this moment. Try again."))
        call.ticket, call.expert, before = tickets[call.ticket_id], row, call.state
        call.state, call.ended_at = CallState.WITHDRAWN, timezone.now()
        call.save()
        note_event(call.ticket, EventKind.EXPERT, by=by, before=before, after=call.state)
        expert_letters.said(call)
    logger.info("expert %s left the pool", row.uuid)
    if not row.calls.exists():
        row.delete()
        return
    row.name, row.state, row.anonymised_at = ERASED, ExpertState.LEFT, timezone.now()
    for name in ("email", "phone", "function", "organisation", "about"):
        setattr(row, name, "")
    row.organization = row.away_until = row.consented_at = None
    row.languages, row.reachable = [], []
    row.save()
    row.basins.clear()
    row.calls.exclude(word="").update(word="", modified=timezone.now())


# --- Shared --------------------------------------------------------------------------------------


def _refuse_stranger(by: User | None) -> None:
    """The pool is common to the five helpdesks: who answers at one of them looks after it."""
    if by is not None and not access.answers_somewhere(by):
        raise NotYours(_("You do not answer at a helpdesk."))


def _refuse_gone(row: Expert) -> None:
    if row.state not in IN_TOUCH:
        raise StepRefused(_("This expert is not in the pool."))


def _move(row: Expert, state: ExpertState) -> None:
    before = ExpertState(row.state)
    if state not in EXPERT_TRANSITIONS[before]:
        raise StepRefused(_("This is not possible any more: the expert is “%(state)s”.") % {"state": before.label})
    row.state = state
    row.save()


def _save(row: Expert, data: ExpertData) -> None:
    _checked(row, data)
    row.save()
    row.basins.set(data.basins)


def _checked(row: Expert, data: ExpertData) -> None:
    texts = {name: " ".join(getattr(data, name).split()) for name in ("name", "function", "organisation", "phone")}
    texts["about"] = data.about.strip()
    if not texts["name"]:
        raise TicketInvalid(_("Write the name."), field="name")
    refuse_national_numbers(**texts)
    refuse_bad_contact(email=row.email, phone=texts["phone"])
    for name, value in texts.items():
        setattr(row, name, value)
    row.language, row.organization = data.language, organization_called(texts["organisation"])
    row.languages, row.domains = list(dict.fromkeys(data.languages)), list(dict.fromkeys(data.domains))
    row.reachable, row.at_once, row.per_month = list(dict.fromkeys(data.reachable)), data.at_once, data.per_month
    if not row.domains:
        raise TicketInvalid(_("Choose one domain at least."), field="domains")
    if not row.languages:
        raise TicketInvalid(_("Choose one language at least."), field="languages")
    checks.check_row(row, refusal=TicketInvalid, may_be_empty=MAY_BE_EMPTY)


def organization_called(name: str) -> UUID | None:
    """The one organisation of the directory with this name, in either language; None for none, or for several."""
    if not name:
        return None
    found = Organization.objects.filter(name_fr__iexact=name) | Organization.objects.filter(name_nl__iexact=name)
    keys = list(found.values_list("uuid", flat=True).distinct()[:2])
    return keys[0] if len(keys) == 1 else None
