"""A document asked for: the request, taking it back, and the file, which is saved and never opened in the browser."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from basins.web.desk import form_page, shown_or_sent
from basins.web.reader import signed_in
from core.errors import RuleError
from core.middleware import writing_allowed
from helpdesk import queries
from helpdesk.enums import DocumentKind
from helpdesk.models import Ticket
from helpdesk.rules import documents, reading
from helpdesk.web.staff_common import ticket_url, with_ticket
from helpdesk.web.staff_forms import AskDocumentForm

TYPES = {
    DocumentKind.PDF: "application/pdf",
    DocumentKind.JPEG: "image/jpeg",
    DocumentKind.PNG: "image/png",
    DocumentKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def block_of(row: Ticket) -> dict[str, Any]:
    """For ``helpdesk/staff/_documents.html``: what is asked for, what came, and whether one may be asked for."""
    every = list(queries.documents_of(row))
    asked = next((each for each in every if each.is_open), None)
    is_worked_on = not row.is_closed and row.anonymised_at is None
    return {
        "asked": asked,
        "received": [each for each in every if each.received_at],
        "may_ask": asked is None and is_worked_on and bool(row.asker.email),
    }


@shown_or_sent
@with_ticket
def ask(request: HttpRequest, row: Ticket) -> HttpResponse:
    """Which document, in a word to who asked."""
    form = AskDocumentForm(request.POST if request.method == "POST" else None)

    def save() -> HttpResponse:
        documents.ask(ticket=row, words=form.cleaned_data["words"], by=signed_in(request))
        messages.success(request, _("The document is asked for, by mail and on the page of who asked."))
        return HttpResponseRedirect(ticket_url(row))

    title = _("Ask for a document: %(code)s") % {"code": row.code}
    note = _("Ask only for what you need to answer. Who asked also reads: “%(sentence)s”") % {
        "sentence": documents.NOBODY_IN_IT
    }
    return form_page(request, form, save, title=title, note=note, back_url=ticket_url(row), submit=_("Ask for it"))


@require_POST
@with_ticket
def take_back(request: HttpRequest, row: Ticket, document: UUID) -> HttpResponse:
    """The request is over; a file that came meanwhile stays."""
    found = get_object_or_404(queries.documents_of(row), uuid=document)
    try:
        documents.take_back(document=found, by=signed_in(request))
        messages.success(request, _("The document is no longer asked for."))
    except RuleError as error:
        messages.error(request, str(error.message))
    return HttpResponseRedirect(ticket_url(row))


@require_safe
@with_ticket
def download(request: HttpRequest, row: Ticket, document: UUID) -> HttpResponse:
    """The file, to be saved; that it was taken is noted each time."""
    found = row.documents.filter(uuid=document).exclude(received_at=None).first()
    if found is None or found.file is None:
        raise Http404
    with writing_allowed():
        reading.note_download(document=found, by=signed_in(request))
    response = HttpResponse(bytes(found.file), content_type=TYPES[DocumentKind(found.kind)])
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=found.name) or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    add_never_cache_headers(response)
    return response
