"""The page on which a record is written: shown, sent, refused, and careful when two people write at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from basins.models import User
from basins.web.desk import form_page
from basins.web.reader import signed_in
from core import spoken
from core.errors import RuleError
from directory import staff_queries
from directory.documents import Document, Holder, document_of
from directory.models import Organization, Service
from directory.rules import records
from directory.rules.writing import Written
from directory.web.staff_choices import Choices
from directory.web.staff_forms import SEEN, DocumentForm

TEMPLATE = "directory/staff/edit.html"
Rule = Callable[[Document, User], Written]


class ChangedMeanwhile(RuleError):
    """Somebody else wrote while this form was open; sent again, it counts."""

    code = "changed-meanwhile"


def edit_page(
    request: HttpRequest, record: Holder, form_class: type[DocumentForm], rule: Rule, *, title: str, back_url: str
) -> HttpResponse:
    """The form of a record. What another person changed since it was opened is said before it is overwritten."""
    last = staff_queries.last_change(record.uuid)
    seen = str(last.uuid) if last else ""
    organization = record if isinstance(record, Organization) else record.organization
    form = form_class(
        request.POST if request.method == "POST" else None,
        record=record,
        document=document_of(record),
        choices=Choices(organization),
        seen=seen,
        opened=request.GET.getlist("open"),
    )

    def save() -> HttpResponse:
        by = signed_in(request)
        if form.cleaned_data[SEEN] != seen and last is not None:
            form.show_as_seen(seen)
            words = {"label": last.by.name if last.by else last.get_origin_display(), "at": spoken.moment(last.at)}
            raise ChangedMeanwhile(
                _("This record was changed meanwhile (%(label)s, %(at)s). See its history. Sent again, this counts.")
                % words
            )
        written = rule(form.values(today=timezone.localdate().isoformat()), by)
        kept = [column for column in request.POST.getlist("keep") if column in written.record.outdated]
        for column in kept:
            records.keep_text(record=record, column=column, by=by)
        said = _("The changes are saved.") if written.changed or kept else _("Nothing was changed.")
        messages.success(request, said)
        return HttpResponseRedirect(back_url)

    extra: dict[str, Any] = {"is_service": isinstance(record, Service)}
    return form_page(request, form, save, title=title, back_url=back_url, template=TEMPLATE, **extra)


def new_page(
    request: HttpRequest,
    form_class: type[DocumentForm],
    save: Callable[[Document], HttpResponse],
    *,
    owner: Organization | None,
    title: str,
    back_url: str,
) -> HttpResponse:
    """The form of a record that does not exist yet."""
    form = form_class(
        request.POST if request.method == "POST" else None, choices=Choices(owner), opened=request.GET.getlist("open")
    )

    def store() -> HttpResponse:
        return save(form.values(today=timezone.localdate().isoformat()))

    return form_page(request, form, store, title=title, back_url=back_url, template=TEMPLATE)
