"""The team's pages on who sits where: plan, draw, read why, put right by hand, print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from basins.addresses import page_url
from basins.rights import Right
from basins.web.desk import ask_page, form_page, shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from concertations import jobs_room, queries_tables, tables_words
from concertations.calendar import title_of
from concertations.door_code import code_image
from concertations.enums_tables import AT_TABLES, SeatingKind
from concertations.links import code_of, meeting_page, page
from concertations.models import Meeting, Participant, Seating
from concertations.rules import choosing, seating_plans
from concertations.rules import seating as rules
from concertations.web.common import kept_meeting
from concertations.web.staff_table_forms import USUAL, ChoiceForm, DrawForm, ExchangeForm, MoveForm, SeatingForm
from core.bilingual import current_language
from core.errors import RuleError
from core.mail import absolute_url

for_keepers = staff_required(Right.MANAGE_CONCERTATIONS)


def seating_page(seating: Seating, name: str = "staff_seating") -> str:
    """A page of a seating by its bare name."""
    return meeting_page(seating.meeting, name, seating=seating.uuid)


def _seating(meeting: Meeting, seating: UUID) -> Seating:
    row: Seating = get_object_or_404(meeting.seatings.prefetch_related("subjects"), uuid=seating)
    row.meeting = meeting
    return row


def _frame(meeting: Meeting) -> dict[str, Any]:
    return {"meeting": meeting, "series": meeting.series, "name": title_of(meeting)}


@require_GET
@for_keepers
def tables(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """All seatings of a meeting, and what one may plan."""
    row = kept_meeting(request, basin, slug, meeting)
    context = {
        **_frame(row),
        "seatings": row.seatings.all(),
        "kinds": [(kind, meeting_page(row, "staff_tables_new") + f"?kind={kind}") for kind in SeatingKind],
        "expected": queries_tables.expected_of(row).count(),
    }
    return render(request, "concertations/staff/tables.html", context)


@shown_or_sent
@for_keepers
def tables_new(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Plan a seating of the ``kind`` asked for."""
    row = kept_meeting(request, basin, slug, meeting)
    try:
        kind = SeatingKind(request.GET.get("kind", SeatingKind.MIXED))
    except ValueError as error:
        raise Http404 from error
    form = SeatingForm(request.POST or None, kind=kind, initial=USUAL[kind])

    def save() -> HttpResponse:
        seating = seating_plans.plan(meeting=row, data=form.for_rule(), by=signed_in(request))
        messages.success(request, _("It is planned. Draw the seats when you know who comes."))
        return HttpResponseRedirect(seating_page(seating))

    return form_page(request, form, save, title=kind.label.capitalize(), back_url=meeting_page(row, "staff_tables"))


@shown_or_sent
@for_keepers
def edit(request: HttpRequest, slug: str, meeting: UUID, seating: UUID, basin: str | None = None) -> HttpResponse:
    """Rewrite a seating."""
    row = _seating(kept_meeting(request, basin, slug, meeting), seating)
    form = SeatingForm(request.POST or None, kind=SeatingKind(row.kind), initial=SeatingForm.initial_of(row))

    def save() -> HttpResponse:
        was_drawn = row.is_drawn
        now = seating_plans.edit(seating=row, data=form.for_rule(), by=signed_in(request))
        if was_drawn and not now.is_drawn:
            messages.warning(request, _("It is saved. The seats no longer fit and were taken back: draw them again."))
        else:
            messages.success(request, _("It is saved."))
        return HttpResponseRedirect(seating_page(row))

    return form_page(
        request,
        form,
        save,
        title=_("Edit the seating"),
        back_url=seating_page(row),
        note=_("Another number or size takes the seats back; another name does not.") if row.is_drawn else "",
        danger_url=seating_page(row, "staff_seating_remove"),
        danger_label=_("Remove it"),
    )


