"""What the ground floor holds on a mail address, forgetting it, and what must never be stored."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.be import bis, nn

from basins.missions import Forgotten, Kept, PersonalRecord
from basins.models import NeedMention, PartnerKey, User
from core.errors import RuleError
from core.models import OutboxMessage

logger = logging.getLogger(__name__)

# Eleven digits, and what people write between them: 85.07.30-033.28, 85 07 30 / 033 28, over the end of a line. Where
# the number has its joints, after the date and before the check, some words may stand: 85.07.30, n° nat. 033 clé 28.
_BETWEEN = r"(?:&nbsp;|[^\d\w+]|_){0,4}"
_JOINT = r"[^\d+]{0,20}"
_DIGITS = [rf"\d(?:{_BETWEEN}\d){{5}}", rf"\d(?:{_BETWEEN}\d){{2}}", rf"\d{_BETWEEN}\d"]
# Found at each place where it can begin, so that a number before it cannot hide it; sometimes with the whole year.
_ELEVEN_DIGITS = re.compile(rf"(?<!\d)(?=({_JOINT.join(_DIGITS)})(?!\d))")
_WITH_CENTURY = re.compile(rf"(?<!\d)(?=((?:19|20){_JOINT.join(_DIGITS)})(?!\d))")
# After a plus or 00 they are a phone abroad: +32 475 …, 0032 475 …
_DIALLED = re.compile(r"(?:\+|(?<!\d)00)[\s./()-]{0,3}$")

NO_NATIONAL_NUMBER = gettext_lazy("Take the national register number out: it must not be kept here.")


class NationalNumberFound(RuleError):
    """A national register number (or a *bis* number) stands in a text: such numbers are never stored."""

    code = "national-number"
    status = 422


def refuse_national_numbers(**texts: str) -> None:
    """Raise :class:`NationalNumberFound`, naming the field, when one of ``texts`` holds such a number."""
    for field, value in texts.items():
        if holds_national_number(value):
            raise NationalNumberFound(NO_NATIONAL_NUMBER, field=field)


def holds_national_number(text: str) -> bool:
    """Whether eleven digits in ``text`` are a national register number or a *bis* number, by their check digits."""
    return bool(national_numbers(text))


def national_numbers(text: str) -> list[tuple[int, int]]:
    """Where in ``text`` such numbers stand: first character and the one after the last, in their order."""
    found: list[tuple[int, int]] = []
    for pattern, century in ((_WITH_CENTURY, 2), (_ELEVEN_DIGITS, 0)):
        for match in pattern.finditer(text):
            digits = "".join(str(int(char)) for char in match[1] if char.isdecimal())[century:]
            start, end = match.span(1)
            if not (nn.is_valid(digits) or bis.is_valid(digits)) or _DIALLED.search(text, max(0, start - 6), start):
                continue
            if all(end <= other_start or start >= other_end for other_start, other_end in found):
                found.append((start, end))
    return sorted(found)


def records_of(email: str) -> Iterator[PersonalRecord]:
    """Everything the ground floor holds on an address, with the reason why it is held."""
    email = email.strip().lower()
    for user in User.objects.filter(email=email):
        yield PersonalRecord(
            what=_("Account"),
            reference=str(user.uuid),
            fields={
                "email": user.email,
                "name": user.name,
                "language": user.language,
                "created": user.created,
                "last_login": user.last_login,
            },
            reason=_("To sign you in, until 24 months after the last time."),
        )
        for grant in user.grants.select_related("basin"):
            yield PersonalRecord(
                what=_("Role"),
                reference=str(grant.uuid),
                fields={
                    "role": grant.role,
                    "basin": grant.basin.code if grant.basin else None,
                    "granted_at": grant.granted_at,
                    "ended_at": grant.ended_at,
                },
                reason=_("To know who could change what, and when."),
            )
    for mention in NeedMention.objects.filter(raised_by_email__iexact=email).select_related("need"):
        yield PersonalRecord(
            what=_("Need that you raised"),
            reference=str(mention.uuid),
            fields={
                "email": mention.raised_by_email,
                "heard_on": mention.heard_on,
                "need": str(mention.need),
                "words": mention.words,
            },
            reason=_("To answer you when something is done about it."),
        )
    for key in PartnerKey.objects.filter(contact_email__iexact=email):
        yield PersonalRecord(
            what=_("Contact of a partner’s key"),
            reference=str(key.uuid),
            fields={"email": key.contact_email, "key": key.name},
            reason=_("To reach whoever answers for the program that uses it."),
        )
    for message in OutboxMessage.objects.filter(to__iexact=email):
        yield PersonalRecord(
            what=_("Mail to you"),
            reference=str(message.uuid),
            fields={"email": message.to, "subject": message.subject, "sent_at": message.sent_at},
            reason=_("To send it once, and to find out what became of it."),
        )


@transaction.atomic
def forget(*, email: str) -> Forgotten:
    """Erase what can be erased of an address; the rest is named with the reason.

    Needs stay, without the address: what was missing concerns everybody. Locks the rows it changes.
    """
    email = email.strip().lower()
    outcome = Forgotten()
    for mention in NeedMention.objects.select_for_update(of=("self",)).filter(raised_by_email__iexact=email):
        _make_anonymous(mention)
        outcome.erased += 1
    outcome.erased += OutboxMessage.objects.filter(to__iexact=email).delete()[0]
    for key in PartnerKey.objects.filter(contact_email__iexact=email):
        outcome.kept.append(Kept(str(key), _("A partner’s program uses this key: name another contact first.")))
    for user in User.objects.select_for_update(of=("self",)).filter(email=email):
        if user.grants.exists():
            outcome.kept.append(Kept(_("Account"), _("This person has or had a role in a team; its log is kept.")))
        else:
            user.delete()
            outcome.erased += 1
    logger.info("an address was forgotten: %d erased, %d kept", outcome.erased, len(outcome.kept))
    return outcome


def _make_anonymous(mention: NeedMention) -> None:
    """Take the address off a mention; one occasion has one nameless mention, so weights are added up."""
    nameless = (
        NeedMention.objects.select_for_update(of=("self",))
        .filter(need_id=mention.need_id, source=mention.source, source_key=mention.source_key, raised_by_email="")
        .first()
    )
    if nameless is None:
        mention.raised_by_email = ""
        mention.save(update_fields=["raised_by_email", "modified"])
        return
    nameless.weight += mention.weight
    nameless.words = "\n".join(filter(None, [nameless.words, mention.words]))
    nameless.save(update_fields=["weight", "words", "modified"])
    mention.delete()
