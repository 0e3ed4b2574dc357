"""A host answers the call; the team says yes, asks for a change, or says no with a word.

Each step is one function and one row of ``HostStateChange``. Whoever holds the mailed link acts for the host
(``by=None``); the team's steps raise ``NotYours`` for who does not keep the edition.
Order of locks: edition, host, then as in ``rules.hosting``: visitors, visits.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from django.core.cache import caches
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.privacy import refuse_national_numbers
from core import mail
from core.models import OutboxMessage
from opendoors.enums import HOST_TRANSITIONS, EditionState, HostState, VisitState
from opendoors.errors import CallClosed, HostingError, HostStepRefused, TooManyProposals
from opendoors.models import Edition, Host, HostStateChange, Visit
from opendoors.queries_hosts import hosts_to_mail
from opendoors.rules import hosting
from opendoors.rules.checks import refuse_stranger
from opendoors.rules.editions import bump_programme, why_no_call
from opendoors.rules.programme_data import HostData, PlaceData, VisitData
from opendoors.rules.team_letters import tell_team

logger = logging.getLogger(__name__)

VISITS_AT_ONCE = 5
PROPOSALS_PER_HOUR = 40  # of one network: an office, or a house of several services
PROPOSALS_PER_ADDRESS = 20  # one contact may speak for all of them
HOUR = 3600


# --- The host ------------------------------------------------------------------------------------


@transaction.atomic
def propose(
    *, edition: Edition, data: HostData, place: PlaceData, visits: Sequence[VisitData], network: str = ""
) -> Host:
    """A service signs up without an account; its contact gets the link by mail, and by mail alone.

    Its visits are proposed with it and stand in no programme. ``network`` is where it came from, to be counted.
    Raises ``CallClosed``, ``TooManyProposals``, ``HostingError``; of a visit, with its place in ``extra["visit"]``.
    """
    edition = Edition.objects.select_related("basin").get(pk=edition.pk)
    if reason := why_no_call(edition):
        raise CallClosed(reason)
    _check_proposal(data, visits)
    refuse_flood(network=network, email=data.contact_email)
    data = replace(data, contact_email=data.contact_email.strip().lower())
    host = hosting.add_host(edition=edition, data=data, by=None, state=HostState.PROPOSED)
    spot = hosting.add_place(host=host, data=place, by=None)
    for number, one in enumerate(visits):
        try:
            hosting.add_visit(host=host, place=spot, data=one, by=None)
        except HostingError as error:
            error.extra["visit"] = number
            raise
    HostStateChange.objects.create(host=host, to_state=HostState.PROPOSED)
    _write_to_host("opendoors.host_proposed", host)
    tell_team(host, "proposed")
    logger.info("Host %s was proposed", host.uuid)
    return host


@transaction.atomic
def propose_again(*, host: Host) -> Host:
    """After a change was asked, or after it had withdrawn: the team is to look at it anew. Raises ``HostingError``."""
    host = _locked(host, by=None)
    if timezone.localdate() > host.edition.ends_on:
        raise HostStepRefused(_("This week is over."))
    if not host.visits.exclude(state=VisitState.CANCELLED).exists():
        raise HostStepRefused(_("Add a visit first."))
    _step(host, HostState.PROPOSED, note="", by=None)
    tell_team(host, "again")
    return host


@transaction.atomic
def withdraw(*, host: Host, by: User | None, note: str = "") -> int:
    """A host takes its word back: who booked is told. Returns how many letters go out to visitors.

    A visit that nobody ever asked for goes back among the proposals, for a host that comes back;
    what has begun stays as it was. Raises ``HostStepRefused``.
    """
    host = _locked(host, by=by)
    _step(host, HostState.WITHDRAWN, note=note, by=by)
    now = timezone.now()
    coming = list(host.visits.filter(state=VisitState.PLANNED, starts_at__gt=now).select_related("edition"))
    told = hosting.cancel_visits(visits=[visit for visit in coming if hosting.was_asked_for(visit)], by=by)
    left = host.visits.filter(state=VisitState.PLANNED, starts_at__gt=now)
    left.update(state=VisitState.PROPOSED, modified=now)
    _write_to_host("opendoors.host_withdrawn", host)
    if by is None:
        tell_team(host, "withdrawn", told=told)
    return told


def refuse_flood(*, network: str, email: str) -> None:
    """Count what comes from a network and to an address within the hour. Raises ``TooManyProposals``.

    Without a network it comes from the console, where nothing is counted.
    """
    if not network:
        return
    cache = caches["shared"]
    address = sha256(email.strip().lower().encode()).hexdigest()  # no addresses lie about in the cache
    for name, at_most in ((f"from:{network}", PROPOSALS_PER_HOUR), (f"to:{address}", PROPOSALS_PER_ADDRESS)):
        # While Redis is away nothing is counted: a host that wants to open its door is not turned away.
        if cache.count(f"opendoors:host:{name}", HOUR) > at_most:  # type: ignore[attr-defined]  # core.cache
            raise TooManyProposals


@transaction.atomic
def send_links(*, edition: Edition, email: str, network: str = "") -> None:
    """Mail an address the links of its hosts, and say nothing of whether it has any. Raises ``TooManyProposals``."""
    refuse_flood(network=network, email=email)
    for host in Host.objects.filter(edition=edition, contact_email__iexact=email.strip()).select_related(
        "edition__basin"
    ):
        _write_to_host("opendoors.host_link", host)


# --- The team ------------------------------------------------------------------------------------


@transaction.atomic
def accept(*, host: Host, by: User | None, note: str = "") -> Host:
    """Yes: its proposed visits are in the programme. Raises ``HostStepRefused``, ``NotYours``."""
    host = _locked(host, by=by)
    _step(host, HostState.ACCEPTED, note=note, by=by)
    host.visits.filter(state=VisitState.PROPOSED).update(state=VisitState.PLANNED, modified=timezone.now())
    _write_to_host("opendoors.host_accepted", host)
    return host


@transaction.atomic
def ask_change(*, host: Host, by: User | None, note: str) -> Host:
    """Not yet: the host reads what is asked, changes it by its link and proposes again. Raises as :func:`accept`."""
    host = _locked(host, by=by)
    _refuse_without_word(note)
    _step(host, HostState.CHANGES, note=note, by=by)
    _write_to_host("opendoors.host_changes", host)
    return host


@transaction.atomic
def refuse(*, host: Host, by: User | None, note: str) -> Host:
    """No, with a word why. Its rows stay for the team to come back on it. Raises as :func:`accept`."""
    host = _locked(host, by=by)
    _refuse_without_word(note)
    _step(host, HostState.REFUSED, note=note, by=by)
    _write_to_host("opendoors.host_refused", host)
    return host


@transaction.atomic
def accept_visit(*, visit: Visit, by: User | None) -> Visit:
    """A visit that an accepted host added later is in the programme. Raises ``HostStepRefused``, ``NotYours``."""
    host = _locked(visit.host, by=by)
    visit = _proposed(host, visit)
    if host.state != HostState.ACCEPTED:
        raise HostStepRefused(_("Say yes to the host first: its visits come along."))
    visit.state = VisitState.PLANNED
    visit.save(update_fields=["state", "modified"])
    _write_to_host("opendoors.host_visit_accepted", host, visit=str(visit.uuid))
    return visit


@transaction.atomic
def refuse_visit(*, visit: Visit, by: User | None, note: str) -> None:
    """No to one visit of an accepted host, with a word why; its row goes. Raises as :func:`accept_visit`."""
    host = _locked(visit.host, by=by)
    visit = _proposed(host, visit)
    _refuse_without_word(note)
    refuse_national_numbers(note=note)
    starts_at = visit.starts_at.isoformat()
    hosting.remove_visit(visit=visit, by=by)
    _write_to_host("opendoors.host_visit_refused", host, starts_at=starts_at, note=note.strip())


@transaction.atomic
def send_link(*, host: Host, by: User | None) -> None:
    """Mail a host its link: the team entered it, or it lost its mail. Raises ``HostingError``, ``NotYours``."""
    refuse_stranger(host.edition, by)
    if not host.contact_email:
        raise HostingError(_("This host has no address: write one first."))
    _write_to_host("opendoors.host_link", host)


@transaction.atomic
def send_all_links(*, edition: Edition, by: User | None) -> int:
    """Mail every accepted host its link, but for who had it within the last day; returns how many letters.

    Under the edition's lock: two of the team who press at once write once. Raises ``HostStepRefused``, ``NotYours``.
    """
    refuse_stranger(edition, by)
    edition = Edition.objects.select_for_update(of=("self",), no_key=True).select_related("basin").get(pk=edition.pk)
    if edition.state == EditionState.EVALUATED:
        raise HostStepRefused(_("This edition is evaluated: its programme stays as it was."))
    hosts = hosts_to_mail(edition)
    for host in hosts:
        _write_to_host("opendoors.host_link", host)
    logger.info("%d hosts of edition %s are mailed their link", len(hosts), edition.uuid)
    return len(hosts)


# --- Inside --------------------------------------------------------------------------------------


def _check_proposal(data: HostData, visits: Sequence[VisitData]) -> None:
    """What the team needs to say yes, beyond what a row needs to be stored."""
    if not data.contact_name.strip():
        raise HostingError(_("Write who the contact is."), field="contact_name")
    if not data.contact_email.strip():
        raise HostingError(_("Write the contact's address: your link goes there."), field="contact_email")
    if not (data.description_fr.strip() or data.description_nl.strip()):
        raise HostingError(_("Write in one language at least what visitors will see."), field="description_fr")
    if not visits:
        raise HostingError(_("Propose at least one visit."))
    if len(visits) > VISITS_AT_ONCE:
        raise HostingError(_("Propose at most %(number)d visits in one go.") % {"number": VISITS_AT_ONCE})


def _refuse_without_word(note: str) -> None:
    if not note.strip():
        raise HostingError(_("Write a word to the host: it reads why."), field="note")


def _locked(host: Host, *, by: User | None) -> Host:
    """The host's row, fresh and locked, after its edition's."""
    refuse_stranger(host.edition, by)
    bump_programme(host.edition_id)
    rows = Host.objects.select_related("edition__basin").select_for_update(of=("self",), no_key=True)
    found = rows.get(pk=host.pk)
    if found.edition.state == EditionState.EVALUATED:
        raise HostStepRefused(_("This edition is evaluated: its programme stays as it was."))
    return found


def _proposed(host: Host, visit: Visit) -> Visit:
    """The visit, fresh and locked, if it still waits for the team's word."""
    fresh = host.visits.select_for_update(no_key=True).filter(pk=visit.pk, state=VisitState.PROPOSED).first()
    if fresh is None:
        raise HostStepRefused(_("This visit no longer waits for your word."))
    fresh.host = host
    fresh.edition = host.edition
    return fresh


def _step(host: Host, to: HostState, *, note: str, by: User | None) -> None:
    state = HostState(host.state)
    if to not in HOST_TRANSITIONS[state]:
        raise HostStepRefused(_("“%(to)s” cannot follow “%(state)s”.") % {"to": to.label, "state": state.label})
    refuse_national_numbers(note=note)
    host.state, host.decision_note = to, note.strip()
    host.save(update_fields=["state", "decision_note", "modified"])
    HostStateChange.objects.create(host=host, from_state=state, to_state=to, note=host.decision_note, by=by)
    logger.info("Host %s is now %s", host.uuid, to)


def _write_to_host(kind: str, host: Host, **params: str) -> OutboxMessage | None:
    """One letter to the contact, in its language; a host that the team entered may have none."""
    if not host.contact_email:
        return None
    return mail.post(
        kind,
        to=host.contact_email,
        language=host.contact_language,
        params={"host": str(host.uuid), **params},
        key=f"{kind}:{host.uuid}:{timezone.now():%Y%m%dT%H%M%S%f}",
        scope=host.edition.basin.code,
    )
