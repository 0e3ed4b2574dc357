"""States of the minutes and of an action, and what a consultation holds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MinutesState(models.TextChoices):
    """Minutes are written by the team, sent to who was there, approved at the next meeting; then they stand."""

    DRAFT = "draft", _("draft")
    SENT = "sent", _("sent, to be approved")
    APPROVED = "approved", _("approved")


MINUTES_TRANSITIONS: dict[MinutesState, frozenset[MinutesState]] = {
    MinutesState.DRAFT: frozenset({MinutesState.SENT}),
    MinutesState.SENT: frozenset({MinutesState.DRAFT, MinutesState.APPROVED}),
    MinutesState.APPROVED: frozenset(),
}


class PointKind(models.TextChoices):
    """What a point of the minutes is: *à retenir*, or a decision."""

    REMEMBER = "remember", _("to remember")
    DECISION = "decision", _("decision")


class ActionState(models.TextChoices):
    """What was agreed upon is still to be done, done, or given up with a reason."""

    OPEN = "open", _("to be done")
    DONE = "done", _("done")
    DROPPED = "dropped", _("given up")


ACTION_TRANSITIONS: dict[ActionState, frozenset[ActionState]] = {
    ActionState.OPEN: frozenset({ActionState.DONE, ActionState.DROPPED}),
    ActionState.DONE: frozenset({ActionState.OPEN}),
    ActionState.DROPPED: frozenset({ActionState.OPEN}),
}


class PartKind(models.TextChoices):
    """The parts of a consultation's report."""

    SUMMARY = "summary", _("Summary")
    THEME = "theme", _("Theme")
    SOLUTION = "solution", _("Solution track")
    GAP = "gap", _("Gap")
    EXPECTATION = "expectation", _("Expectation")
    TRANSVERSAL = "transversal", _("Transversal need")
    REMARKS = "remarks", _("Final remarks")


class StatementKind(models.TextChoices):
    """What somebody said in a consultation, by where the report has it."""

    PARAGRAPH = "paragraph", _("paragraph")
    NEED = "need", _("need, with points")
    OTHER_NEED = "other_need", _("other need")
    REMARK = "remark", _("remark")
    HIGHLIGHT = "highlight", _("highlight")
    IDEA = "idea", _("idea")
    ITEM = "item", _("item")
    ORGANISATION = "organisation", _("who does it already")
    REFLECTION = "reflection", _("reflection")
    PRIORITY = "priority", _("priority")
