"""Names in certificates, for people."""

from __future__ import annotations

from asn1crypto import x509


def text_of(name: x509.Name) -> str:
    """A name for people: common name, organisation, country; as far as present."""
    parts = name.native
    wanted = (parts.get(key) for key in ("common_name", "organization_name", "country_name"))
    flat = (", ".join(part) if isinstance(part, list) else part for part in wanted if part)
    return ", ".join(flat) or str(name.human_friendly)
