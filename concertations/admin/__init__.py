"""Back office of the concertations: the plain tables, for what the team's own pages do not show."""

from concertations.admin import meetings, minutes, people, room

__all__ = ["meetings", "minutes", "people", "room"]
