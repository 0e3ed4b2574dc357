"""What the basins write: the sign-in code, a role that was given, a second factor that changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.models import Basin
from basins.rights import Role
from core.bilingual import text
from core.mail import Letter, absolute_url, letter


@letter("basins.sign_in_code", title=gettext_lazy("Sign-in code"), is_secret=True)
def sign_in_code(params: dict[str, Any]) -> Letter | None:
    """The code somebody waits for. Not sent any more once it is stale: it would only confuse."""
    if not params:
        return None
    if timezone.now() > dt.datetime.fromisoformat(params["asked_at"]) + dt.timedelta(minutes=params["minutes"]):
        return None
    return Letter(
        subject=_("Your sign-in code"),  # without the code: staff may read the subjects of the outbox
        template="account/mail/sign_in_code",
        context={"code": params["code"], "minutes": params["minutes"]},
    )


@letter("basins.role_given", title=gettext_lazy("A role was given"))
def role_given(params: dict[str, Any]) -> Letter:
    basin = Basin.objects.filter(code=params["basin"]).first() if params["basin"] else None
    return Letter(
        subject=_("You have a role on the site of the care basins"),
        template="account/mail/role_given",
        context={
            "role": Role(params["role"]).label,
            "basin": text(basin, "name") if basin else "",
            "by": params["by"],
            "url": absolute_url(reverse("account_login")),
        },
    )


@letter("basins.second_factor_changed", title=gettext_lazy("A second factor changed"))
def second_factor_changed(params: dict[str, Any]) -> Letter:
    """A warning to the owner, in case it was not them."""
    what = {
        "set_up": _("An app was set up as the second factor of your account."),
        "removed": _("The second factor of your account was removed."),
        "new_codes": _("New recovery codes were made for your account."),
        "reset": _("The second factor of your account was reset. Set up a new one when you next sign in."),
    }[params["event"]]
    return Letter(
        subject=_("Your second factor changed"),
        template="account/mail/second_factor_changed",
        context={"what": what, "by": params["by"], "at": dt.datetime.fromisoformat(params["at"])},
    )
