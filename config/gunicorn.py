"""How gunicorn serves the pages, in the demo, in production and in the benchmarks alike."""

threads = 8  # a request waits for PostgreSQL half of its time
# A kept connection ties its reader to one process: in a rush one worked while the other looked on. Behind the proxy
# a new connection costs a tenth of a millisecond. docs/decisions/web-server.md has the figures.
keepalive = 0
# No socket of gunicorn's own: it would be the same for all checkouts of a person.
control_socket_disable = True
