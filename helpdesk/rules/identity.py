"""What tells who the absent third person is, found in free text: the helpdesk keeps nobody's identity.

What is looked for, and what is left alone on purpose:

* **National numbers** (and *bis* numbers), in any form, by their check digits (`basins.rules.privacy`). What is written
  or announced as one, with a digit mistyped, is pointed out: a birth date stands in it all the same.
* **Mail addresses**, but those of a function (``info@…``, ``onthaal@…``).
* **Phone numbers** of a line or a mobile, Belgian ones without their country, others with it, and French and Dutch
  mobiles as their owners write them. Not short numbers (112, 107, 1733), nor what only services have: 0800, 0900,
  070, 078. An enterprise number is no phone.
* **Birth dates**: a whole date that words of birth announce (*né le*, *geboren op*, *DN*, ``°``), or any date of the
  past that lies more than five years back, unless it is that of a law. Appointments and stays in hospital are
  nearer than that; a child under five is found by the words.

What belongs to a service or to the asker can look the same: callers name it in ``known``. Nothing here is stored.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import phonenumbers
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.be import vat

from basins.rules.privacy import national_numbers
from core.text import fold

MASK = "[•••]"  # the same in both languages
_REGION = "BE"
_YEARS_BACK = 5
_OLDEST = 1900


class Kind(models.TextChoices):
    """What was found, the gravest first; of two that overlap the graver stands."""

    NATIONAL_NUMBER = "national_number", _("National register number")
    MAIL = "mail", _("Mail address")
    PHONE = "phone", _("Phone number")
    BIRTH_DATE = "birth_date", _("Birth date")


EVERY_KIND = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of a text: ``text[start:end]`` is ``found``; ``value`` is its one form (E.164, lower case, ISO)."""

    kind: Kind
    start: int
    end: int
    found: str
    value: str


def findings(text: str, *, known: Collection[str] = (), today: dt.date | None = None) -> list[Finding]:
    """What identifies somebody in ``text``, in its order, never overlapping.

    ``known``: phone numbers (E.164) and mail addresses of services or of who writes; they are left out.
    """
    day = today or timezone.localdate()
    passed = {value.lower() for value in known}
    taken: list[Finding] = []
    for found in (*_numbers(text), *_mails(text), *_phones(text), *_birth_dates(text, day)):
        if all(found.end <= other.start or found.start >= other.end for other in taken):
            taken.append(found)  # what is known keeps its place, too: part of it is nothing else
    return sorted((each for each in taken if each.value not in passed), key=lambda each: each.start)


def masked(
    text: str,
    kinds: Collection[Kind] = EVERY_KIND,
    *,
    known: Collection[str] = (),
    today: dt.date | None = None,
) -> str:
    """``text`` with a mask where something of these ``kinds`` stood; the rest of it is as it was."""
    # What stood side by side may give something new when one part is gone, so it is read until nothing is left.
    while found := [each for each in findings(text, known=known, today=today) if each.kind in kinds]:
        for each in reversed(found):
            text = text[: each.start] + MASK + text[each.end :]
    return text


# --- National numbers and mail addresses ---------------------------------------------------------


def _numbers(text: str) -> Iterator[Finding]:
    for start, end in national_numbers(text):
        digits = "".join(char for char in text[start:end] if char.isdecimal())
        yield Finding(Kind.NATIONAL_NUMBER, start, end, text[start:end], digits[-11:])
    for pattern in _MISTYPED:
        for match in pattern.finditer(text):
            digits = "".join(str(int(char)) for char in match["number"] if char.isdecimal())
            # The months of *bis* numbers are 20 or 40 higher.
            if int(digits[2:4]) % 20 <= 12 and int(digits[4:6]) <= 31:
                yield Finding(Kind.NATIONAL_NUMBER, *match.span("number"), match["number"], digits)


