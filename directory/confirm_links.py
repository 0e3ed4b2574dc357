"""The link in the mail "still right?": signed, for one round, for half a year."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from core import signing
from directory.models import Confirmation

PURPOSE = "directory.confirm"
LINK_LIVES = dt.timedelta(days=180)


def confirm_url(row: Confirmation) -> str:
    """The page of a round in the active language, on the Region's site: organisations are of no basin."""
    return reverse("directory_region:confirm", kwargs={"proof": proof_of(row)})


def proof_of(row: Confirmation) -> str:
    return signing.make_token(PURPOSE, row.uuid)


def round_of(proof: str) -> Confirmation:
    """The round that a link opens. Raises ``BadToken`` (also for what is gone) and ``StaleToken``."""
    uuid = signing.read_uuid(PURPOSE, proof, LINK_LIVES)
    row = Confirmation.objects.filter(uuid=uuid).select_related("organization").first()
    if row is None or row.organization.merged_into_id is not None:
        raise signing.BadToken
    return row
