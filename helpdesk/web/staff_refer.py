"""Handing a ticket over to another helpline of the directory."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from basins.models import User
from basins.web.desk import shown_or_sent
from basins.web.forms import plain_line
from basins.web.reader import signed_in
from core.bilingual import text
from core.errors import RuleError
from directory import access as directory_access
from directory import public_queries
from directory.enums import ServiceKind
from directory.search.finder import find
from directory.search.questions import Question
from directory.web.cards import Card, card
from helpdesk.errors import AnsweredMeanwhile
from helpdesk.models import Ticket
from helpdesk.rules import referring
from helpdesk.web.expert_forms import ReferForm
from helpdesk.web.staff_common import ticket_url, with_ticket

FOUND_AT_MOST = 12


@shown_or_sent
@with_ticket
def refer(request: HttpRequest, row: Ticket) -> HttpResponse:
    """Which line, and a word to who asked; searching and choosing keep what is written."""
    user = signed_in(request)
    sent = request.POST if request.method == "POST" else None
    words = plain_line((sent if sent is not None else request.GET).get("q", ""))[:100]
    sends = sent is not None and "send" in sent
    form = ReferForm(sent) if sends else ReferForm(initial=(sent.dict() if sent is not None else {}))
    seen = sent.get("seen", "") if sent is not None else ""
    status = 200
    if sends:
        if form.is_valid():
            try:
                return _send(request, row, user, form, seen)
            except AnsweredMeanwhile as error:
                form.add_refusal(error)
                seen = ""  # the page shows where to read it: sent once more, it is sent in its knowledge
            except RuleError as error:
                form.add_refusal(error)
        status = 422
    context = {
        "ticket": row,
        "basin": row.basin.code,
        "back_url": ticket_url(row),
        "form": form,
        "found": lines(words, row, user),
        "words": words,
        "chosen": str(form["record"].value() or ""),
        "seen": seen or row.messages.order_by("-pk").values_list("uuid", flat=True).first(),
    }
    return render(request, "helpdesk/staff/refer.html", context, status=status)


def _send(request: HttpRequest, row: Ticket, user: User, form: ReferForm, seen: str) -> HttpResponse:
    record: UUID = form.cleaned_data["record"]
    referring.refer(ticket=row, record=record, words=form.cleaned_data["words"], by=user, seen=_uuid(seen))
    line = referring.helpline(record)
    name = text(line, "name") if line is not None else ""
    if row.asker.email:
        words = _("%(code)s is passed on to %(name)s, and closed. Who asked is told.")
    else:
        words = _("%(code)s is passed on to %(name)s, and closed. There is no mail address: tell it on the phone.")
    messages.success(request, words % {"code": row.code, "name": name})
    return HttpResponseRedirect(ticket_url(row))


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def lines(words: str, row: Ticket, user: User) -> list[Card]:
    """The phone lines of the directory that fit the words; of all of them those that serve the person's place first."""
    question = Question(
        words=words,
        near=row.postcode,
        home_basin=row.basin.code,
        chosen={"kind": (ServiceKind.PHONE_LINE.value,)},
        visible=directory_access.visible_to(user),
        per_page=FOUND_AT_MOST,
    )
    keys = [hit.service for hit in find(question).hits]
    return [card(service, basin=row.basin.code) for service in public_queries.cards(keys, user)]
