"""What the team writes under the headings of the minutes, and where it goes from there: the list of needs, the news."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from basins.models import User
from basins.web.desk import ask_page, form_page, shown_or_sent
from basins.web.reader import signed_in
from concertations import queries_minutes
from concertations.enums_minutes import ACTION_TRANSITIONS, ActionState
from concertations.links import meeting_page
from concertations.models import Action, Minutes, MinutesPoint, MinutesSection, RaisedNeed, SharedNews
from concertations.rules import actions, gathering, minutes_points
from concertations.web.common import kept_series
from concertations.web.staff_minutes import back, for_keepers, kept_minutes
from concertations.web.staff_minutes_forms import (
    ActionForm,
    ActionStateForm,
    EntryForm,
    ListForm,
    NeedForm,
    NewsForm,
    PointForm,
)
from core.bilingual import both, text

Entry = MinutesPoint | Action | RaisedNeed | SharedNews


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry: its model, form and rule, and what its page is called."""

    model: Any
    form: type[EntryForm]
    keep: Callable[[MinutesSection, Any, User, Any], Entry]
    title: Any


KINDS = {
    "point": Kind(
        MinutesPoint,
        PointForm,
        lambda section, data, by, row: minutes_points.keep_point(section=section, data=data, by=by, point=row),
        gettext_lazy("To remember, or a decision"),
    ),
    "action": Kind(
        Action,
        ActionForm,
        lambda section, data, by, row: actions.keep_action(section=section, data=data, by=by, action=row),
        gettext_lazy("Action"),
    ),
    "need": Kind(
        RaisedNeed,
        NeedForm,
        lambda section, data, by, row: minutes_points.keep_need(section=section, data=data, by=by, raised=row),
        gettext_lazy("Need that was raised"),
    ),
    "news": Kind(
        SharedNews,
        NewsForm,
        lambda section, data, by, row: minutes_points.keep_news(section=section, data=data, by=by, shared=row),
        gettext_lazy("News that was shared"),
    ),
}


@shown_or_sent
@for_keepers
def entry_new(
    request: HttpRequest, slug: str, meeting: UUID, *, section: UUID, kind: str, basin: str | None = None
) -> HttpResponse:
    """A new entry under a heading."""
    row = kept_minutes(request, slug, meeting, basin)
    under = get_object_or_404(row.sections.select_related("minutes"), uuid=section)
    known = _kind(kind)
    form = known.form(request.POST or None, initial={"kind": request.GET.get("kind", "remember")})

    def save() -> HttpResponse:
        known.keep(under, form.data_for_rule(), signed_in(request), None)
        messages.success(request, _("It stands in the minutes."))
        return back(row.meeting, f"s-{under.uuid}")

    return form_page(request, form, save, title=_titled(known, under), back_url=_back_url(row, under))


@shown_or_sent
@for_keepers
def entry(
    request: HttpRequest, slug: str, meeting: UUID, *, kind: str, entry: UUID, basin: str | None = None
) -> HttpResponse:
    """Change an entry of a draft, or take it out."""
    row = kept_minutes(request, slug, meeting, basin)
    known = _kind(kind)
    found = _entry(row, known.model, entry)
    under = found.section
    is_removing = request.method == "POST" and "remove" in request.POST
    form = known.form(request.POST or None, initial=known.form.initial_of(found))

    def save() -> HttpResponse:
        known.keep(under, form.data_for_rule(), signed_in(request), found)
        messages.success(request, _("It stands in the minutes."))
        return back(row.meeting, f"s-{under.uuid}")

    def remove() -> HttpResponse:
        minutes_points.remove(row=found, by=signed_in(request))
        messages.success(request, _("It is out of the minutes."))
        return back(row.meeting, f"s-{under.uuid}")

    if is_removing:
        return ask_page(
            request, remove, question=_("Take it out?"), detail="", yes=_("Take it out"), back_url=_back_url(row, under)
        )
    title = _titled(known, under)
    return form_page(
        request, form, save, title=title, back_url=_back_url(row, under), remove_label=_("Take it out of the minutes")
    )


