"""Numbers as people write them, brought into one form: enterprises, their units, phones.

Each function gives the one form, ``""`` for nothing, and raises `core.errors.RuleError`'s child
`errors.RecordRefused` with a sentence for the reader.
"""

from __future__ import annotations

import re

import phonenumbers
from django.utils.translation import gettext_lazy as _
from stdnum.be import vat
from stdnum.exceptions import ValidationError

from directory.errors import RecordRefused

REGION = "BE"


def enterprise_number(written: str, *, field: str = "kbo_number") -> str:
    """``"BE 0417.497.106"`` → ``"0417497106"``: ten digits, the last two checked (KBO/BCE)."""
    if not written.strip():
        return ""
    try:
        return str(vat.validate(written))
    except ValidationError as error:
        raise RecordRefused(
            _("This is no enterprise number: ten digits, beginning with 0 or 1, e.g. 0417.497.106."), field=field
        ) from error


def establishment_number(written: str, *, field: str = "establishment_number") -> str:
    """``"2.001.234.567"`` → ``"2001234567"``: ten digits, beginning with 2 to 8."""
    digits = re.sub(r"[\s./-]", "", written)
    if not digits:
        return ""
    if not re.fullmatch(r"[2-8][0-9]{9}", digits):
        raise RecordRefused(_("This is no establishment number: ten digits, beginning with 2 to 8."), field=field)
    return digits


def phone_number(written: str, *, field: str = "phones") -> str:
    """``"02/318 60 58"``, ``"0032 2 318 60 58"`` → ``"+3223186058"``; short numbers (112, 1733, 107) as they are."""
    if not written.strip():
        return ""
    refusal = RecordRefused(
        _("“%(number)s” is no phone number that works in Belgium.") % {"number": written}, field=field
    )
    # People write the 0 that one leaves out after the country's code: +32 (0)2 318 60 58.
    cleaned = re.sub(r"\(0\)", "", written) if "+" in written or written.strip().startswith("00") else written
    try:
        number = phonenumbers.parse(cleaned, REGION)
    except phonenumbers.NumberParseException as error:
        raise refusal from error
    if phonenumbers.is_valid_short_number_for_region(number, REGION):
        return str(number.national_number)
    if not phonenumbers.is_valid_number(number):
        raise refusal
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def spoken_phone(number: str) -> str:
    """A stored number as Belgians read it: ``"+3223186058"`` → ``"02 318 60 58"``."""
    if not number.startswith("+"):
        return number
    parsed = phonenumbers.parse(number)
    style = phonenumbers.PhoneNumberFormat
    ours = phonenumbers.region_code_for_number(parsed) == REGION
    return str(phonenumbers.format_number(parsed, style.NATIONAL if ours else style.INTERNATIONAL))
