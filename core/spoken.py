"""How days, hours and phone numbers are written, in French and in Dutch.

One place for pages, mails, calendar files and paper, so that they never disagree. Django's own
locale formats know neither "9 h 15" nor "9.15 uur". Each function takes ``language`` and uses the
reader's when it is left out; aware datetimes are spoken in Brussels time.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import phonenumbers

from core.bilingual import current_language

BRUSSELS = ZoneInfo("Europe/Brussels")
NBSP = "\N{NO-BREAK SPACE}"
DASH = f"{NBSP}– "

_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
}
_MONTHS_SHORT = {
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split(),
    "nl": "jan. feb. maart april mei juni juli aug. sep. okt. nov. dec.".split(),
}
_DAYS = {
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split(),
}
_DAYS_SHORT = {
    "fr": "lun. mar. mer. jeu. ven. sam. dim.".split(),
    "nl": "ma di wo do vr za zo".split(),
}


def _day(moment: dt.date | dt.datetime) -> dt.date:
    """The calendar day; of an aware datetime, the day it is in Brussels."""
    if isinstance(moment, dt.datetime):
        return (moment.astimezone(BRUSSELS) if moment.tzinfo else moment).date()
    return moment


def _clock(moment: dt.time | dt.datetime) -> dt.time:
    if isinstance(moment, dt.datetime):
        return (moment.astimezone(BRUSSELS) if moment.tzinfo else moment).time()
    return moment


def _number(day: dt.date, language: str) -> str:
    return "1er" if day.day == 1 and language == "fr" else str(day.day)


def weekday(day: dt.date, language: str | None = None, *, short: bool = False) -> str:
    """``mardi`` / ``dinsdag``; short: ``mar.`` / ``di``."""
    return (_DAYS_SHORT if short else _DAYS)[language or current_language()][_day(day).weekday()]


def month(day: dt.date, language: str | None = None, *, short: bool = False) -> str:
    """``juillet`` / ``juli``; short: ``juil.`` / ``juli``."""
    return (_MONTHS_SHORT if short else _MONTHS)[language or current_language()][_day(day).month - 1]


def weekday_short(day: dt.date, language: str | None = None) -> str:
    """``mar.`` / ``di``."""
    return weekday(day, language, short=True)


def month_short(day: dt.date, language: str | None = None) -> str:
    """``juil.`` / ``juli``."""
    return month(day, language, short=True)


def day_number(day: dt.date, language: str | None = None) -> str:
    """``20``, and ``1er`` in French."""
    return _number(_day(day), language or current_language())


def day_month(day: dt.date, language: str | None = None) -> str:
    """``20 mai`` / ``20 mei``: where the year goes without saying."""
    language, day = language or current_language(), _day(day)
    return f"{_number(day, language)}{NBSP}{month(day, language)}"


def plain_date(day: dt.date, language: str | None = None) -> str:
    """``20 mai 2025`` / ``20 mei 2025``."""
    return f"{day_month(day, language)} {_day(day).year}"


def long_date(day: dt.date, language: str | None = None) -> str:
    """``mardi 20 mai 2025`` / ``dinsdag 20 mei 2025``."""
    return f"{weekday(day, language)} {plain_date(day, language)}"


def weekday_date(day: dt.date, language: str | None = None) -> str:
    """``mardi 20 mai`` / ``dinsdag 20 mei``."""
    return f"{weekday(day, language)} {day_month(day, language)}"


def short_date(day: dt.date, language: str | None = None) -> str:
    """``mar. 20 mai`` / ``di 20 mei``: for narrow places."""
    return f"{weekday_short(day, language)} {day_month(day, language)}"


def span_of_days(first: dt.date, last: dt.date, language: str | None = None) -> str:
    """``lundi 2 – vendredi 6 décembre 2024``: what both days share is said once; one day is said as one."""
    language, first, last = language or current_language(), _day(first), _day(last)
    if first == last:
        return long_date(first, language)
    start = f"{weekday(first, language)} {_number(first, language)}"
    if (first.year, first.month) != (last.year, last.month):
        start = f"{start}{NBSP}{month(first, language)}"
    if first.year != last.year:
        start = f"{start} {first.year}"
    return f"{start}{DASH}{long_date(last, language)}"


def _hour(clock: dt.time, language: str) -> str:
    """The hour without the Dutch word behind it, which stands once at the end of a span."""
    if language == "fr":
        return f"{clock.hour}{NBSP}h{NBSP}{clock.minute:02}" if clock.minute else f"{clock.hour}{NBSP}h"
    return f"{clock.hour}.{clock.minute:02}" if clock.minute else f"{clock.hour}"


def hour(moment: dt.time | dt.datetime, language: str | None = None) -> str:
    """``9 h 15``, ``9 h`` / ``9.15 uur``, ``9 uur``."""
    language = language or current_language()
    said = _hour(_clock(moment), language)
    return f"{said}{NBSP}uur" if language == "nl" else said


def hours(start: dt.time | dt.datetime, end: dt.time | dt.datetime, language: str | None = None) -> str:
    """``9 h 15 – 12 h 15`` / ``9.15 – 12.15 uur``; a line may break after the dash only. A moment is said once."""
    language = language or current_language()
    if _clock(start) == _clock(end):
        return hour(start, language)
    return f"{_hour(_clock(start), language)}{DASH}{hour(end, language)}"


def moment(when: dt.datetime, language: str | None = None) -> str:
    """``mardi 20 mai 2025, 9 h 15`` / ``dinsdag 20 mei 2025, 9.15 uur``."""
    return f"{long_date(when, language)}, {hour(when, language)}"


def duration(length: dt.timedelta, language: str | None = None) -> str:
    """``1 h 30``, ``2 h``, ``45 minutes`` / ``1 uur 30 minuten``, ``2 uur``, ``45 minuten``."""
    language = language or current_language()
    hours, minutes = divmod(round(length.total_seconds() / 60), 60)
    if language == "fr":
        return f"{hours}{NBSP}h{f'{NBSP}{minutes:02}' if minutes else ''}" if hours else f"{minutes}{NBSP}minutes"
    said = [f"{hours}{NBSP}uur"] if hours else []
    return NBSP.join([*said, f"{minutes}{NBSP}minuten"] if minutes or not hours else said)


def phone(number: str) -> str:
    """A number as it is said in Belgium, never broken over lines: ``02 318 60 58``.

    Short numbers (112, 107, 1733) and what is no number at all come back as they are.
    """
    try:
        parsed = phonenumbers.parse(number, "BE")
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_possible_number(parsed):
        return number
    belgian = parsed.country_code == 32
    style = phonenumbers.PhoneNumberFormat.NATIONAL if belgian else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style).replace(" ", NBSP)


def phone_link(number: str) -> str:
    """The address behind it: ``tel:+3223186058``; short numbers stay short."""
    try:
        parsed = phonenumbers.parse(number, "BE")
    except phonenumbers.NumberParseException:
        return f"tel:{''.join(char for char in number if char.isdigit() or char == '+')}"
    if not phonenumbers.is_possible_number(parsed):
        return f"tel:{''.join(char for char in number if char.isdigit() or char == '+')}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.RFC3966).replace("-", "")
