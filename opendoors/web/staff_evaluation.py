"""What visitors and hosts answered, as the team reads it: without names; to quote, and to make needs of."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from basins.rights import Right
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core.errors import RuleError
from opendoors import figure_charts, queries_answers
from opendoors.enums import AnswersShown
from opendoors.models import Answer
from opendoors.rules import answering
from opendoors.web.evaluation_forms import NeedForm
from opendoors.web.staff_views import kept_edition

TITLE_WORDS = 10  # of what is missing, as the title one may change


@require_GET
@staff_required(Right.MANAGE_OPEN_DOORS)
def evaluation(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """The answers: in figures, by who gave them, and in words, newest first, all or those there is work on."""
    edition = kept_edition(request, basin, slug)
    shown = _shown(request.GET.get("show"))
    rows = queries_answers.answers(edition, shown)
    page = Paginator(rows, queries_answers.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "edition": edition,
        "figures": [(each, figure_charts.answer_charts(each)) for each in queries_answers.answer_figures(edition)],
        "counted": queries_answers.answers_counted(edition),
        "shown": shown,
        "query": "" if shown == AnswersShown.ALL else f"show={shown}",
        "page": page,
        "rows": [(answer, Truncator(answer.missing).words(TITLE_WORDS, truncate=" …")) for answer in page],
        "may_open_needs": request.user.has_right(Right.MANAGE_NEEDS, basin),  # type: ignore[union-attr]  # staff
    }
    return render(request, "opendoors/evaluation/staff.html", context)


@require_POST
@staff_required(Right.MANAGE_OPEN_DOORS)
def quote(request: HttpRequest, basin: str, slug: str, answer: UUID) -> HttpResponse:
    """Show what was good on the public page (``quoted``), or take it off."""
    row = _answer(request, basin, slug, answer)
    quoted = request.POST.get("quoted") == "1"

    def act() -> str:
        answering.quote(answer=row, quoted=quoted, by=signed_in(request))
        return _("It stands on the public page of the figures.") if quoted else _("It is no longer quoted.")

    return _done(request, act, row)


@require_POST
@staff_required(Right.MANAGE_OPEN_DOORS)
def need(request: HttpRequest, basin: str, slug: str, answer: UUID) -> HttpResponse:
    """Put what is missing into the basin's list of needs."""
    row = _answer(request, basin, slug, answer)
    form = NeedForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["title"][0]))
        return _back(request, row)

    def act() -> str:
        made = answering.make_need(answer=row, title=form.cleaned_data["title"], by=signed_in(request))
        return _("It is in the basin's list of needs: %(title)s") % {"title": made}

    return _done(request, act, row)


def _answer(request: HttpRequest, basin: str, slug: str, answer: UUID) -> Answer:
    edition = kept_edition(request, basin, slug)
    return get_object_or_404(edition.answers.select_related("edition__basin"), uuid=answer)


def _shown(value: str | None) -> AnswersShown:
    return AnswersShown(value) if value in AnswersShown.values else AnswersShown.ALL


def _done(request: HttpRequest, act: Callable[[], str], row: Answer) -> HttpResponse:
    try:
        messages.success(request, act())
    except RuleError as error:
        messages.error(request, str(error.message))
    return _back(request, row)


def _back(request: HttpRequest, row: Answer) -> HttpResponse:
    """To the answer; who works through one kind of answers goes on there."""
    shown = _shown(request.POST.get("show"))
    if shown == AnswersShown.ALL:
        return HttpResponseRedirect(queries_answers.answer_url(row))
    kwargs = {"basin": row.edition.basin.code, "slug": row.edition.slug}
    url = reverse("opendoors:staff_evaluation", kwargs=kwargs)
    return HttpResponseRedirect(f"{url}?show={shown}#h-words")
