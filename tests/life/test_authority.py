"""The office's own certificates: trusted where the authority is installed, and for nothing else."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from datetime import timedelta
from pathlib import Path
from typing import Self

import pytest
from cryptography import x509

from linli.kernel.errors import Refusal
from linli.kernel.processes import machine_now
from linli.life import authority
from linli.life.authority import Certificates, certificates

NAMES = ["localhost", "linli.local"]
ADDRESSES = [ipaddress.ip_address(one) for one in ("127.0.0.1", "192.168.1.7", "::1")]


def make(home: Path, names: list[str] = NAMES) -> Certificates:
    return certificates(home, names, ADDRESSES)


def shake_hands(made: Certificates, name: str, trusted: Path | None = None) -> str:
    """The protocol of a TLS connection to the site as `name`, over a pair of sockets."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made.chain, made.key)
    client = ssl.create_default_context(cafile=trusted or made.authority)
    ours, theirs = socket.socketpair()

    def answer() -> None:
        try:
            with server.wrap_socket(theirs, server_side=True) as end:
                end.recv(1)
        except ssl.SSLError:
            theirs.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with client.wrap_socket(ours, server_hostname=name) as end:
            return str(end.version())
    finally:
        ours.close()
        thread.join()


@pytest.mark.parametrize("name", ["localhost", "linli.local", "127.0.0.1", "192.168.1.7", "::1"])
def test_a_client_with_the_authority_trusts_the_site(tmp_path: Path, name: str) -> None:
    assert shake_hands(make(tmp_path), name) == "TLSv1.3"


def test_other_names_and_other_authorities_are_not_trusted(tmp_path: Path) -> None:
    made = make(tmp_path / "a")
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shake_hands(made, "192.168.1.8")
    with pytest.raises(ssl.SSLCertVerificationError, match="verify failed"):
        shake_hands(made, "localhost", trusted=make(tmp_path / "b").authority)


def test_the_authority_is_bound_to_private_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(tmp_path, [*NAMES, "bank.example"])
    assert "bank.example" not in made.names
    public = certificates(tmp_path, NAMES, [*ADDRESSES, ipaddress.ip_address("203.0.113.9")])
    assert "203.0.113.9" not in public.names
    # Even if its key is stolen and misused, a client refuses what is out of bounds.
    monkeypatch.setattr(authority, "_may_vouch", lambda *_: True)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        shake_hands(make(tmp_path, ["localhost", "bank.example"]), "bank.example")


def test_files_are_private_and_made_once(tmp_path: Path) -> None:
    first = make(tmp_path)
    files = sorted(path for path in (tmp_path / "keys").rglob("*") if path.is_file())
    assert [path.name for path in files] == ["ca.key", "linli-ca.crt", "site.crt", "site.key"]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert {path.name for path in first.public.iterdir()} == {"linli-ca.crt"}
    kept = {path: path.read_bytes() for path in files}
    again = make(tmp_path)
    assert (first.renewed, again.renewed) == (True, False)
    assert {path: path.read_bytes() for path in files} == kept
    digest = x509.load_pem_x509_certificate(first.authority.read_bytes()).fingerprint
    from cryptography.hazmat.primitives.hashes import SHA256

    assert first.fingerprint.replace(":", "") == digest(SHA256()).hex().upper()


def test_it_is_renewed_in_time_under_the_same_authority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make(tmp_path)
    trusted = first.authority.read_bytes()
    assert first.until - machine_now() < timedelta(days=398), "phones refuse more"
    begin = machine_now()
    days = {360: False, 367: True, 700: False, 763: True, 2000: True}
    for day, renewed in days.items():
        later = begin + timedelta(days=day)
        monkeypatch.setattr(authority, "machine_now", lambda later=later: later)
        assert make(tmp_path).renewed is renewed, f"after {day} days"
        assert first.authority.read_bytes() == trusted
    assert authority.ends(tmp_path) == make(tmp_path).until
    late = begin + timedelta(days=9 * 365)
    monkeypatch.setattr(authority, "machine_now", lambda: late)
    assert make(tmp_path).renewed
    assert first.authority.read_bytes() != trusted, "in its last year a new one is made"


def test_the_check_up_says_when_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.life.doctor import Health, running

    assert running.certificate(tmp_path).health is Health.WELL
    make(tmp_path)
    begin = machine_now()
    for days, health in ((300, Health.WELL), (380, Health.NOTE), (400, Health.BAD)):
        later = begin + timedelta(days=days)
        monkeypatch.setattr(running, "machine_now", lambda later=later: later)
        assert running.certificate(tmp_path).health is health


def test_a_new_name_is_taken_up(tmp_path: Path) -> None:
    make(tmp_path)
    more = make(tmp_path, [*NAMES, "other.local"])
    assert more.renewed
    assert shake_hands(more, "other.local") == "TLSv1.3"


@pytest.mark.parametrize("name", ["ca.key", "public/linli-ca.crt", "site.crt"])
def test_a_damaged_file_is_said(tmp_path: Path, name: str) -> None:
    make(tmp_path)
    (tmp_path / "keys" / "tls" / name).write_text("broken")
    with pytest.raises(Refusal, match="读不出来"):
        make(tmp_path)


class Probe:
    """A datagram socket of a machine with one network card and no IPv6."""

    def __init__(self, family: socket.AddressFamily, _kind: socket.SocketKind) -> None:
        self._family = family

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def connect(self, _far: tuple[str, int]) -> None:
        if self._family == socket.AF_INET6:
            raise OSError

    def getsockname(self) -> tuple[str, int]:
        return "192.168.1.7", 1


def test_this_machine_knows_its_names_and_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authority.socket, "socket", Probe)
    found = {str(one) for one in authority.own_addresses()}
    assert {"127.0.0.1", "::1", "192.168.1.7"} <= found
    for host, name in (("Office-PC.lan", "office-pc"), ("办公室", "linli")):
        monkeypatch.setattr(socket, "gethostname", lambda host=host: host)
        assert authority.own_names() == ["localhost", name, f"{name}.local"]
