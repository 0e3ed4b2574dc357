"""From a solved ticket to an example for everybody: written, looked at by a colleague, published, taken back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from basins.web.desk import form_page, shown_or_sent
from basins.web.desk_forms import StaffForm
from basins.web.reader import signed_in
from core.bilingual import LANGUAGE_CODES
from core.errors import RuleError
from helpdesk import example_queries
from helpdesk.enums import ExampleState
from helpdesk.models import Example, Ticket
from helpdesk.rules import examples as rules
from helpdesk.rules.examples import LONGEST, ExampleData
from helpdesk.web.examples import records_of
from helpdesk.web.staff_common import act, desk_url, for_desk, ticket_url, with_ticket

PER_PAGE = 30
HELP_QUESTION = gettext_lazy("The situation as anybody could have it: no names, no places, no dates.")
HELP_HELPED = gettext_lazy("What was done, and why it helped. Phone numbers stand in the records.")


class ExampleForm(StaffForm):
    """What everybody will read, side by side."""

    bilingual = ("title", "question", "helped")

    title_fr = forms.CharField(label=gettext_lazy("Title"), max_length=120, required=False)
    title_nl = forms.CharField(max_length=120, required=False)
    question_fr = forms.CharField(
        label=gettext_lazy("What was asked"),
        max_length=LONGEST,
        required=False,
        help_text=HELP_QUESTION,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    question_nl = forms.CharField(max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 7}))
    helped_fr = forms.CharField(
        label=gettext_lazy("What helped"),
        max_length=LONGEST,
        required=False,
        help_text=HELP_HELPED,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    helped_nl = forms.CharField(max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 7}))
    records = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Records of the directory that helped"),
        required=False,
        coerce=str,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, ticket: Ticket, example: Example | None, **kwargs: Any) -> None:
        named = {str(row.record): str(row.snapshot.get("name", "")) for row in rules.records_of(ticket)}
        super().__init__(*args, initial=_initial(ticket, example), **kwargs)
        self.offer("records", list(named.items()))
        if not named:
            del self.fields["records"]

    def data_for_rule(self) -> ExampleData:
        return ExampleData(**{**self.cleaned_data, "records": _uuids(self.cleaned_data.get("records", []))})


def _uuids(values: list[str]) -> list[UUID]:
    return [UUID(value) for value in values]


def _initial(ticket: Ticket, example: Example | None) -> dict[str, Any]:
    if example is None:
        known = asdict(rules.draft_of(ticket))
    else:
        fields = [f"{name}_{code}" for name in rules.WORDS for code in LANGUAGE_CODES]
        known = {"records": example.records, **{name: getattr(example, name) for name in fields}}
    return {**known, "records": [str(each) for each in known["records"]]}


@shown_or_sent
@with_ticket
def write(request: HttpRequest, row: Ticket) -> HttpResponse:
    """The draft; what the ticket says is there to begin with, masked."""
    example = Example.objects.filter(ticket=row).first()
    form = ExampleForm(request.POST if request.method == "POST" else None, ticket=row, example=example)

    def save() -> HttpResponse:
        rules.write(ticket=row, data=form.data_for_rule(), by=signed_in(request))
        return HttpResponseRedirect(_look_url(row))

    note = _(
        "Tell it anew, so that nobody recognises anybody: neither the person, nor who asked. "
        "A colleague looks at it before it is public."
    )
    if example is not None and example.state == ExampleState.PUBLISHED:
        note = _("This example is public. Once you save it is a draft again, until a colleague publishes it.")
    title = _("An example from %(code)s") % {"code": row.code}
    return form_page(
        request, form, save, title=title, note=note, back_url=ticket_url(row), submit=_("Save, and see how it reads")
    )


def _look_url(row: Ticket) -> str:
    return desk_url("staff_example_look", row.basin.code, code=row.code)


def _example_of(row: Ticket) -> Example:
    found = Example.objects.filter(ticket=row).select_related("basin", "theme", "written_by", "published_by").first()
    if found is None:
        raise Http404
    return found


@shown_or_sent
@with_ticket
def look(request: HttpRequest, row: Ticket) -> HttpResponse:
    """Both languages as everybody will read them, and what still keeps them back. A POST publishes."""
    example, user = _example_of(row), signed_in(request)
    problems: list[str] = []
    if request.method == "POST":
        try:
            rules.publish(example=example, by=user)
        except RuleError as error:
            problems.append(str(error.message))
        else:
            messages.success(request, _("The example is public."))
            return HttpResponseRedirect(_look_url(row))
    context = {
        "ticket": row,
        "basin": row.basin.code,
        "example": example,
        "sides": [(code, *(getattr(example, f"{name}_{code}") for name in rules.WORDS)) for code in LANGUAGE_CODES],
        "records": records_of(example, row.basin.code),
        "reasons": rules.why_not_yet(example, user) if example.state != ExampleState.PUBLISHED else [],
        "problems": problems,
        "is_retold": rules.is_retold(example),
        "is_public": example.state == ExampleState.PUBLISHED,
        "public_url": example_queries.example_url(example, row.basin.code),
        "back_url": ticket_url(row),
    }
    return render(request, "helpdesk/staff/example.html", context, status=409 if problems else 200)


def _take_back(request: HttpRequest, row: Ticket) -> str:
    rules.take_back(example=_example_of(row), by=signed_in(request))
    return _("The example is public no more.")


take_back = act(_take_back)


@require_safe
@for_desk
def examples(request: HttpRequest, basin: str) -> HttpResponse:
    """What waits to be looked at, and what is public."""
    rows = example_queries.examples_for(signed_in(request), basin)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "basin": basin,
        "rows": [
            {"example": row, "url": _look_url(row.ticket) if row.ticket else example_queries.example_url(row, basin)}
            for row in page
        ],
        "back_url": desk_url("staff_inbox", basin),
        "public_url": example_queries.page_url("examples", basin),
    }
    return render(request, "helpdesk/staff/examples.html", context)
