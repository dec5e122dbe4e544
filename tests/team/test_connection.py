"""The way to the server: over TLS with a certificate that fits, with SCRAM, with clear words when not."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.sandbox.database import ADMIN, PracticeDatabase, TlsFiles
from clerk_app.team.connection import ServerAddress, connect, connect_to_team
from clerk_app.team.migrations import migrations, state, upgrade
from tests.team.office_server import CountyServer, server_directory


def authority() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Rechenzentrum")])
    return _certificate(name, name, key, key, None, is_authority=True), key


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    host: str | None,
    *,
    is_authority: bool,
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
    )
    if host is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def tls_server(
    database_server: PracticeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[PracticeDatabase, Path]]:
    """A server for the name ``localhost``, and the file of the authority it comes from."""
    root, signer = authority()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = _certificate(name, root.subject, key, signer, "localhost", is_authority=False)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    ca_file = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca_file.write_bytes(pem(root))
    directory = server_directory()
    server = PracticeDatabase(directory, database_server._programs, durable=False)
    server.create(TlsFiles(pem(certificate), private))
    server.start()
    yield server, ca_file
    server.stop("immediate")
    shutil.rmtree(directory, ignore_errors=True)


def address(server: PracticeDatabase, host: str, ca_file: Path | None, password: str = "") -> ServerAddress:
    return ServerAddress(
        host, server.port, "postgres", ADMIN, lambda: password or server.password, ca_file=ca_file
    )


def code_of(place: ServerAddress) -> ErrorCode:
    with pytest.raises(ClerkError) as caught:
        connect(place).close()
    assert "password" not in str(caught.value.params).lower()
    return caught.value.code


def test_a_certificate_that_fits_is_trusted(tls_server: tuple[PracticeDatabase, Path]) -> None:
    server, ca_file = tls_server
    with connect(address(server, "localhost", ca_file)) as connection:
        assert connection.pgconn.ssl_in_use


def test_what_does_not_fit_is_not(
    tls_server: tuple[PracticeDatabase, Path], database_server: PracticeDatabase, tmp_path: Path
) -> None:
    server, ca_file = tls_server
    other = tmp_path / "other.pem"
    other.write_bytes(pem(authority()[0]))
    assert code_of(address(server, "127.0.0.1", ca_file)) is ErrorCode.TEAM_UNTRUSTED  # another name
    assert code_of(address(server, "localhost", other)) is ErrorCode.TEAM_UNTRUSTED  # another authority
    assert (
        code_of(address(database_server, "localhost", ca_file)) is ErrorCode.TEAM_UNTRUSTED
    )  # no TLS at all


def test_a_wrong_password_a_wrong_port(tls_server: tuple[PracticeDatabase, Path]) -> None:
    server, ca_file = tls_server
    assert code_of(address(server, "localhost", ca_file, "wrong")) is ErrorCode.TEAM_SIGN_IN
    gone = ServerAddress("127.0.0.1", 1, "postgres", ADMIN, lambda: "x", plain=True, timeout_s=2)
    assert code_of(gone) is ErrorCode.TEAM_UNREACHABLE


def test_the_schema_is_made_once_and_a_newer_one_left_alone(county: CountyServer) -> None:
    newest = migrations()[-1].version
    with county.admin() as connection:
        assert upgrade(connection).found == newest
        connection.execute("INSERT INTO amtsstube.schema_version (version) VALUES (999)")
        with pytest.raises(ClerkError) as caught:
            upgrade(connection)
        assert caught.value.code is ErrorCode.TEAM_TOO_NEW
        assert state(connection).found == 999
    with pytest.raises(ClerkError) as caught:
        connect_to_team(county.address(ADMIN, county.server.password))
    assert caught.value.code is ErrorCode.TEAM_TOO_NEW


def test_an_empty_server_says_that_it_is_not_set_up(database_server: PracticeDatabase) -> None:
    place = ServerAddress(
        "127.0.0.1", database_server.port, "postgres", ADMIN, lambda: database_server.password, plain=True
    )
    with pytest.raises(ClerkError) as caught:
        connect_to_team(place)
    assert caught.value.code is ErrorCode.TEAM_NOT_SET_UP
