"""What the demo says in the terminal."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any


def say(text: str = "") -> None:
    print(text, flush=True)


class Step:
    """``with Step("Database"):`` one line per step, with its duration when it took more than a second."""

    def __init__(self, title: str) -> None:
        self.title = title

    def __enter__(self) -> None:
        self.started = time.monotonic()
        print(f"  {self.title} …", end="" if sys.stdout.isatty() else "\n", flush=True)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        took = time.monotonic() - self.started
        if sys.stdout.isatty():
            print("" if kind else f" ready ({took:.1f} s)", flush=True)


def banner(url: str, notes: Path, mails: Path) -> str:
    """The addresses and the sign-ins, as the demo data noted them in ``.local/demo.json``."""
    demo = read_notes(notes)
    lines = ["", f"The demo is ready: {url}/", ""]
    lines += [f"  {'In French':24}{url}/fr/", f"  {'In Dutch':24}{url}/nl/", f"  {'API':24}{url}/api/docs/"]
    lines += [f"  {'Mails, sign-in codes':24}{url}/demo/mails/", f"  {'… as files':24}{mails}"]
    if demo.get("sign_ins"):
        lines += ["", "Demo sign-ins (the code comes by mail, see above):"]
        lines += [f"  {each['role'].replace('_', ' '):24}{each['email']}" for each in demo["sign_ins"]]
    if demo.get("api_key"):
        lines += ["", f"  {'API key':24}Authorization: Api-Key {demo['api_key']}"]
    return "\n".join([*lines, "", "Ctrl-C stops all of it. `make demo RESET=1` begins anew."])


def read_notes(notes: Path) -> dict[str, Any]:
    try:
        read = json.loads(notes.read_text())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
