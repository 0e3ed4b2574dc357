"""Behind the code on the door: a participant says "I am here"."""

from __future__ import annotations

from django.contrib import messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from basins.web.desk import shown_or_sent
from concertations import queries_registrations as queries
from concertations.links import page
from concertations.models import Meeting
from concertations.rules import presence
from concertations.web.people_forms import DoorForm
from concertations.web.registering import link_gone
from core import signing
from core.errors import RuleError
from core.http import network_of, private_page

WRONG_AT_MOST = 20  # lines that are on no list, per network
WRONG_SECONDS = 600


@private_page
@shown_or_sent
def here(request: HttpRequest, token: str, basin: str | None = None) -> HttpResponse:
    """One line: the address or the reference."""
    try:
        meeting = queries.meeting_of_door(token, basin)
    except (signing.BadToken, signing.StaleToken) as error:
        return link_gone(request, error)
    form = DoorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _has_guessed_too_often(request):
            form.add_error("who", _("Too many tries from here. Wait ten minutes, or ask the team to note you."))
            return _page(request, meeting, form, status=429)
        try:
            presence.check_in(meeting=meeting, email_or_reference=form.cleaned_data["who"])
        except RuleError as error:
            caches["shared"].count(_guesses(request), WRONG_SECONDS)  # type: ignore[attr-defined]  # core.cache
            form.add_error("who", error.message)
        else:
            messages.success(request, _("You are noted as present. Welcome!"))
            return HttpResponseRedirect(page("here", basin, token=token))
    return _page(request, meeting, form, status=422 if form.errors else 200)


def _page(request: HttpRequest, meeting: Meeting, form: DoorForm, *, status: int) -> HttpResponse:
    reason = presence.why_door_closed(meeting, timezone.now())
    context = {"meeting": meeting, "series": meeting.series, "form": form, "reason": reason}
    return render(request, "concertations/here.html", context, status=status)


def _guesses(request: HttpRequest) -> str:
    return f"concertations:door:{network_of(request.META)}"


def _has_guessed_too_often(request: HttpRequest) -> bool:
    """Wrong lines alone are counted: a whole team may come in by one network."""
    return int(caches["shared"].get(_guesses(request)) or 0) >= WRONG_AT_MOST
