"""What is read on the day itself: the list of a visit, for its host, the team, a partner, and for paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from basins.models import PartnerKey
from basins.rules.retention import first_kept
from core import signing
from core.bilingual import text
from core.spoken import BRUSSELS, long_date
from opendoors import head_count
from opendoors.access import SCOPE_ATTENDANCE
from opendoors.enums import PUBLIC_STATES, Attendance, BookedState, VisitState
from opendoors.models import BookedVisit, Booking, Edition, Host, Visit, Visitor
from opendoors.queries import LINK_LIVES_ON
from opendoors.queries_hosts import host_link

DOOR_LINK = "opendoors.door"


def expected(visits: QuerySet[BookedVisit] | None = None) -> QuerySet[BookedVisit]:
    """Booked visits whose visitors are expected: held seats wait for their address and are on no list yet."""
    rows = BookedVisit.objects.all() if visits is None else visits
    return rows.filter(state=BookedState.CONFIRMED, booking__held_until=None)


def sheet_of(visit: Visit) -> list[BookedVisit]:
    """Who is expected at a visit, by name, with booking and visitor. One query."""
    rows = expected(visit.booked.all()).select_related("booking__visitor")
    return list(rows.order_by("booking__name", "pk"))


def present_of(rows: Iterable[BookedVisit]) -> list[BookedVisit]:
    """Those of whom somebody noted that they came."""
    return [row for row in rows if row.attendance == Attendance.PRESENT]


def with_expected(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Each visit with ``expected_rows``, as :func:`sheet_of` gives them: one query more, for all of them."""
    rows = expected().select_related("booking__visitor").order_by("booking__name", "pk")
    return visits.prefetch_related(Prefetch("booked", queryset=rows, to_attr="expected_rows"))


def visits_with_sheets(edition: Edition) -> QuerySet[Visit]:
    """The visits that are on, in order of time, each with ``expected_rows``. Two queries."""
    return with_expected(planned(edition).select_related("edition__basin", "host", "place__municipality"))


def planned(edition: Edition) -> QuerySet[Visit]:
    """The visits that are on, in order of time, then of the host's name."""
    return edition.visits.filter(state=VisitState.PLANNED).order_by("starts_at", "host__search_name", "pk")


def visits_of_host(host: Host) -> QuerySet[Visit]:
    """The visits of a host that are on, in order of time, with what a sheet names."""
    visits = host.visits.filter(state=VisitState.PLANNED, edition__state__in=PUBLIC_STATES)
    return visits.select_related("edition__basin", "host", "place__municipality").order_by("starts_at", "pk")


# --- The door ------------------------------------------------------------------------------------


def door_link(visit: Visit) -> str:
    """The token on the poster at the door of a visit: it opens the page where one says "I am here"."""
    return signing.make_token(DOOR_LINK, visit.uuid)


def visit_of_door(token: str, basin: str) -> Visit:
    """The visit at whose door this code hangs.

    Raises ``core.signing.BadToken`` where it is forged, of another basin, or its visit is gone, and
    ``StaleToken`` when the week has been over for longer than ``LINK_LIVES_ON``.
    """
    visits = Visit.objects.filter(edition__basin__code=basin, edition__state__in=PUBLIC_STATES)
    visits = visits.exclude(state=VisitState.PROPOSED).select_related("edition__basin", "host", "place__municipality")
    visit = visits.filter(uuid=signing.read_uuid(DOOR_LINK, token)).first()
    if visit is None:
        raise signing.BadToken
    if timezone.localdate() > visit.edition.ends_on + LINK_LIVES_ON:
        raise signing.StaleToken
    return visit


def door_url(visit: Visit) -> str:
    """The page behind the code at the door, in the active language."""
    return reverse("opendoors:here", kwargs={"basin": visit.edition.basin.code, "token": door_link(visit)})


def sheet_url(visit: Visit) -> str:
    """The page on which the host of a visit notes who came, in the active language; for its mails and the team."""
    kwargs = {"basin": visit.edition.basin.code, "token": host_link(visit.host), "visit": visit.uuid}
    return reverse("opendoors:sheet", kwargs=kwargs)


# --- The team and partners -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DayOfVisits:
    """The visits of one day, for the team."""

    date: dt.date
    visits: Sequence[Visit]


