"""By which package a case is read, in words. No Qt here."""

from __future__ import annotations

from clerk_app.domain.review_basis import ReviewBasis
from clerk_app.texts import N_, _, formats, language

_LANGUAGES = {
    "de": N_("Deutsch"),
    "en": N_("Englisch"),
    "hsb": N_("Obersorbisch"),
    "dsb": N_("Niedersorbisch"),
}


def basis_line(basis: ReviewBasis, service: str) -> str:
    """``Leistungspaket 1.0.0 · angenommene Werte: 2``; with its title where the case is named otherwise."""
    if basis.package is None:
        return _("Kein Leistungspaket, es gelten die allgemeinen Regeln")
    title = basis.title.text(language())
    named = f"{title} {basis.package.version}" if title != service else str(basis.package.version)
    parts = [_("Leistungspaket {named}").format(named=named)]
    if basis.assumed:
        parts.append(_("angenommene Werte: {n}").format(n=formats.number(len(basis.assumed))))
    if basis.unreviewed:
        languages = ", ".join(_(_LANGUAGES.get(code, code)) for code in basis.unreviewed)
        parts.append(_("ungeprüft: {languages}").format(languages=languages))
    return " · ".join(parts)


def basis_details(basis: ReviewBasis) -> str:
    """What the short line only names or counts."""
    if basis.package is None:
        return ""
    lines = [f"{basis.title.text(language())} {basis.package.version} ({basis.package.package_id})"]
    if basis.assumed:
        lines += [_("Angenommen, nicht bestätigt:"), *(f"– {each}" for each in basis.assumed)]
    if basis.unreviewed:
        lines.append(_("Die Übersetzung dieser Sprachen hat noch niemand fachlich gelesen."))
    return "\n".join(lines)


def newer_words(basis: ReviewBasis) -> str:
    """That new cases go by another version; empty when they do not."""
    if basis.newer is None or basis.package is None:
        return ""
    return _("Neue Vorgänge: Version {version}").format(version=basis.newer.version)


def unknown_form_words(basis: ReviewBasis) -> tuple[str, str]:
    """What must be said of a form the package does not know, as (level, words); no words when it does."""
    came = short_uri(basis.schema_uri) if basis.schema_uri else _("ohne Datenschema")
    shown = _("Alles steht da, mit den Namen aus dem Formular.")
    if basis.package is None:
        words = _("Für diese Leistung gibt es kein Leistungspaket (Formular: {came}).").format(came=came)
        return "info", f"{words} {shown}"
    if basis.knows_form or not basis.accepted:
        return "info", ""
    known = ", ".join(short_uri(uri) for uri in basis.accepted)
    words = _("Das Leistungspaket kennt dieses Formular nicht (eingegangen: {came}; bekannt: {known}).")
    return "warn", f"{words.format(came=came, known=known)} {shown}"


def unknown_form_details(basis: ReviewBasis) -> str:
    """The forms by their whole addresses."""
    came = _("Eingegangen: {came}").format(came=basis.schema_uri or _("ohne Datenschema"))
    return "\n".join([came, *(_("Bekannt: {known}").format(known=uri) for uri in basis.accepted)])


def short_uri(uri: str) -> str:
    """The end of an address, by which people tell forms apart: ``fim/s17000101_1.0``."""
    tail = "/".join(uri.rstrip("/").rsplit("/", 2)[-2:])
    return tail.removesuffix(".json").removesuffix(".schema") or uri
