"""What the directory says by mail; each group of letters stands in a file of its own."""

from directory import emails_confirming, emails_lists

__all__ = ["emails_confirming", "emails_lists"]
