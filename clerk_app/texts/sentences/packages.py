"""Service packages."""

from __future__ import annotations

from clerk_app.domain.errors import ErrorCode as E
from clerk_app.texts.catalogue import N_
from clerk_app.texts.sentences.shared import Part

PACKAGES: dict[E, tuple[Part, ...]] = {
    E.PACKAGE_NOT_FOUND: (
        N_("{path} gibt es nicht."),
        N_("Verlangt ist ein Ordner oder ein ZIP mit einem Leistungspaket."),
        N_("Geändert wurde nichts; bitte den Pfad prüfen."),
    ),
    E.PACKAGE_NOT_BUILT: (
        (N_("Gebaut wurde nichts: {detail}. (Fehler insgesamt: {count})"), N_("Gebaut wurde nichts.")),
        N_("Ein Leistungspaket mit Fehlern nähme kein Büro an."),
        N_("Bitte berichtigen; „clerk-app package lint“ nennt jeden Fehler mit Datei, Zeile und Grund."),
    ),
    E.PACKAGE_KEY_UNFIT: (
        (
            N_("Mit {path} lässt sich kein Leistungspaket signieren: {reason}."),
            N_("Damit lässt sich kein Leistungspaket signieren."),
        ),
        N_("Verlangt ist ein privater Ed25519-Schlüssel in einer PEM-Datei („BEGIN PRIVATE KEY“)."),
        N_(
            "Signiert wurde nichts; bitte mit --key den richtigen nennen. Einen neuen legt „openssl genpkey "
            "-algorithm ed25519“ an."
        ),
    ),
    E.PACKAGE_UNREADABLE: (
        (N_("{path} ist kein lesbares Leistungspaket."), N_("Das ist kein lesbares Leistungspaket.")),
        (N_("Grund: {reason}."), N_("Die Datei ist beschädigt oder etwas anderes als ein Paket.")),
        N_("Eingespielt wurde nichts; bitte die Datei beim Herausgeber neu beziehen."),
    ),
    E.PACKAGE_UNSIGNED: (
        (
            N_("Das Leistungspaket {package} {version} ist nicht signiert."),
            N_("Das Leistungspaket ist nicht signiert."),
        ),
        N_("Unsignierte Pakete nimmt nur ein Übungsbüro: Niemand bürgt für ihren Inhalt."),
        N_("Eingespielt wurde nichts; bitte die signierte Fassung beim Herausgeber anfordern."),
    ),
    E.PACKAGE_SIGNATURE_BROKEN: (
        (
            N_("Die Signatur des Leistungspakets {package} {version} passt nicht zu seinem Inhalt."),
            N_("Die Signatur des Leistungspakets passt nicht zu seinem Inhalt."),
        ),
        (
            N_("Nach dem Signieren wurde etwas geändert oder beschädigt: {file}."),
            N_("Nach dem Signieren wurde etwas geändert oder beschädigt."),
        ),
        N_("Eingespielt wurde nichts; bitte die Datei beim Herausgeber neu beziehen und den Vorfall melden."),
    ),
    E.PACKAGE_SIGNER_UNKNOWN: (
        (
            N_("Wer das Leistungspaket {package} {version} signiert hat, ist hier nicht anerkannt."),
            N_("Wer das Leistungspaket signiert hat, ist hier nicht anerkannt."),
        ),
        (N_("Kennung des Schlüssels: {signer}."), N_("Das Profil nennt den Schlüssel nicht.")),
        N_("Anerkannte Herausgeber stehen im Profil unter [packages] trusted; eingespielt wurde nichts."),
    ),
    E.PACKAGE_INCOMPATIBLE: (
        (
            N_("Das Leistungspaket {package} {version} geht nicht mit dieser Programmfassung ({app})."),
            N_("Das Leistungspaket geht nicht mit dieser Programmfassung."),
        ),
        (
            N_("Es ist für Fassungen ab {first} und vor {before} geschrieben."),
            N_("Es ist für Fassungen ab {first} geschrieben."),
        ),
        N_("Eingespielt wurde nichts; bitte das Programm aktualisieren oder eine passende Fassung nehmen."),
    ),
    E.PACKAGE_OLDER: (
        (
            N_("Das Leistungspaket {package} {version} ist älter als das geltende ({newer})."),
            N_("Das Leistungspaket ist älter als das geltende."),
        ),
        N_("Neue Vorgänge gingen dann nach alten Regeln."),
        N_("Ist das gewollt, spielt „--older“ es trotzdem ein; geändert wurde nichts."),
    ),
    E.PACKAGE_VERSION_TAKEN: (
        (
            N_("Das Leistungspaket {package} {version} ist schon mit anderem Inhalt eingespielt."),
            N_("Diese Fassung ist schon mit anderem Inhalt eingespielt."),
        ),
        N_("Eine Fassung bezeichnet genau einen Inhalt, sonst wäre unklar, nach welchem ein Vorgang geht."),
        N_("Bitte im Paket die Version erhöhen; eingespielt wurde nichts."),
    ),
    E.PACKAGE_KEY_TAKEN: (
        (
            N_("Die Leistung {leika_key} beschreibt schon ein anderes Leistungspaket ({other})."),
            N_("Die Leistung beschreibt schon ein anderes Leistungspaket."),
        ),
        N_("Ein Paket übernimmt eine Leistung nur, wenn es unter „replaces“ sagt, von wem."),
        N_("Eingespielt wurde nichts; bitte mit dem Herausgeber klären, welches gelten soll."),
    ),
    E.PACKAGE_UNKNOWN: (
        (
            N_("Das Leistungspaket {package} gibt es hier nicht in der Fassung {version}, nur: {there}."),
            N_("In der Fassung {version} gibt es hier kein Leistungspaket, nur: {there}."),
            N_("Das Leistungspaket {package} ist hier nicht in der Fassung {version} eingespielt."),
            N_("Ein Leistungspaket „{package}“ ist hier nicht eingespielt."),
            N_("Das Leistungspaket ist hier nicht eingespielt."),
        ),
        N_("„clerk-app package list“ zeigt, was eingespielt ist."),
    ),
    E.PACKAGE_MISSING: (
        (
            N_("Das eingespielte Leistungspaket {package} {version} fehlt oder ist beschädigt."),
            N_("Ein eingespieltes Leistungspaket fehlt oder ist beschädigt."),
        ),
        N_(
            "Vorgänge, die danach gehen, werden nicht mit anderen Regeln gezeigt; sie selbst sind unversehrt."
        ),
        N_("Bitte dieselbe Fassung noch einmal einspielen („clerk-app package install“)."),
    ),
    E.PACKAGE_MOVE_IMPOSSIBLE: (
        (
            N_("Der Vorgang {case} lässt sich nicht umstellen: {reason}."),
            N_("Der Vorgang lässt sich nicht umstellen."),
        ),
        N_("Er geht weiter nach der Fassung, mit der er begonnen hat."),
    ),
}
