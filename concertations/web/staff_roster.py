"""The roster of a series: who came when, who misses; and inviting them to the next meeting."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from basins.enums import Language
from basins.web.desk import form_page, shown_or_sent
from basins.web.desk_forms import StaffForm
from basins.web.reader import signed_in
from concertations.calendar import title_of
from concertations.links import meeting_page
from concertations.queries_roster import Line, Roster, roster_of
from concertations.rules.inviting import invite as invite_rule
from concertations.rules.registering import Person
from concertations.web.common import kept_meeting, kept_series
from concertations.web.staff_people import for_keepers
from core.bilingual import current_language
from core.csv_export import csv_response

ADDRESSES_AT_MOST = 60


@require_GET
@for_keepers
def roster(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """One line per person, one column per meeting; then who misses at the next one."""
    row = kept_series(request, basin, slug)
    found = roster_of(row)
    context = {
        "series": row,
        "roster": found,
        "invite_url": meeting_page(found.next, "staff_invite") if found.next else "",
        "next_name": title_of(found.next) if found.next else "",
    }
    return render(request, "concertations/staff/roster.html", context)


@require_GET
@for_keepers
def roster_csv(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponseBase:
    """The same for a spreadsheet, all meetings."""
    row = kept_series(request, basin, slug)
    found = roster_of(row, columns=None)
    headings = [
        *(_("Name"), _("Function"), _("Organisation"), _("Field of work"), _("E-mail")),
        *(f"{meeting.day:%Y-%m-%d}" for meeting in found.meetings),
    ]
    name = _("roster")
    return csv_response(f"{name}-{row.slug}.csv", headings, _cells(found))


def _cells(found: Roster) -> Iterator[list[str]]:
    words = {
        "present": _("present"),
        "excused": _("excused"),
        "absent": _("absent"),
        "coming": _("registered"),
        "waiting": _("waiting"),
    }
    for line in found.lines:
        person = line.participant
        yield [
            *(person.name, person.role, person.organisation, str(person.get_sector_display()), person.email),
            *(str(words.get(cell.word, "")) for cell in line.cells),
        ]


class InviteForm(StaffForm):
    """Whom to write to, and what to say."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("Came before, not registered yet"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    addresses = forms.CharField(
        label=gettext_lazy("Other addresses"),
        required=False,
        max_length=6000,
        help_text=gettext_lazy("One per line. Write to people who know you; each gets one letter for this meeting."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of these other letters"), choices=Language.choices)
    word = forms.CharField(
        label=gettext_lazy("A word of the team"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("It stands in the letter as you write it, for French and Dutch readers."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_addresses(self) -> list[str]:
        """The lines, each an address."""
        lines = [line.strip().lower() for line in str(self.cleaned_data["addresses"]).splitlines() if line.strip()]
        if len(lines) > ADDRESSES_AT_MOST:
            raise forms.ValidationError(_("At most %(n)d addresses in one go.") % {"n": ADDRESSES_AT_MOST})
        for line in lines:
            try:
                forms.EmailField().clean(line)
            except forms.ValidationError:
                raise forms.ValidationError(_("This is no e-mail address: %(line)s") % {"line": line}) from None
        return lines


@shown_or_sent
@for_keepers
def invite(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Write to those who came before and are not registered, and to others by hand; once each."""
    row = kept_meeting(request, basin, slug, meeting)
    invited = set(row.invitations.values_list("email", flat=True))
    reachable = [
        line
        for line in roster_of(row.series).lines
        if line.was_there
        and line.participant.email
        and line.participant.email not in invited
        and not _is_in(line, row.pk)
    ]
    known = {str(line.participant.uuid): line.participant for line in reachable}
    form = InviteForm(request.POST or None, initial={"language": current_language(), "people": list(known)})
    form.offer("people", [(key, _words(line)) for key, line in zip(known, reachable, strict=True)])
    back_url = meeting_page(row, "staff_registrations")

    def save() -> HttpResponse:
        data = form.cleaned_data
        people = [
            Person(
                name=known[key].name,
                email=known[key].email,
                language=known[key].language,
                sector=known[key].sector,
                organisation=known[key].organisation,
            )
            for key in data["people"]
        ]
        people += [Person(name="", email=line, language=data["language"]) for line in data["addresses"]]
        number = invite_rule(meeting=row, people=people, word=data["word"].strip(), by=signed_in(request))
        words = ngettext("%(n)d invitation is on its way.", "%(n)d invitations are on their way.", number)
        messages.success(request, words % {"n": number})
        return HttpResponseRedirect(back_url)

    return form_page(request, form, save, title=_("Invite"), back_url=back_url, submit=_("Send the invitations"))


def _is_in(line: Line, meeting_id: int) -> bool:
    return any(cell.meeting.pk == meeting_id and cell.word in {"coming", "waiting"} for cell in line.cells)


def _words(line: Line) -> str:
    person = line.participant
    return f"{person.name} ({person.organisation})" if person.organisation else person.name
