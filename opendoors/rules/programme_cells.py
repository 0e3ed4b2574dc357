"""What one cell of a programme file may say. Each reader raises ``ValueError`` with what to write instead."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import override

from basins.enums import Language, Sector
from basins.models import Municipality
from core.bilingual import LANGUAGE_CODES, both
from core.text import fold
from opendoors.enums import VisitLanguage
from opendoors.models import SEATS_AT_MOST, Host, Place

TEXT_AT_MOST = 2000
YES = frozenset({"yes", "oui", "ja", "true", "1", "x"})
NO = frozenset({"no", "non", "nee", "neen", "false", "0"})
UNKNOWN = frozenset({"?", "unknown", "inconnu", "onbekend"})

_DAY = re.compile(r"(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})/(?P<m2>\d{1,2})/(?P<y2>\d{4}))")
_CLOCK = re.compile(r"(\d{1,2})\s?[:.hu]\s?(\d{2})?(?::\d{2})?", re.IGNORECASE)


def short(cell: str) -> str:
    """A cell as it is quoted in a message."""
    return cell if len(cell) <= 40 else f"{cell[:39]}…"


def _day(cell: str) -> dt.date:
    if found := _DAY.fullmatch(cell):
        parts = found.groupdict()
        numbers = [int(parts[name] or parts[f"{name}2"]) for name in "ymd"]
        try:
            return dt.date(*numbers)
        except ValueError:
            pass
    raise ValueError(_("“%(said)s” is no date. Write it like 2024-12-02.") % {"said": short(cell)})


def _clock(cell: str) -> dt.time:
    if found := _CLOCK.fullmatch(cell):
        try:
            return dt.time(int(found[1]), int(found[2] or 0))
        except ValueError:
            pass
    raise ValueError(_("“%(said)s” is no time of the day. Write it like 09:30.") % {"said": short(cell)})


def _seats(cell: str) -> int:
    if re.fullmatch(r"\d{1,4}", cell, re.ASCII) and 1 <= int(cell) <= SEATS_AT_MOST:
        return int(cell)
    raise ValueError(
        _("“%(said)s” is no number of seats. Write a whole number from 1 to %(most)d.")
        % {"said": short(cell), "most": SEATS_AT_MOST}
    )


def _languages(cell: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(re.split(r"[\s,;/+&-]+", cell.lower().strip(" ,;/+&-"))))
    for code in codes:
        if code not in VisitLanguage.values:
            raise ValueError(
                _("“%(said)s” is none of the languages %(known)s.")
                % {"said": short(code or cell), "known": ", ".join(VisitLanguage.values)}
            )
    return codes


def _postcode(cell: str) -> str:
    if re.fullmatch(r"\d{4}", cell, re.ASCII):
        return cell
    raise ValueError(_("“%(said)s” is no postcode. Write four digits.") % {"said": short(cell)})


def _wheelchair(cell: str) -> bool | None:
    word = fold(cell)
    if word in UNKNOWN:
        return None
    if word in YES | NO:
        return word in YES
    raise ValueError(_("Write yes, no, or ? where it is not known; not “%(said)s”.") % {"said": short(cell)})


def _name_language(cell: str) -> str:
    if cell.lower() in Language.values:
        return cell.lower()
    raise ValueError(_("Write fr or nl, not “%(said)s”.") % {"said": short(cell)})


def _sectors() -> Mapping[str, str]:
    """Codes of the sectors by what a file may call them: the code, or its name in either language."""
    known = {fold(code): code for code in Sector.values}
    for language in LANGUAGE_CODES:
        with override(language):
            known |= {fold(str(sector.label)): sector.value for sector in Sector}
    return known


def _sector(known: Mapping[str, str]) -> Callable[[str], str]:
    def read(cell: str) -> str:
        try:
            return known[fold(cell)]
        except KeyError:
            raise ValueError(
                _("“%(said)s” is none of the fields %(known)s.")
                % {"said": short(cell), "known": ", ".join(Sector.values)}
            ) from None

    return read


def _email(cell: str) -> str:
    try:
        validate_email(cell)
    except ValidationError:
        raise ValueError(_("“%(said)s” is no e-mail address.") % {"said": short(cell)}) from None
    return _text(_length(Host, "contact_email"))(cell.lower())


def _text(at_most: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > at_most:
            raise ValueError(
                _("This text has %(here)d characters; %(most)d is the most.") % {"here": len(cell), "most": at_most}
            )
        return cell

    return read


def _length(model: type[Host | Place], name: str) -> int:
    return int(getattr(model._meta.get_field(name), "max_length", None) or TEXT_AT_MOST)


def _host(cell: str) -> str:
    if not fold(cell):
        raise ValueError(_("Write the name of the host."))
    return _text(_length(Host, "name"))(cell)


def cell_readers() -> Mapping[str, Callable[[str], Any]]:
    """A reader per column; made once per file, with the municipalities' names in both languages."""
    municipalities = {
        fold(name): municipality
        for municipality in Municipality.objects.all()
        for name in (*both(municipality, "name").values(), municipality.nis_code)
        if name
    }

    def municipality(cell: str) -> Municipality:
        found = municipalities.get(fold(cell))
        if found is None:
            raise ValueError(_("“%(said)s” is none of the 19 municipalities of Brussels.") % {"said": short(cell)})
        return found

    street, description = _text(_length(Place, "street")), _text(TEXT_AT_MOST)
    return {
        "date": _day,
        "start": _clock,
        "end": _clock,
        "host": _host,
        "seats": _seats,
        "languages": _languages,
        "street_fr": street,
        "street_nl": street,
        "postcode": _postcode,
        "municipality": municipality,
        "wheelchair": _wheelchair,
        "name_language": _name_language,
        "description_fr": description,
        "description_nl": description,
        "welcome_fr": description,
        "welcome_nl": description,
        "sector": _sector(_sectors()),
        "contact_name": _text(_length(Host, "contact_name")),
        "contact_email": _email,
        "contact_phone": _text(_length(Host, "contact_phone")),
        "contact_language": _name_language,
    }
