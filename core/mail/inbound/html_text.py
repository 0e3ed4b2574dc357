"""The text of an HTML mail, in one pass whose cost grows with the length and nothing else.

Python's own HTMLParser needs quadratic time on hostile input (an unclosed comment a hundred thousand
times), tree builders let a small mail grow to gigabytes. A mail's HTML needs neither: what counts
are breaks, what is not shown, and what the mail programs mark as quoted or as a signature.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from core.mail.inbound.decoding import clean_text

# In front of a line: it stands in what the mail program calls the signature. Nobody can send it
# (`core.mail.inbound.decoding` takes such characters out).
SIGNED = "\ue001"

_NOT_SHOWN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "select"})
_BREAKS = frozenset(
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6"
    " header li main nav ol p pre section table tr ul".split()
)
_ROOM = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre"})
_VOID = frozenset("area base br col embed hr img input link meta source track wbr o:p".split())
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"""\b(?:class|id)\s*=\s*["']?[^"'>]*\b(?:gmail_signature|moz-signature|signature|ms-outlook-mobile-signature|"""
    r"""protonmail_signature_block|AppleMailSignature)\b""",
    re.IGNORECASE,
)
_OUTLOOK_QUOTE = re.compile(r"""\bid\s*=\s*["']?(?:divRplyFwdMsg|appendonsend|mail-editor-reference)""", re.IGNORECASE)
_NAME = re.compile(r"/?\s*([A-Za-z][A-Za-z0-9:]*)")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_TAG_LIMIT = 20_000
_NESTING = 200


@dataclass(slots=True)
class _Element:
    name: str
    is_hidden: bool = False
    is_quote: bool = False
    is_signature: bool = False


@dataclass(slots=True)
class _Writer:
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    open: list[_Element] = field(default_factory=list)
    hidden: int = 0
    quotes: int = 0
    signatures: int = 0
    preformatted: int = 0

    def say(self, text: str) -> None:
        if self.hidden:
            return
        if self.preformatted:
            first, *more = text.split("\n")
            self.line.append(first)
            for each in more:
                self.end_line()
                self.line.append(each)
        else:
            self.line.append(text)

    def end_line(self) -> None:
        words = "".join(self.line)
        words = words.rstrip() if self.preformatted else _SPACES.sub(" ", words).strip(" ")
        self.line.clear()
        mark = SIGNED if self.signatures else ""
        self.lines.append(f"{mark}{'> ' * min(self.quotes, 5)}{words}" if words else "")

    def end_block(self, *, room: bool = False) -> None:
        if self.hidden:
            return
        if "".join(self.line).strip():
            self.end_line()
        else:
            self.line.clear()
        if room and self.lines and self.lines[-1]:
            self.lines.append("")

    def enter(self, element: _Element) -> None:
        if len(self.open) >= _NESTING:
            return
        self.open.append(element)
        self._count(element, 1)

    def leave(self, name: str) -> None:
        """Close ``name`` and what was left open inside it; a tag that was never opened closes nothing."""
        if not any(element.name == name for element in self.open):
            return
        while self.open:
            element = self.open.pop()
            self._count(element, -1)
            if element.name == name:
                return

    def _count(self, element: _Element, step: int) -> None:
        self.hidden += step * element.is_hidden
        self.quotes += step * element.is_quote
        self.signatures += step * element.is_signature
        self.preformatted += step * (element.name == "pre")


def html_to_text(markup: str) -> str:
    """What a reader sees: blocks on lines of their own, quotes behind ``> ``, no scripts, no styles."""
    writer = _Writer()
    position, length = 0, len(markup)
    while position < length:
        start = markup.find("<", position)
        if start < 0:
            start = length
        if start > position:
            writer.say(_words(markup[position:start], keep_breaks=bool(writer.preformatted)))
        if start >= length:
            break
        position = _past_markup(markup, start, writer)
    writer.end_block()
    return _without_heaps_of_empty_lines(writer.lines)


def _words(text: str, *, keep_breaks: bool) -> str:
    # What is written as a number is cleaned as what stands there: nobody sends us our own marks.
    read = clean_text(html.unescape(text), set()) if "&" in text else text
    return read if keep_breaks else _SPACES.sub(" ", read)


def _past_markup(markup: str, start: int, writer: _Writer) -> int:
    """Read what begins with ``<`` at ``start``; gives where the text goes on."""
    if markup.startswith("<!--", start):
        # Outlook's conditional comments hide what other programs must not show.
        end = markup.find("-->", start + 4)
        return len(markup) if end < 0 else end + 3
    following = markup[start + 1 : start + 2]
    if not (following.isalpha() or following in {"/", "!", "?"}):
        writer.say("<")
        return start + 1
    end = markup.find(">", start, start + _TAG_LIMIT)
    if end < 0:
        writer.say("<")
        return start + 1
    inside = markup[start + 1 : end]
    found = _NAME.match(inside)
    if found is None:
        return end + 1
    name = found[1].lower()
    if inside.startswith("/"):
        _close(name, writer)
    else:
        _open(name, inside, writer)
        if name in {"script", "style"}:
            return _past_raw_text(markup, end + 1, name, writer)
    return end + 1


def _past_raw_text(markup: str, position: int, name: str, writer: _Writer) -> int:
    """A script ends at its end tag and nowhere else."""
    found = re.compile(rf"</{name}", re.IGNORECASE).search(markup, position)
    writer.leave(name)
    if found is None:
        return len(markup)
    end = markup.find(">", found.end())
    return len(markup) if end < 0 else end + 1


def _open(name: str, inside: str, writer: _Writer) -> None:
    if name == "br":
        if not writer.hidden:
            writer.end_line()
        return
    if name == "hr":
        writer.end_block()
        return
    if name in {"td", "th"}:
        writer.say(" ")
    if name in _BREAKS:
        writer.end_block(room=name in _ROOM)
    if name == "body":
        writer.leave("head")
    if name in _VOID or inside.endswith("/"):
        return
    element = _Element(
        name,
        is_hidden=name in _NOT_SHOWN or bool(_HIDDEN.search(inside)),
        is_quote=name == "blockquote",
        is_signature=bool(_SIGNATURE.search(inside)),
    )
    if _OUTLOOK_QUOTE.search(inside):
        writer.end_block()
    if name == "li":
        writer.say("- ")
    writer.enter(element)


def _close(name: str, writer: _Writer) -> None:
    if name in _BREAKS:
        writer.end_block(room=name in _ROOM)
    writer.leave(name)


def _without_heaps_of_empty_lines(lines: list[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n")
