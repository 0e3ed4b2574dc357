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

# Eleven digits with the separators people write: 85.07.30-033.28
_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d(?:[ .\-/]{0,2}\d){10}(?!\d)")


class NationalNumberFound(RuleError):
    """A national register number (or a *bis* number) stands in a text: such numbers are never stored."""

    code = "national-number"
    status = 422


def refuse_national_numbers(**texts: str) -> None:
    """Raise :class:`NationalNumberFound`, naming the field, when one of ``texts`` holds such a number."""
    for field, value in texts.items():
        for found in _ELEVEN_DIGITS.findall(value):
            if nn.is_valid(found) or bis.is_valid(found):
                raise NationalNumberFound(
                    gettext_lazy("Take the national register number out: it must not be kept here."), field=field
                )


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
