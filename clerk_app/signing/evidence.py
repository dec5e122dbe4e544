"""Nachweise: certificates, revocation answers and lists a document carries, and those fetched for it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import algos, core, crl, ocsp
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from clerk_app.signing.pdf_reading import member

_LOG = logging.getLogger(__name__)
_MAX_EACH = 200
_MAX_FETCHED = 16
_MAX_ANSWER = 8 << 20

Fetch = Callable[[str, bytes | None], bytes]
"""Asks a URL: ``fetch(url, body)`` posts ``body`` (an OCSP request) or gets when it is None.

May raise anything: what cannot be reached stays unknown.
"""


@dataclass
class Proofs:
    """What certificates can be judged with. ``store_present``: the document has a security store."""

    certificates: list[asn1_x509.Certificate] = field(default_factory=list)
    answers: list[ocsp.OCSPResponse] = field(default_factory=list)
    lists: list[crl.CertificateList] = field(default_factory=list)
    store_present: bool = False

    @property
    def tell_of_revocation(self) -> bool:
        """Whether there is any answer or list."""
        return bool(self.answers or self.lists)

    def fresh_at(self) -> list[datetime]:
        """Moments at which each answer and list counts: when it was made, and just before it is outdated.

        What it says of a revocation can lie between the two.
        """
        spans: list[Any] = [each["tbs_cert_list"] for each in self.lists]
        for answer in self.answers:
            try:
                spans += list(answer.response_data["responses"])
            except Exception:  # noqa: BLE001, S112 - an answer without content says nothing
                continue
        found: set[datetime] = set()
        for span in spans:
            made, outdated = span["this_update"].native, span["next_update"].native
            found.add(made + timedelta(seconds=1))
            if outdated is not None and outdated > made:
                found.add(outdated - timedelta(seconds=1))
        return sorted(found)

    def with_embedded(self, signed_attributes: Any) -> Proofs:
        """These and what a signature itself carries (Adobe's revocation attribute)."""
        answers, lists = list(self.answers), list(self.lists)
        for attribute in signed_attributes or ():
            if attribute["type"].native != "adobe_revocation_info_archival":
                continue
            for value in attribute["values"]:
                lists += list(value["crl"] or ())[:_MAX_EACH]
                answers += list(value["ocsp"] or ())[:_MAX_EACH]
        return Proofs(list(self.certificates), answers, lists, self.store_present)


def read_proofs(reader: PdfFileReader) -> Proofs:
    """What the document security store holds (ETSI EN 319 142-1, 5.4.2). Damaged entries are left out."""
    store = member(reader.root, "/DSS")
    proofs = Proofs()
    if not isinstance(store, generic.DictionaryObject):
        return proofs
    proofs.certificates = list(_loaded(store, "/Certs", asn1_x509.Certificate))
    proofs.answers = list(_loaded(store, "/OCSPs", ocsp.OCSPResponse))
    proofs.lists = list(_loaded(store, "/CRLs", crl.CertificateList))
    proofs.store_present = True
    return proofs


def _loaded(store: generic.DictionaryObject, name: str, kind: Any) -> Iterator[Any]:
    listed = member(store, name)
    if not isinstance(listed, generic.ArrayObject):
        return
    for each in list(listed)[:_MAX_EACH]:
        try:
            stream = each.get_object()
            if isinstance(stream, generic.StreamObject):
                loaded = kind.load(bytes(stream.data))
                loaded.native  # noqa: B018 - forces the lazy parser now, not in the middle of a judgement
                yield loaded
        except Exception as error:  # noqa: BLE001 - one damaged entry must not cost the others
            _LOG.info("entry of the security store not readable: %s", type(error).__name__)


def fetch_proofs(
    certificates: Sequence[asn1_x509.Certificate],
    known: Sequence[asn1_x509.Certificate],
    fetch: Fetch,
) -> Proofs:
    """Asks whether ``certificates`` and those above them were revoked; what cannot be reached is left out.

    ``known``: certificates among which the issuers are looked for.
    """
    proofs = Proofs()
    asked = 0
    for certificate in _with_issuers(certificates, known):
        issuer = next((each for each in known if each.subject == certificate.issuer), None)
        for url, body in _places(certificate, issuer):
            if asked >= _MAX_FETCHED:
                return proofs
            asked += 1
            if _ask(fetch, url, body, proofs):
                break
    return proofs


def _with_issuers(
    certificates: Sequence[asn1_x509.Certificate], known: Sequence[asn1_x509.Certificate]
) -> list[asn1_x509.Certificate]:
    """These and every authority above them that somebody else vouches for, each once."""
    found: dict[bytes, asn1_x509.Certificate] = {}
    waiting = list(certificates)
    while waiting and len(found) < _MAX_FETCHED:
        certificate = waiting.pop(0)
        if certificate.self_issued or certificate.sha256 in found:
            continue
        found[certificate.sha256] = certificate
        waiting += [each for each in known if each.subject == certificate.issuer]
    return list(found.values())


def _places(
    certificate: asn1_x509.Certificate, issuer: asn1_x509.Certificate | None
) -> Iterator[tuple[str, bytes | None]]:
    if issuer is not None:
        for url in certificate.ocsp_urls:
            yield str(url), _ocsp_request(certificate, issuer)
    for point in certificate.crl_distribution_points:
        if point.url is not None:
            yield str(point.url), None


def _ask(fetch: Fetch, url: str, body: bytes | None, proofs: Proofs) -> bool:
    if not url.lower().startswith(("http://", "https://")):
        return False
    try:
        answer = fetch(url, body)
        if len(answer) > _MAX_ANSWER:
            return False
        if body is not None:
            response = ocsp.OCSPResponse.load(answer)
            if response["response_status"].native != "successful":
                return False
            proofs.answers.append(response)
        else:
            listed = crl.CertificateList.load(answer)
            listed.native  # noqa: B018 - see above
            proofs.lists.append(listed)
    except Exception as error:  # noqa: BLE001 - unreachable, refused, rubbish: it stays unknown
        _LOG.info("revocation data not fetched: %s", type(error).__name__)
        return False
    return True


def _ocsp_request(certificate: asn1_x509.Certificate, issuer: asn1_x509.Certificate) -> bytes:
    identity = ocsp.CertId(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha1"}),  # RFC 6960: understood everywhere
            "issuer_name_hash": issuer.subject.sha1,
            "issuer_key_hash": issuer.public_key.sha1,
            "serial_number": certificate.serial_number,
        }
    )
    request = ocsp.Request({"req_cert": identity})
    body = ocsp.OCSPRequest({"tbs_request": ocsp.TBSRequest({"request_list": ocsp.Requests([request])})})
    return bytes(core.Asn1Value.dump(body))
