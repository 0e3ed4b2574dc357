"""Calling an address that somebody else chose, without lending them our place in the network.

The name is resolved once, every address it leads to is looked at, and the connection goes to the very address that
was looked at: a name that answers otherwise the second time (DNS rebinding) gains nothing. Redirects are not followed.
The certificate is checked against the name. The answer is read to its status alone, within one limit of time.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import re
import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.webhooks.errors import WebhookInvalid

LONGEST = 500
WITHIN = 15.0  # seconds for connecting, sending and the answer together; the specification advises 15 to 30
_LOCAL_NAMES = re.compile(r"(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|onion|test|invalid|example)$")
_NAME = re.compile(r"(?=.{1,253}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)[a-z0-9-]{2,63}(?<!-)")
# Public by number, yet answered inside a data centre: the machine room's own services and metadata.
_METADATA = frozenset(map(ipaddress.ip_address, ("168.63.129.16", "169.254.169.254", "fd00:ec2::254")))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(OSError):
    """The name leads to an address that is not of the public internet."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart."""

    is_secure: bool
    host: str
    port: int
    path: str

    @property
    def is_this_machine(self) -> bool:
        return self.host in {"localhost", "127.0.0.1"}

    @property
    def host_header(self) -> str:
        return self.host if self.port == (443 if self.is_secure else 80) else f"{self.host}:{self.port}"


def _refused(words: Any) -> WebhookInvalid:
    return WebhookInvalid(words, field="url")


def parse(url: str) -> Target:
    """Take an address apart. Raises ``WebhookInvalid`` for what we shall never call.

    Where ``settings.WEBHOOKS_TO_THIS_MACHINE`` (the demo), ``http://localhost:…`` is an address, too.
    """
    if len(url) > LONGEST:
        raise _refused(_("This address is too long: at most %(number)d characters.") % {"number": LONGEST})
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise _refused(_("Write the address in plain letters, without spaces; other signs are written as %XX."))
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise _refused(_("This is no address of the web.")) from None
    is_secure = parts.scheme == "https"
    target = Target(is_secure, host, port or (443 if is_secure else 80), _path(parts.path, parts.query))
    if settings.WEBHOOKS_TO_THIS_MACHINE and parts.scheme in {"http", "https"} and target.is_this_machine:
        return target
    if not is_secure:
        raise _refused(_("The address must begin with https://."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _refused(_("Leave name, password and “#…” out of the address: what comes is signed."))
    if port == 0 or not _NAME.fullmatch(host) or host.rpartition(".")[2].isdigit():
        raise _refused(_("Name the server by its full name, such as hooks.example.org."))
    if _LOCAL_NAMES.search(host):
        raise _refused(_("This server cannot be reached from the internet."))
    return target


def _path(path: str, query: str) -> str:
    return (path or "/") + (f"?{query}" if query else "")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also inside an IPv6 address that carries an IPv4 one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        carried = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
        if found in _NAT64:
            carried.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        if any(each is not None and not is_public(str(each)) for each in carried):
            return False
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
    outside = found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)
    return outside and found not in _METADATA


def resolve(target: Target) -> list[tuple[Any, Any]]:
    """(family, address) of all that the name leads to. Raises ``AddressRefused`` where one is not public: a name that
    leads outside and inside at once is no honest one.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys((family, place) for family, _kind, _proto, _name, place in found))
    if settings.WEBHOOKS_TO_THIS_MACHINE and target.is_this_machine:
        return [each for each in addresses if ipaddress.ip_address(each[1][0]).is_loopback]
    if not addresses or not all(is_public(str(place[0])) for _family, place in addresses):
        raise AddressRefused(target.host)
    return addresses


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Conversation:
    """A socket as ``http.client`` uses it, whose whole conversation ends at one moment: who drips is cut off."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock = sock
        self._until = until

    def _wait(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)

    def sendall(self, data: bytes) -> None:
        self._wait()
        self._sock.sendall(data)

    def makefile(self, mode: str, *args: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self))

    def recv_into(self, buffer: Any) -> int:
        self._wait()
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        self._sock.close()


class _Reader(io.RawIOBase):
    def __init__(self, conversation: _Conversation) -> None:
        self._conversation = conversation

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._conversation.recv_into(buffer)


def call(target: Target, *, body: bytes, headers: dict[str, str], within: float = WITHIN) -> int:
    """POST ``body`` and give the status of the answer, whatever it is; a redirect is one as well.

    Raises ``OSError`` (``AddressRefused``, ``TimeoutError``, ``ssl.SSLError``, ``socket.gaierror``) or
    ``http.client.HTTPException``.
    """
    until = time.monotonic() + within
    sock = _connected(target, until)
    try:
        if target.is_secure:
            sock.settimeout(max(0.1, until - time.monotonic()))
            sock = _context().wrap_socket(sock, server_hostname=target.host)
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = _Conversation(sock, until)
        connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": target.host_header, "Connection": "close", **headers}.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        return connection.getresponse().status
    finally:
        sock.close()


def _connected(target: Target, until: float) -> socket.socket:
    """A connection to the first of the addresses that answers."""
    problem: OSError = TimeoutError()
    for family, place in resolve(target):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(max(0.1, until - time.monotonic()))
        try:
            sock.connect(place)
        except OSError as error:
            sock.close()
            problem = error
            if time.monotonic() >= until:
                break
        else:
            return sock
    raise problem
