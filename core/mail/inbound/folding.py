"""What a person wrote, apart from what their mail program put around it.

Nothing is thrown away: what is folded is kept beside the text, in its order. Where it is not clear
whether a line is quoted, it stays in the text: a line too many is read, a line too few is missed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.mail.inbound.html_text import SIGNED

_ATTRIBUTION_START = re.compile(r"[\s>*_]{0,8}(?:Le|Op|On|Am|Il|De|Van)\b", re.IGNORECASE)
_ATTRIBUTION_END = re.compile(
    r"(?:\ba\s+écrit|\ba\s+ecrit|\ba\s+écrit\s+ceci|\bécrivait|\bschreef\b.{0,200}|\bheeft\b.{0,160}\bgeschreven"
    r"|\bgeschreven\b|\bwrote|\bschrieb\b.{0,160})\s*[:：]\s*[*_]{0,2}\s*$",
    re.IGNORECASE | re.DOTALL,
)
# A day, a time or an address: without one it is a sentence of the person's own.
_DATED = re.compile(r"\b\d{1,2}\s?[:h]\s?\d{2}\b|\b20\d\d\b|\b\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}\b|\S@\S")
# "Jan Peeters <jan@example.org> schreef op 3 maart 2026 om 10:12:" and its French and English cousins.
_NAME_FIRST = re.compile(
    r"[^\n]{0,120}<?[^\s<>]{1,64}@[^\s<>]{1,100}>?\s*(?:\(.{0,40}\)\s*)?(?:schreef|a écrit|wrote)\b[^\n]{0,80}:\s*$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"""\s*[-_–—*]{2,20}\s*
    (?:message\s+d['’]origine|message\s+original|original\s+message|message\s+transf[ée]r[ée]|forwarded\s+message
      |oorspronkelijk\s+bericht|origineel\s+bericht|doorgestuurd\s+bericht|urspr[üu]ngliche\s+nachricht
      |message\s+suivi|e-?mail\s+d['’]origine)
    \s*(?:[-_–—*]{2,20}|:)\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_BEGIN_FORWARDED = re.compile(
    r"\s*(?:Début du (?:message|courriel) (?:transféré|réexpédié)|Begin doorgestuurd bericht|Begin forwarded message"
    r"|Message transféré|Doorgestuurd bericht|Forwarded message)\s*:\s*$",
    re.IGNORECASE,
)
_FIRST_LABEL = re.compile(r"[\s*_]{0,6}(?:De|Van|From|Von|Expéditeur|Afzender)\s*[*_]{0,2}\s*:", re.IGNORECASE)
_LABEL = re.compile(
    r"[\s*_]{0,6}(?:De|Envoyé(?: le)?|Date|À|A|Cc|Objet|Répondre à|Van|Verzonden|Datum|Aan|Onderwerp"
    r"|From|Sent|To|Subject|Reply-To|Von|Gesendet|An|Betreff|Importance|Priorité|Urgentie|Beantwoorden)\s*[*_]{0,2}\s*:",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*[_\-]{10,}\s*$")
_QUOTED = re.compile(r"\s{0,3}(?:>|\|\s)")
_DASHES = re.compile(r"--[ \t]?$|[—–]{1,2}[ \t]?$|_{2,9}$")
_DEVICE = re.compile(
    r"""\s*[*_]{0,2}(?:
      Envoyé\s+(?:de|depuis|à\s+partir\s+de|avec|via)\s+(?:mon|ma|l['’]|un|une|Outlook|Yahoo|Proton|Samsung|Gmail|iPhone|Android)\b
      |(?:Verzonden|Verstuurd|Gestuurd)\s+(?:vanaf|vanuit|via|met|door)\s+(?:mijn|een|de|Outlook|Yahoo|Proton|Samsung|Gmail|iPhone|Android)\b
      |Sent\s+(?:from|with|via)\s+(?:my|an?|the|Outlook|Yahoo|Proton|Samsung|Gmail|Mail)\b
      |(?:Télécharge[rz]|Obtenir|Obtenez)\s+Outlook\b | Outlook\s+voor\s+\w+\s+(?:downloaden|ophalen)
      |Get\s+Outlook\s+for\b | Download\s+Outlook\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOSING = re.compile(
    r"""\s*(?:
      (?:bien|très)?\s*(?:cordialement|cdlt|cdt|bàv|bav|sincèrement)
      |(?:bien|sincères?|cordiales?|meilleures?)\s+(?:à\s+(?:vous|toi)|salutations|amicalement|confraternellement)
      |(?:avec\s+mes|mes|nos)\s+(?:meilleures|sincères|plus\s+cordiales|salutations)\b.{0,40}
      |salutations(?:\s+(?:distinguées|cordiales))?|confraternellement|amicalement|belle\s+journée|bonne\s+(?:journée|soirée)
      |(?:met\s+)?(?:vriendelijke|hartelijke|collegiale|beste|oprechte)\s+groet(?:en|jes)?
      |(?:mvg|vr\.?\s*gr\.?|groet(?:en|jes)?|hoogachtend|fijne\s+dag|prettige\s+dag)
      |(?:kind|best|warm)\s+regards|regards|yours\s+sincerely|sincerely|cheers
    )(?:\s+(?:et\s+merci|en\s+bedankt)[^\n]{0,30})?\s*[,.!]{0,3}\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_AFTERWORD = re.compile(r"\s*(?:P\.?\s*S\b|N\.?B\b|Nog iets|Encore une chose)", re.IGNORECASE)
_DISCLAIMER = re.compile(
    r"""\s*[*_]{0,2}(?:
      (?:ce|cet|le\s+présent)\s+(?:message|mail|e-?mail|courriel|courrier)\b.{0,80}\b(?:confidentiel|destiné|destinataire|annexes)
      |(?:dit|deze)\s+(?:e-?mail|bericht|mail)\b.{0,80}\b(?:vertrouwelijk|bestemd|bedoeld|bijlagen)
      |this\s+(?:e-?mail|message)\b.{0,80}\b(?:confidential|intended)
      |avis\s+de\s+confidentialité|clause\s+de\s+(?:non-)?confidentialité|disclaimer\b
      |pensez\s+à\s+l['’]environnement|avant\s+d['’]imprimer|denk\s+aan\s+het\s+milieu|think\s+before\s+you\s+print
      |garanti\s+sans\s+virus|virusvrij|l['’]absence\s+de\s+virus
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST_ATTRIBUTION = 400
_LINES_AFTER_CLOSING = 14
_LONGEST_SIGNATURE_LINE = 120
_LINES_AFTER_DASHES = 25


@dataclass(frozen=True, slots=True)
class Folded:
    """A mail's text in three; each without empty lines around it."""

    text: str
    quoted: str
    signature: str


def fold_away(whole: str) -> Folded:
    """Take apart what was written now, what was written earlier, and what stands under every mail."""
    lines = whole.split("\n")
    start, ends_there = _quote_start(lines)
    written: list[str] = []
    quoted: list[str] = []
    marked: list[str] = []
    for number, line in enumerate(lines):
        if ends_there and number >= start:
            quoted.append(line.replace(SIGNED, ""))
        elif line.startswith(SIGNED):
            marked.append(line.removeprefix(SIGNED))
        elif _QUOTED.match(line) and not _is_arrow(lines, number):
            quoted.append(line)
        else:
            written.append(line)
    if not ends_there:
        written, introductions = _without_attributions(written)
        quoted = [*introductions, *quoted]
    text, signature = _signature_apart(written)
    return Folded(_trim(text), _trim(quoted), _trim([*signature, *marked]))


def _is_arrow(lines: Sequence[str], number: int) -> bool:
    """A lone ``> `` between written lines is an arrow someone typed (``> 80 ans``), not a quote."""
    line = lines[number].lstrip()
    if not re.match(r">\s*\d", line):
        return False
    before = lines[number - 1] if number else ""
    after = lines[number + 1] if number + 1 < len(lines) else ""
    return not (_QUOTED.match(before) or _QUOTED.match(after)) and bool(before.strip() or after.strip())


def _quote_start(lines: Sequence[str]) -> tuple[int, bool]:
    """Where earlier mail begins, and whether nothing but earlier mail follows from there."""
    for number, line in enumerate(lines):
        if _QUOTED.match(line):
            continue
        if _SEPARATOR.match(line) or _BEGIN_FORWARDED.match(line):
            return number, True
        if _is_header_block(lines, number):
            first = number
            while first and (not lines[first - 1].strip() or _RULE.match(lines[first - 1])):
                first -= 1
            return first if any(_RULE.match(each) for each in lines[first:number]) else number, True
        length = _attribution_length(lines, number)
        if length and not _is_followed_by_quotes(lines, number + length):
            rest = any(each.strip() for each in lines[number + length :])
            if rest:
                return number, True
    return len(lines), False


def _is_header_block(lines: Sequence[str], number: int) -> bool:
    """``De : … Envoyé : … À : …`` and its Dutch and English twins: at least three labels in a few lines."""
    if not _FIRST_LABEL.match(lines[number]):
        return False
    following = [line for line in lines[number + 1 : number + 12] if line.strip()][:7]
    return sum(1 for line in following if _LABEL.match(line)) >= 2


def _attribution_length(lines: Sequence[str], number: int) -> int:
    """How many lines from ``number`` on say who wrote what follows; 0 when they do not."""
    line = lines[number]
    if len(line) < _LONGEST_ATTRIBUTION and "@" in line and line.rstrip().endswith(":") and _NAME_FIRST.match(line):
        return 1
    if not _ATTRIBUTION_START.match(lines[number]):
        return 0
    said = ""
    for length in (1, 2, 3, 4):
        if number + length > len(lines):
            return 0
        line = lines[number + length - 1]
        if not line.strip() or len(said) + len(line) > _LONGEST_ATTRIBUTION:
            return 0
        said = f"{said} {line.strip()}"
        if _ATTRIBUTION_END.search(said):
            return length if _DATED.search(said) else 0
    return 0


def _is_followed_by_quotes(lines: Sequence[str], number: int) -> bool:
    following = next((line for line in lines[number:] if line.strip()), "")
    return bool(_QUOTED.match(following))


def _without_attributions(written: list[str]) -> tuple[list[str], list[str]]:
    """Lines that introduce a quote belong to the quote."""
    kept: list[str] = []
    introductions: list[str] = []
    number = 0
    while number < len(written):
        length = _attribution_length(written, number)
        if length:
            introductions += written[number : number + length]
            number += length
        else:
            kept.append(written[number])
            number += 1
    return kept, introductions


def _signature_apart(lines: list[str]) -> tuple[list[str], list[str]]:
    """From the first line on that only a signature begins with."""
    last = max((number for number, line in enumerate(lines) if line.strip()), default=-1)
    has_text = False
    for number, line in enumerate(lines[: last + 1]):
        words = line.strip()
        if not words:
            continue
        if _may_begin_signature(words, has_text=has_text):
            below = [each for each in lines[number + 1 : number + 200] if each.strip()]
            if _begins_signature(words, below):
                return lines[:number], lines[number:]
        has_text = True
    return lines, []


def _may_begin_signature(words: str, *, has_text: bool) -> bool:
    if _DEVICE.match(words) or _DISCLAIMER.match(words):
        return True
    return has_text and bool(_DASHES.match(words) or _CLOSING.match(words))


def _begins_signature(words: str, below: list[str]) -> bool:
    """Whether what follows is as short as what stands under a mail."""
    if not _CLOSING.match(words):
        return len(below) <= _LINES_AFTER_DASHES
    before_disclaimer: list[str] = []
    for each in below:
        if _DISCLAIMER.match(each):
            break
        before_disclaimer.append(each)
    is_short = all(len(each) <= _LONGEST_SIGNATURE_LINE for each in before_disclaimer)
    return (
        len(before_disclaimer) <= _LINES_AFTER_CLOSING
        and is_short
        and not any(_AFTERWORD.match(each) for each in before_disclaimer)
    )


def _trim(lines: Sequence[str]) -> str:
    kept: list[str] = []
    for line in lines:
        stripped = line.rstrip()
        if stripped or (kept and kept[-1]):
            kept.append(stripped)
    return "\n".join(kept).strip("\n")
