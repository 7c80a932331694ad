"""TLS for the office's network: a key, a certificate for one address, and the settings of nginx before the kiosk."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final

import msgspec

from agent.domain.lan_proxy import LanProxy, nginx_conf
from agent.errors import RekamError, UsageError
from agent.version import BUILD_DATE

YEARS: Final = 10
KEY, CERTIFICATE, CONF = "staff.key", "staff.crt", "nginx.conf"
SERVICE_KEY: Final = f"/run/credentials/rekam-lan.service/{KEY}"  # systemd's copy of the key for its user alone
SERVICE_RUN: Final = "/run/rekam-lan"


class Made(msgspec.Struct, frozen=True):
    """What officers need: the address of the pages, and the certificate's SHA-256 to compare on their screens."""

    url: str
    fingerprint: str
    new_key: bool


def prepare(
    folder: Path, address: str, port: int, upstream: str, *, key: str = SERVICE_KEY, run: str = SERVICE_RUN
) -> Made:
    """Write key, certificate and nginx.conf into `folder`; a certificate for this address that is there stays.

    Raises UsageError `lan-address` for what is no address of a network, RekamError `cannot-write`.
    """
    host = checked(address)
    proxy = LanProxy(
        address=str(host), port=port, certificate=str(folder / CERTIFICATE), key=key, upstream=upstream, run=run
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = serves(folder / CERTIFICATE, host) and (folder / KEY).exists()
        if not kept:
            write_pair(folder, host)
        (folder / CONF).write_text(nginx_conf(proxy))
    except OSError as fault:
        raise RekamError("cannot-write", f"{fault.strerror}; call it as root", file=str(folder)) from fault
    shown = f"[{host}]" if host.version == 6 else str(host)
    return Made(f"https://{shown}:{port}/", fingerprint(folder / CERTIFICATE), not kept)


def checked(address: str) -> IPv4Address | IPv6Address:
    """The address; raises UsageError `lan-address`."""
    try:
        host = ip_address(address)
    except ValueError as fault:
        raise UsageError("lan-address", "give this machine's fixed address, such as 192.168.1.10") from fault
    if host.is_unspecified or host.is_multicast:
        raise UsageError("lan-address", "give one fixed address, because the certificate names it")
    return host


def serves(certificate: Path, host: IPv4Address | IPv6Address) -> bool:
    """Whether a certificate is there that names this address."""
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    return host in names.get_values_for_type(x509.IPAddress)


def write_pair(folder: Path, host: IPv4Address | IPv6Address) -> None:
    """A new key, which only its owner reads, and a certificate that it signs itself.

    It counts from the day of the build, so that a machine with a dead clock makes a good one too.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Rekam {host}")])
    begin = datetime(BUILD_DATE.year, BUILD_DATE.month, BUILD_DATE.day, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=365 * YEARS))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_secret(folder / KEY, secret)
    (folder / CERTIFICATE).write_bytes(made.public_bytes(serialization.Encoding.PEM))


def write_secret(file: Path, content: bytes) -> None:
    """A file that is its owner's alone from its first byte on."""
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)


def fingerprint(certificate: Path) -> str:
    """A certificate's SHA-256 in pairs of digits, as browsers show it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    digest = x509.load_pem_x509_certificate(certificate.read_bytes()).fingerprint(hashes.SHA256())
    return digest.hex(":").upper()
