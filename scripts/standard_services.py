"""Print the address of a PostgreSQL or Redis on its standard port, or nothing: ``… database|redis``."""

from __future__ import annotations

import sys

from config.embedded import postgres_answers, redis_answers

DATABASES = (
    "postgresql://postgres@127.0.0.1:5432/postgres",
    "postgresql://postgres:postgres@127.0.0.1:5432/postgres",
)
REDIS = ("redis://127.0.0.1:6379/15",)  # the last of its databases: least likely to be somebody's


def main(kind: str) -> int:
    addresses, answers = (DATABASES, postgres_answers) if kind == "database" else (REDIS, redis_answers)
    print(next((address for address in addresses if answers(address)), ""))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
