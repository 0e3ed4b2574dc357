"""Participants say which workshops they would like, by the code on the screen."""

from __future__ import annotations

from uuid import UUID

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from basins.web.desk import shown_or_sent
from concertations import queries_tables
from concertations.enums import PUBLIC_STATES
from concertations.enums_tables import SeatingKind
from concertations.errors import NotOfThisMeeting
from concertations.models import Seating
from concertations.rules import choosing
from concertations.web.staff_table_forms import ChoiceForm
from core.errors import RuleError
from core.http import network_of, private_page

WRONG_AT_MOST = 20  # lines that are nobody's, per network: a whole room may come in by one
WRONG_SECONDS = 600


@private_page
@shown_or_sent
def choose(request: HttpRequest, seating: UUID, basin: str | None = None) -> HttpResponse:
    """The best ones, in order; said again they replace what was said."""
    rows = Seating.objects.filter(
        kind=SeatingKind.ROUNDS, meeting__series__basin__code=basin, meeting__state__in=PUBLIC_STATES
    )
    row: Seating = get_object_or_404(
        rows.select_related("meeting__series__basin").prefetch_related("subjects"), uuid=seating
    )
    form = ChoiceForm(row, request.POST or None, own=True)
    form.order_fields(["who"])
    status = 200
    if request.method == "POST" and form.is_valid():
        if _has_guessed_too_often(request):
            form.add_error("who", _("Too many tries from here. Wait ten minutes, or ask the team to note you."))
            status = 429
        else:
            try:
                choosing.choose(seating=row, email_or_reference=form.cleaned_data["who"], subjects=form.subjects())
            except RuleError as error:
                if isinstance(error, NotOfThisMeeting):
                    caches["shared"].count(_guesses(request), WRONG_SECONDS)  # type: ignore[attr-defined]  # core.cache.ForgivingRedisCache
                form.add_error(error.field if error.field in form.fields else None, str(error.message))
            else:
                return HttpResponseRedirect(f"{request.path}?done=1")
    context = {
        "seating": row,
        "subjects": queries_tables.subjects_of(row),
        "form": form,
        "done": "done" in request.GET,
    }
    return render(
        request, "concertations/choose.html", context, status=422 if form.errors and status == 200 else status
    )


def _guesses(request: HttpRequest) -> str:
    return f"concertations:choose:{network_of(request.META)}"


def _has_guessed_too_often(request: HttpRequest) -> bool:
    return int(caches["shared"].get(_guesses(request)) or 0) >= WRONG_AT_MOST
