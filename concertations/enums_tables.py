"""What happens in the room: kinds of seating, states of a wall of post-its, and which step may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SeatingKind(models.TextChoices):
    """How people are seated, or stand."""

    MIXED = "mixed", _("mixed tables")
    SWAP = "swap", _("groups A and B that swap subjects")
    ROUNDS = "rounds", _("workshops by choice")
    PAIRS = "pairs", _("pairs in two circles")


# Seatings at tables: who sat together at one should sit with others at the next.
AT_TABLES = frozenset({SeatingKind.MIXED, SeatingKind.SWAP})
# Seatings that have subjects: two for A and B, one per workshop.
WITH_SUBJECTS = frozenset({SeatingKind.SWAP, SeatingKind.ROUNDS})


class Side(models.TextChoices):
    """Groups that swap subjects; circles that face each other."""

    A = "A", _("group A")
    B = "B", _("group B")
    INNER = "I", _("inner circle")
    OUTER = "O", _("outer circle")


class WallState(models.TextChoices):
    """A wall is prepared, filled, put in order, marked with points, and then shown with its ranks."""

    DRAFT = "draft", _("in preparation")
    WRITING = "writing", _("post-its come in")
    SORTING = "sorting", _("being put in order")
    MARKING = "marking", _("points are given")
    SHOWN = "shown", _("ranks are shown")


WALL_TRANSITIONS: dict[WallState, frozenset[WallState]] = {
    WallState.DRAFT: frozenset({WallState.WRITING}),
    WallState.WRITING: frozenset({WallState.SORTING}),
    WallState.SORTING: frozenset({WallState.WRITING, WallState.MARKING}),
    WallState.MARKING: frozenset({WallState.SORTING, WallState.SHOWN}),
    WallState.SHOWN: frozenset({WallState.MARKING}),
}

# What whoever has the code may see.
ON_THE_WALL = frozenset(WallState) - {WallState.DRAFT}


class PostItKind(models.TextChoices):
    """What a post-it says. Needs go to the basin's list."""

    NEED = "need", _("a need")
    IDEA = "idea", _("an idea, a solution")
    REMARK = "remark", _("something else")


class PointKind(models.TextChoices):
    """The field's own method: what matters most, and where one can help (consultation of 2019)."""

    PRIORITY = "P", _("P: this matters most")
    SUPPORT = "S", _("S: I can help solve this")