@shown_or_sent
@for_keepers
def need_list(request: HttpRequest, slug: str, meeting: UUID, entry: UUID, basin: str | None = None) -> HttpResponse:
    """Put one need into the list now: as one of those that are like it, or as a new one."""
    row = kept_minutes(request, slug, meeting, basin)
    raised: RaisedNeed = _entry(row, RaisedNeed, entry)
    alike = {str(need.uuid): need for need in gathering.alike(basin=row.meeting.series.basin, title=raised.title)}
    form = ListForm(request.POST or None)
    choices = [(uuid, str(text(need, "title"))) for uuid, need in alike.items()]
    form.offer("need", [*choices, ("new", _("None of these: it is a new need"))])

    def save() -> HttpResponse:
        done = gathering.hand_over_one(raised=raised, by=signed_in(request), need=alike.get(form.cleaned_data["need"]))
        messages.success(request, _("It is in the list of needs: %(title)s") % {"title": done.need})
        return back(row.meeting, f"s-{raised.section.uuid}")

    return form_page(
        request,
        form,
        save,
        title=_("Into the list of needs: %(title)s") % {"title": raised.title},
        back_url=_back_url(row, raised.section),
        note=_("A need that was heard before gets one more mention: who said it, where and when."),
        submit=_("Put it into the list"),
    )


@shown_or_sent
@for_keepers
def news_publish(request: HttpRequest, slug: str, meeting: UUID, entry: UUID, basin: str | None = None) -> HttpResponse:
    """Asks first; the POST publishes shared news among the news of the basin."""
    row = kept_minutes(request, slug, meeting, basin)
    shared: SharedNews = _entry(row, SharedNews, entry)

    def act() -> HttpResponse:
        minutes_points.make_news(shared=shared, publish=True, by=signed_in(request))
        messages.success(request, _("It is among the news."))
        return back(row.meeting, f"s-{shared.section.uuid}")

    return ask_page(
        request,
        act,
        question=_("Publish it among the news?"),
        detail=str(text(shared, "title")),
        yes=_("Publish it"),
        back_url=_back_url(row, shared.section),
        danger=False,
    )


# --- Actions -------------------------------------------------------------------------------------


@require_GET
@for_keepers
def actions_list(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """What was agreed in a series and how far it is: the open ones, or all of one state."""
    series = kept_series(request, basin, slug)
    asked = request.GET.get("state", ActionState.OPEN)
    state = ActionState(asked) if asked in ActionState.values else ActionState.OPEN
    counted = queries_minutes.actions_counted(series)
    context = {
        "series": series,
        "actions": queries_minutes.actions_of(series, state),
        "state": state,
        "states": [(each.value, each.label, counted[each.value]) for each in ActionState],
        "overdue": counted["overdue"],
    }
    return render(request, "concertations/staff/actions.html", context)


@shown_or_sent
@for_keepers
def action_state(request: HttpRequest, slug: str, meeting: UUID, entry: UUID, basin: str | None = None) -> HttpResponse:
    """Say what became of an action."""
    row = kept_minutes(request, slug, meeting, basin)
    action: Action = _entry(row, Action, entry)
    initial = {f"outcome_{code}": words for code, words in both(action, "outcome").items()}
    form = ActionStateForm(request.POST or None, initial=initial)
    possible = [state for state in ActionState if state in ACTION_TRANSITIONS[ActionState(action.state)]]
    form.offer("to", [(state.value, str(state.label)) for state in possible])

    def save() -> HttpResponse:
        data = dict(form.cleaned_data)
        moved = actions.move(action=action, to=ActionState(data.pop("to")), by=signed_in(request), **data)
        messages.success(request, _("The action is now: %(state)s.") % {"state": moved.get_state_display()})
        return HttpResponseRedirect(queries_minutes.staff_actions_url(row.meeting.series))

    return form_page(
        request,
        form,
        save,
        title=str(text(action, "text")),
        back_url=queries_minutes.staff_actions_url(row.meeting.series),
    )


def _kind(name: str) -> Kind:
    try:
        return KINDS[name]
    except KeyError:
        raise Http404 from None


def _titled(kind: Kind, under: MinutesSection) -> str:
    return _("%(label)s: %(value)s") % {"label": kind.title, "value": text(under, "title")}


def _entry(row: Minutes, model: Any, uuid: UUID) -> Any:
    rows = model.objects.filter(section__minutes=row).select_related("section__minutes__meeting__series__basin")
    return get_object_or_404(rows, uuid=uuid)


def _back_url(row: Minutes, section: MinutesSection) -> str:
    return f"{meeting_page(row.meeting, 'staff_minutes')}#s-{section.uuid}"
