"""Nothing that tells who the absent third person is gets in: refused, or pointed out before it is sent."""

from __future__ import annotations

import phonenumbers
from django.utils.translation import gettext_lazy as _

from basins.models import Basin
from basins.rules.privacy import refuse_national_numbers
from helpdesk.errors import PersonNamed, TicketInvalid
from helpdesk.models import Asker
from helpdesk.rules import identity


def refuse_identity(texts: dict[str, str], *, known: set[str], confirmed: bool) -> None:
    """Raise ``NationalNumberFound`` for such a number in one of ``texts`` (by field), whatever was confirmed; then
    ``PersonNamed`` for phone numbers, mail addresses and birth dates, unless somebody ``confirmed`` that they are
    not the person's. ``known``: what is the asker's own or a helpdesk's (:func:`known_of`).
    """
    refuse_national_numbers(**texts)
    if confirmed:
        return
    found = {field: identity.findings(value, known=known) for field, value in texts.items()}
    named = {field: each for field, each in found.items() if each}
    if named:
        raise PersonNamed([finding for each in named.values() for finding in each], field=next(iter(named)))


def refuse_bad_contact(*, email: str, phone: str, function: str = "") -> None:
    """No national number as somebody's own address, number or function, and a phone that can be called.

    Raises ``NationalNumberFound``, ``TicketInvalid``. A number may have words beside it ("0470 12 34 56, after four").
    """
    refuse_national_numbers(email=email, phone=phone, function=function)
    if phone and not _can_be_called(phone):
        raise TicketInvalid(
            _("Write a phone number that can be called back, for example 0470 12 34 56."), field="phone"
        )


def _can_be_called(written: str) -> bool:
    matcher = phonenumbers.PhoneNumberMatcher(written, "BE", leniency=phonenumbers.Leniency.POSSIBLE)
    if matcher.has_next():
        return True
    try:
        short = phonenumbers.parse(written, "BE")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_short_number_for_region(short, "BE")


def known_of(asker: Asker) -> set[str]:
    """Addresses and numbers that may stand in what an asker writes: their own, and the helpdesks'."""
    known = {asker.email, _plain(asker.phone)}
    for basin in Basin.objects.all():
        known |= {basin.helpdesk_email_fr or "", basin.helpdesk_email_nl or "", _plain(basin.helpdesk_phone)}  # type: ignore[attr-defined]  # bilingual columns
    return {each.lower() for each in known if each}


def _plain(number: str) -> str:
    """The one form of a number (E.164), "" for what is none."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number, "BE"), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        return ""
