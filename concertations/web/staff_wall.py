"""The team's desk of a wall: open it, put it in order, type what is on paper, hand its needs over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from basins.rights import Right
from basins.web.desk import ask_page, form_page, shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from concertations import queries_wall
from concertations.calendar import title_of
from concertations.enums_tables import ON_THE_WALL, WALL_TRANSITIONS, PostItKind, WallState
from concertations.links import meeting_page
from concertations.models import Cluster, Meeting, Wall
from concertations.rules import post_its, walls
from concertations.web.common import kept_meeting
from concertations.web.wall import wall_page
from concertations.web.wall_forms import ClusterForm, TypedPostItForm, WallForm
from core.bilingual import current_language, text
from core.errors import RuleError

for_keepers = staff_required(Right.MANAGE_CONCERTATIONS)

# What the button of a step says; the way on, then the way back.
VERBS = {
    (WallState.DRAFT, WallState.WRITING): gettext_lazy("Open it for post-its"),
    (WallState.WRITING, WallState.SORTING): gettext_lazy("End the writing"),
    (WallState.SORTING, WallState.MARKING): gettext_lazy("Let people give points"),
    (WallState.MARKING, WallState.SHOWN): gettext_lazy("End it and show the ranks"),
    (WallState.SORTING, WallState.WRITING): gettext_lazy("Back: let people write again"),
    (WallState.MARKING, WallState.SORTING): gettext_lazy("Back: change the groups"),
    (WallState.SHOWN, WallState.MARKING): gettext_lazy("Back: let people give points again"),
}
ORDER = list(WallState)


def desk_page(wall: Wall, name: str = "staff_wall", **kwargs: Any) -> str:
    """A page of the desk of a wall."""
    return meeting_page(wall.meeting, name, wall=wall.uuid, **kwargs)


def _wall(meeting: Meeting, wall: UUID) -> Wall:
    row: Wall = get_object_or_404(meeting.walls, uuid=wall)
    row.meeting = meeting
    return row


@require_GET
@for_keepers
def list_of_walls(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """All walls of a meeting."""
    row = kept_meeting(request, basin, slug, meeting)
    context = {"meeting": row, "series": row.series, "name": title_of(row), "walls": row.walls.all()}
    return render(request, "concertations/staff/walls.html", context)


@shown_or_sent
@for_keepers
def new(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Prepare a wall."""
    row = kept_meeting(request, basin, slug, meeting)
    form = WallForm(request.POST or None)

    def save() -> HttpResponse:
        wall = walls.prepare(meeting=row, data=form.for_rule(), by=signed_in(request))
        messages.success(request, _("The wall is prepared. Nobody sees it before you open it."))
        return HttpResponseRedirect(desk_page(wall))

    return form_page(request, form, save, title=_("New wall of post-its"), back_url=meeting_page(row, "staff_walls"))


@shown_or_sent
@for_keepers
def edit(request: HttpRequest, slug: str, meeting: UUID, wall: UUID, basin: str | None = None) -> HttpResponse:
    """Rewrite the question."""
    row = _wall(kept_meeting(request, basin, slug, meeting), wall)
    initial = {name: getattr(row, name) for name in ("question_fr", "question_nl", "post_its_each")}
    form = WallForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        walls.edit(wall=row, data=form.for_rule(), by=signed_in(request))
        messages.success(request, _("It is saved."))
        return HttpResponseRedirect(desk_page(row))

    return form_page(
        request,
        form,
        save,
        title=_("Edit the question"),
        back_url=desk_page(row),
        danger_url=desk_page(row, "staff_wall_remove"),
        danger_label=_("Remove it"),
    )


@shown_or_sent
@for_keepers
def remove(request: HttpRequest, slug: str, meeting: UUID, wall: UUID, basin: str | None = None) -> HttpResponse:
    """Ask, then take an empty wall away."""
    row = _wall(kept_meeting(request, basin, slug, meeting), wall)

    def act() -> HttpResponse:
        walls.remove(wall=row, by=signed_in(request))
        messages.success(request, _("The wall is removed."))
        return HttpResponseRedirect(meeting_page(row.meeting, "staff_walls"))

    return ask_page(
        request,
        act,
        question=_("Remove this wall?"),
        detail=_("Its code will lead nowhere. A wall that people wrote on stays."),
        yes=_("Remove it"),
        back_url=desk_page(row),
    )


@shown_or_sent
@for_keepers
def group(  # noqa: PLR0917 - the parts of its address
    request: HttpRequest, slug: str, meeting: UUID, wall: UUID, cluster: UUID, basin: str | None = None
) -> HttpResponse:
    """Another name for a group, or away with it."""
    row = _wall(kept_meeting(request, basin, slug, meeting), wall)
    one: Cluster = get_object_or_404(row.clusters.select_related("wall__meeting__series__basin"), uuid=cluster)
    initial = {name: getattr(one, name) for name in ("title_fr", "title_nl")}
    form = ClusterForm(None if "remove" in request.POST else request.POST or None, initial=initial)
    if request.method == "POST" and "remove" in request.POST:
        try:
            post_its.remove_cluster(cluster=one, by=signed_in(request))
        except RuleError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("The group is gone; its post-its are under none."))
        return HttpResponseRedirect(desk_page(row))

    def save() -> HttpResponse:
        post_its.rename_cluster(cluster=one, by=signed_in(request), **form.cleaned_data)
        messages.success(request, _("It is saved."))
        return HttpResponseRedirect(desk_page(row))

    words = _("Take the group away")
    return form_page(request, form, save, title=_("Edit the group"), back_url=desk_page(row), remove_label=words)


# --- The desk --------------------------------------------------------------------------------------


