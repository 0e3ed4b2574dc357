"""The team says which organisation of the directory each host is: proposed by likeness, confirmed by one click."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from basins.rights import Right
from basins.web.desk import shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core.errors import RuleError
from directory.access import may_manage_directory
from opendoors import queries_links, staff_queries
from opendoors.enums import LinkKind
from opendoors.models import Host
from opendoors.rules import linking
from opendoors.rules.linking import Undone
from opendoors.web.staff_views import kept_edition

PER_PAGE = 60


@require_GET
@staff_required(Right.MANAGE_OPEN_DOORS)
def links(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """The hosts of an edition, those without a link first, each with what it may be and why."""
    edition = kept_edition(request, basin, slug)
    hosts = queries_links.hosts_to_link(edition)
    page = Paginator(hosts, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "edition": edition,
        "page": page,
        "lines": queries_links.lines(list(page)),
        "open": queries_links.unlinked(edition),
        "may_make": may_manage_directory(request.user),
        "query": "",
    }
    return render(request, "opendoors/staff/links.html", context)


@shown_or_sent
@staff_required(Right.MANAGE_OPEN_DOORS)
def link(request: HttpRequest, basin: str, slug: str, host: UUID) -> HttpResponse:
    """One host: what it may be, and a search by hand. A POST says yes, no, "make a record of it", or takes it back."""
    rows = staff_queries.hosts_kept_by(signed_in(request), basin, slug)
    row: Host = get_object_or_404(rows.prefetch_related("places__municipality"), uuid=host)
    if request.method == "POST":
        try:
            messages.success(request, _act(request, row))
        except RuleError as error:
            messages.error(request, str(error.message))
        return HttpResponseRedirect(_back(request, row))
    words = request.GET.get("q", "")[:200]
    (line,) = queries_links.lines([row])
    context = {
        "edition": row.edition,
        "line": line,
        "words": words,
        "found": queries_links.found_by_hand(words),
        "may_make": may_manage_directory(request.user),
    }
    return render(request, "opendoors/staff/link.html", context)


def _act(request: HttpRequest, host: Host) -> str:
    """Call the rule that the button stands for; what was done, in words."""
    by, name = signed_in(request), {"host": host.name}
    kind, record = _chosen(request.POST.get("record", ""))
    match request.POST.get("do"):
        case "same":
            linking.confirm(host=host, kind=kind, record=record, by=by)
            return _("%(host)s is linked to the directory.") % name
        case "different":
            linking.refuse(host=host, organization=_uuid(request.POST.get("organization", "")), by=by)
            return _("Noted: not the same. It is no longer proposed for %(host)s.") % name
        case "make":
            linking.make(host=host, by=by)
            return _("%(host)s now has a record in the directory, for professionals until you complete it.") % name
        case "undo":
            return _undone(linking.undo(host=host, link=_uuid(request.POST.get("link", "")), by=by), host)
    return _("Nothing was changed.")


def _undone(undone: Undone | None, host: Host) -> str:
    """What was taken back, and what became of a record that was made of the host."""
    name = {"host": host.name}
    if undone is None or undone.made is None:
        return _("Taken back: %(host)s is open again.") % name
    if not undone.made.stays:
        return _("Taken back: %(host)s is open again. The record that was made of it is out of the directory.") % name
    words = _("Taken back: %(host)s is open again. The record that was made of it stays in the directory: %(reason)s.")
    return words % {**name, "reason": undone.made.stays}


def _chosen(value: str) -> tuple[LinkKind, UUID]:
    """``"service:<uuid>"``; what cannot be read is nothing that the directory has."""
    kind, _colon, identifier = value.partition(":")
    return LinkKind(kind) if kind in LinkKind.values else LinkKind.ORGANIZATION, _uuid(identifier)


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        return UUID(int=0)


def _back(request: HttpRequest, host: Host) -> str:
    """To the list, at the host, where the button stood there; else to the host's own page."""
    kwargs = {"basin": host.edition.basin.code, "slug": host.edition.slug}
    if request.POST.get("from") == "list":
        return f"{reverse('opendoors:staff_links', kwargs=kwargs)}#h-{host.uuid}"
    return reverse("opendoors:staff_link", kwargs={**kwargs, "host": host.uuid})
