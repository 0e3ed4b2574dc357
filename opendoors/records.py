"""Where a host stands in the directory, for everybody: its record where it is public, else its organisation."""

from __future__ import annotations

from dataclasses import dataclass

from core.bilingual import Text, text
from directory.standing import Standing
from directory.web.addresses import organization_url, record_url
from opendoors import queries_links
from opendoors.models import Host


@dataclass(frozen=True, slots=True)
class Record:
    """A link to the directory."""

    name: Text
    url: str


def record_of(host: Host, basin: str) -> Record | None:
    """What a host is in the directory; ``None`` where nobody said so."""
    now = queries_links.tied([host.pk]).get(host.pk)
    return _record(now, basin) if now is not None else None


def organization_urls(hosts: set[int], basin: str) -> dict[int, str]:
    """The pages of the hosts' organisations, by host: they stay while records change who may see them."""
    tied = queries_links.tied(hosts)
    return {host: organization_url(now.organization, basin) for host, now in tied.items()}


def _record(now: Standing, basin: str) -> Record:
    if now.public_service is not None:
        return Record(text(now.public_service, "name"), record_url(now.public_service, basin))
    return Record(text(now.organization, "name"), organization_url(now.organization, basin))
