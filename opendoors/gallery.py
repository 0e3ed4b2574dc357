"""The mission's own pieces for the gallery: a visit's card in all its states."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from core import spoken
from core.bilingual import current_language
from opendoors.grid import seats_html
from opendoors.live import Seats


def _card(
    name: str,
    left: int,
    languages: list[str],
    *,
    state: str = "",
    attribute: str = "",
    waits: bool = False,
    own_language: str = "fr",
    wheelchair: bool | None = None,
    hours: str = "",
    in_line: int = 0,
) -> SimpleNamespace:
    seats = Seats(seats=14, left=left, cancelled=False, waiting=in_line)
    return SimpleNamespace(
        visit=SimpleNamespace(
            uuid=uuid.uuid4(),
            languages=languages,
            host=SimpleNamespace(name=name, name_language=own_language),
            place=SimpleNamespace(wheelchair=wheelchair),
        ),
        hours=hours,
        town="Etterbeek",
        url="#",
        start_key=0,
        end_key=90,
        class_slot=state,
        input_slot=_attributes("waits" if waits else "visits", attribute),
        seats_slot=mark_safe(seats_html(seats, current_language(), waits)),  # noqa: S308 - out of an escaping template
    )


def _attributes(name: str, state: str) -> SafeString:
    return mark_safe(f' name="{name}" {state}')  # noqa: S308 - words of this module


def samples() -> dict[str, Any]:
    """What ``opendoors/_gallery.html`` shows, and the style sheets it needs."""
    other_hours = spoken.hours(dt.time(12, 30), dt.time(13, 45))
    return {
        "style_sheets": ["opendoors/week.css"],
        "cards": [
            _card("GymSANA asbl", 9, ["fr", "nl"], wheelchair=True),
            _card("Casa Hestia", 4, ["fr"], attribute="checked"),
            _card("Guichet Social", 1, ["fr"], state=" clashing", attribute="checked", hours=other_hours),
            _card("Huis van het Kind Den Dam", 0, ["nl", "fr"], state=" full", attribute="disabled", own_language="nl"),
            _card("Le Senghor", 0, ["fr"], state=" full", attribute="checked"),
            _card("Le Sas", 0, ["fr", "nl"], state=" full", waits=True),
            _card("Le Sas", 0, ["nl"], state=" full", waits=True, in_line=3),
            _card("Casa Hestia", 0, ["fr"], state=" full", attribute="checked", waits=True),
            _card("Équipe Mobile Tela", 3, ["fr", "lsfb"], state=" shut", attribute="disabled"),
        ],
    }
