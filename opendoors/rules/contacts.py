"""Who is a host's contact changes: the new one gets the link, which opens nothing for the former one any more."""

from __future__ import annotations

from django.utils import timezone

from core import mail
from opendoors.models import Host


def tell_contacts(host: Host, before: Host) -> None:
    """Write to both where the address is another one; ``before`` is the row as it was.

    A host that had no address gets no letter by itself: the team sends the link when it is time.
    """
    if not before.contact_email or before.contact_email.lower() == host.contact_email.lower():
        return
    if host.contact_email:
        _write("opendoors.host_link", host, to=host.contact_email, language=host.contact_language)
    _write("opendoors.host_contact_changed", host, to=before.contact_email, language=before.contact_language)


def _write(kind: str, host: Host, *, to: str, language: str) -> None:
    mail.post(
        kind,
        to=to,
        language=language,
        params={"host": str(host.uuid)},
        key=f"{kind}:{host.uuid}:{timezone.now():%Y%m%dT%H%M%S%f}",
        scope=host.edition.basin.code,
    )
