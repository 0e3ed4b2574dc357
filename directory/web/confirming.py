"""What the link in the mail "still right?" opens: say that all is right, or what has changed. No account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from basins.web.desk import form_page
from core import signing
from core.bilingual import text
from core.http import private_page
from directory import queries, wording
from directory.confirm_links import confirm_url, round_of
from directory.documents import document_of
from directory.enums import CorrectionState
from directory.models import Confirmation, Proposal, Service
from directory.rules import confirming
from directory.web.addresses import record_url
from directory.web.staff_choices import Choices
from directory.web.staff_editing import TEMPLATE
from directory.web.staff_forms import SaidByThemForm

shown_or_sent = require_http_methods(["GET", "HEAD", "POST"])
View = Callable[..., HttpResponse]


def opened_by_link(view: View) -> View:
    """Give the view the round that the token in the address opens, or say why it opens nothing."""

    @wraps(view)
    def opened(request: HttpRequest, proof: str, **kwargs: Any) -> HttpResponse:
        try:
            row = round_of(proof)
        except (signing.BadToken, signing.StaleToken) as error:
            return render(request, "directory/confirm/gone.html", {"reason": error.message}, status=error.status)
        return view(request, row, proof=proof, **kwargs)

    return opened


def _services(row: Confirmation) -> list[Service]:
    return list(queries.for_documents(confirming.records_of(row.organization)).prefetch_related("organization__phones"))


@private_page
@shown_or_sent
@opened_by_link
def confirm(request: HttpRequest, row: Confirmation, proof: str) -> HttpResponse:
    """The records of the organisation; the POST says that all is right, but for what waits for the team."""
    today = timezone.localdate()
    if request.method == "POST":
        counted = confirming.all_is_right(confirmation=row, today=today)
        words = ngettext(
            "Thank you. %(number)d record is noted as right today.",
            "Thank you. %(number)d records are noted as right today.",
            len(counted),
        )
        messages.success(request, words % {"number": len(counted)})
        return HttpResponseRedirect(confirm_url(row))
    services = _services(row)
    waiting = set(
        Proposal.objects.filter(
            record_uuid__in=[each.uuid for each in services], state=CorrectionState.RECEIVED
        ).values_list("record_uuid", flat=True)
    )
    context = {
        "organization": row.organization,
        "round": row,
        "proof": proof,
        "cards": [_card(service, is_waiting=service.uuid in waiting) for service in services],
    }
    return render(request, "directory/confirm/page.html", context)


def _card(service: Service, *, is_waiting: bool) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "service": service,
        "is_waiting": is_waiting,
        "territory": wording.territory_of(service),
        "hours": wording.hours_of(service.schedules.all(), today),
        "places": wording.places_state(service, today),
        "freshness": wording.freshness_state(service, today),
        "url": record_url(service, None),
    }


@private_page
@shown_or_sent
@opened_by_link
def confirm_record(request: HttpRequest, row: Confirmation, proof: str, record: UUID) -> HttpResponse:
    """What has changed in one record. It goes to the team, who take it over."""
    service = next((each for each in _services(row) if each.uuid == record), None)
    if service is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    choices = Choices(row.organization)
    form = SaidByThemForm(data, record=service, document=document_of(service), choices=choices)

    def save() -> HttpResponse:
        today = timezone.localdate()
        values = form.values(today=today.isoformat())
        confirming.propose(confirmation=row, service=service, values=values, today=today)
        messages.success(request, _("Thank you. The team of the basins looks at it and takes it over."))
        return HttpResponseRedirect(confirm_url(row))

    return form_page(
        request,
        form,
        save,
        title=_("What has changed: %(name)s") % {"name": text(service, "name")},
        back_url=confirm_url(row),
        template=TEMPLATE,
        submit=_("Send"),
        lead=_(
            "Change what is no longer right. The team reads it before it is published. Write nothing about persons."
        ),
        is_public=True,
    )
