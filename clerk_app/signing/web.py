"""The signing room's way to time stamps, OCSP, CRLs and issuers' certificates.

The library brings two HTTP clients of its own; neither honours the office's proxy, certificate authorities
and limits. So it gets these instead, over one call handed in from outside (``Web``), and every failure has
one code. Answers are kept for one batch of signatures, not longer; each document carries only what was asked
for its own certificates.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from asn1crypto import cms, crl, ocsp, pem, tsp, x509
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import errors
from pyhanko_certvalidator.authority import Authority
from pyhanko_certvalidator.fetchers import CertificateFetcher, CRLFetcher, Fetchers, OCSPFetcher
from pyhanko_certvalidator.fetchers.common_utils import (
    enumerate_delivery_point_urls,
    format_ocsp_request,
    gather_aia_issuer_urls,
    process_ocsp_response_data,
    unpack_cert_content,
)
from pyhanko_certvalidator.util import get_ocsp_urls, get_relevant_crl_dps

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode

MAX_SMALL_BYTES = 1 << 20
MAX_CRL_BYTES = 32 << 20  # the largest public lists have some 20 MB
_MOST_URLS = 4  # per certificate: addresses come from outside
_OCTETS = ("application/octet-stream", "binary/octet-stream")
_TSA_TYPES = ("application/timestamp-reply", "application/timestamp-response", *_OCTETS)
_OCSP_TYPES = ("application/ocsp-response", *_OCTETS)
_CRL_TYPES = ("application/pkix-crl", "application/x-pkcs7-crl", "application/x-x509-crl", *_OCTETS)
_CERT_TYPES = (
    "application/pkix-cert",
    "application/x-x509-ca-cert",
    "application/pkcs7-mime",
    "application/x-pkcs7-certificates",
    "application/x-pem-file",
    "text/plain",
    *_OCTETS,
)
_CAUSES = {
    ErrorCode.PORTAL_UNREACHABLE: "unreachable",
    ErrorCode.PORTAL_UNTRUSTED: "unreachable",
    ErrorCode.PROXY_SIGN_IN: "unreachable",
    ErrorCode.PROXY_SCRIPT_UNUSABLE: "unreachable",
    ErrorCode.PORTAL_SLOW: "slow",
    ErrorCode.PORTAL_NOT_ITSELF: "not-itself",
    ErrorCode.TRANSFER_INCOMPLETE: "not-itself",
}


class Web(Protocol):
    """One call to the outside: status (a success or 4xx) and body. Raises ClerkError for everything else.

    ``accept``: the content types expected; empty: JSON, or no body.
    """

    def __call__(
        self,
        method: str,
        url: str,
        accept: Collection[str],
        max_bytes: int,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]: ...


def offline(*_args: object, **_kwargs: object) -> tuple[int, bytes]:
    """A ``Web`` for rooms that have none."""
    raise ClerkError(ErrorCode.PORTAL_UNREACHABLE, {"reason": "connect"}, Disposition.RETRY)


def cause_of(error: ClerkError) -> str:
    """In one word why a service could not be used: "unreachable", "slow", "not-itself" or "broken"."""
    return _CAUSES.get(error.code, "broken")


class WebTimeStamper(TimeStamper):
    """Zeitstempeldienst (RFC 3161). Every failure is TIMESTAMP_UNAVAILABLE with its ``cause``."""

    def __init__(self, url: str, web: Web) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url
        self._web = web

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """One call."""
        try:
            status, body = self._web(
                "POST",
                self._url,
                _TSA_TYPES,
                MAX_SMALL_BYTES,
                bytes(req.dump()),
                {"Content-Type": "application/timestamp-query"},
            )
        except ClerkError as error:
            raise no_time_stamp(cause_of(error), error) from error
        if not 200 <= status < 300:
            raise no_time_stamp("refused")
        try:
            answer = tsp.TimeStampResp.load(body, strict=True)
            status_word = answer["status"]["status"].native
        except (ValueError, TypeError, KeyError) as error:
            # The library's parser wants a token even where the service refused to give one.
            raise no_time_stamp("refused" if _is_refusal(body) else "not-itself") from error
        if status_word not in ("granted", "granted_with_mods"):
            raise no_time_stamp("refused")
        return answer

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The token for exactly this digest."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            stamped = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
            same = (
                bytes(stamped["hashed_message"].native) == message_digest
                and stamped["hash_algorithm"]["algorithm"].native == md_algorithm
            )
        except TimestampRequestError as error:
            raise no_time_stamp("wrong-stamp") from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise no_time_stamp("not-itself") from error
        if not same:
            raise no_time_stamp("wrong-stamp")
        return token


def no_time_stamp(cause: str, error: ClerkError | None = None) -> ClerkError:
    """The error for a time stamp that did not come."""
    params: dict[str, object] = {"cause": cause}
    if error is not None and "host" in error.params:
        params["host"] = error.params["host"]
    return ClerkError(ErrorCode.TIMESTAMP_UNAVAILABLE, params, Disposition.RETRY)


def _is_refusal(body: bytes) -> bool:
    """A TimeStampResp of nothing but a status: SEQUENCE { SEQUENCE { INTEGER … } }."""
    return len(body) < 512 and body[:1] == b"\x30" and body[2:3] == b"\x30" and body[4:5] == b"\x02"


@dataclass
class Kept:
    """What a batch has learned."""

    answers: dict[bytes, ocsp.OCSPResponse] = field(default_factory=dict)  # by certificate
    lists: dict[str, crl.CertificateList] = field(default_factory=dict)  # by address
    certificates: dict[str, list[x509.Certificate]] = field(default_factory=dict)  # by address


def fetchers(web: Web, kept: Kept) -> Fetchers:
    """All three kinds of answers for one document, over one way out."""
    return Fetchers(_Ocsp(web, kept.answers), _Crls(web, kept.lists), _Certificates(web, kept.certificates))


class _Ocsp(OCSPFetcher):
    def __init__(self, web: Web, kept: dict[bytes, ocsp.OCSPResponse]) -> None:
        self._web = web
        self._kept = kept
        self._used: dict[bytes, ocsp.OCSPResponse] = {}

    async def fetch(
        self, cert: x509.Certificate | cms.AttributeCertificateV2, authority: Authority
    ) -> ocsp.OCSPResponse:
        tag = _tag(cert)
        if tag not in self._kept:
            self._kept[tag] = self._asked(cert, authority)
        self._used[tag] = self._kept[tag]
        return self._used[tag]

    def _asked(
        self, cert: x509.Certificate | cms.AttributeCertificateV2, authority: Authority
    ) -> ocsp.OCSPResponse:
        wanted = format_ocsp_request(cert, authority, certid_hash_algo="sha1", request_nonces=True)
        for url in get_ocsp_urls(cert)[:_MOST_URLS]:
            try:
                status, body = self._web(
                    "POST",
                    url,
                    _OCSP_TYPES,
                    MAX_SMALL_BYTES,
                    bytes(wanted.dump()),
                    {"Content-Type": "application/ocsp-request"},
                )
                if status == 200:
                    return process_ocsp_response_data(body, ocsp_request=wanted, ocsp_url=url)
            except (ClerkError, ValueError, errors.OCSPFetchError, errors.OCSPValidationError):
                continue
        raise errors.OCSPFetchError("no answer")

    def fetched_responses(self) -> Iterable[ocsp.OCSPResponse]:
        return tuple(self._used.values())

    def fetched_responses_for_cert(
        self, cert: x509.Certificate | cms.AttributeCertificateV2
    ) -> Iterable[ocsp.OCSPResponse]:
        found = self._used.get(_tag(cert))
        return () if found is None else (found,)


class _Crls(CRLFetcher):
    def __init__(self, web: Web, kept: dict[str, crl.CertificateList]) -> None:
        self._web = web
        self._kept = kept
        self._used: dict[str, crl.CertificateList] = {}
        self._by_cert: dict[bytes, list[crl.CertificateList]] = {}

    async def fetch(
        self, cert: x509.Certificate | cms.AttributeCertificateV2, *, use_deltas: bool | None = None
    ) -> Iterable[crl.CertificateList]:
        tag = _tag(cert)
        if tag not in self._by_cert:
            points = get_relevant_crl_dps(cert, use_deltas=bool(use_deltas))
            urls = [url for point in points for url in enumerate_delivery_point_urls(point)][:_MOST_URLS]
            found = [listed for url in urls if (listed := self._list(url)) is not None]
            if urls and not found:
                raise errors.CRLFetchError("no list")
            self._by_cert[tag] = found
        return self._by_cert[tag]

    def _list(self, url: str) -> crl.CertificateList | None:
        if url not in self._kept:
            try:
                status, body = self._web("GET", url, _CRL_TYPES, MAX_CRL_BYTES)
                if status != 200:
                    return None
                if pem.detect(body):
                    body = pem.unarmor(body)[2]
                listed = crl.CertificateList.load(body, strict=True)
                _ = listed["tbs_cert_list"]["this_update"].native  # parsed lazily: garbage shows only now
            except (ClerkError, ValueError, TypeError, KeyError):
                return None
            self._kept[url] = listed
        self._used[url] = self._kept[url]
        return self._used[url]

    def fetched_crls(self) -> Iterable[crl.CertificateList]:
        return tuple(self._used.values())

    def fetched_crls_for_cert(
        self, cert: x509.Certificate | cms.AttributeCertificateV2
    ) -> Iterable[crl.CertificateList]:
        return self._by_cert[_tag(cert)]


class _Certificates(CertificateFetcher):
    def __init__(self, web: Web, kept: dict[str, list[x509.Certificate]]) -> None:
        self._web = web
        self._by_url = kept

    async def fetch_cert_issuers(
        self, cert: x509.Certificate | cms.AttributeCertificateV2
    ) -> AsyncGenerator[x509.Certificate, None]:
        for url in list(gather_aia_issuer_urls(cert))[:_MOST_URLS]:
            for found in self._at(url):
                yield found

    async def fetch_crl_issuers(
        self, certificate_list: crl.CertificateList
    ) -> AsyncGenerator[x509.Certificate, None]:
        for url in list(certificate_list.issuer_cert_urls)[:_MOST_URLS]:
            for found in self._at(url):
                yield found

    def _at(self, url: str) -> list[x509.Certificate]:
        if url not in self._by_url:
            try:
                status, body = self._web("GET", url, _CERT_TYPES, MAX_SMALL_BYTES)
                listed = list(unpack_cert_content(body, _OCTETS[0], url, True)) if status == 200 else []
                for each in listed:
                    _ = each.subject.native
                self._by_url[url] = listed
            except (ClerkError, ValueError, TypeError, KeyError):
                return []
        return self._by_url[url]

    def fetched_certs(self) -> Iterable[x509.Certificate]:
        return tuple(found for listed in self._by_url.values() for found in listed)


def _tag(cert: Any) -> bytes:
    return bytes(cert.sha256) if isinstance(cert, x509.Certificate) else bytes(cert.dump())