@shown_or_sent
@for_keepers
def desk(request: HttpRequest, slug: str, meeting: UUID, wall: UUID, basin: str | None = None) -> HttpResponse:
    """The wall with all that may be done to it; a POST does one of them (``act``)."""
    row = _wall(kept_meeting(request, basin, slug, meeting), wall)
    bound: dict[str, forms.Form] = {}
    problems: list[str] = []
    if request.method == "POST":
        name = request.POST.get("act", "")
        if name not in ACTS:
            raise Http404
        try:
            done = ACTS[name](request, row, bound)
        except RuleError as error:
            _show_refusal(error, bound, problems)
        else:
            if done is not None:
                messages.success(request, done)
                return HttpResponseRedirect(desk_page(row))
        row = _wall(row.meeting, wall)
    context = _shown(row) | {"problems": problems, **_forms(row), **bound}
    return render(request, "concertations/staff/wall.html", context, status=422 if problems or bound else 200)


def _show_refusal(error: RuleError, bound: dict[str, forms.Form], problems: list[str]) -> None:
    for form in bound.values():
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
    if not bound:
        problems.append(str(error.message))


def _shown(row: Wall) -> dict[str, Any]:
    shown = queries_wall.shown(row, with_hidden=True)
    steps = [
        (state, VERBS[WallState(row.state), state], ORDER.index(state) < ORDER.index(WallState(row.state)))
        for state in sorted(WALL_TRANSITIONS[WallState(row.state)], key=ORDER.index, reverse=True)
    ]
    notes = [*shown.loose, *(note for each in shown.groups for note in each.post_its)]
    return {
        "meeting": row.meeting,
        "series": row.meeting.series,
        "name": title_of(row.meeting),
        "wall": row,
        "shown": shown,
        "steps": steps,
        "is_sortable": row.state in {WallState.DRAFT, WallState.WRITING, WallState.SORTING},
        "can_type": row.state in {WallState.WRITING, WallState.SORTING},
        "can_hand_over": row.state not in {WallState.DRAFT, WallState.WRITING},
        "needs_left": sum(
            note.kind == PostItKind.NEED and note.need_id is None and note.hidden_at is None for note in notes
        ),
        "needs_listed": sum(note.need_id is not None for note in notes),
        "options": [
            (str(each.cluster.uuid), str(text(each.cluster, "title"))) for each in shown.groups if each.cluster
        ],
        "phone_url": wall_page(row) if row.state in ON_THE_WALL else "",
        "screen_url": wall_page(row, "wall_screen") if row.state in ON_THE_WALL else "",
    }


def _forms(row: Wall) -> dict[str, forms.Form]:
    return {
        "typed": TypedPostItForm(row, initial={"language": current_language()}, auto_id="typed_%s"),
        "cluster": ClusterForm(auto_id="cluster_%s"),
    }


def _step(request: HttpRequest, row: Wall, bound: dict[str, forms.Form]) -> str | None:
    try:
        to = WallState(request.POST.get("to", ""))
    except ValueError as error:
        raise Http404 from error
    wall = walls.step(wall=row, to=to, by=signed_in(request))
    return _("Now: %(state)s.") % {"state": WallState(wall.state).label}


def _type(request: HttpRequest, row: Wall, bound: dict[str, forms.Form]) -> str | None:
    form = TypedPostItForm(row, request.POST, auto_id="typed_%s")
    bound["typed"] = form
    if not form.is_valid():
        return None
    values = form.cleaned_data | {"kind": PostItKind(form.cleaned_data["kind"])}
    post_its.type_in(wall=row, by=signed_in(request), **values)
    return _("The post-it is on the wall.")


def _group(request: HttpRequest, row: Wall, bound: dict[str, forms.Form]) -> str | None:
    form = ClusterForm(request.POST, auto_id="cluster_%s")
    bound["cluster"] = form
    if not form.is_valid():
        return None
    post_its.add_cluster(wall=row, by=signed_in(request), **form.cleaned_data)
    return _("The group is there.")


def _sort(request: HttpRequest, row: Wall, bound: dict[str, forms.Form]) -> str | None:
    """What was changed on this page alone: a colleague may sort at the same time."""
    into: dict[UUID, UUID | None] = {}
    for name, value in request.POST.items():
        if name.startswith("c-") and value != request.POST.get(f"was-{name[2:]}"):
            try:
                into[UUID(name[2:])] = UUID(str(value)) if value else None
            except ValueError as error:
                raise Http404 from error
    moved = post_its.sort(wall=row, into=into, by=signed_in(request))
    words = ngettext("%(number)d post-it has moved.", "%(number)d post-its have moved.", moved)
    return words % {"number": moved}


def _hide(request: HttpRequest, row: Wall, bound: dict[str, forms.Form]) -> str | None:
    hidden = "hide" in request.POST
    try:
        key = UUID(request.POST.get("hide") or request.POST.get("show") or "")
    except ValueError as error:
        raise Http404 from error
    post_it = get_object_or_404(row.post_its.select_related("wall__meeting__series__basin"), uuid=key)
    post_its.hide(post_it=post_it, hidden=hidden, by=signed_in(request))
    return _("The post-it is off the wall.") if hidden else _("The post-it is on the wall again.")


def _needs(request: HttpRequest, row: Wall, bound: dict[str, forms.Form]) -> str | None:
    number = post_its.hand_over_needs(wall=row, by=signed_in(request))
    words = ngettext("%(number)d need is in the list now.", "%(number)d needs are in the list now.", number)
    return words % {"number": number}


ACTS: dict[str, Callable[[HttpRequest, Wall, dict[str, forms.Form]], str | None]] = {
    "step": _step,
    "type": _type,
    "group": _group,
    "sort": _sort,
    "hide": _hide,
    "needs": _needs,
}
