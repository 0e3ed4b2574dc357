"""“Still right?”: what organisations are asked by mail. The organisation's language is active."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.bilingual import text
from core.mail import Letter, absolute_url, letter
from directory.confirm_links import confirm_url
from directory.models import Confirmation
from directory.rules.confirming import records_of

LISTED = 20


@letter("directory.still_right", title=gettext_lazy("Is what the directory says still right?"))
def still_right(params: dict[str, Any]) -> Letter | None:
    """At the organisation's own pace (``stage`` ask), and once more after two weeks (remind), unless it answered."""
    row = Confirmation.objects.select_related("organization").filter(uuid=params["confirmation"]).first()
    if row is None or row.answered_on is not None or row.organization.merged_into_id is not None:
        return None
    services = list(records_of(row.organization)[: LISTED + 1])
    name = {"name": text(row.organization, "name")}
    subject = _("Is this still right? %(name)s in the directory") % name
    if params["stage"] == "remind":
        subject = _("Reminder: is this still right? %(name)s in the directory") % name
    context = {
        "organization": row.organization,
        "names": [text(service, "name") for service in services[:LISTED]],
        "has_more": len(services) > LISTED,
        "is_reminder": params["stage"] == "remind",
        "link": absolute_url(confirm_url(row)),
    }
    return Letter(subject, "directory/mail/still_right", context)