@dataclass(frozen=True, slots=True)
class Totals:
    """What the visits of :func:`days_of_attendance` add up to, in people."""

    present: int
    excused: int
    absent: int
    unsaid: int
    walk_ins: int

    @property
    def booked(self) -> int:
        return self.present + self.excused + self.absent + self.unsaid


def totals(visits: Iterable[Visit]) -> Totals:
    """The sums of a week."""
    names = ("present_count", "excused_count", "absent_count", "unsaid_count", "walk_ins")
    found = list(visits)
    return Totals(*(sum(getattr(visit, name) for visit in found) for name in names))


def days_of_attendance(edition: Edition) -> list[DayOfVisits]:
    """The visits that are on, day by day, each with the people on its list by what is said of them:
    ``present_count``, ``excused_count``, ``absent_count``, ``unsaid_count``. One query.
    """
    on_the_list = Q(booked__state=BookedState.CONFIRMED, booked__booking__held_until=None)
    counts: dict[str, Combinable] = {
        f"{value or 'unsaid'}_count": Sum("booked__seats", filter=on_the_list & Q(booked__attendance=value), default=0)
        for value in (*Attendance.values, "")
    }
    away = Sum(head_count.missing("booked__"), filter=on_the_list, default=0)
    counts["present_count"] -= away
    counts["absent_count"] += away
    visits = planned(edition).select_related("edition__basin", "host").annotate(**counts)
    days = groupby(visits, key=lambda visit: timezone.localdate(visit.starts_at, BRUSSELS))
    return [DayOfVisits(day, list(found)) for day, found in days]


def visits_of_key(key: PartnerKey) -> QuerySet[Visit]:
    """Visits whose list a partner's key reads: of published editions of the basins it was given for.

    Not of editions so long ago that their people are to be forgotten, be the nightly task late or not.
    """
    if SCOPE_ATTENDANCE not in key.scopes:
        return Visit.objects.none()
    visits = Visit.objects.filter(edition__state__in=PUBLIC_STATES, edition__basin__in=key.basins.all())
    visits = visits.filter(edition__ends_on__gte=first_kept("registrations", timezone.localdate()).date())
    return visits.exclude(state=VisitState.PROPOSED).select_related("edition__basin", "host")


# --- Certificates --------------------------------------------------------------------------------


def hours_between(rows: Iterable[BookedVisit]) -> dt.timedelta:
    """How long the visits of these rows lasted together."""
    return sum((row.visit.ends_at - row.visit.starts_at for row in rows), dt.timedelta())


def why_no_certificate(edition: Edition, present: Collection[BookedVisit]) -> str:
    """Why there is no certificate (yet), in the reader's words; ``""`` when there is one.

    After the last day: a certificate names all visits of the week.
    """
    if timezone.localdate() <= edition.ends_on:
        return str(_("The certificate can be made after the last day, %(day)s.") % {"day": long_date(edition.ends_on)})
    if not present:
        return str(_("Nobody noted yet that you came. If you did, ask the host or the team to note it."))
    return ""


def attended(booking: Booking, *, whole_visitor: bool) -> list[BookedVisit]:
    """Of a booking (or of all its visitor's) the visits they came to, in order of time, with what is named of them."""
    mine = Q(booking__visitor_id=booking.visitor_id) if whole_visitor else Q(booking=booking)
    rows = expected().filter(mine, attendance=Attendance.PRESENT)
    return list(rows.select_related("booking", "visit__host").order_by("visit__starts_at", "pk"))


def visitors_who_came(edition: Edition) -> QuerySet[Visitor]:
    """Those of whom somebody noted that they came to one visit or more."""
    rows = expected().filter(booking__visitor=OuterRef("pk"), attendance=Attendance.PRESENT)
    return Visitor.objects.filter(Exists(rows), edition=edition).order_by("pk")


def file_name(*parts: object) -> str:
    """The name of a PDF: its parts without accents, spaces and signs."""
    return f"{'-'.join(filter(None, (slugify(str(part)) for part in parts)))}.pdf"


def edition_words(edition: Edition, language: str | None = None) -> str:
    """``Le Grand Bain 2026``."""
    return f"{text(edition, 'name', language)} {edition.starts_on.year}"
