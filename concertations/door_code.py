"""The code to scan at the door of a meeting."""

from __future__ import annotations

import segno


def code_image(address: str) -> str:
    """The address as a QR code, as the ``src`` of a picture (SVG in a data URI); its text alternative is the reader's.

    Medium error correction: paper on a door gets crumpled.
    """
    code = segno.make(address, error="m", micro=False)
    return str(code.svg_data_uri(border=2, dark="#14212b", light="#ffffff", omitsize=True, xmldecl=False))
