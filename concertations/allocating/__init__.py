"""Who sits with whom: pure functions, no database, no clock; the same guests and the same seed give the same seats.

``tables``: mixed tables. ``halves``: two mixed halves that swap subjects. ``rounds``: workshops by choice.
``circles``: pairs that talk for two minutes. Each gives, beside the seats, the figures that explain them.
"""
