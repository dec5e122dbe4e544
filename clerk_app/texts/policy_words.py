"""What the keys of a machine's policy mean, for the page, the command line, the manual and the templates."""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.policy_state import PolicyLine, PolicyState
from clerk_app.texts.catalogue import N_, gettext

SECTIONS: Mapping[str, str] = {
    "office": N_("Dienststelle"),
    "delivery": N_("Versand"),
    "review": N_("Mitzeichnung"),
    "signing": N_("Signatur"),
    "secrets": N_("Geheimnisse"),
    "files": N_("Dateien"),
    "logs": N_("Protokolldateien"),
    "retention": N_("Aufbewahrung"),
    "network": N_("Netz"),
    "updates": N_("Aktualisierung"),
    "window": N_("Fenster"),
}

#: Title and explanation by the key's name, German source.
KEYS: Mapping[str, tuple[str, str]] = {
    "office.profile": (
        N_("Behördenprofil"),
        N_(
            "Pfad der einen Profildatei, mit der auf diesem Rechner gearbeitet wird. Ein anderes Profil wird "
            "abgelehnt."
        ),
    ),
    "office.mailboxes": (
        N_("Zugelassene Zustellpunkte"),
        N_(
            "Kennungen (UUID) der Zustellpunkte, aus denen dieser Rechner abholen darf. Nennt das Profil "
            "einen anderen, öffnet sich das Programm nicht."
        ),
    ),
    "delivery.take_back_s": (
        N_("Rücknahmefrist"),
        N_("So viele Sekunden liegt ein Bescheid im Ausgang, bevor er das Haus verlässt."),
    ),
    "review.four_eyes": (
        N_("Vier-Augen-Prinzip"),
        N_(
            "Ob Bescheide vor der Signatur mitgezeichnet werden: immer, nie oder wie es das Leistungspaket "
            "sagt."
        ),
    ),
    "signing.level": (
        N_("Mindeststufe der Signatur"),
        N_(
            "Keine Signatur unter dieser Stufe. Eine höhere Stufe im Profil oder im Leistungspaket gilt "
            "weiter."
        ),
    ),
    "signing.pin_minutes": (
        N_("PIN im Arbeitsspeicher"),
        N_(
            "So viele Minuten gilt eine angenommene PIN weiter; 0: bei jeder Signatur neu eingeben. Karten, "
            "die für jede Signatur eine PIN verlangen, fragen immer."
        ),
    ),
    "secrets.keyring": (
        N_("Schlüsselbund"),
        N_("Nur dieser Schlüsselbund des Betriebssystems darf Schlüssel halten."),
    ),
    "secrets.files": (
        N_("Geheimnisse in Dateien"),
        N_("Was das Profil als Datei nennen darf: alles, nur Schlüsseldateien oder nichts."),
    ),
    "secrets.environment": (
        N_("Geheimnisse in Umgebungsvariablen"),
        N_("Ob das Profil Geheimnisse in Umgebungsvariablen nennen darf."),
    ),
    "files.export_folders": (
        N_("Ordner für Ausgaben"),
        N_(
            "Nur in diese Ordner und was darunter liegt wird gespeichert und ausgegeben. Ohne Angabe: "
            "überallhin."
        ),
    ),
    "logs.level": (N_("Protokollstufe"), N_("Wie viel in die Protokolldateien kommt; nie Personendaten.")),
    "logs.keep_days": (
        N_("Aufbewahrung der Protokolldateien"),
        N_("Nach so vielen Tagen werden Protokolldateien gelöscht."),
    ),
    "retention.least_years": (
        N_("Mindestaufbewahrung der Vorgänge"),
        N_(
            "Vor Ablauf so vieler Jahre nach dem Jahr des Abschlusses wird kein Vorgang ausgesondert, was "
            "auch immer das Leistungspaket sagt."
        ),
    ),
    "network.proxy": (N_("Proxy"), N_("Adresse des Proxys, bei Bedarf mit Zugangsdaten.")),
    "network.pac": (
        N_("Automatische Proxy-Konfiguration"),
        N_("Adresse (https) oder Pfad einer PAC-Datei; statt eines festen Proxys."),
    ),
    "network.ca_file": (
        N_("Eigene Zertifizierungsstellen"),
        N_("PEM-Datei mit Zertifizierungsstellen, denen außer denen des Betriebssystems geglaubt wird."),
    ),
    "updates.channel": (
        N_("Aktualisierungen"),
        N_(
            "Nicht nachsehen, neue Fassungen melden, oder melden und herunterladen. Eingespielt wird nie von "
            "selbst."
        ),
    ),
    "updates.url": (
        N_("Adresse der Aktualisierungen"),
        N_("Wo die signierten Angaben über neue Fassungen liegen."),
    ),
    "updates.root": (
        N_("Vertrauensanker der Aktualisierungen"),
        N_("Pfad der Datei root.json, mit der die Angaben geprüft werden."),
    ),
    "window.theme": (N_("Farben"), N_("Wie das System, hell, dunkel oder hoher Kontrast.")),
    "window.font_scale": (N_("Schriftgröße"), N_("1.0 ist die Größe des Systems, 2.0 das Doppelte.")),
    "window.language": (N_("Sprache der Oberfläche"), N_("Schreiben und Akten bleiben deutsch.")),
    "window.single_keys": (
        N_("Befehle mit einem Buchstaben"),
        N_("Ob N, J, K und andere Buchstaben allein etwas auslösen."),
    ),
    "window.start_area": (N_("Bereich beim Start"), N_("Was das Fenster als Erstes zeigt.")),
    "window.tray": (
        N_("Meldungen des Systems"),
        N_("Ob Neues als Meldung des Betriebssystems erscheint; nie mit Personendaten."),
    ),
    "window.quiet_hours": (
        N_("Ruhezeit"),
        N_(
            "Von wann bis wann nichts gemeldet wird, etwa 18:00-07:00; was kam, wird danach in einer Meldung "
            "gesagt."
        ),
    ),
    "window.lock_minutes": (
        N_("Sperre nach Minuten"),
        N_(
            "Nach so vielen Minuten ohne Tastatur oder Maus wird gesperrt: Fenster und Datenbanken werden "
            "geschlossen, der Datenschlüssel vergessen. 0: nie von selbst."
        ),
    ),
}

