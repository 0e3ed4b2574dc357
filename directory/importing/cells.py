"""What one cell may say. Each reader gives a document's value and raises ``ValueError`` with what to write instead."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.bilingual import LANGUAGE_CODES
from core.errors import RuleError
from core.text import fold
from directory import numbers
from directory.importing.problems import short

YES = frozenset({"yes", "oui", "ja", "true", "vrai", "waar", "1", "x", "y", "o", "j"})
NO = frozenset({"no", "non", "nee", "neen", "false", "faux", "onwaar", "0", "-", "n"})
# “ma” and “di” are other days in French and in Dutch: nobody can tell which was meant.
DAYS = {
    **dict.fromkeys(("mo", "mon", "lu", "lun", "lundi", "maa", "maandag"), "MO"),
    **dict.fromkeys(("tu", "tue", "mar", "mardi", "din", "dinsdag"), "TU"),
    **dict.fromkeys(("we", "wed", "mer", "me", "mercredi", "wo", "woe", "woensdag"), "WE"),
    **dict.fromkeys(("th", "thu", "je", "jeu", "jeudi", "do", "don", "donderdag"), "TH"),
    **dict.fromkeys(("fr", "fri", "ve", "ven", "vendredi", "vr", "vrijdag"), "FR"),
    **dict.fromkeys(("sa", "sat", "sam", "samedi", "za", "zat", "zaterdag"), "SA"),
    **dict.fromkeys(("su", "sun", "dim", "dimanche", "zo", "zon", "zondag"), "SU"),
}
WEEK = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
_DAY = re.compile(r"(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})[/.](?P<m2>\d{1,2})[/.](?P<y2>\d{4}))")
_HOURS = re.compile(r"(\d{1,2})\s*[:hu.]?\s*(\d{2})?\s*(?:-|–|à|tot|to)\s*(\d{1,2})\s*[:hu.]?\s*(\d{2})?\s*[hu]?")


def plain_text(cell: str) -> str:
    return cell


def names(cell: str) -> list[str]:
    """Several names in one cell, between ``|`` or ``;`` or on lines of their own."""
    return [each for each in (" ".join(part.split()) for part in re.split(r"[|;\n]", cell)) if each]


def words(cell: str) -> list[str]:
    """The same, commas included: for words that hold none."""
    return [each for part in names(cell) for each in (word.strip() for word in part.split(",")) if each]


def yes_no(cell: str) -> bool:
    said = fold(cell)
    if said in YES | NO:
        return said in YES
    raise ValueError(_("“%(said)s” is neither yes nor no.") % {"said": short(cell)})


def whole_number(cell: str) -> int:
    if re.fullmatch(r"\d{1,5}", cell, re.ASCII):
        return int(cell)
    raise ValueError(_("“%(said)s” is no whole number.") % {"said": short(cell)})


def decimal_number(cell: str) -> float:
    try:
        return float(cell.replace(",", "."))
    except ValueError as error:
        raise ValueError(_("“%(said)s” is no number.") % {"said": short(cell)}) from error


def day(cell: str) -> str:
    """``2026-11-22`` or ``22/11/2026``."""
    if found := _DAY.fullmatch(cell.partition("T")[0]):
        parts = found.groupdict()
        try:
            return dt.date(*(int(parts[name] or parts[f"{name}2"]) for name in "ymd")).isoformat()
        except ValueError:
            pass
    raise ValueError(_("“%(said)s” is no date. Write it like 2024-12-02.") % {"said": short(cell)})


def choice(choices: type[models.TextChoices]) -> Any:
    """By value, or by its label in either language."""
    known: dict[str, str] = {}
    for code in LANGUAGE_CODES:
        with override(code):
            known |= {fold(str(each.label)): str(each.value) for each in choices}
    known |= {fold(str(each.value)): str(each.value) for each in choices}

    def read(cell: str) -> str:
        if (found := known.get(fold(cell))) is not None:
            return found
        said = {"said": short(cell), "known": ", ".join(str(each.value) for each in choices)}
        raise ValueError(_("“%(said)s” is none of: %(known)s.") % said)

    return read


def web_address(cell: str) -> str:
    """With ``https://`` where it was left out."""
    return cell if "://" in cell else f"https://{cell}"


def mail_address(cell: str) -> str:
    return cell.removeprefix("mailto:")


def phones(cell: str) -> list[dict[str, str]]:
    """One number or several, between ``|``, ``;``, commas or lines; in any form that works in Belgium."""
    try:
        return [{"number": numbers.phone_number(each)} for each in words(cell)]
    except RuleError as error:
        raise ValueError(str(error.message)) from error


def enterprise_number(cell: str) -> str:
    """Spreadsheets drop the zero in front."""
    digits = re.sub(r"\D", "", cell)
    try:
        return numbers.enterprise_number(f"0{digits}" if len(digits) == 9 else cell)
    except RuleError as error:
        raise ValueError(str(error.message)) from error


def identifiers(cell: str) -> list[dict[str, str]]:
    """``INAMI-RIZIV:1-23456-78``, several between ``|``."""
    found = []
    for each in names(cell):
        scheme, colon, number = (part.strip() for part in each.partition(":"))
        if not (colon and scheme and number):
            raise ValueError(_("“%(said)s” names no list. Write it like INAMI-RIZIV:1234.") % {"said": short(each)})
        found.append({"scheme": scheme, "identifier": number})
    return found


def schedules(cell: str) -> list[dict[str, str]]:
    """``MO-FR 09:00-17:00; SA 10h-12h``, days in any of the three languages."""
    found = []
    for part in names(cell):
        span, _space, hours = part.partition(" ")
        byday = _days(span)
        times = _HOURS.fullmatch(hours.strip())
        if not byday or not times:
            raise ValueError(
                _("“%(said)s” are no opening hours. Write them like MO-FR 09:00-17:00; SA 10:00-12:00.")
                % {"said": short(part)}
            )
        first, last = _clock(times[1], times[2]), _clock(times[3], times[4])
        found.append({"byday": ",".join(byday), "opens_at": first, "closes_at": last})
    return found


def _days(span: str) -> list[str]:
    listed: list[str] = []
    for part in span.split(","):
        first, dash, last = part.partition("-")
        ends = [DAYS.get(fold(first)), DAYS.get(fold(last)) if dash else DAYS.get(fold(first))]
        if ends[0] is None or ends[1] is None:
            return []
        one, other = WEEK.index(ends[0]), WEEK.index(ends[1])
        listed += WEEK[one : other + 1] if one <= other else WEEK[one:] + WEEK[: other + 1]
    return listed


def _clock(hour: str, minute: str | None) -> str:
    if int(hour) > 24 or int(minute or 0) > 59 or (int(hour) == 24 and int(minute or 0)):
        raise ValueError(_("“%(said)s” is no time of the day. Write it like 09:30.") % {"said": f"{hour}:{minute}"})
    return f"{int(hour) % 24:02d}:{int(minute or 0):02d}"
