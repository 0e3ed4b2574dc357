"""The team composes guided ways: the page, its steps, their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from basins.models import Basin
from basins.rights import Right
from basins.web.desk import ask_page, form_page, shown_or_sent
from basins.web.desk_forms import StaffForm
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from directory import following, ways
from directory.enums import CallTime, CrisisKind
from directory.models import GuidedWay, WayStep
from directory.rules import ways as rules
from directory.search.finder import all_options
from directory.search.thesaurus import Option
from directory.web.addresses import directory_url, encoded, pairs_of
from directory.web.asking import in_words

ONE_LINE = {"size": 60}


class WayForm(StaffForm):
    """What stands at the top of a guided page."""

    bilingual: ClassVar[tuple[str, ...]] = ("title", "lead")

    title_fr = forms.CharField(label=gettext_lazy("Problem"), max_length=120)
    title_nl = forms.CharField(label=gettext_lazy("Problem"), max_length=120)
    lead_fr = forms.CharField(label=gettext_lazy("First sentence"), max_length=300, required=False)
    lead_nl = forms.CharField(label=gettext_lazy("First sentence"), max_length=300, required=False)
    crisis = forms.ChoiceField(
        label=gettext_lazy("Kind of crisis"),
        choices=[("", gettext_lazy("no crisis")), *CrisisKind.choices],
        required=False,
    )
    position = forms.IntegerField(
        label=gettext_lazy("Position"), min_value=0, max_value=999, help_text=gettext_lazy("The lowest stands first.")
    )
    everywhere = forms.BooleanField(label=gettext_lazy("In all basins"), required=False)
    is_published = forms.BooleanField(label=gettext_lazy("Published"), required=False)


class StepForm(StaffForm):
    """One step."""

    bilingual: ClassVar[tuple[str, ...]] = ("question", "words")

    question_fr = forms.CharField(label=gettext_lazy("Question or act"), max_length=160)
    question_nl = forms.CharField(label=gettext_lazy("Question or act"), max_length=160)
    words_fr = forms.CharField(
        label=gettext_lazy("What to do"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3})
    )
    words_nl = forms.CharField(
        label=gettext_lazy("What to do"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3})
    )
    phone = forms.CharField(label=gettext_lazy("Number to call"), max_length=40, required=False)
    answers = forms.ChoiceField(label=gettext_lazy("It answers"), choices=CallTime.choices)
    query = forms.CharField(
        label=gettext_lazy("Search"),
        max_length=1500,
        required=False,
        help_text=gettext_lazy("Search in the directory, then copy the address of the results here."),
    )
    leads_to: forms.ModelChoiceField[GuidedWay] = forms.ModelChoiceField(
        GuidedWay.objects.none(), label=gettext_lazy("Leads to"), required=False, to_field_name="uuid"
    )

    def clean_query(self) -> str:
        """The address of a search becomes the one form in which searches are kept."""
        written: str = self.cleaned_data["query"].strip()
        if not written:
            return ""
        query = urlsplit(written).query if "?" in written else written
        kept = following.query_of(following.question_of(query, None))
        if not kept:
            raise forms.ValidationError(_("This is no address of a search: it asks nothing."))
        return kept


@require_safe
@staff_required(Right.MANAGE_DIRECTORY)
def staff_ways(request: HttpRequest, basin: str) -> HttpResponse:
    """All ways, drafts included, with their steps."""
    rows = list(ways.ways_kept_by(request.user))
    options = all_options()
    context = {
        "ways": [(row, [(step, _search_of(step, options, basin)) for step in row.steps.all()]) for row in rows],
        "basin": basin,
        "list_url": directory_url("ways", basin),
    }
    return render(request, "directory/ways/staff_list.html", context)


def _search_of(step: WayStep, options: Mapping[str, Sequence[Option]], basin: str) -> tuple[str, str] | None:
    """The search of a step in words, and where it can be tried."""
    if not step.query:
        return None
    asked = following.question_of(step.query, basin)
    return in_words(asked, options), f"{directory_url('search', basin)}?{encoded(pairs_of(asked))}"


@shown_or_sent
@staff_required(Right.MANAGE_DIRECTORY)
def staff_way_new(request: HttpRequest, basin: str) -> HttpResponse:
    """A new page; steps are added afterwards."""
    return _way_page(request, basin, None)


@shown_or_sent
@staff_required(Right.MANAGE_DIRECTORY)
def staff_way(request: HttpRequest, basin: str, way: UUID) -> HttpResponse:
    """What stands at the top of the page."""
    return _way_page(request, basin, _way(request, way))


def _way_page(request: HttpRequest, basin: str, row: GuidedWay | None) -> HttpResponse:
    initial: dict[str, Any] = {"position": 100, "everywhere": False}
    if row is not None:
        initial = {name: getattr(row, name) for name in rules.WayData.__dataclass_fields__}
        initial["everywhere"] = row.basin is None
    form = WayForm(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> HttpResponse:
        said = dict(form.cleaned_data)
        own = None if said.pop("everywhere") else (row.basin if row and row.basin else Basin.objects.get(code=basin))
        rules.save_way(way=row, basin=own, data=rules.WayData(**said), by=signed_in(request))
        return _back(request, basin)

    extra: dict[str, Any] = {}
    if row is not None:
        extra["danger_url"] = reverse("directory:staff_way_remove", kwargs={"basin": basin, "way": row.uuid})
        extra["danger_label"] = _("Remove this page")
    title = _("Guided page") if row else _("New guided page")
    return form_page(request, form, save, title=title, back_url=_list_url(basin), **extra)


@shown_or_sent
@staff_required(Right.MANAGE_DIRECTORY)
def staff_way_remove(request: HttpRequest, basin: str, way: UUID) -> HttpResponse:
    """Asks first."""
    row = _way(request, way)

    def act() -> HttpResponse:
        rules.remove_way(way=row, by=signed_in(request))
        return _back(request, basin)

    return ask_page(
        request,
        act,
        question=_("Remove this page?"),
        detail=str(row),
        yes=_("Remove"),
        back_url=_list_url(basin),
    )


@require_POST
@staff_required(Right.MANAGE_DIRECTORY)
def staff_way_checked(request: HttpRequest, basin: str, way: UUID) -> HttpResponse:
    """“I read it and called its numbers.”"""
    rules.mark_checked(way=_way(request, way), by=signed_in(request), today=timezone.localdate())
    return _back(request, basin)


@shown_or_sent
@staff_required(Right.MANAGE_DIRECTORY)
def staff_step_new(request: HttpRequest, basin: str, way: UUID) -> HttpResponse:
    """A step at the end."""
    return _step_page(request, basin, _way(request, way), None)


@shown_or_sent
@staff_required(Right.MANAGE_DIRECTORY)
def staff_step(request: HttpRequest, basin: str, way: UUID, step: UUID) -> HttpResponse:
    """Change a step, or take it out."""
    owner = _way(request, way)
    return _step_page(request, basin, owner, get_object_or_404(WayStep, uuid=step, way=owner))


def _step_page(request: HttpRequest, basin: str, owner: GuidedWay, row: WayStep | None) -> HttpResponse:
    if row is not None and request.method == "POST" and request.POST.get("remove"):
        rules.remove_step(step=row, by=signed_in(request))
        return _back(request, basin)
    initial: dict[str, Any] = {"answers": CallTime.UNKNOWN}
    if row is not None:
        initial = {name: getattr(row, name) for name in rules.StepData.__dataclass_fields__}
        initial["leads_to"] = row.leads_to.uuid if row.leads_to else None
    form = StepForm(request.POST if request.method == "POST" else None, initial=initial)
    if row is not None and row.query:
        form.fields["query"].help_text = (
            _("Now: %(search)s.") % {"search": in_words(following.question_of(row.query, basin), all_options())}
            + f" {form.fields['query'].help_text}"
        )
    form.offer("leads_to", ways.ways_kept_by(request.user).exclude(pk=owner.pk))

    def save() -> HttpResponse:
        rules.save_step(way=owner, step=row, data=rules.StepData(**form.cleaned_data), by=signed_in(request))
        return _back(request, basin)

    remove = _("Take this step out") if row else ""
    title = _("Step of “%(page)s”") % {"page": owner}
    return form_page(request, form, save, title=title, back_url=_list_url(basin), remove_label=remove)


@require_POST
@staff_required(Right.MANAGE_DIRECTORY)
def staff_step_move(request: HttpRequest, basin: str, way: UUID, step: UUID) -> HttpResponse:
    """One place up or down."""
    row: WayStep = get_object_or_404(WayStep.objects.select_related("way"), uuid=step, way=_way(request, way))
    rules.move_step(step=row, by=signed_in(request), up=request.POST.get("to") == "up")
    return HttpResponseRedirect(_list_url(basin))


def _way(request: HttpRequest, uuid: UUID) -> GuidedWay:
    return get_object_or_404(ways.ways_kept_by(request.user), uuid=uuid)


def _list_url(basin: str) -> str:
    return reverse("directory:staff_ways", kwargs={"basin": basin})


def _back(request: HttpRequest, basin: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(_list_url(basin))
