"""What is read of hosts and the directory: who is linked to what, what is proposed, where an organisation took part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from core.text import fold
from directory.likeness import Alike, Asked, organizations_with_records, propose
from directory.models import Organization, Service
from directory.standing import Standing, standing
from opendoors.enums import PUBLIC_STATES, HostState, LinkVerdict, VisitState
from opendoors.models import Edition, Host, HostLink, Visit

BY_HAND = 12  # organisations that are shown to choose from
SAME_PERSON_ALIKE = 70  # of 100: one person may be the contact of several departments


@dataclass(frozen=True, slots=True)
class Tied:
    """A host's link, and what it stands for now; ``None``: it is no longer in the directory."""

    link: HostLink
    now: Standing | None


@dataclass(slots=True)
class Proposal:
    """An organisation that a host may be, with why in words. ``chosen``: the record that is likelier than all of it."""

    organization: Organization
    reasons: list[str]
    services: list[Service]
    chosen: Service | None = None


@dataclass(slots=True)
class Line:
    """A host as the page shows it: linked, or with what it may be; and what was said not to be it."""

    host: Host
    tied: Tied | None = None
    proposals: list[Proposal] = field(default_factory=list)
    refused: list[tuple[HostLink, Organization]] = field(default_factory=list)


def hosts_to_link(edition: Edition) -> QuerySet[Host]:
    """The hosts of an edition's programme, those without a link first."""
    linked = Exists(HostLink.objects.filter(host=OuterRef("pk"), verdict=LinkVerdict.SAME))
    rows = edition.hosts.filter(state=HostState.ACCEPTED).annotate(is_linked=linked)
    return (
        rows.select_related("edition__basin")
        .prefetch_related("places__municipality")
        .order_by("is_linked", "search_name")
    )


def unlinked(edition: Edition) -> int:
    """How many hosts of an edition's programme have no link."""
    linked = HostLink.objects.filter(host=OuterRef("pk"), verdict=LinkVerdict.SAME)
    return edition.hosts.filter(~Exists(linked), state=HostState.ACCEPTED).count()


def lines(hosts: Sequence[Host]) -> list[Line]:
    """The hosts with their links and, where there is none, with what is proposed: of earlier editions first.

    A constant number of queries however many.
    """
    links: dict[int, list[HostLink]] = defaultdict(list)
    for link in HostLink.objects.filter(host__in=hosts).select_related("decided_by"):
        links[link.host_id].append(link)
    known = standing(link.record for each in links.values() for link in each)
    found = [_line(host, links[host.pk], known) for host in hosts]
    open_lines = [line for line in found if line.tied is None or line.tied.now is None]
    alike = propose({line.host.pk: asked_of(line.host) for line in open_lines})
    earlier = _linked_earlier([line.host for line in open_lines])
    for line in open_lines:
        denied = {organization.pk for _link, organization in line.refused}
        line.proposals = _joined(earlier.get(line.host.pk, []), alike[line.host.pk], denied)
    return found


def found_by_hand(words: str) -> list[Proposal]:
    """Organisations whose names hold all the words, for who looks for one; none without words."""
    wanted = fold(words).split()[:8]
    if not wanted:
        return []
    rows = Organization.objects.filter(merged_into=None)
    for word in wanted:
        rows = rows.filter(folded_names__icontains=word)
    keys = list(rows.order_by("name_fr", "pk").values_list("pk", flat=True)[:BY_HAND])
    there = organizations_with_records(keys)
    return [Proposal(there[key], [], list(there[key].services.all())) for key in keys if key in there]


def asked_of(host: Host) -> Asked:
    """What is compared of a host; ``places`` are read, so prefetch them."""
    streets = [
        (place.postcode, street)
        for place in host.places.all()
        for street in {place.street_fr or "", place.street_nl or ""}  # type: ignore[attr-defined]  # bilingual
    ]
    return Asked((host.name,), tuple(streets), (host.contact_email,), (host.contact_phone,))