@shown_or_sent
@for_keepers
def remove(request: HttpRequest, slug: str, meeting: UUID, seating: UUID, basin: str | None = None) -> HttpResponse:
    """Ask, then take a seating away."""
    row = _seating(kept_meeting(request, basin, slug, meeting), seating)

    def act() -> HttpResponse:
        seating_plans.remove(seating=row, by=signed_in(request))
        messages.success(request, _("The seating is removed."))
        return HttpResponseRedirect(meeting_page(row.meeting, "staff_tables"))

    return ask_page(
        request,
        act,
        question=_("Remove “%(name)s”?") % {"name": row},
        detail=_("Its seats and the choices that people made go with it."),
        yes=_("Remove it"),
        back_url=seating_page(row),
    )


# --- One seating -----------------------------------------------------------------------------------


@shown_or_sent
@for_keepers
def seating(request: HttpRequest, slug: str, meeting: UUID, seating: UUID, basin: str | None = None) -> HttpResponse:
    """Who sits where and why; a POST draws, or puts right by hand (``act``)."""
    row = _seating(kept_meeting(request, basin, slug, meeting), seating)
    bound: dict[str, forms.Form] = {}
    problems: list[str] = []
    if request.method == "POST":
        name = request.POST.get("act", "")
        if name not in ACTS:
            raise Http404
        try:
            done = ACTS[name](request, row, bound)
        except RuleError as error:
            problems.append(str(error.message))
        else:
            if done:
                messages.success(request, done)
                return HttpResponseRedirect(seating_page(row))
    context = _shown(row) | {"problems": problems, "forms": _forms(row) | bound}
    return render(request, "concertations/staff/seating.html", context, status=422 if problems or bound else 200)


def _shown(row: Seating) -> dict[str, Any]:
    expected = list(queries_tables.expected_of(row.meeting))
    routes = queries_tables.routes_of(row, expected) if row.is_drawn else []
    seated = {route.participant.pk for route in routes}
    choose_url = page("choose", code_of(row.meeting.series), seating=row.uuid)
    return {
        **_frame(row.meeting),
        "seating": row,
        "subjects": queries_tables.subjects_of(row),
        "turns": queries_tables.turns_of(row) if row.is_drawn else [],
        "results": tables_words.results(row),
        "method": tables_words.method(row),
        "expected": len(expected),
        "unseated": [person for person in expected if person.pk not in seated] if row.is_drawn else [],
        "gone": [route.participant for route in routes if not route.is_expected],
        "can_seat_late": row.kind != SeatingKind.PAIRS,
        "choose_url": choose_url,
        "choose_code": code_image(absolute_url(choose_url)) if row.choices_open else "",
    }


def _forms(row: Seating) -> dict[str, forms.Form]:
    found: dict[str, forms.Form] = {"draw": DrawForm(initial={"seed": row.seed if row.is_drawn else None})}
    if row.is_drawn:
        found["exchange"] = ExchangeForm(row)
        if row.kind in AT_TABLES:
            found["move"] = MoveForm(row)
    return found


def _draw(request: HttpRequest, row: Seating, bound: dict[str, forms.Form]) -> str:
    form = bound.setdefault("draw", DrawForm(request.POST))
    if not form.is_valid():
        return ""
    rules.draw(seating=row, by=signed_in(request), **form.cleaned_data)
    return _("The seats are drawn.")


def _undraw(request: HttpRequest, row: Seating, bound: dict[str, forms.Form]) -> str:
    rules.undraw(seating=row, by=signed_in(request))
    return _("The seats are taken back.")


def _exchange(request: HttpRequest, row: Seating, bound: dict[str, forms.Form]) -> str:
    form = bound.setdefault("exchange", ExchangeForm(row, request.POST))
    if not form.is_valid():
        return ""
    rules.exchange(seating=row, by=signed_in(request), **form.cleaned_data)
    return _("They have changed seats.")


def _move(request: HttpRequest, row: Seating, bound: dict[str, forms.Form]) -> str:
    form = bound.setdefault("move", MoveForm(row, request.POST))
    if not form.is_valid():
        return ""
    rules.move(seating=row, by=signed_in(request), **form.cleaned_data)
    return _("There is one more at table %(number)d.") % {"number": form.cleaned_data["place"]}


