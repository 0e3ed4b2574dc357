"""The team's pages on communities of practice: cycles, their sessions, their members."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from basins.web.desk import form_page, shown_or_sent
from basins.web.desk_forms import ClockField, DayField, MomentField, StaffForm
from basins.web.reader import signed_in
from concertations.enums_communities import MEMBERS_AT_MOST, MembershipState, Rhythm
from concertations.links import series_page
from concertations.models import CommunityCycle, Membership, Series
from concertations.rules import cycles as rules
from concertations.rules import memberships
from concertations.rules.cycles import CycleData
from concertations.web.common import kept_series
from concertations.web.staff_forms import long_text
from concertations.web.staff_people import StaffPersonForm, for_keepers
from core.bilingual import current_language
from core.errors import RuleError


class CycleForm(StaffForm):
    """A cycle: its call, its rule, its dates."""

    bilingual: ClassVar[tuple[str, ...]] = ("call", "commitment")
    headings: ClassVar[Mapping[str, Any]] = {
        "first_day": gettext_lazy("The sessions"),
        "recruitment_opens_at": gettext_lazy("The call"),
    }

    name = forms.CharField(label=gettext_lazy("Cycle"), max_length=40, help_text=gettext_lazy("For example 2026-2027."))
    first_day = DayField(label=gettext_lazy("First session"))
    begins = ClockField(label=gettext_lazy("Begins"))
    ends = ClockField(label=gettext_lazy("Ends"))
    rhythm = forms.ChoiceField(label=gettext_lazy("Rhythm"), choices=Rhythm.choices)
    sessions_planned = forms.IntegerField(label=gettext_lazy("Number of sessions"), min_value=1, max_value=40)
    skips_holidays = forms.BooleanField(
        label=gettext_lazy("Not on a public holiday, nor in the school holidays of either community"), required=False
    )
    places = forms.IntegerField(
        label=gettext_lazy("Places"),
        min_value=2,
        max_value=MEMBERS_AT_MOST,
        help_text=gettext_lazy("With the two moderators; 14 at most."),
    )
    recruitment_opens_at = MomentField(label=gettext_lazy("Applications open"), required=False)
    recruitment_closes_at = MomentField(label=gettext_lazy("Applications close"), required=False)
    call_fr = long_text(gettext_lazy("What it is about"))
    call_nl = long_text()
    commitment_fr = long_text(gettext_lazy("What members promise"))
    commitment_nl = long_text()

    def cycle_for_rule(self) -> CycleData:
        """From what is valid."""
        return CycleData(**{field.name: self.cleaned_data[field.name] for field in fields(CycleData)})


class DayForm(StaffForm):
    """A day on which the group does not meet."""

    day = DayField(label=gettext_lazy("No session on"))


def _community(request: HttpRequest, basin: str | None, slug: str) -> Series:
    row = kept_series(request, basin, slug)
    if not row.is_closed_group:
        raise Http404
    return row


def _cycles(series: Series) -> QuerySet[CommunityCycle]:
    return CommunityCycle.objects.filter(series=series).select_related("series__basin")


@require_GET
@for_keepers
def cycles(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """All cycles of a community."""
    series = _community(request, basin, slug)
    context = {
        "series": series,
        "cycles": _cycles(series),
        "new_url": series_page(series, "staff_cycle_new"),
    }
    return render(request, "concertations/staff/cycles.html", context)


@shown_or_sent
@for_keepers
def cycle_new(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """A new cycle."""
    series = _community(request, basin, slug)
    start = {
        "rhythm": Rhythm.MONTHLY,
        "sessions_planned": 10,
        "places": MEMBERS_AT_MOST,
        "skips_holidays": True,
        "begins": dt.time(13, 30),
        "ends": dt.time(16, 30),
    }
    form = CycleForm(request.POST or None, initial=start)

    def save() -> HttpResponse:
        made = rules.create(series=series, data=form.cycle_for_rule(), by=signed_in(request))
        return HttpResponseRedirect(series_page(series, "staff_cycle", cycle=made.uuid))

    return form_page(request, form, save, title=_("New cycle"), back_url=series_page(series, "staff_cycles"))


@shown_or_sent
@for_keepers
def cycle_edit(request: HttpRequest, slug: str, cycle: UUID, basin: str | None = None) -> HttpResponse:
    """Change a cycle; the sessions that are made stay."""
    series = _community(request, basin, slug)
    row = get_object_or_404(_cycles(series), uuid=cycle)
    back_url = series_page(series, "staff_cycle", cycle=row.uuid)
    form = CycleForm(
        request.POST or None, initial={field.name: getattr(row, field.name) for field in fields(CycleData)}
    )

    def save() -> HttpResponse:
        rules.change(cycle=row, data=form.cycle_for_rule(), by=signed_in(request))
        messages.success(request, _("The cycle is saved."))
        return HttpResponseRedirect(back_url)

    return form_page(
        request,
        form,
        save,
        title=_("Edit the cycle"),
        back_url=back_url,
        note=_("Sessions that are made stay where they are: move one of them on its own page."),
    )


@shown_or_sent
@for_keepers
def cycle(request: HttpRequest, slug: str, cycle: UUID, basin: str | None = None) -> HttpResponse:
    """One cycle: what the rule gives, the sessions, who applied, who is in, who leads."""
    series = _community(request, basin, slug)
    row = get_object_or_404(_cycles(series), uuid=cycle)
    here = series_page(series, "staff_cycle", cycle=row.uuid)
    form = DayForm(request.POST if "day" in request.POST and request.POST.get("do") == "leave-out" else None)
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("do") != "leave-out" or form.is_valid():
                messages.success(request, _act(request, row, form))
                return HttpResponseRedirect(here)
            status = 422
        except RuleError as error:
            problems, status = [str(error.message)], error.status
    members = list(row.memberships.select_related("participant").order_by("created", "pk"))
    by_state = {state: [each for each in members if each.state == state] for state in MembershipState}
    sessions = list(row.sessions.select_related("meeting__series__basin").order_by("meeting__starts_at"))
    context = {
        "series": series,
        "cycle": row,
        "form": form,
        "problems": problems,
        "sessions": sessions,
        "planned": [] if sessions else rules.rule_of(row).days(),
        "exceptions": row.exceptions.all(),
        "accepted": sorted(by_state[MembershipState.ACCEPTED], key=lambda each: each.moderator_place or 9),
        "applied": by_state[MembershipState.APPLIED],
        "others": by_state[MembershipState.REFUSED] + by_state[MembershipState.LEFT],
        "edit_url": series_page(series, "staff_cycle_edit", cycle=row.uuid),
        "add_url": series_page(series, "staff_member_new", cycle=row.uuid),
        "apply_url": series_page(series, "apply", cycle=row.uuid),
        "recruitment": memberships.why_no_application(row),
    }
    return render(request, "concertations/staff/cycle.html", context, status=status)


def _act(request: HttpRequest, cycle: CommunityCycle, form: DayForm) -> str:
    """Call the rule that the button stands for; what was done, in words."""
    by, do = signed_in(request), request.POST.get("do")
    if do == "leave-out":
        rules.leave_out(cycle=cycle, day=form.cleaned_data["day"], by=by)
        return _("No session on this day.")
    if do == "put-back":
        day = get_object_or_404(cycle.exceptions, uuid=_uuid(request.POST.get("exception", ""))).day
        rules.put_back(cycle=cycle, day=day, by=by)
        return _("The day counts again.")
    if do == "sessions":
        number = len(rules.make_sessions(cycle=cycle, by=by))
        words = ngettext("%(n)d session is made.", "%(n)d sessions are made.", number)
        return words % {"n": number}
    member = get_object_or_404(Membership.objects.filter(cycle=cycle), uuid=_uuid(request.POST.get("member", "")))
    return _act_on(member, str(do), request)


def _act_on(member: Membership, do: str, request: HttpRequest) -> str:
    by, name = signed_in(request), {"name": member.participant.name}
    match do:
        case "take-in":
            memberships.take_in(membership=member, by=by)
            return _("%(name)s is taken in and asked to commit.") % name
        case "refuse":
            memberships.refuse(membership=member, by=by)
            return _("%(name)s is told that it is not this time.") % name
        case "moderator" | "no-moderator":
            memberships.set_moderator(membership=member, is_moderator=do == "moderator", by=by)
            return _("It is noted.")
        case "out":
            memberships.leave(membership=member, by=by)
            return _("%(name)s is out of the group, and was told.") % name
    return _("Nothing was changed.")


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        return UUID(int=0)


@shown_or_sent
@for_keepers
def member_new(request: HttpRequest, slug: str, cycle: UUID, basin: str | None = None) -> HttpResponse:
    """Somebody who did not apply, e.g. a moderator."""
    series = _community(request, basin, slug)
    row = get_object_or_404(_cycles(series), uuid=cycle)
    back_url = series_page(series, "staff_cycle", cycle=row.uuid)
    form = StaffPersonForm(request.POST or None, initial={"language": current_language()})

    def save() -> HttpResponse:
        made = memberships.add(cycle=row, person=form.person(), by=signed_in(request))
        messages.success(request, _("%(name)s is taken in and asked to commit.") % {"name": made.participant.name})
        return HttpResponseRedirect(back_url)

    return form_page(request, form, save, title=_("Take somebody in"), back_url=back_url)
