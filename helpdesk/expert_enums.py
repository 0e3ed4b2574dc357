"""The words of the pool of experts: what they know, when they can be reached, where a call on one stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExpertDomain(models.TextChoices):
    """What a volunteer knows more about than the desk."""

    PALLIATIVE = "palliative", _("Palliative care and end of life")
    CRISIS = "crisis", _("Psychiatric or social crisis")
    HOUSING = "housing", _("Housing and insalubrity")
    MEDICATION = "medication", _("Medication")
    ADDICTIONS = "addictions", _("Addictions")
    HOME_HOSPITAL = "home_hospital", _("Hospitalisation at home")
    RIGHTS = "rights", _("Rights and benefits")


# The themes of the directory that speak of a domain: a ticket's theme, or the broader one above it, proposes it.
DOMAIN_OF_THEME: dict[str, ExpertDomain] = {
    "palliative-care": ExpertDomain.PALLIATIVE,
    "grief": ExpertDomain.PALLIATIVE,
    "mental-crisis": ExpertDomain.CRISIS,
    "psychiatry": ExpertDomain.CRISIS,
    "suicide-prevention": ExpertDomain.CRISIS,
    "urgent": ExpertDomain.CRISIS,
    "violence": ExpertDomain.CRISIS,
    "housing": ExpertDomain.HOUSING,
    "pharmacy": ExpertDomain.MEDICATION,
    "poisoning": ExpertDomain.MEDICATION,
    "addiction": ExpertDomain.ADDICTIONS,
    "risk-reduction": ExpertDomain.ADDICTIONS,
    "stop-smoking": ExpertDomain.ADDICTIONS,
    "home-hospital": ExpertDomain.HOME_HOSPITAL,
    "hospital-link": ExpertDomain.HOME_HOSPITAL,
    "rights": ExpertDomain.RIGHTS,
    "residence-rights": ExpertDomain.RIGHTS,
}


class ExpertLanguage(models.TextChoices):
    """In which languages an expert can be asked."""

    FR = "fr", _("French")
    NL = "nl", _("Dutch")
    EN = "en", _("English")
    DE = "de", _("German")


class HalfDay(models.TextChoices):
    """When an expert can be reached: half days of the helpdesk's week, the morning until 13:00."""

    MON_AM = "mon_am", _("Monday morning")
    MON_PM = "mon_pm", _("Monday afternoon")
    TUE_AM = "tue_am", _("Tuesday morning")
    TUE_PM = "tue_pm", _("Tuesday afternoon")
    WED_AM = "wed_am", _("Wednesday morning")
    WED_PM = "wed_pm", _("Wednesday afternoon")
    THU_AM = "thu_am", _("Thursday morning")
    THU_PM = "thu_pm", _("Thursday afternoon")
    FRI_AM = "fri_am", _("Friday morning")
    FRI_PM = "fri_pm", _("Friday afternoon")


class ExpertState(models.TextChoices):
    """Where somebody stands in the pool. Who is not taken, or leaves, is nobody any more: nothing of them is kept."""

    OFFERED = "offered", pgettext_lazy("expert", "address not confirmed")
    WAITING = "waiting", pgettext_lazy("expert", "waits for the helpdesk")
    ACTIVE = "active", pgettext_lazy("expert", "in the pool")
    LEFT = "left", pgettext_lazy("expert", "has left")


EXPERT_TRANSITIONS: dict[ExpertState, frozenset[ExpertState]] = {
    ExpertState.OFFERED: frozenset({ExpertState.WAITING, ExpertState.LEFT}),
    ExpertState.WAITING: frozenset({ExpertState.ACTIVE, ExpertState.LEFT}),
    ExpertState.ACTIVE: frozenset({ExpertState.LEFT}),
    ExpertState.LEFT: frozenset(),
}
# Whose link opens their own page: who only typed an address has not shown that it is theirs.
IN_TOUCH = frozenset({ExpertState.WAITING, ExpertState.ACTIVE})


class CallState(models.TextChoices):
    """Where a question to an expert stands."""

    ASKED = "asked", pgettext_lazy("expert", "asked")
    ACCEPTED = "accepted", pgettext_lazy("expert", "has said yes")
    ANSWERED = "answered", pgettext_lazy("expert", "has answered")
    DECLINED = "declined", pgettext_lazy("expert", "cannot")
    WITHDRAWN = "withdrawn", pgettext_lazy("expert", "no longer needed")
    LAPSED = "lapsed", pgettext_lazy("expert", "did not answer in time")


# What comes late is welcome as long as the ticket is open.
CALL_TRANSITIONS: dict[CallState, frozenset[CallState]] = {
    CallState.ASKED: frozenset(
        {CallState.ACCEPTED, CallState.ANSWERED, CallState.DECLINED, CallState.WITHDRAWN, CallState.LAPSED}
    ),
    CallState.ACCEPTED: frozenset({CallState.ANSWERED, CallState.DECLINED, CallState.WITHDRAWN, CallState.LAPSED}),
    CallState.ANSWERED: frozenset(),
    CallState.DECLINED: frozenset(),
    CallState.WITHDRAWN: frozenset(),
    CallState.LAPSED: frozenset({CallState.ANSWERED}),
}
OPEN_CALLS = frozenset({CallState.ASKED, CallState.ACCEPTED})
# In these an expert reads the ticket, while it is not closed.
READING_CALLS = OPEN_CALLS | {CallState.ANSWERED, CallState.LAPSED}
