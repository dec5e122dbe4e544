"""Signature algorithms in one place: what keys make and what the signature says must agree."""

from __future__ import annotations

from asn1crypto.algos import RSASSAPSSParams, SignedDigestAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


def digest_for(certificate: x509.Certificate) -> str:
    """The hash a key signs: as strong as its curve; SHA-256 for RSA."""
    public_key = certificate.public_key()
    if isinstance(public_key, ec.EllipticCurvePublicKey):
        return {"secp384r1": "sha384", "secp521r1": "sha512"}.get(public_key.curve.name, "sha256")
    return "sha256"


def pss_parameters(digest: str) -> RSASSAPSSParams:
    """RSASSA-PSS as all keys make it: a salt as long as the digest (RFC 4055, 3.1)."""
    algorithm = {"algorithm": digest}
    return RSASSAPSSParams(
        {
            "hash_algorithm": algorithm,
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": algorithm},
            "salt_length": HASHES[digest]().digest_size,
        }
    )


def rsa_mechanism(digest: str, *, pss: bool) -> SignedDigestAlgorithm:
    """What the signature says of itself."""
    if pss:
        return SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": pss_parameters(digest)})
    return SignedDigestAlgorithm({"algorithm": f"{digest}_rsa"})
