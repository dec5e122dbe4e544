"""Pre-flight findings in words: one set for window and command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from clerk_app.domain.decision import Finding
from clerk_app.domain.signature import SignerKind
from clerk_app.texts import N_, _, formats
from clerk_app.texts.outbox_words import post_reason_words

_FINDINGS: Mapping[str, str] = {
    "already-decided": N_("Über diesen Vorgang ist schon entschieden."),
    "stand-in-may-not-sign": N_("Die Vertretung für {who} darf nicht signieren."),
    "already-forwarded": N_("Dieser Vorgang ist an eine andere Stelle abgegeben."),
    "answer-open": N_(
        "Eine Antwort auf eine Nachforderung oder Anhörung steht noch aus. Was hier noch eingeht, muss "
        "nachgereicht werden."
    ),
    "case-changed": N_("Der Vorgang hat sich seit dem Entwurf geändert. Bitte das Neue ansehen."),
    "reasons-missing": N_("Die Begründung fehlt (§ 39 VwVfG). Bitte ergänzen."),
    "appeal-notice-missing": N_("Die Rechtsbehelfsbelehrung fehlt in der Vorlage."),
    "blank-unfilled": N_("In der Vorlage ist die Stelle {blank} offen; diese Angabe fehlt im Antrag."),
    "recipient-missing": N_("Der Bescheid hat keine Empfängerin und keinen Empfänger."),
    "recipient-differs": N_(
        "Der Bescheid ist nicht an die Antragstellerin oder den Antragsteller gerichtet."
    ),
    "appeal-notice-wrong": N_("Die Rechtsbehelfsbelehrung entspricht nicht der heute geltenden."),
    "letter-date-past": N_("Der Bescheid trägt ein früheres Datum als heute."),
    "key-missing": N_("Der Signaturschlüssel ist nicht da oder lässt sich nicht öffnen."),
    "key-usage": N_("Der Signaturschlüssel ist für Unterschriften nicht geeignet."),
    "certificate-expired": N_("Das Signaturzertifikat ist abgelaufen oder noch nicht gültig."),
    "certificate-expiring": N_("Das Signaturzertifikat läuft am {valid_to} ab."),
    "certificate-revoked": N_("Das Signaturzertifikat ist gesperrt."),
    "pin-final-try": N_("Die nächste falsche PIN sperrt die Karte."),
    "pin-locked": N_("Die PIN der Karte ist gesperrt. Bitte mit der PUK entsperren."),
    "signer-kind-wrong": N_("Für diese Leistung muss ein anderer Schlüssel signieren: {signer}."),
    "level-not-reachable": N_("Die Signaturstufe {level} ist mit diesem Profil nicht erreichbar."),
    "level-offline": N_(
        "Der Zeitstempeldienst antwortet gerade nicht; ohne ihn lässt sich die Stufe {level} nicht erreichen."
    ),
    "signing-service-offline": N_("Der Signaturdienst antwortet gerade nicht."),
    "paper-in-folder": N_(
        "Ein Bescheid zu diesem Vorgang liegt seit {since} in der Unterschriftsmappe (von {who}). "
        "Wird hier etwas geändert oder signiert, ist er gegenstandslos."
    ),
    "paper-in-review": N_(
        "Ein Bescheid zu diesem Vorgang liegt seit {since} zur Mitzeichnung (von {who}). "
        "Wird hier etwas geändert oder signiert, ist er gegenstandslos."
    ),
    "by-post": N_("Der Bescheid geht mit der Post."),
    "postal-address-incomplete": N_("Die Postanschrift ist unvollständig."),
    "letter-by-post": N_("Das Schreiben geht mit der Post."),
    "hearing-missing": N_("Vor dieser Entscheidung muss angehört werden (§ 28 VwVfG); das fehlt noch."),
    "hearing-open": N_(
        "Die Anhörung läuft noch bis {due_on}. Bitte die Antwort oder das Ende der Frist abwarten."
    ),
    "hearing-advised": N_("Noch nicht angehört. Vor einer Ablehnung ist eine Anhörung ratsam (§ 28 VwVfG)."),
    "hearing-waived": N_("Ohne Anhörung: Der Grund wird im Protokoll festgehalten."),
    "translation-incomplete": N_(
        "Nicht alles liegt in der zweiten Sprache vor; diese Stellen bleiben deutsch."
    ),
    "translation-unreviewed": N_("Die Übersetzung der Vorlage hat noch niemand fachlich geprüft."),
}

_DAYS = frozenset({"valid_to", "due_on", "since"})  # params of findings that are ISO days


def finding_sentence(item: Finding) -> str:
    """A pre-flight finding as a sentence."""
    params = dict(item.params)
    sentence = _(_FINDINGS[item.code]) if item.code in _FINDINGS else item.code
    for day in _DAYS & params.keys():
        params[day] = formats.day(date.fromisoformat(params[day]))
    if "signer" in params:
        params["signer"] = signer_kind_label(SignerKind(params["signer"]))
    for name, value in params.items():  # not format(): a blank of the template may stand in the value
        sentence = sentence.replace(f"{{{name}}}", value)
    reason = params.get("reason", "")
    return f"{sentence} {post_reason_words(reason)}" if reason else sentence


def signer_kind_label(value: SignerKind) -> str:
    """Who signs, in words."""
    return _("Siegel der Behörde") if value is SignerKind.SEAL else _("Signatur einer Person")