#: What a choice is called; values not named here are their own words.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "review.four_eyes": {
        "always": N_("immer"),
        "services": N_("wie das Leistungspaket sagt"),
        "never": N_("nie"),
    },
    "secrets.keyring": {
        "windows": N_("Windows-Anmeldeinformationen"),
        "secret-service": N_("Secret Service (GNOME Keyring)"),
        "kwallet": "KWallet",
        "macos": N_("macOS-Schlüsselbund"),
    },
    "secrets.files": {"all": N_("alles"), "keys": N_("nur Schlüsseldateien"), "none": N_("nichts")},
    "logs.level": {
        "debug": N_("alles"),
        "info": N_("das Übliche"),
        "warning": N_("nur Warnungen und Fehler"),
    },
    "updates.channel": {
        "off": N_("nicht nachsehen"),
        "announce": N_("melden"),
        "download": N_("melden und herunterladen"),
    },
    "window.theme": {
        "system": N_("wie das System"),
        "light": N_("hell"),
        "dark": N_("dunkel"),
        "contrast": N_("hoher Kontrast"),
    },
    "window.start_area": {
        "last": N_("wo ich zuletzt war"),
        "new": N_("Neue Anträge"),
        "mine": N_("Meine Vorgänge"),
        "open": N_("Alle offenen Vorgänge"),
        "requests": N_("Nachforderungen"),
        "decided": N_("Entschiedene Vorgänge"),
        "archive": N_("Archiv"),
        "quarantine": N_("Quarantäne"),
    },
}

UNITS: Mapping[str, str] = {"s": N_("Sekunden"), "min": N_("Minuten"), "d": N_("Tage"), "a": N_("Jahre")}


def choice_words(name: str, value: object) -> str:
    """What a value is called."""
    words = CHOICES.get(name, {}).get(str(value))
    return gettext(words) if words is not None else str(value)


def value_words(name: str, value: object, unit: str = "") -> str:
    """A value for people: switches in words, counts with their unit, lists with commas."""
    if isinstance(value, bool):
        return gettext(N_("ja")) if value else gettext(N_("nein"))
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    if unit:
        return f"{value} {gettext(UNITS[unit])}"
    return choice_words(name, value)


def fault_words(state: PolicyState) -> str:
    """What is wrong with the policy as a whole; empty when nothing is."""
    said = {
        "unreadable": N_("Die Richtlinie {file} lässt sich nicht lesen; sie zählt nicht."),
        "syntax": N_("Die Richtlinie {file} ist kein gültiges TOML; sie zählt nicht."),
        "writable": N_(
            "Die Richtlinie {file} kann auch ändern, wer den Rechner nicht verwaltet; sie zählt nicht."
        ),
    }
    if not state.fault:
        return ""
    words = gettext(said[state.fault])
    if state.fault == "syntax" and state.line is not None:
        words = gettext(N_("Die Richtlinie {file} ist in Zeile {line} kein gültiges TOML; sie zählt nicht."))
    return words.format(file=state.place, line=state.line)


def strange_words(state: PolicyState) -> str:
    """Which keys count for nothing; empty when all count."""
    parts = []
    if state.unknown:
        parts.append(gettext(N_("unbekannte Schlüssel: {names}")).format(names=", ".join(state.unknown)))
    if state.invalid:
        parts.append(gettext(N_("unmögliche Werte: {names}")).format(names=", ".join(state.invalid)))
    return "; ".join(parts)


def source_words(state: PolicyState, line: PolicyLine) -> str:
    """Who settled a value."""
    return state.source_of(line) or gettext(N_("Vorgabe des Programms"))


def line_words(line: PolicyLine) -> str:
    """A line's value for people."""
    if line.value is None or line.value == ():
        return gettext(N_("nicht eingeschränkt"))
    return value_words(line.name, line.value, line.unit)
