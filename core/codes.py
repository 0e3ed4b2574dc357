"""Codes that are read out on the phone: no letter that looks like a digit or like another letter."""

import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def spoken_code(length: int = 8) -> str:
    """A random code such as ``K7QM4TWX``; 8 characters carry 40 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
