"""The list of dates to send round: chosen series and months, as text for a mail, as paper for a slide."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from basins.addresses import page_url
from basins.rights import Right
from basins.web.desk import shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from concertations import jobs, staff_queries
from concertations.links import page
from concertations.models import Meeting, Series
from concertations.save_the_date import first_and_last, plain_text
from core.bilingual import current_language, text
from core.jobs import start

for_keepers = staff_required(Right.MANAGE_CONCERTATIONS)
USUALLY = 6


class DatesForm(forms.Form):
    """Which series, and for how many months from today on."""

    months = forms.TypedChoiceField(
        label=gettext_lazy("For how long"),
        coerce=int,
        choices=[(3, gettext_lazy("3 months")), (6, gettext_lazy("6 months")), (12, gettext_lazy("12 months"))],
        initial=USUALLY,
        required=False,
        empty_value=f"{USUALLY}",
    )
    series = forms.MultipleChoiceField(
        label=gettext_lazy("Series"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all of them."),
    )

    def offer(self, rows: Sequence[Series]) -> None:
        field = self.fields["series"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(row.slug, str(text(row, "name"))) for row in rows]


def _chosen(request: HttpRequest, basin: str | None) -> tuple[DatesForm, list[Meeting]]:
    user = signed_in(request)
    given = request.POST if request.method == "POST" else request.GET
    form = DatesForm(given or None, initial={"months": USUALLY})
    form.offer(list(staff_queries.series_kept_by(user, basin).filter(is_over=False)))
    cleaned = form.cleaned_data if form.is_bound and form.is_valid() else {}
    first, last = first_and_last(timezone.localdate(), int(cleaned.get("months") or USUALLY))
    found = staff_queries.dates_kept_by(user, basin, first, last)
    if slugs := cleaned.get("series"):
        found = found.filter(series__slug__in=slugs)
    return form, list(found)


@require_GET
@for_keepers
def save_the_date(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """The text to paste into a mail, in both languages."""
    form, meetings = _chosen(request, basin)
    context = {
        "form": form,
        "meetings": meetings,
        "text": plain_text(meetings),
        "back_url": page("staff_index", basin),
        "slide_url": page("staff_save_the_date_slide", basin),
        "chosen": form.cleaned_data if form.is_bound and form.is_valid() else {"months": USUALLY, "series": []},
    }
    return render(request, "concertations/staff/save_the_date.html", context)


@shown_or_sent
@for_keepers
def slide(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """Start the PDF of the same dates; a GET leads to the list."""
    _form, meetings = _chosen(request, basin)
    if request.method != "POST":
        return HttpResponseRedirect(page("staff_save_the_date", basin))
    if not meetings:
        messages.error(request, _("No meeting is announced in these months."))
        return HttpResponseRedirect(page("staff_save_the_date", basin))
    params = {"meetings": [str(meeting.uuid) for meeting in meetings]}
    job = start(
        jobs.SAVE_THE_DATE, params=params, by=signed_in(request), scope=basin or "", language=current_language()
    )
    return HttpResponseRedirect(page_url("job", basin, uuid=job.uuid))
