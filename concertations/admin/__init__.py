"""Back office of the concertations: the plain tables, for what the team's own pages do not show."""

from concertations.admin import people

__all__ = ["people"]