def _person(request: HttpRequest, row: Seating) -> Participant:
    people = Participant.objects.filter(series=row.meeting.series)
    try:
        return get_object_or_404(people, uuid=UUID(request.POST.get("participant", "")))
    except ValueError as error:
        raise Http404 from error


def _late(request: HttpRequest, row: Seating, bound: dict[str, forms.Form]) -> str:
    person = _person(request, row)
    place = rules.seat_late(seating=row, participant=person, by=signed_in(request))
    return _("%(name)s: place %(number)d.") % {"name": person.name, "number": place}


def _away(request: HttpRequest, row: Seating, bound: dict[str, forms.Form]) -> str:
    person = _person(request, row)
    rules.take_away(seating=row, participant=person, by=signed_in(request))
    return _("The seat of %(name)s is free.") % {"name": person.name}


def _open(request: HttpRequest, row: Seating, bound: dict[str, forms.Form]) -> str:
    seating_plans.let_choose(seating=row, is_open=True, by=signed_in(request))
    return _("People may choose now.")


def _close(request: HttpRequest, row: Seating, bound: dict[str, forms.Form]) -> str:
    seating_plans.let_choose(seating=row, is_open=False, by=signed_in(request))
    return _("Nobody chooses any more.")


ACTS: dict[str, Callable[[HttpRequest, Seating, dict[str, forms.Form]], str]] = {
    "draw": _draw,
    "undraw": _undraw,
    "exchange": _exchange,
    "move": _move,
    "late": _late,
    "away": _away,
    "open": _open,
    "close": _close,
}


# --- Choices and paper -----------------------------------------------------------------------------


@require_GET
@for_keepers
def choices(request: HttpRequest, slug: str, meeting: UUID, seating: UUID, basin: str | None = None) -> HttpResponse:
    """Who would like what."""
    row = _seating(kept_meeting(request, basin, slug, meeting), seating)
    if row.kind != SeatingKind.ROUNDS:
        raise Http404
    wanted: dict[int, list[Any]] = {}
    for choice in row.wanted.select_related("subject"):
        wanted.setdefault(choice.participant_id, []).append(choice.subject)
    people = [(person, wanted.get(person.pk, [])) for person in queries_tables.expected_of(row.meeting)]
    context = {**_frame(row.meeting), "seating": row, "people": people, "chose": sum(bool(each) for _p, each in people)}
    return render(request, "concertations/staff/choices.html", context)


@shown_or_sent
@for_keepers
def choice(  # noqa: PLR0917 - the parts of its address
    request: HttpRequest, slug: str, meeting: UUID, seating: UUID, participant: UUID, basin: str | None = None
) -> HttpResponse:
    """Note what one person would like."""
    row = _seating(kept_meeting(request, basin, slug, meeting), seating)
    person = get_object_or_404(queries_tables.expected_of(row.meeting), uuid=participant)
    known = row.wanted.filter(participant=person).select_related("subject")
    initial = {f"choice_{each.rank}": str(each.subject.uuid) for each in known}
    form = ChoiceForm(row, request.POST or None, initial=initial)
    back_url = seating_page(row, "staff_seating_choices")
    if request.method == "POST" and form.is_valid():
        try:
            choosing.note(seating=row, participant=person, subjects=form.subjects(), by=signed_in(request))
        except RuleError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("It is noted."))
            return HttpResponseRedirect(back_url)
    context = {**_frame(row.meeting), "seating": row, "person": person, "form": form, "back_url": back_url}
    return render(request, "concertations/staff/choice.html", context, status=422 if form.errors else 200)


@require_POST
@for_keepers
def paper(request: HttpRequest, slug: str, meeting: UUID, seating: UUID, basin: str | None = None) -> HttpResponse:
    """Start the PDF of the table cards."""
    row = _seating(kept_meeting(request, basin, slug, meeting), seating)
    if not row.is_drawn:
        messages.error(request, _("No seats are drawn yet."))
        return HttpResponseRedirect(seating_page(row))
    job = jobs_room.cards(row, by=signed_in(request), language=current_language())
    return HttpResponseRedirect(page_url("job", basin, uuid=job.uuid))
