"""What a mail says: a function per kind, found by its name when the worker delivers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail. ``mimetype`` may carry parameters: ``text/calendar; method=PUBLISH; charset=utf-8``."""

    filename: str
    content: bytes
    mimetype: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is rendered, in the language that is active while its function runs.

    ``template`` is a base name: ``opendoors/mail/confirmed`` stands for ``….txt`` (not escaped) and
    ``….html``. Both see ``context`` and ``subject``, ``language``, ``site_url``. ``headers`` are further
    headers, such as ``Reply-To``.
    """

    subject: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


Writer = Callable[[dict[str, Any]], Letter | None]
_writers: dict[str, Writer] = {}
_secret_kinds: set[str] = set()
_titles: dict[str, Promise | str] = {}


def letter(kind: str, *, title: Promise | str = "", is_secret: bool = False) -> Callable[[Writer], Writer]:
    """Register a function of ``<app>/emails.py`` under ``kind``.

    It takes the parameters of the row and returns the Letter, or ``None`` when there is nothing to say
    any more (the booking was given back meanwhile); then the message is dropped. It runs in the
    worker, with the receiver's language and Brussels time active. It must not write.

    ``title`` is what staff read of it in the back office, translated lazily.
    ``is_secret`` is for a mail that opens a door (a sign-in code): once it is sent or given up, its
    parameters and its bytes leave the row.
    """
    if is_secret:
        _secret_kinds.add(kind)

    def register(writer: Writer) -> Writer:
        known = _writers.setdefault(kind, writer)
        if (known.__module__, known.__qualname__) != (writer.__module__, writer.__qualname__):
            raise ValueError(f"The kind of letter {kind!r} is taken by {known.__module__}.{known.__qualname__}.")
        _writers[kind] = writer
        _titles[kind] = title
        return writer

    return register


def writer_of(kind: str) -> Writer:
    """The function registered for ``kind``; ``LookupError`` when there is none."""
    try:
        return _writers[kind]
    except KeyError:
        raise LookupError(f"No letter is registered under {kind!r}.") from None


def title_of(kind: str) -> str:
    """What staff call such a letter, in the active language; "" where nobody named it."""
    return str(_titles.get(kind, ""))


def is_secret(kind: str) -> bool:
    """Whether what such a letter says must not stay in its row."""
    return kind in _secret_kinds


def absolute_url(path: str) -> str:
    """A path of this site as it must stand in a mail: ``/fr/…`` → ``https://…/fr/…``."""
    return f"{settings.SITE_URL}{path}"
