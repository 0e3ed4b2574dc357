"""What PDF/UA-1 (ISO 14289-1) asks and a machine can check, read back from the file.

The rules are those that the Matterhorn Protocol gives to machines, as far as paper of ours can break them; whether
a text alternative says the right thing, only a person can tell. Each fault is one sentence.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from defusedxml import ElementTree
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

STANDARD = frozenset(
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl "
    "LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu "
    "WT WP Figure Formula Form".split()
)
PARENTS = {
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TFoot": {"Table"},
    "LI": {"L"},
    "Lbl": {"LI", "Note", "TOCI", "BibEntry"},
    "LBody": {"LI"},
}
CHILDREN = {
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": {"TH", "TD"},
    "L": {"L", "LI", "Caption"},
    "LI": {"Lbl", "LBody"},
}
PAINTS = frozenset(b"Tj TJ ' \" S s f F f* B B* b b* sh BI".split()) | {b"INLINE IMAGE"}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"


def faults(pdf: bytes) -> list[str]:
    """What is wrong with the file; nothing is wrong where the list is empty."""
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    root: Any = reader.trailer["/Root"]
    found = list(_of_document(reader, root))
    if "/StructTreeRoot" not in root:
        return [*found, "There is no tree of tags."]
    tree = _Tree.of(root["/StructTreeRoot"])
    found += tree.faults
    found += _of_headings(tree.headings)
    for number, page in enumerate(reader.pages, start=1):
        words = [*_of_page(reader, page, tree), *_of_fonts(page["/Resources"]), *_of_annotations(page, tree)]
        found += [f"Page {number}: {word}" for word in words]
    return found


# --- The document ---------------------------------------------------------------------------------


def _of_document(reader: PdfReader, root: Any) -> Iterator[str]:
    marks = root.get("/MarkInfo", {})
    if marks.get("/Marked") != True:  # noqa: E712 - a value of the file
        yield "The document does not say that it is tagged."
    if marks.get("/Suspects", False) != False:  # noqa: E712
        yield "The document says that its tags are not sure."
    if not LANGUAGE.fullmatch(str(root.get("/Lang", ""))):
        yield "The document does not say its language."
    if root.get("/ViewerPreferences", {}).get("/DisplayDocTitle") != True:  # noqa: E712
        yield "The window would show the name of the file and not the title."
    if reader.is_encrypted:
        yield "The document is encrypted."
    if "/Metadata" not in root:
        yield "There are no metadata."
        return
    metadata = ElementTree.fromstring(root["/Metadata"].get_data())
    parts = [each.text for each in metadata.iter(f"{PDFUA}part")]
    parts += [each.attrib[f"{PDFUA}part"] for each in metadata.iter() if f"{PDFUA}part" in each.attrib]
    if parts != ["1"]:
        yield "The document does not say that it is PDF/UA-1."
    titles = ["".join(each.itertext()).strip() for each in metadata.iter(f"{DUBLIN_CORE}title")]
    if not any(titles):
        yield "The metadata have no title."


def _of_headings(levels: list[int]) -> Iterator[str]:
    if levels and levels[0] != 1:
        yield f"The first heading is of level {levels[0]}."
    for before, level in pairwise(levels):
        if level > before + 1:
            yield f"A heading of level {level} follows one of level {before}."


# --- The tree of tags -----------------------------------------------------------------------------


@dataclass
class _Tree:
    """Marked content, by page and number, and annotations that tags speak of."""

    roles: dict[str, str]
    marked: set[tuple[int, int]] = field(default_factory=set)
    objects: set[int] = field(default_factory=set)
    headings: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    parents: dict[int, list[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Any) -> _Tree:
        tree = cls({key[1:]: str(value)[1:] for key, value in root.get("/RoleMap", {}).items()})
        if "/ParentTree" not in root:
            tree.faults.append("There is no way from content to its tag.")
        else:
            tree._read_parents(root["/ParentTree"].get_object())
        for kid in _list(root.get("/K")):
            tree._walk(kid, above="", page=None)
        return tree

    def _read_parents(self, node: Any) -> None:
        numbers = node.get("/Nums", [])
        for key, value in zip(numbers[::2], numbers[1::2], strict=True):
            found = value.get_object()
            self.parents[int(key)] = list(found) if isinstance(found, list) else [found]
        for kid in node.get("/Kids", []):
            self._read_parents(kid.get_object())

    def _walk(self, node: Any, *, above: str, page: Any) -> list[str]:
        """Walk an element and what is in it; gives the kinds of elements it counts as."""
        if isinstance(node, int):
            self.marked.add((_key(page), int(node)))
            return []
        element = node.get_object()
        if isinstance(element, int):
            self.marked.add((_key(page), int(element)))
            return []
        page = element.raw_get("/Pg") if "/Pg" in element else page
        if element.get("/Type") == "/MCR":
            self.marked.add((_key(page), int(element["/MCID"])))
            return []
        if element.get("/Type") == "/OBJR":
            self.objects.add(_key(element.raw_get("/Obj")))
            return []
        return [self._element(element, above, page)]

    def _element(self, element: Any, above: str, page: Any) -> str:
        kind = self._kind(str(element.get("/S", "/?"))[1:])
        own = kind if kind not in {"NonStruct", "Div"} or above not in CHILDREN else above
        if kind in PARENTS and above not in PARENTS[kind]:
            self.faults.append(f"A {kind} is in a {above or 'document'}.")
        if "/Lang" in element and not LANGUAGE.fullmatch(str(element["/Lang"])):
            self.faults.append(f"A {kind} is in a language that is none: {element['/Lang']!s}.")
        if kind in {"Figure", "Formula"} and not str(element.get("/Alt", element.get("/ActualText", ""))).strip():
            self.faults.append(f"A {kind} has no text alternative.")
        if kind == "TH" and not any(_attribute(element, "/Scope")):
            self.faults.append("A heading of a table does not say of what.")
        if re.fullmatch("H[1-6]", kind):
            self.headings.append(int(kind[1]))
        kids = [inside for kid in _list(element.get("/K")) for inside in self._walk(kid, above=own, page=page)]
        if kind in CHILDREN and (strange := [kid for kid in kids if kid not in CHILDREN[kind]]):
            self.faults.append(f"A {kind} holds a {strange[0]}.")
        if kind == "Table":
            self._check_table(element)
        return kind

    def _kind(self, name: str) -> str:
        seen: set[str] = set()
        while name not in STANDARD and name in self.roles and name not in seen:
            seen.add(name)
            name = self.roles[name]
        if name not in STANDARD:
            self.faults.append(f"The tag {name} is none of the standard.")
        return name

    def _check_table(self, table: Any) -> None:
        """Rows are as long as each other, spans counted; there are headings."""
        rows = list(_rows(table))
        cells = [[cell.get_object() for cell in _list(row.get("/K")) if not isinstance(cell, int)] for row in rows]
        if not any(self._kind(str(cell["/S"])[1:]) == "TH" for row in cells for cell in row):
            self.faults.append("A table has no headings.")
        reach: Counter[int] = Counter()
        for number, row in enumerate(cells):
            for cell in row:
                (down,) = _attribute(cell, "/RowSpan") or [1]
                (across,) = _attribute(cell, "/ColSpan") or [1]
                for line in range(number, number + int(down)):
                    reach[line] += int(across)
        if len(set(reach.values())) > 1 or len(reach) > len(rows):
            self.faults.append(f"The rows of a table are not of one length: {sorted(set(reach.values()))}.")


def _rows(element: Any) -> Iterator[Any]:
    for kid in _list(element.get("/K")):
        if isinstance(kid, int):
            continue
        row = kid.get_object()
        if row.get("/S") == "/TR":
            yield row
        elif row.get("/S") in {"/THead", "/TBody", "/TFoot"}:
            yield from _rows(row)


def _attribute(element: Any, name: str) -> list[Any]:
    """The values of an attribute of an element, in whichever of its dictionaries it stands."""
    return [each.get_object()[name] for each in _list(element.get("/A")) if name in each.get_object()]


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    value = value.get_object() if hasattr(value, "get_object") else value
    return list(value) if isinstance(value, list) else [value]


def _key(reference: Any) -> int:
    """The number of an object in the file."""
    known = getattr(reference, "idnum", None)
    if known is None and reference is not None:
        known = getattr(reference.indirect_reference, "idnum", None)
    return int(known or 0)


# --- What is painted ------------------------------------------------------------------------------


def _of_page(reader: PdfReader, page: PageObject, tree: _Tree) -> Iterator[str]:
    contents = page.get_contents()
    if contents is None:
        return
    painted = _Painted(reader, tree)
    painted.read(contents, page["/Resources"], inside=[])
    yield from dict.fromkeys(painted.faults)
    own = _key(page.indirect_reference)
    tagged = {number for key, number in tree.marked if key == own}
    if strange := painted.numbers - tagged:
        yield f"{len(strange)} pieces of content have a number that no tag knows."
    if lost := tagged - painted.numbers:
        yield f"{len(lost)} tags speak of content that is not there."
    if painted.numbers:
        parents = tree.parents.get(int(page.get("/StructParents", -1)), [])
        if any(number >= len(parents) or parents[number] is None for number in painted.numbers):
            yield "There is no way from some of its content to its tag."


@dataclass
class _Painted:
    reader: PdfReader
    tree: _Tree
    numbers: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def read(self, stream: Any, resources: Any, *, inside: list[str]) -> None:
        """Follow the content; ``inside``: the marks around it, ``artifact``, ``tag`` or ``span``."""
        marks = list(inside)
        for operands, operator in ContentStream(stream, self.reader).operations:
            if operator in {b"BMC", b"BDC"}:
                marks.append(self._mark(operands, resources, marks))
            elif operator == b"EMC":
                if len(marks) == len(inside):
                    self.faults.append("A mark ends that never began.")
                else:
                    marks.pop()
            elif operator in PAINTS:
                self._paint(operator, marks)
            elif operator == b"Do":
                drawing = resources["/XObject"][operands[0]].get_object()
                if drawing["/Subtype"] == "/Form":
                    self.read(drawing, drawing.get("/Resources", resources), inside=marks)
                else:
                    self._paint(operator, marks)
        if len(marks) != len(inside):
            self.faults.append("A mark never ends.")

    def _mark(self, operands: list[Any], resources: Any, marks: list[str]) -> str:
        if operands[0] == "/Artifact":
            if "tag" in marks:
                self.faults.append("Decoration stands in what is tagged.")
            return "artifact"
        properties: Any = operands[1] if len(operands) > 1 else {}
        if isinstance(properties, str):
            properties = resources["/Properties"][properties].get_object()
        if "/MCID" not in properties:
            return "span"
        if "artifact" in marks:
            self.faults.append("What is tagged stands in decoration.")
        number = int(properties["/MCID"])
        if number in self.numbers:
            self.faults.append(f"The number {number} is given twice.")
        self.numbers.add(number)
        return "tag"

    def _paint(self, operator: bytes, marks: list[str]) -> None:
        if not {"tag", "artifact"} & set(marks):
            self.faults.append(f"Something is neither tagged nor decoration ({operator.decode()}).")


def _of_fonts(resources: Any) -> Iterator[str]:
    for font in (each.get_object() for each in resources.get("/Font", {}).values()):
        name = str(font.get("/BaseFont"))
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner.get("/FontDescriptor", {})):
            yield f"The font {name} is not in the file."
        if "/ToUnicode" not in font:
            yield f"The letters of {name} cannot be read."
        if inner.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in inner:
            yield f"The shapes of {name} cannot be found."
    for drawing in (each.get_object() for each in resources.get("/XObject", {}).values()):
        if drawing.get("/Subtype") == "/Form" and "/Resources" in drawing:
            yield from _of_fonts(drawing["/Resources"])


def _of_annotations(page: PageObject, tree: _Tree) -> Iterator[str]:
    annotations: Any = page.get("/Annots", [])
    if annotations and page.get("/Tabs") != "/S":
        yield "The keyboard does not follow the tags."
    for reference in annotations:
        annotation = reference.get_object()
        if _key(reference) not in tree.objects:
            yield f"A {annotation['/Subtype']} is in no tag."
        if annotation["/Subtype"] == "/Link" and not annotation.get("/Contents"):
            yield "A link does not say where it leads."
