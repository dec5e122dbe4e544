"""Words of a proof bundle: a statement a person can read, and what the bundle can and cannot show.

German and English stand side by side in every bundle, whatever language the screen speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from clerk_app.domain.deadlines import office_time
from clerk_app.domain.outbox import OutboxState
from clerk_app.domain.proof import ProofMatter
from clerk_app.domain.signature import Verdict, VerificationReport
from clerk_app.efile.words import STATES

_STATES_EN: Mapping[OutboxState, str] = {
    OutboxState.QUEUED: "in the outbox, not sent yet",
    OutboxState.ANNOUNCED: "announced to the delivery service, not delivered yet",
    OutboxState.UPLOADED: "being transferred, not delivered yet",
    OutboxState.SUBMITTED: "with the delivery service, not delivered yet",
    OutboxState.IN_DOUBT: "being settled with the delivery service, not delivered yet",
    OutboxState.DELIVERED: "delivered",
    OutboxState.RETURNED: "returned, not delivered",
    OutboxState.TO_POST: "waiting for the post, not sent yet",
    OutboxState.POSTED: "given to the post",
    OutboxState.WITHDRAWN: "taken back before it was sent",
}
_VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.VALID: (
        "Die Signatur ist unversehrt, das Zertifikat war zum Zeitpunkt der Prüfung vertrauenswürdig.",
        "The signature is intact and the certificate was trusted when this was checked.",
    ),
    Verdict.VALID_UNTRUSTED: (
        "Die Signatur ist unversehrt; wer signiert hat, steht nicht fest (Zertifikat unbekannt).",
        "The signature is intact; who signed is not established (certificate not trusted).",
    ),
    Verdict.MODIFIED: (
        "Der signierte Teil ist unversehrt, danach wurde etwas hinzugefügt oder ersetzt.",
        "The signed part is intact, but something was added or replaced afterwards.",
    ),
    Verdict.INVALID: ("Die Signatur passt nicht zum Dokument.", "The signature does not fit the document."),
    Verdict.NOT_SIGNED: ("Das Dokument ist nicht signiert.", "The document is not signed."),
    Verdict.NOT_A_PDF: ("Das Dokument ist kein PDF.", "The document is no PDF."),
}
_PRACTICE = (
    "ÜBUNG: Dieses Paket stammt aus einem Übungsbüro. Nichts darin ist rechtswirksam.\n"
    "PRACTICE: this bundle was made in a practice office. Nothing in it has legal effect.\n\n"
)

README = """\
ZUSTELLNACHWEIS
===============

Dieses Paket zeigt, was eine Behörde abgesandt hat, wer es signiert hat und was daraus geworden ist.
zustellnachweis.txt fasst es zusammen.

  dokumente/            das Schreiben, Byte für Byte wie abgesandt
  pruefbericht.json     Prüfbericht der Signatur; pruefbericht.txt sagt ihn in Worten
  delivery/             Ereignisprotokoll des Zustelldienstes zur Sendung, wie empfangen
                        (events.jws: ein signiertes Ereignis je Zeile, JWS nach RFC 7515),
                        entschlüsselt lesbar (events.json), die öffentlichen Schlüssel dazu
                        (keys.json) und die Quittung (receipt.jws)
  arrivals/             dasselbe für jede Einreichung in diesem Vorgang
  ledger.json           Protokoll der Behörde zu dieser Sendung, mit den Prüfsummen der Kette
  manifest.json         Verzeichnis aller Dateien mit SHA-256 und SHA-512
  SHA256SUMS            dasselbe für „sha256sum -c SHA256SUMS“
  pruefen.py            Prüfprogramm

So wird geprüft (Python ab 3.10; für die Signatur im PDF zusätzlich openssl):

  python3 pruefen.py --manifest-sha256 WERT

Der WERT ist die SHA-256-Prüfsumme der manifest.json, wie sie die Behörde beim Erstellen genannt
hat; sie steht auch in ihrem Protokoll. Ohne WERT prüft das Programm nur, ob das Paket in sich
stimmt.

