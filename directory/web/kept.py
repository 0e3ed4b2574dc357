"""What a signed link from a mail opens: a kept list, a followed search; and following one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from basins.models import User
from basins.web.views import current_basin
from core import signing
from core.bilingual import current_language
from core.errors import RuleError
from core.http import private_page
from directory import following, kept_queries, public_queries
from directory.leaflet import as_they_are_now
from directory.models import SavedList, SavedSearch, Service
from directory.rules import following as following_rules
from directory.rules import lists
from directory.search.finder import find
from directory.web.addresses import directory_url, encoded, pairs_of
from directory.web.asking import chips
from directory.web.cards import card
from directory.web.leaflet_address import pairs_of_sheet
from directory.web.list_forms import KeeperForm


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """Ask to be told when something new fits a search: an address, and a mail to confirm."""
    question = following.question_of(request.META.get("QUERY_STRING", ""), basin)
    query = following.query_of(question)
    back_url = f"{directory_url('search', basin)}?{query}"
    initial = {"email": request.user.email} if isinstance(request.user, User) else {}
    form = KeeperForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            following_rules.follow(
                query=query,
                found=following.results(question),
                email=form.cleaned_data["email"],
                language=current_language(),
                basin=current_basin(basin),
            )
        except RuleError as error:
            form.add_error("email" if error.field == "email" else None, str(error.message))
        else:
            return HttpResponseRedirect(directory_url("kept_sent", basin))
    answer = find(question, exactly=True)
    context = {"form": form, "question": question, "chips": chips(question, answer), "total": answer.total}
    context |= {"back_url": back_url, "query": query}
    return render(request, "directory/leaflet/follow.html", context, status=422 if form.errors else 200)


@require_safe
def kept_sent(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """A mail is on its way, whatever the address: nobody learns who keeps what."""
    return render(request, "directory/leaflet/sent.html", {"search_url": directory_url("search", basin)})


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: HttpRequest, held: str, basin: str | None = None) -> HttpResponse:
    """The list or the search of a link; a POST confirms that its holder wants to be told."""
    try:
        row = kept_queries.opened_by(held)
    except (signing.BadToken, signing.StaleToken) as error:
        return _gone(request, error, basin)
    if request.method == "POST":
        if isinstance(row, SavedList):
            lists.confirm(kept=row)
        else:
            following_rules.confirm(followed=row)
        messages.success(request, _("Confirmed. We write to you when something changes, at most once a day."))
        return HttpResponseRedirect(request.path)
    context = {"kept": row, "stop_url": directory_url("kept_stop", basin, held=held)}
    context |= _list_context(row, basin, held) if isinstance(row, SavedList) else _search_context(row, basin)
    return render(request, "directory/leaflet/kept.html", context)


@csrf_exempt  # mail programs send the one click of RFC 8058 without a cookie; the signed token is the right
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def kept_stop(request: HttpRequest, held: str, basin: str | None = None) -> HttpResponse:
    """Asks first; the POST erases the list or the search with its address."""
    try:
        row = kept_queries.opened_by(held)
    except signing.StaleToken as error:
        if request.method == "POST":  # pressed twice: what was asked for is done
            return _stopped(request, basin)
        return _gone(request, error, basin)
    except signing.BadToken as error:
        return _gone(request, error, basin)
    if request.method == "POST":
        if isinstance(row, SavedList):
            lists.give_up(kept=row)
        else:
            following_rules.give_up(followed=row)
        return _stopped(request, basin)
    context = {
        "question": _("Stop these mails?"),
        "detail": _("What is kept is erased, with your address."),
        "confirm_label": _("Stop and erase"),
        "danger": True,
        "cancel_url": directory_url("kept", basin, held=held),
        "cancel_label": _("Leave it as it is"),
    }
    return render(request, "components/confirm.html", context)


def _list_context(row: SavedList, basin: str | None, held: str) -> dict[str, Any]:
    records = as_they_are_now(row.records)
    keys = dict(Service.objects.filter(uuid__in=records).values_list("uuid", "pk"))
    services = public_queries.cards([keys[record] for record in records if record in keys], AnonymousUser())
    pairs = pairs_of_sheet(kept_queries.sheet_of(row, records))
    return {
        "is_list": True,
        "cards": [card(service, basin=basin) for service in services],
        "gone": len(records) - len(services),
        "pdf_url": directory_url("leaflet_pdf", basin),
        "pairs": pairs,
        "change_url": f"{directory_url('leaflet', basin)}?{encoded([*pairs, ('keep', held)])}",
    }


def _search_context(row: SavedSearch, basin: str | None) -> dict[str, Any]:
    question = following.question_of(row.query, basin)
    answer = find(question, exactly=True)
    return {
        "is_list": False,
        "question": question,
        "chips": chips(question, answer),
        "total": answer.total,
        "search_url": f"{directory_url('search', basin)}?{encoded(pairs_of(question))}",
    }


def _stopped(request: HttpRequest, basin: str | None) -> HttpResponse:
    return render(request, "directory/leaflet/stopped.html", {"search_url": directory_url("search", basin)})


def _gone(request: HttpRequest, error: RuleError, basin: str | None) -> HttpResponse:
    context = {"reason": error.message, "search_url": directory_url("search", basin)}
    return render(request, "directory/leaflet/link_gone.html", context, status=error.status)
