"""How gunicorn serves the pages, in the demo, in production and in the benchmarks alike."""

import ctypes
from contextlib import suppress

threads = 8  # a request waits for PostgreSQL half of its time
# A kept connection ties its reader to one process: in a rush one worked while the other looked on. Behind the proxy
# a new connection costs a tenth of a millisecond. docs/decisions/web-server.md has the figures.
keepalive = 0
# No socket of gunicorn's own: it would be the same for all checkouts of a person.
control_socket_disable = True

# glibc gives each thread a heap of its own, which keeps what a large answer once took. Two serve all threads as fast.
M_ARENA_MAX = -8  # malloc.h
with suppress(OSError, AttributeError):  # another C library
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)