def _line(host: Host, links: list[HostLink], known: dict[UUID, Standing]) -> Line:
    line = Line(host)
    for link in links:
        now = known.get(link.record)
        if link.verdict == LinkVerdict.SAME:
            line.tied = Tied(link, now)
        elif now is not None:
            line.refused.append((link, now.organization))
    return line


def _joined(earlier: list[Proposal], alike: list[Alike], denied: set[int]) -> list[Proposal]:
    """Each organisation once: an earlier link says more than likeness, and both are said."""
    joined = {each.organization.pk: each for each in earlier}
    for each in alike:
        reasons = [str(reason.label) for reason in each.reasons]
        known = joined.get(each.organization.pk)
        if known is not None:
            known.reasons += reasons
            continue
        joined[each.organization.pk] = Proposal(each.organization, reasons, each.services, each.service)
    return [each for pk, each in joined.items() if pk not in denied]


def _linked_earlier(hosts: Sequence[Host]) -> dict[int, list[Proposal]]:
    """By host the links of the same basin's other editions: of the same name, or of the same contact."""
    if not hosts:
        return {}
    named = Q(host__search_name__in={host.search_name for host in hosts})
    reached = Q(mail__in={host.contact_email.lower() for host in hosts} - {""})
    rows = (
        HostLink.objects.annotate(mail=Lower("host__contact_email"))
        .filter(named | reached, verdict=LinkVerdict.SAME, host__edition__basin=hosts[0].edition.basin)
        .exclude(host__in=hosts)
        .select_related("host__edition")
        .order_by("-host__edition__starts_on", "pk")
    )
    links = list(rows)
    known = standing(link.record for link in links)
    there = organizations_with_records(each.organization.pk for each in known.values())
    found: dict[int, list[Proposal]] = {}
    for host in hosts:
        mine: dict[int, Proposal] = {}
        for link in sorted(links, key=lambda link: link.host.search_name != host.search_name):
            now, why = known.get(link.record), _why_the_same(host, link.host)
            if now is None or not why or now.organization.pk in mine or now.organization.pk not in there:
                continue
            organization = there[now.organization.pk]
            mine[organization.pk] = Proposal(organization, [why], list(organization.services.all()), now.service)
        if mine:
            found[host.pk] = list(mine.values())
    return found


def _why_the_same(host: Host, other: Host) -> str:
    year = {"year": other.edition.starts_on.year}
    if host.search_name == other.search_name:
        return _("linked so in %(year)d") % year
    is_same_contact = host.contact_email and host.contact_email.lower() == other.contact_email.lower()
    if is_same_contact and fuzz.token_set_ratio(host.search_name, other.search_name) >= SAME_PERSON_ALIKE:
        return _("linked so in %(year)d, with the same contact") % year
    return ""


# --- What everybody may know -----------------------------------------------------------------------


def tied(hosts: Iterable[int]) -> dict[int, Standing]:
    """What the hosts with these keys are in the directory now; those that are nothing there are left out."""
    rows = dict(HostLink.objects.filter(host__in=set(hosts), verdict=LinkVerdict.SAME).values_list("host_id", "record"))
    known = standing(rows.values())
    return {host: known[record] for host, record in rows.items() if record in known}


def with_record(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Visits with ``record``: the identifier in the directory that their host is linked to, or None."""
    links = HostLink.objects.filter(host=OuterRef("host"), verdict=LinkVerdict.SAME)
    return visits.annotate(record=Subquery(links.values("record")[:1]))


def editions_with(identifiers: Collection[UUID]) -> QuerySet[Edition]:
    """Published editions in whose programme the organisation was, with the number of its visits as ``number``."""
    linked = Q(
        hosts__state=HostState.ACCEPTED,
        hosts__links__verdict=LinkVerdict.SAME,
        hosts__links__record__in=list(identifiers),
    )
    planned = Count("hosts__visits", filter=Q(hosts__visits__state=VisitState.PLANNED), distinct=True)
    return (
        Edition.objects.filter(linked, state__in=PUBLIC_STATES)
        .select_related("basin")
        .annotate(number=planned)
        .order_by("-starts_on")
    )
