"""Communities of practice: applying, and by the link in the mail committing, leaving, adding a paper."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.enums import Language
from basins.web.desk import ask_page, shown_or_sent
from concertations import queries_registrations as queries
from concertations.enums import DocumentAudience
from concertations.links import series_page
from concertations.models import CommunityCycle, Membership
from concertations.rules import documents, memberships
from concertations.rules.documents import DocumentData
from concertations.web.common import shown_series
from concertations.web.people_forms import ApplyForm, prefilled
from concertations.web.registering import mine_page, only_from_mailbox, opened_by_link, person_of
from core.bilingual import current_language
from core.errors import RuleError
from core.http import network_of


@shown_or_sent
def apply(request: HttpRequest, slug: str, cycle: UUID, basin: str | None = None) -> HttpResponse:
    """What the cycle is about, what members promise, the form."""
    series = shown_series(request, basin, slug)
    row: CommunityCycle = get_object_or_404(
        CommunityCycle.objects.select_related("series__basin"), series=series, uuid=cycle
    )
    reason = memberships.why_no_application(row)
    data = request.POST if request.method == "POST" else None
    form = ApplyForm(data, initial=prefilled(request.user))
    status = 409 if reason and data else 200
    if data is not None and not reason:
        status = 422
        if form.is_valid():
            try:
                memberships.apply(
                    cycle=row,
                    person=form.person(current_language()),
                    motivation=form.cleaned_data["motivation"],
                    expectations=form.cleaned_data["expectations"],
                    wants_to_moderate=form.cleaned_data["wants_to_moderate"],
                    by=person_of(request),
                    network=network_of(request.META),
                )
            except RuleError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error.message))
                status = error.status
            else:
                messages.success(request, _("Thank you. Your application is with the team; a mail says so."))
                return HttpResponseRedirect(series_page(series))
    sessions = row.sessions.select_related("meeting").order_by("meeting__starts_at")
    context = {"series": series, "cycle": row, "form": form, "reason": reason, "sessions": sessions}
    return render(request, "concertations/apply.html", context, status=status)


def _membership(holding: queries.Holding, cycle: UUID) -> Membership:
    """The person's place in the cycle of the address; by the link in the mail."""
    only_from_mailbox(holding)
    row = next((each for each in holding.memberships if each.cycle.uuid == cycle), None)
    if row is None:
        raise Http404
    return row


@shown_or_sent
@opened_by_link
def commit(request: HttpRequest, holding: queries.Holding, cycle: UUID) -> HttpResponse:
    """The promise and all the days; a POST makes it."""
    row = _membership(holding, cycle)
    back_url = mine_page(holding)
    if row.committed_at:
        return HttpResponseRedirect(back_url)
    problems, status = [], 200
    if request.method == "POST":
        try:
            memberships.commit(membership=row)
        except RuleError as error:
            problems, status = [str(error.message)], error.status
        else:
            messages.success(request, _("Thank you: you are registered for all sessions. A mail has them all."))
            return HttpResponseRedirect(back_url)
    sessions = row.cycle.sessions.select_related("meeting__municipality").order_by("meeting__starts_at")
    context = {
        "row": row,
        "cycle": row.cycle,
        "series": holding.series,
        "sessions": sessions,
        "confirm_label": _("I commit to the cycle"),
        "cancel_url": back_url,
        "cancel_label": _("Not now"),
        "problems": problems,
    }
    return render(request, "concertations/mine/commit.html", context, status=status)


@shown_or_sent
@opened_by_link
def leave(request: HttpRequest, holding: queries.Holding, cycle: UUID) -> HttpResponse:
    """Asks first; the POST gives the place in the group back, with all sessions to come."""
    row = _membership(holding, cycle)

    def act() -> HttpResponse:
        memberships.leave(membership=row, by=None)
        messages.success(request, _("You left the group. A mail says so."))
        return HttpResponseRedirect(mine_page(holding))

    return ask_page(
        request,
        act,
        question=_("Leave the group?"),
        detail=_("Your places at all sessions to come go back with it."),
        yes=_("Leave the group"),
        back_url=mine_page(holding),
    )


class PaperForm(forms.Form):
    """A paper that a moderator puts before the group."""

    title_fr = forms.CharField(
        label=gettext_lazy("Title in French"),
        max_length=160,
        error_messages={"required": gettext_lazy("Write the title in both languages.")},
    )
    title_nl = forms.CharField(
        label=gettext_lazy("Title in Dutch"),
        max_length=160,
        error_messages={"required": gettext_lazy("Write the title in both languages.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the file"),
        required=False,
        choices=[("", gettext_lazy("both languages")), *Language.choices],
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, a text, a table, slides or a picture; 20 MB at most."),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )


@shown_or_sent
@opened_by_link
def add_paper(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """A moderator adds a paper for the members."""
    only_from_mailbox(holding)
    if not any(row.moderator_place for row in holding.memberships):
        raise Http404
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            documents.add(
                series=holding.series,
                meeting=None,
                data=DocumentData(
                    title_fr=data["title_fr"],
                    title_nl=data["title_nl"],
                    language=data["language"],
                    audience=DocumentAudience.PARTICIPANTS,
                ),
                file=data["file"],
                by=None,
            )
        except RuleError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("The group finds the paper on its page."))
            return HttpResponseRedirect(mine_page(holding))
    context = {"form": form, "series": holding.series, "back_url": mine_page(holding)}
    return render(request, "concertations/mine/add_paper.html", context, status=422 if form.errors else 200)
