"""Hosts and the directory: the team says which organisation a host is, and which it is not; both can be taken back.

Each rule locks the host's row, so that of two who decide at once the second sees the word of the first. Order
of locks: edition, host, the directory's where a record is made, the visits, which partners read anew.
Evaluated editions are linked, too: it changes nothing of what was held.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from core.bilingual import LANGUAGE_CODES
from directory.enums import Visibility
from directory.rules import founding
from directory.rules.founding import From, Known, TakenBack, found
from directory.standing import standing
from opendoors.enums import LinkKind, LinkVerdict
from opendoors.errors import LinkError, LinkTaken
from opendoors.models import Host, HostLink, Place, Visit
from opendoors.rules.checks import refuse_stranger
from opendoors.rules.editions import bump_programme

logger = logging.getLogger(__name__)

SOURCE = "open-doors"
SOURCE_FR, SOURCE_NL = "Semaines portes ouvertes", "Opendeurweken"


@transaction.atomic
def confirm(*, host: Host, kind: LinkKind, record: UUID, by: User | None) -> HostLink:
    """The host is this record or organisation of the directory; the same word again changes nothing.

    Raises ``NotYours``, ``LinkError`` where the directory has no such thing (any more), ``LinkTaken``
    where the host is linked to something else.
    """
    host = _begin(host, by)
    return _tie(host, kind, record, by)


@transaction.atomic
def refuse(*, host: Host, organization: UUID, by: User | None) -> HostLink:
    """The host is not this organisation, which is no longer proposed.

    Raises ``NotYours``, ``LinkError`` where it is no longer there, ``LinkTaken`` where the host is linked to it.
    """
    host = _locked(host, by)
    known = standing([organization]).get(organization)
    if known is None:
        raise LinkError(_("This is no longer in the directory."))
    tied = _tied(host)
    now = tied and standing([tied.record]).get(tied.record)
    if now and now.organization.pk == known.organization.pk:
        raise LinkTaken(host.name)
    row, is_new = HostLink.objects.get_or_create(
        host=host,
        record=organization,
        defaults={"kind": LinkKind.ORGANIZATION, "verdict": LinkVerdict.DIFFERENT, "decided_by": by},
    )
    if is_new:
        logger.info("Host %s is not organisation %s, by %s", host.uuid, organization, by and by.uuid)
    return row


@transaction.atomic
def make(*, host: Host, by: User | None, is_demo: bool = False) -> HostLink:
    """A new organisation with its places and a record, out of what the host said of itself; and the link to it.

    The record is for professionals until somebody has looked at it, and says that it comes from the open doors.
    The contact person stays out: they agreed to receive visitors. Raises ``NotYours``, also for who may not
    write in the directory, ``LinkTaken``, ``RecordRefused``.
    """
    host = _begin(host, by)
    tied = _tied(host)
    if tied is not None and standing([tied.record]):
        raise LinkTaken(host.name)
    origin = From(SOURCE, SOURCE_FR, SOURCE_NL, str(host.uuid))
    service = found(known=_known(host), origin=origin, by=by, is_demo=is_demo)
    return _tie(host, LinkKind.SERVICE, service.uuid, by)


@dataclass(frozen=True, slots=True)
class Undone:
    """A word that was taken back. ``made``: what became of the record that was made for the host, if one was."""

    made: TakenBack | None = None


@transaction.atomic
def undo(*, host: Host, link: UUID, by: User | None) -> Undone | None:
    """Take a word back, either way; ``None``: it was gone already.

    A record that was made of the host goes, too, unless something else hangs on it by now. Raises ``NotYours``.
    """
    host = _begin(host, by)
    row = HostLink.objects.filter(host=host, uuid=link).first()
    if row is None:
        return None
    row.delete()
    made = None
    if row.verdict == LinkVerdict.SAME:
        made = _take_back(host, row, by)
        _tell(host)
    logger.info("Link of host %s to %s was undone by %s", host.uuid, row.record, by and by.uuid)
    return Undone(made)


def _take_back(host: Host, link: HostLink, by: User | None) -> TakenBack | None:
    """What was made of this host, unless another host is it as well."""
    known = standing([link.record]).get(link.record)
    if known is None or known.service is None:
        return None
    others = HostLink.objects.filter(record__in=[known.service.uuid, known.organization.uuid])
    if others.filter(verdict=LinkVerdict.SAME).exists():
        was_made = founding.was_found(record=link.record, code=SOURCE, identifier=str(host.uuid))
        return TakenBack(_("another host is linked to it")) if was_made else None
    return founding.take_back(record=link.record, code=SOURCE, identifier=str(host.uuid), by=by)


def _begin(host: Host, by: User | None) -> Host:
    """For what the programme shows: it is drawn anew."""
    refuse_stranger(host.edition, by)
    bump_programme(host.edition_id)
    return _locked(host, by)


def _locked(host: Host, by: User | None) -> Host:
    refuse_stranger(host.edition, by)
    rows = Host.objects.select_related("edition__basin")
    locked: Host | None = rows.select_for_update(of=("self",), no_key=True).filter(pk=host.pk).first()
    if locked is None:
        raise LinkError(_("This host is no longer in the programme."))
    return locked


def _tied(host: Host) -> HostLink | None:
    return HostLink.objects.filter(host=host, verdict=LinkVerdict.SAME).first()


def _tie(host: Host, kind: LinkKind, record: UUID, by: User | None) -> HostLink:
    known = standing([record]).get(record)
    if known is None or (kind == LinkKind.SERVICE) != (known.service is not None):
        raise LinkError(_("This is no longer in the directory."))
    tied = _tied(host)
    if tied is not None and standing([tied.record]):
        if tied.record == record:
            return tied
        raise LinkTaken(host.name)
    # What led nowhere any more, and a "no" that was said of the same organisation.
    HostLink.objects.filter(host=host, verdict=LinkVerdict.SAME).delete()
    HostLink.objects.filter(host=host, record__in=[record, known.organization.uuid]).delete()
    row = HostLink.objects.create(host=host, kind=kind, record=record, verdict=LinkVerdict.SAME, decided_by=by)
    _tell(host)
    logger.info("Host %s is %s %s, by %s", host.uuid, kind, record, by and by.uuid)
    return row


def _tell(host: Host) -> None:
    """Partners who ask for what changed get the visits again."""
    visits = Visit.objects.filter(host=host).order_by("pk").select_for_update(no_key=True)
    keys = [visit.pk for visit in visits]
    Visit.objects.filter(pk__in=keys).update(modified=timezone.now())


# --- What a host says of itself, as the directory has it -------------------------------------------


def _known(host: Host) -> Known:
    languages = [host.name_language] if host.name_language else LANGUAGE_CODES
    names = {f"name_{language}": host.name for language in languages}
    record: dict[str, Any] = {**names, "visibility": Visibility.PROFESSIONALS}
    record |= {f"description_{code}": getattr(host, f"description_{code}") for code in LANGUAGE_CODES}
    places = [_place(place) for place in host.places.select_related("municipality").order_by("pk")]
    return Known(names, record, [each for each in places if each])


def _place(place: Place) -> dict[str, Any]:
    if not place.address:
        return {}
    texts = {f"street_{code}": getattr(place, f"street_{code}") for code in LANGUAGE_CODES}
    texts |= {f"transport_{code}": getattr(place, f"directions_{code}") for code in LANGUAGE_CODES}
    return texts | {
        "postcode": place.postcode,
        "municipality": place.municipality.nis_code if place.municipality else "",
        "step_free": place.wheelchair,
    }
