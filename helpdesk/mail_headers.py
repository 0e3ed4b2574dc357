"""Where an answer by mail to a letter about a ticket goes."""

from __future__ import annotations

from django.conf import settings

from core.bilingual import text
from helpdesk.models import Ticket


def reply_to(ticket: Ticket) -> dict[str, str]:
    """To the helpdesk's own address, in the reader's language; none where the basin has no address.

    Where we read the mail ourselves the ticket stands in the address, too: some programs drop it from the subject.
    """
    address = str(text(ticket.basin, "helpdesk_email"))
    if not address:
        return {}
    is_ours = settings.INBOUND_PLUS_ADDRESSES and (settings.INBOUND_MAILBOXES or settings.INBOUND_WEBHOOK_SECRETS)
    return {"Reply-To": address.replace("@", f"+{ticket.code}@", 1) if is_ours else address}