Was das beweist und was nicht
- Ein Paket, das in sich stimmt, ist nicht zufällig beschädigt. Gegen absichtliche Änderung hilft
  das allein nicht: Wer alles neu berechnet, auch dieses Programm, erhält wieder ein Paket, das in
  sich stimmt. Sicherheit geben drei Anker außerhalb des Pakets:
  1. der WERT oben, von der Behörde auf anderem Weg erfragt,
  2. das Zertifikat der Signatur im PDF (eine PDF-Anwendung zeigt, von wem es ist und ob ihm zu
     trauen ist; pruefen.py prüft nur, ob die Signatur zum Dokument passt),
  3. die Schlüssel des Zustelldienstes: Die Behörde hat sie beim Zustelldienst abgerufen und hier
     beigelegt; sie lassen sich mit den von ihm veröffentlichten vergleichen
     (…/.well-known/jwks.json).
- „Zugestellt“ heißt: Die empfangende Seite (Postfach oder Onlinedienst) hat die Annahme mit einem
  signierten Ereignis bestätigt. Ob und wann jemand das Schreiben gelesen hat, sagt es nicht.
- „Zur Post gegeben“ heißt: Eine Person der Behörde hat das eingetragen. Einen Beleg der Post
  enthält das Paket nicht.
- Zeiten: „signiert“ nach der Uhr der signierenden Stelle, „Absendung vermerkt“ nach der Uhr der
  Behörde, „beim Zustelldienst“ nach dessen Uhr, „zugestellt“ nach der Uhr der empfangenden Seite.
  Die Uhren können voneinander abweichen.
- ledger.json ist ein Auszug. Jeder Eintrag trägt die Prüfsumme seines Vorgängers im
  Gesamtprotokoll; Einträge anderer Vorgänge, die dazwischenliegen, sind nicht enthalten. Dass der
  Auszug zum lückenlosen Protokoll gehört, kann die Behörde zeigen („clerk-app audit verify“).
  entry_hash = SHA-256 über das JSON-Feld [previous_hash, entry_id, at, actor, kind, case_id,
  subject_id, payload] in UTF-8, ohne Leerzeichen.
- Das Paket enthält personenbezogene Daten dieses Vorgangs, keines anderen.


PROOF OF DELIVERY
=================

This bundle shows what an authority sent, who signed it, and what became of it. zustellnachweis.txt
sums it up.

  dokumente/            the letter, byte for byte as sent
  pruefbericht.json     report on its signature; pruefbericht.txt says it in words
  delivery/             the delivery service's event log about it as received (events.jws: one
                        signed event a line, JWS by RFC 7515), decoded (events.json), the public
                        keys (keys.json), the receipt (receipt.jws)
  arrivals/             the same for every submission in this case
  ledger.json           the authority's ledger about this letter, with the hashes of the chain
  manifest.json         all files with SHA-256 and SHA-512
  SHA256SUMS            the same for "sha256sum -c SHA256SUMS"
  pruefen.py            the checking program

To check (Python 3.10 or newer; for the signature inside the PDF also openssl):

  python3 pruefen.py --manifest-sha256 VALUE

VALUE is the SHA-256 of manifest.json as the authority told it when the bundle was made; it also
stands in its ledger. Without VALUE the program checks only that the bundle agrees with itself.

What this proves and what it does not
- A bundle that agrees with itself was not damaged by accident. Against deliberate change that alone
  does not help: whoever computes everything anew, this program included, again gets a bundle that
  agrees with itself. Three anchors outside of the bundle give certainty:
  1. the VALUE above, asked from the authority another way,
  2. the certificate of the signature in the PDF (a PDF application shows whose it is and whether to
     trust it; pruefen.py checks only that the signature fits the document),
  3. the delivery service's keys: the authority fetched them from the service and put them here;
     they can be compared with those it publishes (…/.well-known/jwks.json).
- "Delivered" means that the receiving side (mailbox or online service) confirmed the acceptance
  with a signed event. It does not say whether or when anybody read the letter.
- "Given to the post" means that a person of the authority entered it. The bundle holds no proof of
  the post.
- Times: "signed" by the signer's clock, "sending recorded" by the authority's, "with the delivery
  service" by that service's, "delivered" by the receiving side's. The clocks may differ.
- ledger.json is an excerpt. Each entry carries the hash of its predecessor in the whole ledger;
  entries of other cases in between are not included. That the excerpt belongs to the unbroken
  ledger is for the authority to show ("clerk-app audit verify"). entry_hash = SHA-256 of the JSON
  array [previous_hash, entry_id, at, actor, kind, case_id, subject_id, payload] in UTF-8 without
  spaces.
