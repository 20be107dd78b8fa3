"""A certificate authority of the office's own, and the certificate of its site.

Phones open a camera and keep a page offline only over HTTPS, and no public authority vouches for an
address in an office network. So the installation has its own: made at first use, kept with the
keys. It is bound by name constraints to this machine's names and to private networks: whoever
installs it on a phone trusts it for nothing else, even if its key were stolen.

    keys/tls/ca.key, site.key       private (0600)
    keys/tls/public/linli-ca.crt    for the phones
    keys/tls/site.crt               of the site, with the authority's behind it
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from linli.kernel.disk import whole_file
from linli.kernel.errors import Refusal, sentences
from linli.kernel.processes import machine_now

sentences(
    {
        "life.tls_unreadable": (
            "证书或密钥读不出来：{path}。",
            "请从备份恢复 keys/tls；或删掉这个文件夹，重新签发后在每部手机上再装一次。",
        ),
    }
)
AUTHORITY_YEARS, SITE_DAYS, RENEW_DAYS = 10, 397, 30
"""Phones refuse a site's certificate of more than 398 days."""
_PRIVATE = [
    ipaddress.ip_network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
]
_LOCAL_NAMES = ("localhost", "local", "lan", "internal", "home.arpa")
_SLACK = timedelta(days=1)  # a phone's clock may be behind
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Certificates:
    """What the server is given, and what a person is told."""

    chain: Path
    key: Path
    public: Path
    authority: Path
    fingerprint: str
    names: tuple[str, ...]
    until: datetime
    renewed: bool


def certificates(home: Path, names: Iterable[str], addresses: Iterable[Address]) -> Certificates:
    """The certificate of the site for these names, made or renewed where it has to be.

    Renewed when it ends within thirty days or lacks a name. Names and addresses that the authority
    may not vouch for (outside private networks) are left out. Raises Refusal life.tls_unreadable.
    """
    folder = home / "keys" / "tls"
    (folder / "public").mkdir(mode=0o700, parents=True, exist_ok=True)
    ca, ca_key = _authority(folder)
    called = sorted(one for one in set(names) if _may_vouch(ca, one))
    private = sorted((one for one in set(addresses) if _is_private(one)), key=lambda a: a.packed)
    wanted = (*called, *map(str, private))
    site, renewed = _standing(folder, ca, wanted), False
    if site is None:
        site, renewed = _issue(folder, ca, ca_key, called, private), True
    return Certificates(
        chain=folder / "site.crt",
        key=folder / "site.key",
        public=folder / "public",
        authority=folder / "public" / "linli-ca.crt",
        fingerprint=ca.fingerprint(hashes.SHA256()).hex(":").upper(),
        names=wanted,
        until=site.not_valid_after_utc,
        renewed=renewed,
    )


def ends(home: Path) -> datetime | None:
    """Until when the site's certificate holds; None if there is none."""
    path = home / "keys" / "tls" / "site.crt"
    return _read(path).not_valid_after_utc if path.exists() else None


def own_names() -> list[str]:
    """By which names this machine can be called in its network."""
    host = socket.gethostname().split(".")[0].lower()
    plain = host if host.isascii() and host.replace("-", "").isalnum() else "linli"
    return ["localhost", plain, f"{plain}.local"]


def own_addresses() -> list[Address]:
    """The addresses of this machine: loopback, what its name resolves to, and its way out."""
    found = {"127.0.0.1", "::1"}
    with suppress(OSError):  # a machine whose own name resolves to nothing
        found |= {str(one[4][0]) for one in socket.getaddrinfo(socket.gethostname(), None)}
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))  # of a datagram socket: chooses a way out, sends nothing
            found.add(str(probe.getsockname()[0]))
    return [ipaddress.ip_address(one.partition("%")[0]) for one in sorted(found)]


def _is_private(address: Address) -> bool:
    return any(address in network for network in _PRIVATE if network.version == address.version)


def _may_vouch(ca: x509.Certificate, name: str) -> bool:
    bounds = ca.extensions.get_extension_for_class(x509.NameConstraints).value
    trees = [one.value for one in bounds.permitted_subtrees or [] if isinstance(one, x509.DNSName)]
    return any(name == tree or name.endswith(f".{tree}") for tree in trees)


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    path, key_path = folder / "public" / "linli-ca.crt", folder / "ca.key"
    if path.exists() and key_path.exists():
        standing = _read(path)
        if standing.not_valid_after_utc - machine_now() > timedelta(days=SITE_DAYS):
            return standing, _read_key(key_path)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"Linli {own_names()[1]}"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Linli"),
        ]
    )
    begins = machine_now()
    made = (
        _builder(name, name, key, begins, timedelta(days=365 * AUTHORITY_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(_bounds(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _keep_key(key_path, key)
    _keep(path, made.public_bytes(serialization.Encoding.PEM))
    return made, key


def _bounds() -> x509.NameConstraints:
    names: list[x509.GeneralName] = [x509.DNSName(one) for one in (*_LOCAL_NAMES, own_names()[1])]
    return x509.NameConstraints(
        permitted_subtrees=names + [x509.IPAddress(one) for one in _PRIVATE], excluded_subtrees=None
    )


def _standing(
    folder: Path, ca: x509.Certificate, wanted: tuple[str, ...]
) -> x509.Certificate | None:
    """The certificate there is, if it is the authority's, lasts, and has every name."""
    if not ((folder / "site.crt").exists() and (folder / "site.key").exists()):
        return None
    site = _read(folder / "site.crt")
    found = site.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    has = {*found.get_values_for_type(x509.DNSName)}
    has |= {str(one) for one in found.get_values_for_type(x509.IPAddress)}
    lasts = site.not_valid_after_utc - machine_now() > timedelta(days=RENEW_DAYS)
    ours = site.issuer == ca.subject and _signed(site, ca)
    return site if lasts and ours and has >= set(wanted) else None


def _signed(site: x509.Certificate, ca: x509.Certificate) -> bool:
    try:
        site.verify_directly_issued_by(ca)
    except Exception:  # whatever it is, the signature does not hold
        return False
    return True


def _issue(
    folder: Path,
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    names: list[str],
    addresses: list[Address],
) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    called: list[x509.GeneralName] = [x509.DNSName(one) for one in names]
    called += [x509.IPAddress(one) for one in addresses]
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    made = (
        _builder(subject, ca.subject, key, machine_now(), timedelta(days=SITE_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(called), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    _keep_key(folder / "site.key", key)
    pem = serialization.Encoding.PEM
    _keep(folder / "site.crt", made.public_bytes(pem) + ca.public_bytes(pem))
    return made


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    begins: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins - _SLACK)
        .not_valid_after(begins - _SLACK + lasts)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _keep_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    _keep(path, key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


def _keep(path: Path, content: bytes) -> None:
    with whole_file(path) as file:
        file.write(content)


def _read(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (ValueError, OSError) as fault:
        raise Refusal("life.tls_unreadable", path=path) from fault


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, OSError) as fault:
        raise Refusal("life.tls_unreadable", path=path) from fault
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Refusal("life.tls_unreadable", path=path)
    return key
