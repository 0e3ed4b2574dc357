"""What decides the order of results, in whole numbers: PostgreSQL and Python then agree to the last digit.

Names count far before terms, terms before texts; then the place, freshness and quality, which settle the rest.
"""

from __future__ import annotations

UNIT = 1 << 16  # a point
HALVES = 2  # all that is given for words and territory is whole halves of a point
OWN_NAME, OTHER_NAME, ORGANIZATION, TERM, TEXT, WHOLE_TITLE = 10, 8, 4, 4, 12, 15
SERVES_PLACE, SERVES_HOME = 6, 1.5
DAYS_FRESH = 730
BEST_QUALITY = 100
FAR, UNKNOWN = 10, 5  # kilometres beyond which it is all the same; taken where nobody knows
POINTS_NEAR = 4  # for standing in the middle of the place asked for
STEPS = 100  # per kilometre: what is nearer than ten metres is as near
FARTHEST = (1 << 14) - 1  # in steps; beyond 160 kilometres all is the same


def worth_of(days: int | None, quality: int) -> int:
    """For freshness, ``days`` after the last check (``None``: never checked), and for quality."""
    age = DAYS_FRESH if days is None else min(max(days, 0), DAYS_FRESH)
    return (DAYS_FRESH - age) * UNIT // DAYS_FRESH + quality * UNIT // BEST_QUALITY


def worth_sql(today: str) -> str:
    """The same of an entry ``e``."""
    age = f"least(greatest(coalesce({today} - e.fresh_on, {DAYS_FRESH}), 0), {DAYS_FRESH})"
    return f"({DAYS_FRESH} - {age}) * {UNIT} / {DAYS_FRESH} + e.quality * {UNIT} / {BEST_QUALITY}"


def close_to(steps: int | None) -> int:
    """For being so near to the place asked for; ``None`` where nobody knows."""
    taken = min(UNKNOWN * STEPS if steps is None else steps, FAR * STEPS)
    return (FAR * STEPS - taken) * POINTS_NEAR * UNIT // (FAR * STEPS)


CLOSE_SQL = (
    f"({FAR * STEPS} - least(coalesce({{steps}}, {UNKNOWN * STEPS}), {FAR * STEPS}))"
    f" * {POINTS_NEAR * UNIT} / {FAR * STEPS}"
)


def nearer(steps: int | None) -> int:
    """The more, the nearer; 0 where nobody knows."""
    return 0 if steps is None else FARTHEST + 1 - min(steps, FARTHEST)


# `least` passes over what is unknown, so that is asked first.
STEPS_SQL = f"CASE WHEN distance IS NOT NULL THEN least(floor(distance * {STEPS}), {FARTHEST})::int END"
