"""Programme files for tests, and the edition they are for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from opendoors.enums import EditionState
from opendoors.models import Edition
from opendoors.rules import importing
from tests.opendoors.factories import EditionFactory

FACTS = Path(importing.__file__).parent.parent / "facts" / "open_doors_sud_est_2024.csv"
HEAD = "date,start,end,host,seats,languages"
GOOD = f"{HEAD}\n2024-12-02,09:00,10:30,Équipe Mobile Tela,12,fr nl\n"


def december() -> Edition:
    """The days of December 2024, as a draft."""
    moment = dt.datetime(2024, 9, 9, 9, 0, tzinfo=dt.UTC)
    edition: Edition = EditionFactory(
        slug="2024",
        starts_on=dt.date(2024, 12, 2),
        ends_on=dt.date(2024, 12, 6),
        signup_opens_at=moment,
        signup_closes_at=moment + dt.timedelta(days=60),
        state=EditionState.DRAFT,
    )
    return edition


def lines(*rows: str, head: str = HEAD) -> bytes:
    """A file with a heading and these lines."""
    return "\n".join([head, *rows, ""]).encode()


def problems(edition: Edition, content: bytes, **options: Any) -> list[str]:
    """What the dry run says is wrong with a file."""
    return importing.examine(edition=edition, content=content, **options).problems
