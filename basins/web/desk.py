"""Pages of every team: a form that is saved by a rule, and a question before what cannot be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from basins.web.desk_forms import StaffForm
from core.errors import RuleError

shown_or_sent = require_http_methods(["GET", "HEAD", "POST"])


def form_page(
    request: HttpRequest,
    form: StaffForm,
    save: Callable[[], HttpResponse],
    *,
    title: str,
    back_url: str,
    template: str = "components/desk_form.html",
    **extra: Any,
) -> HttpResponse:
    """Show the form; once it is sent and valid, ``save`` calls the rule and says where to go.

    What the rule refuses is shown at its field. ``extra``: see ``components/desk_form.html``.
    """
    if request.method == "POST" and form.is_valid():
        try:
            return save()
        except RuleError as error:
            form.add_refusal(error)
    context = {"form": form, "title": title, "back_url": back_url, "submit": _("Save"), **extra}
    return render(request, template, context, status=422 if form.errors else 200)


def ask_page(
    request: HttpRequest,
    act: Callable[[], HttpResponse],
    *,
    question: str,
    detail: str,
    yes: str,
    back_url: str,
    danger: bool = True,
) -> HttpResponse:
    """Ask first; once it is sent, ``act`` calls the rule and says where to go. A refusal stands above the question.

    Without ``danger`` nothing is lost by saying yes.
    """
    problems = []
    if request.method == "POST":
        try:
            return act()
        except RuleError as error:
            problems.append(str(error.message))
    context = {
        "question": question,
        "detail": detail,
        "confirm_label": yes,
        "danger": danger,
        "cancel_url": back_url,
        "cancel_label": _("Leave it as it is"),
        "problems": problems,
    }
    return render(request, "components/confirm.html", context, status=409 if problems else 200)
