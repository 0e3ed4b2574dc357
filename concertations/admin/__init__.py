"""Back office of the concertations: the plain tables, for what the team's own pages do not show."""

__all__: list[str] = []