_MISTYPED = (
    re.compile(r"(?<![\d+])(?P<number>\d\d([./-])\d\d\2\d\d\s?[\s./–-]\s?\d{3}[\s./–-]\d\d)(?!\d)"),
    re.compile(
        r"(?:\bN\.?N|\bR\.?R?\.?N|\bNISS|\bINSZ|\bregistre national|\bnum[ée]ro national|\bn° ?nat(?:ional)?|"
        r"\brijksregister(?:nummer|nr)?|\bnationaal nummer)\b[^\d\n]{0,20}(?P<number>\d(?:[\s./–-]{0,3}\d){10})(?!\d)",
        re.IGNORECASE,
    ),
)


_AT = r"(?:@|\s?[\[(]\s?(?:at|arobase|apenstaartje|@)\s?[\])]\s?)"
_MAIL = re.compile(
    rf"(?<![\w.+-])([\w.+'-]{{1,64}}){_AT}((?:[^\W_](?:[\w-]{{0,61}}[^\W_])?\.)+[^\W\d_]{{2,24}})(?![\w-])",
    re.IGNORECASE,
)
_FUNCTIONS = frozenset(
    "accueil admin administration antwoord communication contact coordination dienst direction directie hello help "
    "helpdesk info infos intake mail noreply no-reply onthaal permanence planning secretariaat secretariat "
    "service social sociaal socialedienst servicesocial sos support team welcome".split()
)


def _mails(text: str) -> Iterator[Finding]:
    for match in _MAIL.finditer(text):
        local, host = match[1].lstrip("'.-").lower(), match[2].lower()
        if fold(local) not in _FUNCTIONS:
            yield Finding(Kind.MAIL, match.start(), match.end(), match[0], f"{local}@{host}")


# --- Phone numbers -------------------------------------------------------------------------------

_OF_SERVICES = frozenset(
    {
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.UAN,
    }
)
# French and Dutch mobiles as they are written at home, where a Belgian reads no country.
_NEIGHBOURS = (
    ("NL", re.compile(r"(?<![\d+])06[ \-]\d{8}(?!\d)")),
    ("FR", re.compile(r"(?<![\d+])0[67](?:[ .\-]?\d{2}){4}(?!\d)")),
)
_ENTERPRISE = re.compile(r"(?<!\d)[01]\d{3}([ .]?)\d{3}\1\d{3}(?!\d)")
_ENTERPRISE_WORD = re.compile(
    r"(?:BE|KBO|BCE|TVA|BTW|RPM|RPR|ondernemingsnummer|entreprise)[\W_]{0,4}(?:BE)?[\W_]?$", re.IGNORECASE
)


def _phones(text: str) -> Iterator[Finding]:
    enterprises = [match.span() for match in _ENTERPRISE.finditer(text) if _is_enterprise(match, text)]
    # A line is looked at by itself: what stands below a number in a list is another one.
    for line in re.finditer(r"[^\r\n]+", text):
        for said in phonenumbers.PhoneNumberMatcher(line[0], _REGION, leniency=phonenumbers.Leniency.VALID):
            start, end = line.start() + said.start, line.start() + said.end
            if phonenumbers.number_type(said.number) in _OF_SERVICES or _overlaps(start, end, enterprises):
                continue
            value = phonenumbers.format_number(said.number, phonenumbers.PhoneNumberFormat.E164)
            yield Finding(Kind.PHONE, start, end, text[start:end], value)
    for region, pattern in _NEIGHBOURS:
        for match in pattern.finditer(text):
            number = phonenumbers.parse(match[0], region)
            if phonenumbers.is_valid_number_for_region(number, region) and not _overlaps(*match.span(), enterprises):
                value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
                yield Finding(Kind.PHONE, match.start(), match.end(), match[0], value)


def _is_enterprise(match: re.Match[str], text: str) -> bool:
    """Written in its groups or announced, with the right check digits: ``0417.497.106``, ``TVA BE0417497106``."""
    said = match[1] or _ENTERPRISE_WORD.search(text, max(0, match.start() - 24), match.start())
    return bool(said) and vat.is_valid(match[0])


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)