- The bundle holds personal data of this case and of no other.
"""


def readme(matter: ProofMatter) -> str:
    """README.txt."""
    return (_PRACTICE if matter.practice else "") + README


def statement(matter: ProofMatter, submitted_at: datetime | None) -> str:
    """zustellnachweis.txt: one page, German then English."""
    entry, times = matter.entry, matter.times
    keys_kept = matter.delivery is not None and bool(matter.delivery.keys)
    came_back = entry.state is OutboxState.RETURNED
    way_de, way_en = _way(entry.channel, entry.state)
    german = [
        ("Behörde", matter.office),
        ("Aktenzeichen", entry.case_reference),
        ("Leistung", matter.service),
        ("Schreiben", entry.title),
        ("An", entry.recipient_name),
        ("Weg", way_de),
        ("Zustand", STATES[entry.state]),
        ("Signiert am", _moment(times.signed_at, "nicht signiert")),
        ("Im Postausgang seit", _moment(times.queued_at, "unbekannt")),
        ("Absendung vermerkt am", _moment(times.handed_over_at, "–")),
        ("Beim Zustelldienst am", _moment(submitted_at, "–")),
        (
            "Zugestellt am",
            _moment(times.delivered_at, "nicht zugestellt" if came_back else "noch nicht zugestellt"),
        ),
    ]
    english = [
        ("Authority", matter.office),
        ("Case reference", entry.case_reference),
        ("Service", matter.service),
        ("Letter", entry.title),
        ("To", entry.recipient_name),
        ("Way", way_en),
        ("State", _STATES_EN[entry.state]),
        ("Signed", _moment(times.signed_at, "not signed")),
        ("In the outbox since", _moment(times.queued_at, "unknown")),
        ("Sending recorded", _moment(times.handed_over_at, "–")),
        ("With the delivery service", _moment(submitted_at, "–")),
        ("Delivered", _moment(times.delivered_at, "not delivered" if came_back else "not delivered yet")),
    ]
    if entry.state is OutboxState.POSTED:
        day = times.posted_on.strftime("%d.%m.%Y") if times.posted_on is not None else "?"
        german[-3:] = [("Zur Post gegeben am", day), ("Eingetragen von", times.posted_by or "?")]
        english[-3:] = [("Given to the post on", day), ("Entered by", times.posted_by or "?")]
    if times.delivered_at is not None and not keys_kept:
        german.append(("Hinweis", "Schlüssel und Protokoll des Zustelldienstes wurden nicht aufbewahrt."))
        english.append(("Note", "Keys and log of the delivery service were not kept."))
    german += [("SHA-256", each.described.sha256) for each in matter.documents]
    english += [("SHA-256", each.described.sha256) for each in matter.documents]
    return (
        (_PRACTICE if matter.practice else "")
        + _table("ZUSTELLNACHWEIS", german)
        + "\n"
        + _table("PROOF OF DELIVERY", english)
    )


def report_words(report: VerificationReport, filename: str) -> str:
    """pruefbericht.txt: the verdict about one document."""
    german, english = _VERDICTS[report.verdict]
    found = report.signature
    lines = [filename, f"  {german}", f"  {english}"]
    if found is not None:
        lines += [
            f"  Signiert von / signed by: {found.subject}",
            f"  Zertifikat von / issued by: {found.issuer}",
            f"  Seriennummer / serial: {found.serial}",
            f"  Stufe / level: {found.level}",
            f"  Zeit der signierenden Stelle / signer's time: {_moment(found.signing_at, '–')}",
        ]
    return "\n".join([*lines, f"  SHA-256: {report.sha256}"]) + "\n"


def _way(channel: str | None, state: OutboxState) -> tuple[str, str]:
    if channel is None or state in (OutboxState.TO_POST, OutboxState.POSTED):
        return "Post", "post"
    return f"elektronisch ({channel})", f"electronic ({channel})"


def _moment(at: datetime | None, otherwise: str) -> str:
    return otherwise if at is None else f"{office_time(at):%d.%m.%Y %H:%M:%S %Z}"


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in rows) + 2
    lines = [title, "=" * len(title), ""]
    lines += [f"{name + ':':<{width}} {' '.join(text.split())}" for name, text in rows]
    return "\n".join(lines) + "\n"
