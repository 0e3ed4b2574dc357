"""A real mail server for tests: Dovecot with its own settings and data in a folder that is thrown away."""

from __future__ import annotations

import datetime as dt
import grp
import imaplib
import ipaddress
import os
import pwd
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.inbound_settings import Mailbox
from tests.core.letters import free_port

USER, PASSWORD = "helpdesk@bassins.example", "a:pass/word@home"
DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_login_user = {me}
default_internal_user = {me}
default_internal_group = {group}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Server:
    """Where it listens, and the certificate by which it is believed."""

    folder: Path
    port: int

    @property
    def authority(self) -> str:
        return str(self.folder / "cert.pem")

    def mailbox(self, **changes: object) -> Mailbox:
        values: dict[str, object] = {
            "name": "sud-est",
            "host": "127.0.0.1",
            "port": self.port,
            "user": USER,
            "password": PASSWORD,
            "authority": self.authority,
        }
        return Mailbox(**{**values, **changes})  # type: ignore[arg-type]  # each test changes what it is about

    @contextmanager
    def conversation(self) -> Iterator[imaplib.IMAP4_SSL]:
        context = ssl.create_default_context(cafile=self.authority)
        with imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=context, timeout=20) as imap:
            imap.login(USER, PASSWORD)
            yield imap

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Lay mails into the mailbox, as a mail server that delivers does: not seen yet."""
        with self.conversation() as imap:
            if folder != "INBOX":
                imap.create(f'"{folder}"')
            for raw in mails:
                status, said = imap.append(f'"{folder}"', "", "", raw)
                assert status == "OK", said

    def flags(self) -> list[str]:
        """What is marked on the mails of the mailbox, one after the other."""
        with self.conversation() as imap:
            imap.select("INBOX", readonly=True)
            found = imap.fetch("1:*", "(FLAGS)")[1]
        marks = [line.decode().partition("FLAGS (")[2].partition(")")[0] for line in found if isinstance(line, bytes)]
        return [each.replace("\\Recent", "").strip() for each in marks]

    def empty(self) -> None:
        with self.conversation() as imap:
            number = imap.select("INBOX")[1][0]
            if number != b"0":
                imap.store("1:*", "+FLAGS", r"(\Deleted)")
                imap.expunge()


def certificate(folder: Path) -> None:
    """A key and a certificate for 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    kind = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(pem, kind, serialization.NoEncryption()))


@contextmanager
def running() -> Iterator[Server]:
    """The server, until the block ends, without any rights: as who runs the tests, for root as nobody."""
    me = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    # Not in the folders of pytest: nobody may go there, and names of sockets are short.
    folder = Path(tempfile.mkdtemp(prefix="imap-"))
    server = Server(folder, free_port())
    certificate(folder)
    settings = SETTINGS.format(
        folder=folder,
        me=me.pw_name,
        group=grp.getgrgid(me.pw_gid).gr_name,
        uid=me.pw_uid,
        gid=me.pw_gid,
        password=PASSWORD,
        port=server.port,
    )
    (folder / "dovecot.conf").write_text(settings)
    as_whom: dict[str, Any] = {}
    if os.getuid() == 0:
        for path in (folder, *folder.iterdir()):
            os.chown(path, me.pw_uid, me.pw_gid)
        as_whom = {"user": me.pw_uid, "group": me.pw_gid, "extra_groups": []}
    process = subprocess.Popen(
        [DOVECOT, "-F", "-c", str(folder / "dovecot.conf")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        **as_whom,
    )
    try:
        _wait_until_it_listens(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        if process.stdout is not None:
            process.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_listens(server: Server, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 20
    problem: Exception | None = None
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with server.conversation():
                return
        except (OSError, imaplib.IMAP4.error) as error:
            problem = error
            time.sleep(0.1)
    log = server.folder / "log"
    said = process.stdout.read() if process.stdout and process.poll() is not None else ""
    raise AssertionError(f"Dovecot does not answer: {problem}\n{said}\n{log.read_text() if log.exists() else ''}")
