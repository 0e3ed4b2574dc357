"""What is read of the call to hosts, and what a host's own link opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from core import signing
from core.models import OutboxMessage
from opendoors.enums import OPEN_WISHES, PUBLIC_STATES, BookedState, EditionState, HostState, VisitState
from opendoors.models import BookedVisit, Edition, Host, Visit, Wish
from opendoors.queries import LINK_LIVES_ON

HOST_LINK = "opendoors.host"
UUID_LENGTH = 32  # in hexadecimal digits
MARK_LENGTH = 12
MAILED_LATELY = dt.timedelta(days=1)
LETTERS_WITH_LINK = ("opendoors.host_link", "opendoors.host_accepted")


def calls(basin: str) -> QuerySet[Edition]:
    """Editions with a page for hosts: the call is open, or was there before the programme came out."""
    had_one = Q(state=EditionState.CALL) | Q(state__in=PUBLIC_STATES, call_opens_at__isnull=False)
    return Edition.objects.filter(had_one, basin__code=basin).select_related("basin").order_by("-starts_on")


def current_call(basin: str) -> Edition | None:
    """The edition that looks for hosts now, or says from when; none once its call is over."""
    running = Q(call_closes_at__isnull=True) | Q(call_closes_at__gt=timezone.now())
    return calls(basin).filter(running, state=EditionState.CALL).order_by("starts_on").first()


def reachable(basin: str) -> QuerySet[Edition]:
    """Editions whose hosts may ask for their link again: with a call, or with hosts whose links are not too old."""
    last = timezone.localdate() - LINK_LIVES_ON
    written = Host.objects.filter(edition=OuterRef("pk"), edition__ends_on__gte=last).exclude(contact_email="")
    in_basin = Edition.objects.filter(basin__code=basin).select_related("basin").order_by("-starts_on")
    return in_basin.filter(Exists(written) | Q(pk__in=calls(basin).values("pk")))


def host_link(host: Host) -> str:
    """The token of a host; only ever sent to its contact's address, and dead once that is another one."""
    return signing.make_token(HOST_LINK, f"{host.uuid.hex}{_mark_of_contact(host)}")


def _mark_of_contact(host: Host) -> str:
    """Tells one contact's address from another without saying which it is."""
    return salted_hmac(HOST_LINK, host.contact_email.lower()).hexdigest()[:MARK_LENGTH]


def host_by_link(token: str, basin: str) -> Host:
    """The host whose link this is, with edition and basin.

    Raises ``core.signing.BadToken`` where it is forged, of another basin, or its host is gone, and
    ``StaleToken`` when the week has been over for longer than ``LINK_LIVES_ON`` or the contact is another one.
    """
    value = signing.read_token(HOST_LINK, token)
    if not isinstance(value, str) or len(value) != UUID_LENGTH + MARK_LENGTH:
        raise signing.BadToken
    uuid, mark = UUID(hex=value[:UUID_LENGTH]), value[UUID_LENGTH:]
    host = Host.objects.filter(uuid=uuid, edition__basin__code=basin).select_related("edition__basin").first()
    if host is None:
        raise signing.BadToken
    if not constant_time_compare(mark, _mark_of_contact(host)):
        raise signing.StaleToken
    if timezone.localdate() > host.edition.ends_on + LINK_LIVES_ON:
        raise signing.StaleToken
    return host


def host_url(host: Host) -> str:
    """The host's own page, in the active language; for its mails alone."""
    return reverse("opendoors:host", kwargs={"basin": host.edition.basin.code, "token": host_link(host)})


def call_url(edition: Edition) -> str:
    """The page of the call to hosts, in the active language."""
    return reverse("opendoors:call", kwargs={"basin": edition.basin.code, "slug": edition.slug})


def coming_visits(host: Host) -> list[Visit]:
    """The host's visits in the programme that have not begun."""
    return list(host.visits.filter(state=VisitState.PLANNED, starts_at__gt=timezone.now()))


def people_holding(visits: Iterable[Visit]) -> int:
    """How many people hold a seat in one of these visits, each counted once."""
    held = BookedVisit.objects.filter(visit__in=visits, state=BookedState.CONFIRMED)
    return held.values("booking__visitor").distinct().count()


def people_waiting(visits: Iterable[Visit]) -> int:
    """How many people stand in line for one of these visits, each counted once: they are told as well."""
    wishes = Wish.objects.filter(visit__in=visits, state__in=OPEN_WISHES)
    return wishes.values("request__visitor").distinct().count()


def hosts_to_mail(edition: Edition) -> list[Host]:
    """Accepted hosts with an address to which no letter with the host's link went out within the last day."""
    letters = OutboxMessage.objects.filter(
        scope=edition.basin.code, created__gte=timezone.now() - MAILED_LATELY, kind__in=LETTERS_WITH_LINK
    )
    mailed = {str(host) for host in letters.values_list("params__host", flat=True)}
    accepted = edition.hosts.filter(state=HostState.ACCEPTED).exclude(contact_email="").order_by("pk")
    return [host for host in accepted.select_related("edition__basin") if str(host.uuid) not in mailed]
