"""What is said of hosts, places and visits: the data that the rules of the programme take."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from basins.enums import Language
from basins.models import Municipality
from opendoors.models import Host, Place, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class HostData:
    """A service as it presents itself. ``name_language`` empty: nobody told us."""

    name: str
    name_language: str = ""
    description_fr: str = ""
    description_nl: str = ""
    welcome_fr: str = ""
    welcome_nl: str = ""
    sector: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    contact_language: str = Language.FR


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceData:
    """Where visitors are received. ``wheelchair`` None: not known."""

    street_fr: str = ""
    street_nl: str = ""
    postcode: str = ""
    municipality: Municipality | None = None
    wheelchair: bool | None = None
    directions_fr: str = ""
    directions_nl: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitData:
    """One opening of the door. Moments are aware; languages, the main one first, empty where nobody said."""

    starts_at: datetime
    ends_at: datetime
    seats: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A visit to be added in bulk, with its host and place."""

    host: Host
    place: Place
    data: VisitData


def values_of(data: HostData | PlaceData) -> dict[str, object]:
    """What is said, by the name of the field. Not ``asdict``: it would copy the municipality."""
    return {name: getattr(data, name) for name in data.__dataclass_fields__}


def visit_values(data: VisitData) -> dict[str, object]:
    """The same of a visit."""
    return asdict(data) | {"languages": list(data.languages)}


def assign(row: Host | Place | Visit, data: HostData | PlaceData | VisitData) -> None:
    """Write what is said into the row, which is not saved."""
    for name in data.__dataclass_fields__:
        setattr(row, name, getattr(data, name))
