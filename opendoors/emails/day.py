"""To hosts: who comes, and where to note it; to visitors, after the week: where their certificate is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.bilingual import text
from core.mail import Letter, absolute_url, letter
from core.spoken import BRUSSELS, duration, weekday_date
from opendoors import queries, queries_day
from opendoors.emails.common import rows_of, visitor_of
from opendoors.models import Host, Visit
from opendoors.queries_hosts import host_url


@letter("opendoors.host_sheet", title=gettext_lazy("Who comes, for a host"))
def host_sheet(params: dict[str, Any]) -> Letter | None:
    """Some days before (``stage`` early: all visits from ``day`` on) and the day before (eve: those of that day)."""
    host = Host.objects.select_related("edition__basin").get(uuid=params["host"])
    day = dt.date.fromisoformat(params["day"])
    is_eve = params["stage"] == "eve"
    visits = [visit for visit in _visits_of(host) if (_day_of(visit) == day if is_eve else _day_of(visit) >= day)]
    # Written for a day to come: a mail that was held up for longer is worth nothing any more.
    if not visits or day < timezone.localdate():
        return None
    if not is_eve:
        subject = _("Soon you open your door: from %(day)s on") % {"day": weekday_date(day)}
        lead = _(
            "This is who has booked so far. On the day you note who came: on your phone, by the links below, "
            "or on paper. They work without an account."
        )
    else:
        number = sum(row.seats for visit in visits for row in visit.expected_rows)  # type: ignore[attr-defined]  # prefetched
        # A mail server that was away may hand it over on the day itself.
        if day > timezone.localdate():
            subject = ngettext("Tomorrow: %(n)d person comes to you", "Tomorrow: %(n)d people come to you", number)
        else:
            subject = ngettext("Today: %(n)d person comes to you", "Today: %(n)d people come to you", number)
        subject %= {"n": number}
        lead = _("This is who comes. Open the list on your phone and tap who is there; it works on a bad connection.")
    context = {
        "basin": host.edition.basin,
        "host": host,
        "lead": lead,
        "sheets": [(visit, absolute_url(queries_day.sheet_url(visit))) for visit in visits],
        "link": absolute_url(host_url(host)),
    }
    return Letter(subject, "opendoors/mail/sheet", context)


def _visits_of(host: Host) -> list[Visit]:
    return list(queries_day.visits_with_sheets(host.edition).filter(host=host))


def _day_of(visit: Visit) -> dt.date:
    return timezone.localdate(visit.starts_at, BRUSSELS)


@letter("opendoors.certificate", title=gettext_lazy("Certificate of attendance"))
def certificate(params: dict[str, Any]) -> Letter | None:
    """After the week, to who came to one visit or more: thanks, how much it was, the link to the certificate."""
    visitor = visitor_of(params)
    rows = queries_day.present_of(rows_of(visitor))
    if not rows:
        return None
    token = queries.visitor_link(visitor)
    number, length = len(rows), duration(queries_day.hours_between(rows))
    lead = ngettext(
        "Thank you for coming to %(name)s. You made %(n)d visit, %(length)s in all.",
        "Thank you for coming to %(name)s. You made %(n)d visits, %(length)s in all.",
        number,
    ) % {"name": text(visitor.edition, "name"), "n": number, "length": length}
    context = {
        "basin": visitor.edition.basin,
        "lead": lead,
        "rows": rows,
        "link": absolute_url(
            reverse("opendoors:certificate", kwargs={"basin": visitor.edition.basin.code, "token": token})
        ),
    }
    return Letter(_("Your certificate of attendance"), "opendoors/mail/certificate", context)
