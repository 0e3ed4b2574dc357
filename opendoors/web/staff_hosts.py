"""The team and its hosts: who answered the call, yes or no with a word, further visits, the link once more."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from basins.rights import Right
from basins.web.desk import ask_page, form_page, shown_or_sent
from basins.web.desk_forms import StaffForm
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core import spoken
from core.errors import RuleError
from opendoors import queries_hosts, queries_links, staff_queries
from opendoors.enums import HOST_TRANSITIONS, HostState, VisitState
from opendoors.models import Host, Visit
from opendoors.rules import validating
from opendoors.web.host_link import who_is_told
from opendoors.web.staff_views import kept_edition

for_keepers = staff_required(Right.MANAGE_OPEN_DOORS)
NOTE_AT_MOST = 2000
WORDS = {
    HostState.ACCEPTED: gettext_lazy("Yes: its visits are in the programme"),
    HostState.CHANGES: gettext_lazy("Not yet: ask for a change"),
    HostState.REFUSED: gettext_lazy("No"),
}
STEPS = {
    HostState.ACCEPTED: validating.accept,
    HostState.CHANGES: validating.ask_change,
    HostState.REFUSED: validating.refuse,
}


class DecisionForm(StaffForm):
    """The team's word on a host."""

    decision = forms.ChoiceField(label=gettext_lazy("Your word"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Word to the host"),
        max_length=NOTE_AT_MOST,
        required=False,
        help_text=gettext_lazy("What is asked, or why not. The host reads it in its mail and on its page."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class RefusalForm(StaffForm):
    """Why one visit is not taken."""

    note = forms.CharField(
        label=gettext_lazy("Word to the host"), max_length=NOTE_AT_MOST, widget=forms.Textarea(attrs={"rows": 4})
    )


@require_GET
@for_keepers
def hosts(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """All hosts of an edition, who waits for a word first; ``state`` shows those of one state."""
    edition = kept_edition(request, basin, slug)
    wanted = request.GET.get("state", "")
    rows = staff_queries.hosts(edition)
    counts = staff_queries.hosts_by_state(edition)
    if wanted in HostState.values:
        rows = rows.filter(state=wanted)
    context = {
        "edition": edition,
        "hosts": rows,
        "wanted": wanted,
        "states": [(state.value, state.label, number) for state, number in counts.items()],
        "total": sum(counts.values()),
        "is_history": staff_queries.is_history(edition),
        "call_url": queries_hosts.call_url(edition),
        "unlinked": queries_links.unlinked(edition),
        "has_accepted": bool(counts.get(HostState.ACCEPTED)),
    }
    return render(request, "opendoors/staff/hosts.html", context)


def _kept_host(request: HttpRequest, basin: str, slug: str, host: UUID) -> Host:
    return get_object_or_404(staff_queries.hosts_kept_by(signed_in(request), basin, slug), uuid=host)


def _to_host(host: Host) -> HttpResponseRedirect:
    return HttpResponseRedirect(staff_queries.host_url(host))


@shown_or_sent
@for_keepers
def host_decide(request: HttpRequest, basin: str, slug: str, host: UUID) -> HttpResponse:
    """What a host proposes, and the team's word on it: yes, a change, no."""
    row = _kept_host(request, basin, slug, host)
    possible = [to for to in WORDS if to in HOST_TRANSITIONS[HostState(row.state)]]
    form = DecisionForm(request.POST or None)
    form.offer("decision", [(to.value, str(WORDS[to])) for to in possible])
    if request.method == "POST" and form.is_valid():
        step = STEPS[HostState(form.cleaned_data["decision"])]
        try:
            step(host=row, by=signed_in(request), note=form.cleaned_data["note"])
        except RuleError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("The host is told."))
            return HttpResponseRedirect(reverse("opendoors:staff_hosts", kwargs={"basin": basin, "slug": slug}))
    context = {
        "host": row,
        "edition": row.edition,
        "form": form,
        "visits": row.visits.exclude(state=VisitState.CANCELLED).select_related("place__municipality"),
        "places": row.places.select_related("municipality"),
        "is_possible": bool(possible) and not staff_queries.is_history(row.edition),
    }
    return render(request, "opendoors/staff/decide.html", context, status=422 if form.errors else 200)


@shown_or_sent
@for_keepers
def host_withdraw(request: HttpRequest, basin: str, slug: str, host: UUID) -> HttpResponse:
    """Asks first; the POST takes the host's word back for it, who called to say so."""
    row = _kept_host(request, basin, slug, host)

    def withdraw() -> HttpResponse:
        told = validating.withdraw(host=row, by=signed_in(request))
        words = ngettext("%(number)d letter goes to visitors.", "%(number)d letters go to visitors.", told)
        done = _("%(host)s no longer takes part.") % {"host": row.name}
        messages.success(request, f"{done} {words % {'number': told}}" if told else done)
        return _to_host(row)

    return ask_page(
        request,
        withdraw,
        question=_("%(host)s no longer takes part?") % {"host": row.name},
        detail=who_is_told(queries_hosts.coming_visits(row)),
        yes=_("Withdraw"),
        back_url=staff_queries.host_url(row),
    )


@require_POST
@for_keepers
def host_send_link(request: HttpRequest, basin: str, slug: str, host: UUID) -> HttpResponse:
    """Mail the host its link."""
    row = _kept_host(request, basin, slug, host)
    try:
        validating.send_link(host=row, by=signed_in(request))
    except RuleError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The link goes to %(email)s.") % {"email": row.contact_email})
    return _to_host(row)


@shown_or_sent
@for_keepers
def hosts_send_links(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """Says first how many letters; the POST mails every host that takes part its link."""
    edition = kept_edition(request, basin, slug)
    back_url = reverse("opendoors:staff_hosts", kwargs={"basin": basin, "slug": slug})

    def send() -> HttpResponse:
        number = validating.send_all_links(edition=edition, by=signed_in(request))
        words = ngettext("%(number)d host gets its link.", "%(number)d hosts get their link.", number)
        messages.success(request, words % {"number": number} if number else _("Nobody was left to write to."))
        return HttpResponseRedirect(back_url)

    number = len(queries_hosts.hosts_to_mail(edition))
    if not number:
        messages.info(request, _("Every host with an address has had its link within the last day."))
        return HttpResponseRedirect(back_url)
    question = ngettext("Mail %(number)d host its link?", "Mail %(number)d hosts their link?", number)
    return ask_page(
        request,
        send,
        question=question % {"number": number},
        detail=_(
            "Hosts that take part and have an address. Who had the link within the last day is left out. "
            "By it a host sees who comes, and changes its texts and visits."
        ),
        yes=_("Mail the links"),
        back_url=back_url,
        danger=False,
    )


# --- A further visit of a host that takes part -----------------------------------------------------


def _further_visit(request: HttpRequest, basin: str, slug: str, visit: UUID) -> Visit:
    found = staff_queries.visits_kept_by(signed_in(request), basin, slug).filter(state=VisitState.PROPOSED)
    row: Visit = get_object_or_404(found, uuid=visit)
    row.host.edition = row.edition
    return row


@require_POST
@for_keepers
def visit_accept(request: HttpRequest, basin: str, slug: str, visit: UUID) -> HttpResponse:
    """A further visit of a host comes into the programme."""
    row = _further_visit(request, basin, slug, visit)
    try:
        validating.accept_visit(visit=row, by=signed_in(request))
    except RuleError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The visit is in the programme. The host is told."))
    return _to_host(row.host)


@shown_or_sent
@for_keepers
def visit_refuse(request: HttpRequest, basin: str, slug: str, visit: UUID) -> HttpResponse:
    """A further visit of a host is not taken, with a word why."""
    row = _further_visit(request, basin, slug, visit)
    form = RefusalForm(request.POST or None)

    def refuse() -> HttpResponse:
        validating.refuse_visit(visit=row, by=signed_in(request), note=form.cleaned_data["note"])
        messages.success(request, _("The host is told."))
        return _to_host(row.host)

    title = _("Not this visit: %(host)s, %(when)s") % {"host": row.host.name, "when": spoken.moment(row.starts_at)}
    return form_page(
        request, form, refuse, title=title, back_url=staff_queries.host_url(row.host), submit=_("Tell the host")
    )
