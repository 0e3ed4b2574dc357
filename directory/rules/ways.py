"""Guided ways and their steps: written, ordered, checked, removed by who keeps the directory."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, User
from basins.rules.people import NotYours
from core.checks import check_row
from core.errors import RuleError
from directory import access
from directory.enums import CallTime
from directory.models import GuidedWay, WayStep
from directory.numbers import phone_number

MOST_STEPS = 12


class WayRefused(RuleError):
    """A way or a step that cannot stand as it is."""

    code = "way-refused"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class WayData:
    """What is said of a way."""

    title_fr: str
    title_nl: str
    lead_fr: str = ""
    lead_nl: str = ""
    crisis: str = ""
    position: int = 100
    is_published: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepData:
    """What is said of a step. ``query`` is an address' own, as `directory.following.query_of` gives it."""

    question_fr: str
    question_nl: str
    words_fr: str = ""
    words_nl: str = ""
    phone: str = ""
    answers: str = CallTime.UNKNOWN
    query: str = ""
    leads_to: GuidedWay | None = None


@transaction.atomic
def save_way(*, way: GuidedWay | None, basin: Basin | None, data: WayData, by: User | None) -> GuidedWay:
    """Make a way or change one; its address stays. Raises ``NotYours``, :class:`WayRefused`. Takes the row's lock."""
    _check(by)
    row = _locked(way) if way else GuidedWay(slug=_free_slug(data))
    row.basin = basin
    for name in WayData.__dataclass_fields__:
        setattr(row, name, getattr(data, name))
    check_row(row, refusal=WayRefused)
    row.save()
    return row


@transaction.atomic
def mark_checked(*, way: GuidedWay, by: User | None, today: dt.date) -> GuidedWay:
    """Somebody read the whole page and called its numbers: the page says when. Takes the row's lock."""
    _check(by)
    row = _locked(way)
    row.checked_on = today
    row.save()
    return row


@transaction.atomic
def remove_way(*, way: GuidedWay, by: User | None) -> None:
    """Take a way out, with its steps; what led to it leads nowhere."""
    _check(by)
    _locked(way).delete()


@transaction.atomic
def save_step(*, way: GuidedWay, step: WayStep | None, data: StepData, by: User | None) -> WayStep:
    """Add a step at the end, or change one. Whoever changes a page has to check it anew.

    Raises ``NotYours``, :class:`WayRefused`, ``RecordRefused`` for a number. Takes the way's lock.
    """
    _check(by)
    owner = _locked(way)
    if data.leads_to is not None and data.leads_to.pk == owner.pk:
        raise WayRefused(_("A step leads to another page."), field="leads_to")
    if step is None:
        own = WayStep.objects.filter(way=owner)
        if own.count() >= MOST_STEPS:
            raise WayRefused(_("A page that guides has at most %(most)d steps.") % {"most": MOST_STEPS})
        last = own.aggregate(last=Max("position"))["last"] or 0
        row = WayStep(way=owner, position=last + 1)
    else:
        row = WayStep.objects.get(pk=step.pk, way=owner)
    for name in StepData.__dataclass_fields__:
        setattr(row, name, getattr(data, name))
    row.phone = phone_number(data.phone, field="phone")
    check_row(row, refusal=WayRefused)
    row.save()
    owner.checked_on = None
    owner.save()
    return row


@transaction.atomic
def remove_step(*, step: WayStep, by: User | None) -> None:
    """Take a step out. Takes the way's lock."""
    _check(by)
    owner = _locked(step.way)
    WayStep.objects.filter(pk=step.pk, way=owner).delete()


@transaction.atomic
def move_step(*, step: WayStep, by: User | None, up: bool) -> None:
    """One place up or down; the first does not go up. Takes the way's lock."""
    _check(by)
    owner = _locked(step.way)
    rows = list(WayStep.objects.filter(way=owner))
    place = next(number for number, row in enumerate(rows) if row.pk == step.pk)
    rows.insert(max(0, place + (-1 if up else 1)), rows.pop(place))
    for number, row in enumerate(rows, start=1):
        if row.position != number:
            WayStep.objects.filter(pk=row.pk).update(position=number, modified=timezone.now())


def _check(by: User | None) -> None:
    if by is not None and not access.may_manage_directory(by):
        raise NotYours(_("You cannot change the directory."))


def _locked(way: GuidedWay) -> GuidedWay:
    return GuidedWay.objects.select_for_update(of=("self",), no_key=True).get(pk=way.pk)


def _free_slug(data: WayData) -> str:
    """A word for the address out of the title, with a number where it is taken."""
    base = slugify(data.title_fr or data.title_nl)[:50] or "way"
    taken = set(GuidedWay.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in candidates if each not in taken)
