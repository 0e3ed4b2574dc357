"""Folding of text for comparison and search."""

import unicodedata


def fold(text: str) -> str:
    """Lower case, without accents, white space collapsed: ``"Équipe  Mobile"`` → ``"equipe mobile"``."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    stripped = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(stripped.casefold().split())
