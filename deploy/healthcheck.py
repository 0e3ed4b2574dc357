"""Health of one container, on the standard library alone: ``python deploy/healthcheck.py web|clock``.

The web container is healthy when its process answers. Whether the database, the broker and the worker
are well stands in that answer (``/health/``) and is for a monitoring service to read: restarting the
web process would not mend them.
"""

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

CLOCK = Path("/data/clock")
CLOCK_WRITES_EVERY = 180  # seconds; Celery's default
PATIENCE = 5


def web_is_well() -> bool:
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
    request = urllib.request.Request("http://127.0.0.1:8000/health/", headers={"Host": host})
    try:
        urllib.request.urlopen(request, timeout=PATIENCE).close()  # noqa: S310 - our own
    except urllib.error.HTTPError as answer:
        return answer.code == 503
    except OSError:
        return False
    return True


def clock_is_well(folder: Path = CLOCK) -> bool:
    written = [path.stat().st_mtime for path in folder.glob("schedule*")]
    return bool(written) and time.time() - max(written) < 3 * CLOCK_WRITES_EVERY


if __name__ == "__main__":
    sys.exit(0 if {"web": web_is_well, "clock": clock_is_well}[sys.argv[1]]() else 1)
