"""What holds for every template: no inline style or script, icons that exist, components that say what they take."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from core.templatetags import look

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path for path in ROOT.glob("**/templates/**/*.html") if ".venv" not in path.parts)
# Mail programs and the PDF engine fetch no style sheet; nothing of these is served as a page.
NOT_SERVED = {
    ROOT / "templates/mail/base_letter.html",
    ROOT / "templates/print/base_print.html",
    *(ROOT / "templates").glob("*/print/*.html"),
}
INLINE = re.compile(r"""\sstyle=|<style|\son[a-z]+=["']|<script(?![^>]*\ssrc=)|javascript:""", re.IGNORECASE)
ICON = re.compile(r"""{% (?:drawn_)?icon "([\w-]+)\"""")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path not in NOT_SERVED], ids=name_of)
def test_page_has_no_inline_style_or_script(path: Path) -> None:
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_icons_are_in_the_sprite(path: Path) -> None:
    drawn = set(look._drawings())

    assert set(ICON.findall(path.read_text(encoding="utf-8"))) - drawn == set()


@pytest.mark.parametrize("path", sorted((ROOT / "templates/components").glob("*.html")), ids=name_of)
def test_component_says_what_it_takes(path: Path) -> None:
    opening = path.read_text(encoding="utf-8").removeprefix('{% extends "base.html" %}{% load i18n look %}\n')

    assert opening.startswith("{# ")


def test_style_sheets_stay_small_enough_to_read() -> None:
    sheets = [sheet for app in ("core", *settings.MISSIONS) for sheet in ROOT.glob(f"{app}/static/**/*.css")]

    assert [sheet.name for sheet in sheets if len(sheet.read_text(encoding="utf-8").splitlines()) > 400] == []
