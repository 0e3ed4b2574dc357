"""What signed links of kept lists and followed searches open, and where those links are."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core import signing
from core.bilingual import both
from directory.leaflet import Sheet
from directory.models import SavedList, SavedSearch
from directory.web.addresses import directory_url

PURPOSE = "directory.kept"
MODELS: dict[str, type[SavedList | SavedSearch]] = {"list": SavedList, "search": SavedSearch}


def token_of(kept: SavedList | SavedSearch) -> str:
    """The token that opens it; only ever sent to its address."""
    kind = "list" if isinstance(kept, SavedList) else "search"
    return signing.make_token(PURPOSE, f"{kind}:{kept.uuid}")


def opened_by(token: str) -> SavedList | SavedSearch:
    """What a token opens. Raises ``BadToken``, ``StaleToken`` when it was given up or erased meanwhile."""
    kind, _colon, name = str(signing.read_token(PURPOSE, token)).partition(":")
    if kind not in MODELS:
        raise signing.BadToken
    row = MODELS[kind].objects.filter(uuid=UUID(name)).select_related("basin").first()
    if row is None:
        raise signing.StaleToken
    return row


def kept_url(kept: SavedList | SavedSearch, name: str = "kept") -> str:
    """Its page, or the page that ends it (``kept_stop``), on the site it was made on, in the active language."""
    return directory_url(name, kept.basin.code if kept.basin else None, held=token_of(kept))


def sheet_of(kept: SavedList, records: Sequence[UUID]) -> Sheet:
    """A kept list as a leaflet, with its records where they stand now."""
    words = {f"{name}_{code}": said for name in ("title", "line") for code, said in both(kept, name).items()}
    return Sheet(records=tuple(records), **words)


def of_address(email: str) -> list[SavedList | SavedSearch]:
    """All that an address keeps, for its holder."""
    address = email.strip().lower()
    return [*SavedList.objects.filter(email=address), *SavedSearch.objects.filter(email=address)]
