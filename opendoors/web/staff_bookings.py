"""Who comes and who waits: the lists, and what the team does for somebody on the phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from basins.enums import Language, Sector
from basins.rights import Right
from basins.web.desk import ask_page, shown_or_sent
from basins.web.desk_forms import StaffForm
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core import spoken
from core.bilingual import current_language
from core.csv_export import csv_response
from core.errors import RuleError
from core.widgets import PlainSelect
from opendoors import exports, queries_waiting, staff_queries
from opendoors.enums import BookedState
from opendoors.models import GROUP_AT_MOST, BookedVisit, Edition, Visit
from opendoors.rules import booking as rules
from opendoors.rules import signing_up
from opendoors.rules import waiting as waiting_rules
from opendoors.rules.line import LAST_OFFER
from opendoors.web.staff_forms import SearchForm
from opendoors.web.staff_views import kept_edition

PER_PAGE = 50


def edition_with_bookings(request: HttpRequest, basin: str, slug: str) -> Edition:
    """The edition of the address, if the reader may see who comes; else 404."""
    return get_object_or_404(staff_queries.editions_with_bookings_for(signed_in(request), basin), slug=slug)


@require_GET
@staff_required(Right.SEE_OPEN_DOOR_BOOKINGS)
def bookings(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """Bookings of an edition, newest first, searched by words."""
    row = edition_with_bookings(request, basin, slug)
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(staff_queries.bookings(row, words), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "edition": row,
        "form": form,
        "words": words,
        "page": page,
        "query": query.urlencode(),
        "is_history": staff_queries.is_history(row),
    }
    return render(request, "opendoors/staff/bookings.html", context)


@require_GET
@staff_required(Right.SEE_OPEN_DOOR_BOOKINGS)
def bookings_csv(request: HttpRequest, basin: str, slug: str) -> HttpResponseBase:
    """Every booked visit, one per line, for a spreadsheet; read and sent as it comes."""
    row = edition_with_bookings(request, basin, slug)
    table = exports.table(row, "bookings")
    return csv_response(f"{_('bookings')}-{row.slug}.csv", table.headings, exports.as_text(table.rows()))


@require_GET
@staff_required(Right.SEE_OPEN_DOOR_BOOKINGS)
def waiting(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """Each visit that somebody waits for, with its line."""
    row = edition_with_bookings(request, basin, slug)
    visits = list(staff_queries.waiting(row))
    reasons = queries_waiting.why_passed_over(row, visits)
    lines = [
        (visit, [(wish, reasons.get(wish.pk, "")) for wish in visit.line])  # type: ignore[attr-defined]  # prefetched
        for visit in visits
    ]
    context = {"edition": row, "visits": visits, "lines": lines, "is_history": staff_queries.is_history(row)}
    return render(request, "opendoors/staff/waiting.html", context)


# --- For somebody on the phone --------------------------------------------------------------------


class PhoneForm(StaffForm):
    """Somebody calls and would like visits: free ones are booked, full ones waited for where the caller wants to."""

    name = forms.CharField(label=gettext_lazy("First name and name"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("Work e-mail"),
        max_length=254,
        help_text=gettext_lazy("The confirmation, the calendar and the link to change it go there."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of our mails"), choices=Language.choices)
    organisation = forms.CharField(label=gettext_lazy("Organisation"), max_length=160, required=False)
    sector = forms.ChoiceField(
        label=gettext_lazy("Field of work"),
        required=False,
        choices=[("", gettext_lazy("not known")), *Sector.choices],
        widget=PlainSelect,
    )
    seats = forms.IntegerField(label=gettext_lazy("Seats in each visit"), min_value=1, max_value=GROUP_AT_MOST)
    companions = forms.CharField(
        label=gettext_lazy("Who comes along"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Names, one per line, for the host's list."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    access_needs = forms.BooleanField(label=gettext_lazy("Needs wheelchair access"), required=False)
    visits = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Visits"), coerce=UUID, widget=forms.CheckboxSelectMultiple
    )

    wait = forms.BooleanField(
        label=gettext_lazy("Put on the waiting list where there are not enough seats"),
        help_text=gettext_lazy("Ask the caller first: the mail says so."),
        required=False,
    )

    def __init__(self, *args: Any, visits: list[Visit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("visits", [(str(visit.uuid), _visit_words(visit)) for visit in visits])
        self.fields["visits"].error_messages["required"] = str(gettext_lazy("Choose at least one visit."))
        self._left = {visit.uuid: visit.seats_left for visit in visits}
        self._visits = {visit.uuid: visit for visit in visits}

    def clean(self) -> dict[str, Any]:
        """Nobody is put on a waiting list unasked, nor where nothing would come free in time."""
        cleaned = super().clean() or self.cleaned_data
        if "visits" in cleaned and "seats" in cleaned:
            _booked, short = self.split()
            for visit in (self._visits[one] for one in short):
                said = _seats_left(visit)
                if visit.starts_at <= timezone.now() + LAST_OFFER:
                    why = _("It begins too soon to wait for more.")
                    self.add_error("visits", f"{said} {why}")
                elif not cleaned["wait"]:
                    why = _("Book fewer, or tick that the caller waits.")
                    self.add_error("visits", f"{said} {why}")
        return cleaned

    def split(self) -> tuple[list[UUID], list[UUID]]:
        """What can be booked, and what can only be waited for."""
        seats, chosen = self.cleaned_data["seats"], self.cleaned_data["visits"]
        return [one for one in chosen if self._left[one] >= seats], [one for one in chosen if self._left[one] < seats]


def _seats_left(visit: Visit) -> str:
    words = ngettext(
        "%(host)s has %(number)d seat left.", "%(host)s has %(number)d seats left.", max(visit.seats_left, 0)
    )
    return words % {"host": visit.host.name, "number": max(visit.seats_left, 0)}


def _visit_words(visit: Visit) -> str:
    left = visit.seats_left
    seats = ngettext("%(number)d seat", "%(number)d seats", left) % {"number": left} if left > 0 else _("waiting list")
    when = f"{spoken.short_date(visit.starts_at)}, {spoken.hours(visit.starts_at, visit.ends_at)}"
    return f"{when} · {visit.host.name} · {seats}"


@shown_or_sent
@staff_required(Right.MANAGE_OPEN_DOORS)
def book(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """Book for somebody who called; the mail goes to that person."""
    row = kept_edition(request, basin, slug)
    visits = list(staff_queries.bookable(row))
    form = PhoneForm(request.POST or None, visits=visits, initial={"seats": 1, "language": current_language()})
    list_url = reverse("opendoors:staff_bookings", kwargs={"basin": basin, "slug": slug})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            booked, waited = form.split()
            data = {name: value for name, value in form.cleaned_data.items() if name not in {"visits", "wait"}}
            try:
                signed = signing_up.sign_up(
                    visits=booked, waits=waited, wanted=len(waited) or 1, by=signed_in(request), within=row, **data
                )
            except RuleError as error:
                form.add_refusal(error)
                status = error.status
            else:
                messages.success(request, _what_became(signed))
                return HttpResponseRedirect(list_url)
    context = {
        "edition": row,
        "form": form,
        "closed_reason": rules.why_not_bookable(row),
        "back_url": list_url,
    }
    return render(request, "opendoors/staff/book.html", context, status=status)


def _what_became(signed: signing_up.SignUp) -> str:
    said = []
    if signed.booking is not None:
        said.append(_("Booked: %(reference)s. A mail is on its way.") % {"reference": signed.booking.reference})
    if signed.request is not None:
        said.append(_("On the waiting list: %(reference)s.") % {"reference": signed.request.reference})
    return " ".join(said)


@shown_or_sent
@staff_required(Right.MANAGE_OPEN_DOORS)
def waiting_leave(request: HttpRequest, basin: str, slug: str, reference: str, visit: UUID) -> HttpResponse:
    """Asks first; the POST takes somebody who called out of the line of one visit."""
    edition = kept_edition(request, basin, slug)
    row = get_object_or_404(staff_queries.wishes_of(edition), request__reference=reference, visit__uuid=visit)
    list_url = reverse("opendoors:staff_waiting", kwargs={"basin": basin, "slug": slug})
    who = {"name": row.request.name, "host": row.visit.host.name}

    def leave() -> HttpResponse:
        waiting_rules.leave(request=row.request, visits=[visit], by=signed_in(request))
        messages.success(request, _("%(name)s no longer waits for %(host)s.") % who)
        return HttpResponseRedirect(list_url)

    when = f"{row.visit.host.name}, {spoken.moment(row.visit.starts_at)}."
    words = _("For somebody who called. Their place in line goes; no mail is sent.")
    return ask_page(
        request,
        leave,
        question=_("Take %(name)s off the waiting list?") % who,
        detail=f"{when} {words}",
        yes=_("Take off the list"),
        back_url=list_url,
    )


@shown_or_sent
@staff_required(Right.MANAGE_OPEN_DOORS)
def booking_cancel(request: HttpRequest, basin: str, slug: str, reference: str) -> HttpResponse:
    """Asks first; the POST gives the seats of a booking back for somebody who called."""
    edition = kept_edition(request, basin, slug)
    row = get_object_or_404(staff_queries.booking_of(edition, reference))
    list_url = reverse("opendoors:staff_bookings", kwargs={"basin": basin, "slug": slug})

    def cancel() -> HttpResponse:
        rules.cancel(booking=row, by=signed_in(request))
        messages.success(request, _("The seats are free again. %(name)s gets a mail.") % {"name": row.name})
        return HttpResponseRedirect(list_url)

    held = [_held(each) for each in row.booked.all() if each.state == BookedState.CONFIRMED]
    return ask_page(
        request,
        cancel,
        question=_("Give back the visits of %(name)s?") % {"name": row.name},
        detail=" · ".join(held) or _("This booking holds no seat any more."),
        yes=_("Give back"),
        back_url=list_url,
    )


def _held(row: BookedVisit) -> str:
    """A booked visit in words: host, day, hours, seats."""
    visit = row.visit
    seats = ngettext("%(number)d seat", "%(number)d seats", row.seats) % {"number": row.seats}
    day, time = spoken.weekday_date(visit.starts_at), spoken.hours(visit.starts_at, visit.ends_at)
    return f"{visit.host.name}, {day}, {time} ({seats})"