# --- Birth dates ---------------------------------------------------------------------------------

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier januari january janv jan",
            "fevrier februari february fevr fev feb",
            "mars maart march mrt",
            "avril april avr apr",
            "mai mei may",
            "juin juni june jun",
            "juillet juli july juil jul",
            "aout augustus august aug",
            "septembre september sept sep",
            "octobre oktober october oct okt",
            "novembre november nov",
            "decembre december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY, _MONTH, _YEAR = r"(?P<day>0?[1-9]|[12]\d|3[01])", r"(?P<month>0?[1-9]|1[0-2])", r"(?P<year>(?:19|20)\d\d|'?\d\d)"
_SIGN = r"(?P<sign>\s?[./\-–]\s?|\s)"
_BEFORE, _AFTER = r"(?<!\d)(?<!\d[./,–-])", r"(?!\d)(?![./–-]\d)"
_DATES = (
    re.compile(rf"{_BEFORE}{_DAY}{_SIGN}{_MONTH}(?P=sign){_YEAR}{_AFTER}"),
    re.compile(rf"{_BEFORE}(?P<year>(?:19|20)\d\d){_SIGN}(?P<month>0?[1-9]|1[0-2])(?P=sign){_DAY}{_AFTER}"),
    re.compile(rf"{_BEFORE}{_DAY}(?:er|e|ste|de)?[\s.\-]{{1,2}}(?P<name>[^\W\d_]{{3,9}})[\s.\-]{{1,2}}{_YEAR}{_AFTER}"),
)
_COMPACT = re.compile(r"(?<!\d)(?P<day>\d\d)(?P<month>\d\d)(?P<year>(?:19|20)\d\d)(?!\d)")
_BIRTH = re.compile(
    r"(?:\bn[ée]+(?:\s?[(.·]e[)]?)?\b|\bnaissance|\bnaiss\.|\bd\.?\s?d?\.?\s?n\b|\bgeb(?:oren|\.|\b)|\bgeboorte(?:datum|dag)|"
    r"\bgbd\b|\bg\.?d\b|\bborn\b|\bdate of birth|\bd\.?o\.?b\b|°|\N{BLACK STAR})[^\d\n]{0,40}\n?[^\d\n]{0,10}$",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b(?:loi|décret|arrêté|ordonnance|circulaire|règlement|A\.?R|wet|decreet|besluit|ordonnantie|omzendbrief|K\.?B)\b"
    r"[^\d\n]{0,40}$",
    re.IGNORECASE,
)
_LOOK_BACK = 64


def _birth_dates(text: str, today: dt.date) -> Iterator[Finding]:
    for pattern in (*_DATES, _COMPACT):
        for match in pattern.finditer(text):
            day = _date(match, today)
            if day is None or day > today:
                continue
            before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
            if _BIRTH.search(before) or (pattern is not _COMPACT and _is_long_ago(match, day, today, before)):
                yield Finding(Kind.BIRTH_DATE, match.start(), match.end(), match[0], day.isoformat())


def _is_long_ago(match: re.Match[str], day: dt.date, today: dt.date, before: str) -> bool:
    sign = match.groupdict().get("sign")
    if sign is not None and not sign.strip() and len(match["year"].strip("'")) == 2:
        return False  # 12 03 41 is any number
    return day.toordinal() < today.toordinal() - _YEARS_BACK * 365.25 and not _LAW.search(before)


def _date(match: re.Match[str], today: dt.date) -> dt.date | None:
    """The day that is written, or None; two digits of a year mean the latest one that is past."""
    parts = match.groupdict()
    month = _MONTHS.get(fold(parts["name"])) if parts.get("name") else int(parts["month"])
    year = int(parts["year"].strip("'"))
    if year < 100:
        year += today.year // 100 * 100
        year -= 100 if year > today.year else 0
    if month is None or year < _OLDEST:
        return None
    try:
        return dt.date(year, month, int(parts["day"]))
    except ValueError:
        return None
