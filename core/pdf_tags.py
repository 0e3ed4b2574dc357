"""What WeasyPrint's tags lack for PDF/UA-1, put right before the file is written.

Two things. What stands in the margins of a page (page numbers, the line at the foot) gets a number of content that
no tag of the tree knows: here it becomes what it is, an artifact. And headings of tables are tied to cells by names
that no table of names lists, that are given twice when a table goes on on the next page, and again in the next part
of the same file: here each says of what it is the heading, its row or its column, as the page has it.

`tests/pdf_ua.py` reads the result back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf

SCOPES = {"row": "/Row", "rowgroup": "/Row"}  # every other heading is one of a column


def put_right(document: Any, pdf: Any) -> None:
    """A finisher for ``weasyprint.Document.write_pdf``."""
    for page in document.pages:
        for box in _boxes(page._page_box):  # noqa: SLF001 - it has no other name
            if (cell := getattr(box, "mark", None)) is not None:
                _say_scope(cell, box.element)
    objects = {each.reference: each for each in pdf.objects}
    root = objects[pdf.catalog["StructTreeRoot"]]
    numbers = objects[root["ParentTree"]]["Nums"]
    tree = _Tree(objects, root)
    for number, reference in enumerate(pdf.page_references):
        tags = numbers[2 * number + 1]
        lost = {index for index, tag in enumerate(tags) if not tree.holds(tag)}
        if lost:
            _make_artifacts(objects[objects[reference]["Contents"]].stream, lost)
            tags[:] = [b"null" if index in lost else tag for index, tag in enumerate(tags)]
    for each in pdf.objects:
        if isinstance(each, pydyf.Dictionary) and each.get("Type") == "/StructElem" and not tree.holds(each.reference):
            each.free = "f"


def _boxes(box: Any) -> Iterator[Any]:
    yield box
    for child in getattr(box, "children", ()):
        yield from _boxes(child)


def _say_scope(cell: Any, element: Any) -> None:
    cell.pop("ID", None)
    cell["A"].pop("Headers", None)
    if cell["S"] == "/TH":
        cell["A"]["Scope"] = SCOPES.get(element.attrib.get("scope"), "/Column")


class _Tree:
    """Which elements can be reached from the root of the tree; those of the margins cannot."""

    def __init__(self, objects: dict[bytes, Any], root: Any) -> None:
        self._objects = objects
        self._root = root.reference
        self._tops = {top for document in root["K"] for top in objects[document]["K"]} | set(root["K"])

    def holds(self, reference: bytes) -> bool:
        while reference not in self._tops:
            reference = self._objects[reference]["P"]
            if reference in {self._root, *self._objects[self._root]["K"]}:
                return False
        return True


def _make_artifacts(stream: list[Any], numbers: set[int]) -> None:
    """Marked content of these numbers, as pydyf keeps it: tag, properties, operator."""
    for place, operator in enumerate(stream):
        if operator == b"BDC" and stream[place - 1].get("MCID") in numbers:
            stream[place - 2 : place] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
