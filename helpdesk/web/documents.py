"""The file that the helpdesk asked for, put on the page by the link; nobody but the desk reads it from there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import RuleError
from core.http import private_page
from helpdesk import queries
from helpdesk.models import Asker, Ticket
from helpdesk.rules import documents
from helpdesk.web.forms import DocumentForm
from helpdesk.web.tickets import INVALID, opened_by_link, page_of, show


@private_page
@require_POST
@opened_by_link
def document(request: HttpRequest, asker: Asker, ticket: Ticket) -> HttpResponse:
    """Take the one file in; of what is too large no more is read than tells so."""
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            documents.receive(ticket=ticket, name=sent.name, content=sent.read(documents.AT_MOST + 1))
        except RuleError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Thank you: your document has come in."))
            fresh = queries.where_it_went(Ticket.objects.select_related("basin").get(pk=ticket.pk))
            return HttpResponseRedirect(page_of(asker, fresh))
    return show(request, asker, ticket, status=INVALID, document=form)
