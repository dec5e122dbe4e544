"""What a clerk asked for and cannot have."""

from __future__ import annotations

from clerk_app.domain.errors import ErrorCode as E
from clerk_app.texts.catalogue import N_
from clerk_app.texts.sentences.shared import Part

ASKED: dict[E, tuple[Part, ...]] = {
    E.CASE_UNKNOWN: (
        (N_("Einen Vorgang {case} gibt es hier nicht."), N_("Diesen Vorgang gibt es hier nicht.")),
        N_("Die Nummer ist vertippt, oder der Vorgang wurde noch nicht abgeholt."),
        N_("„clerk-app cases“ zeigt alle Vorgänge, „clerk-app sync --once“ holt neue."),
    ),
    E.CASE_AMBIGUOUS: (
        (
            N_("{case} passt auf {count} Vorgänge."),
            N_("{case} passt auf mehrere Vorgänge."),
            N_("Die Angabe passt auf mehrere Vorgänge."),
        ),
        N_("Bitte die Nummer vollständig angeben."),
    ),
    E.ATTACHMENT_UNKNOWN: (
        (
            N_("Eine Anlage {attachment} hat dieser Vorgang nicht."),
            N_("Diese Anlage hat der Vorgang nicht."),
        ),
        N_("„clerk-app case“ mit der Vorgangsnummer zeigt, welche es gibt."),
    ),
    E.ENTRY_UNKNOWN: (
        (
            N_("Mit {entry} beginnen {count} Einträge des Postausgangs; bitte mehr Zeichen angeben."),
            N_("Einen Eintrag {entry} gibt es im Postausgang nicht."),
            N_("Diesen Eintrag gibt es im Postausgang nicht."),
        ),
        N_("„clerk-app outbox“ zeigt alle Einträge."),
    ),
    E.ENTRY_NOT_WITHDRAWABLE: (
        (
            N_("Der Eintrag lässt sich nicht mehr zurückholen (Stand: {state})."),
            N_("Der Eintrag lässt sich nicht mehr zurückholen."),
        ),
        N_("Er ist schon an das Portal übergeben oder erledigt."),
        N_("Ein zugestellter Bescheid wird durch einen Änderungs- oder Aufhebungsbescheid berichtigt."),
    ),
    E.ENTRY_NOT_RETRYABLE: (
        (
            N_("Der Eintrag lässt sich nicht erneut senden (Stand: {state})."),
            N_("Der Eintrag lässt sich nicht erneut senden."),
        ),
        N_("Er ist schon unterwegs, erledigt oder zurückgeholt."),
        N_("Es ist nichts weiter zu tun."),
    ),
    E.ENTRY_NOT_TO_POST: (
        (
            N_("Der Eintrag wartet nicht auf den Versand mit der Post (Stand: {state})."),
            N_("Der Eintrag wartet nicht auf den Versand mit der Post."),
        ),
        N_("Nur Schreiben ohne elektronischen Rückweg werden als „zur Post gegeben“ vermerkt."),
        N_(
            "Elektronisch Zugestelltes braucht keinen Vermerk. Ein schon vermerkter Tag lässt sich "
            "berichtigen: „Versandtag berichtigen …“ im Postausgang oder „outbox posted ID --on DATUM“."
        ),
    ),
    E.POSTED_ON_WRONG: (
        (
            N_("Am {posted_on} kann das Schreiben nicht zur Post gegeben worden sein."),
            N_("An diesem Tag kann das Schreiben nicht zur Post gegeben worden sein."),
        ),
        (
            N_("Es wurde am {earliest} erstellt, und heute ist der {latest}."),
            N_("Der Tag liegt in der Zukunft oder vor der Erstellung des Schreibens."),
        ),
        N_("Bitte einen Tag dazwischen angeben."),
    ),
    E.CASE_ALREADY_DECIDED: (
        (
            N_("Über den Vorgang {case} ist schon entschieden."),
            N_("Über diesen Vorgang ist schon entschieden."),
        ),
        N_("Ein zweiter Bescheid würde dem ersten widersprechen."),
        N_("Vor der Übergabe an das Portal lässt sich der erste im Postausgang zurückholen."),
    ),
    E.CASE_ALREADY_FORWARDED: (
        (
            N_("Der Vorgang {case} ist schon an {authority} abgegeben."),
            N_("Der Vorgang {case} ist schon an eine andere Stelle abgegeben."),
        ),
        N_("Hier wird nichts mehr entschieden und nichts mehr angefordert."),
        N_("Solange die Abgabenachricht im Postausgang liegt, lässt sich die Abgabe dort zurückholen."),
    ),
    E.CASE_NOT_FORWARDED: (
        N_("Der Vorgang {case} ist nicht abgegeben."),
        N_("Ein Übergabepaket gibt es nur für abgegebene Vorgänge."),
        N_("Zuerst abgeben („clerk-app forward“), oder den Vorgang als E-Akte ausgeben."),
    ),
    E.FORWARD_TARGET_MISSING: (
        N_("Es fehlt, an welche Stelle abgegeben wird."),
        N_("Bitte die zuständige Stelle wählen oder mit Namen und Anschrift eintragen."),
    ),
    E.FORWARD_TARGET_UNKNOWN: (
        (
            N_("„{authority}“ passt auf {count} Stellen im Verzeichnis."),
            N_("Im Verzeichnis steht keine Stelle „{authority}“."),
        ),
        N_("Bitte den vollen Namen oder den Regionalschlüssel (ARS) angeben."),
        N_("Eine Stelle außerhalb des Verzeichnisses nimmt „--address“ mit ihrer Anschrift."),
    ),
    E.FORWARD_TO_SELF: (
        N_("An die eigene Stelle kann nicht abgegeben werden."),
        N_("Bitte eine andere Stelle wählen."),
    ),
    E.FORWARD_REASON_MISSING: (
        N_("Der Grund der Abgabe fehlt."),
        N_("Er steht in der Nachricht an die Antragstellerin oder den Antragsteller und geht mit."),
        N_("Bitte in einem Satz sagen, warum eine andere Stelle zuständig ist."),
    ),
    E.FORWARD_DRAFT_WAITING: (
        N_("Zum Vorgang {case} wartet noch ein Bescheid in der Unterschriftsmappe oder zur Mitzeichnung."),
        N_("Wer abgibt, entscheidet nicht mehr."),
        N_("Bitte den Bescheid zuerst aus der Mappe nehmen; der Text bleibt erhalten."),
    ),
    E.FIRST_RECEIVED_WRONG: (
        N_("Am {on} kann der erste Eingang nicht gewesen sein."),
        N_("Hier ist der Antrag am {latest} eingegangen; der erste Eingang liegt nicht danach."),
        N_("Bitte einen früheren Tag angeben, oder keinen."),
    ),
    E.CASE_NOT_READABLE: (
        (
            N_("Der Vorgang {case} liegt in der Quarantäne und ist nicht lesbar."),
            N_("Der Vorgang liegt in der Quarantäne und ist nicht lesbar."),
        ),
        (N_("Der Grund: {reason}."),),
        N_(
            "Solange sein Inhalt nicht feststeht, ist keine Entscheidung möglich; das Original bleibt "
            "erhalten."
        ),
    ),
    E.CASE_CHANGED: (
        N_("Der Vorgang hat sich seit dem Entwurf geändert."),
        N_("Es ist etwas Neues eingegangen, das der Entwurf nicht kennt."),
        N_("Bitte das Neue ansehen und den Entwurf bestätigen oder anpassen."),
    ),
    E.HELD_CASE_CHANGED: (
        N_("Das Schreiben ist nicht hinausgegangen."),
        N_("Seit es fertiggestellt wurde, ist in diesem Vorgang etwas Neues eingegangen."),
        N_("Bitte das Neue ansehen und dann entscheiden: trotzdem senden oder zurückholen."),
    ),
    E.REASONS_MISSING: (
        N_("Die Begründung fehlt."),
        N_("Eine Ablehnung oder teilweise Bewilligung muss begründet werden (§ 39 VwVfG)."),
        N_("Bitte die Begründung ergänzen (--reasons)."),
    ),
    E.HEARING_MISSING: (
        (
            N_("Die Anhörung läuft noch bis {due_on}."),
            N_("Vor dieser Entscheidung muss die betroffene Person angehört werden."),
        ),
        N_("Sie darf sich zu den Tatsachen äußern, bevor in ihre Rechte eingegriffen wird (§ 28 VwVfG)."),
        N_("Bitte die Anhörung senden oder abwarten, oder begründen, warum keine nötig ist (--no-hearing)."),
    ),
    E.ITEMS_MISSING: (
        N_("Es ist nicht angegeben, was nachgereicht werden soll."),
        N_("Eine Nachforderung nennt mindestens eine Unterlage."),
        N_("Bitte mindestens eine Unterlage angeben (--item)."),
    ),
    E.ALREADY_ASKED: (
        (N_("Das ist alles schon angefordert: {items}."), N_("Das ist alles schon angefordert.")),
        (
            N_("Die Antwort ist bis {due_on} erbeten; ein zweites Schreiben wäre schon eine Erinnerung."),
            N_("Die Frist für die Antwort läuft noch; ein zweites Schreiben wäre schon eine Erinnerung."),
        ),
        N_("Bitte die Antwort abwarten oder bewusst erinnern (--again); gesendet wurde nichts."),
    ),
    E.DUE_IN_PAST: (
        (N_("Die Frist {due_on} liegt nicht in der Zukunft."), N_("Die Frist liegt nicht in der Zukunft.")),
        N_("Niemand könnte sie noch einhalten."),
        N_("Bitte einen späteren Tag wählen."),
    ),
    E.DUE_NOT_MEANT: (
        N_("In dieses Schreiben gehört keine Frist."),
        N_("Es verlangt nichts von der antragstellenden Person und kündigt keinen Tag an."),
        N_("Bitte die Frist weglassen (--due) oder eine andere Art von Schreiben wählen."),
    ),
    E.LANGUAGE_NOT_OFFERED: (
        (
            N_("In der Sprache „{language}“ schreibt diese Behörde nicht."),
            N_("In dieser Sprache schreibt diese Behörde nicht."),
        ),
        N_("Amtssprache ist Deutsch; daneben bietet das Landesprofil nur an, was das Landesrecht vorsieht."),
        N_("Bitte ohne --language schreiben; Übersetzungen können als Anlage beigelegt werden."),
    ),
    E.DATE_IMPOSSIBLE: (
        (N_("Am {on} kann das nicht gewesen sein."), N_("An diesem Tag kann das nicht gewesen sein.")),
        (
            N_("Möglich sind Tage vom {earliest} bis zum {latest}."),
            N_("Möglich sind Tage ab dem {earliest}."),
        ),
        N_("Bitte einen anderen Tag angeben; eingetragen wurde nichts."),
    ),
    E.DATE_UNKNOWN: (
        N_("Dieses Datum gibt es in dem Vorgang nicht, oder es ist schon erledigt."),
        N_("Bitte die Fristen des Vorgangs neu ansehen („clerk-app deadlines“)."),
    ),
    E.DATE_REASON_MISSING: (
        N_("Für dieses Datum fehlt die Begründung."),
        N_("Wer eine Frist von Hand setzt oder verlängert, hält den Grund fest."),
        N_("Bitte den Grund angeben; eingetragen wurde nichts."),
    ),
    E.GAP_UNKNOWN: (
        (N_("„{item}“ steht in diesem Vorgang nicht auf der Liste."), N_("Das steht nicht auf der Liste.")),
        (N_("Auf der Liste stehen: {known}."), N_("Auf der Liste dieses Vorgangs steht nichts.")),
        N_("Bitte eine Bezeichnung aus „clerk-app gaps“ angeben; geändert wurde nichts."),
    ),
    E.GAP_REASON_MISSING: (
        N_("Für den Verzicht fehlt der Grund."),
        N_("Worauf verzichtet wird und warum, gehört in die Akte."),
        N_("Bitte den Grund angeben; geändert wurde nichts."),
    ),
    E.NOTHING_SENT: (
        (
            N_("Im Vorgang {case} ist kein Bescheid versandt."),
            N_("In diesem Vorgang ist kein Bescheid versandt."),
        ),
        N_("Ein Zugang oder Abruf lässt sich erst eintragen, wenn etwas das Haus verlassen hat."),
        N_("Ein Brief gilt als versandt, sobald er im Postausgang als „zur Post gegeben“ vermerkt ist."),
    ),
    E.NO_FICTION: (
        N_("Hier gibt es keine Genehmigungsfiktion, die sich verlängern ließe."),
        N_(
            "Das Recht dieser Leistung kennt keine, die Unterlagen sind noch nicht vollständig, oder sie "
            "wurde schon einmal verlängert (§ 42a Absatz 2 VwVfG)."
        ),
        N_("Eingetragen wurde nichts."),
    ),
    E.TEMPLATE_UNKNOWN: (
        (
            N_("Eine Vorlage „{template}“ gibt es für diese Leistung nicht."),
            N_("Diese Vorlage gibt es für diese Leistung nicht."),
        ),
        (N_("Vorhanden sind: {known}."),),
        N_("Ohne --template wird die zur Entscheidung passende Vorlage genommen."),
    ),
    E.PREFLIGHT_FAILED: (
        (
            N_("Die Prüfung vor dem Unterschreiben hat etwas gefunden: {finding} ({blank})."),
            N_("Die Prüfung vor dem Unterschreiben hat etwas gefunden: {finding}."),
            N_("Die Prüfung vor dem Unterschreiben hat etwas gefunden."),
        ),
        N_("So darf der Bescheid nicht hinausgehen."),
        N_("Bitte beheben und erneut versuchen; der Entwurf bleibt erhalten."),
    ),
    E.DRAFT_UNKNOWN: (
        (
            N_("Mit {entry} beginnen {count} Entwürfe der Unterschriftsmappe; bitte mehr Zeichen angeben."),
            N_("Einen Entwurf {entry} gibt es in der Unterschriftsmappe nicht."),
            N_("Diesen Entwurf gibt es in der Unterschriftsmappe nicht."),
        ),
        N_("„clerk-app folder“ und „clerk-app review“ zeigen, was dort liegt."),
    ),
    E.DRAFT_ALREADY_WAITING: (
        (
            N_("Zu {case} liegt schon ein Bescheid zur Mitzeichnung oder in der Unterschriftsmappe."),
            N_("Zu diesem Vorgang liegt schon ein Bescheid zur Mitzeichnung oder in der Unterschriftsmappe."),
        ),
        N_("Zwei Entwürfe nebeneinander könnten zu zwei Bescheiden werden."),
        N_("Bitte den anderen erst herausnehmen; sein Text bleibt als Entwurf erhalten."),
    ),
    E.DRAFT_NOT_WAITING: (
        N_("Dieser Bescheid liegt nicht mehr in der Unterschriftsmappe."),
        N_("Er wurde inzwischen signiert, zurückgegeben oder herausgenommen."),
        N_("Bitte im Vorgang nachsehen; dort steht, was geschehen ist."),
    ),
    E.DRAFT_NOT_SEEN: (
        N_("Dieser Bescheid wurde noch nicht angesehen."),
        N_("Signiert oder freigegeben wird nur, was in genau dieser Fassung angezeigt worden ist."),
        N_("Bitte den Bescheid ansehen (clerk-app folder seen) und es noch einmal versuchen."),
    ),
    E.DRAFT_CHANGED: (
        N_("Der Entwurf wurde geändert, seit der Bescheid in der Unterschriftsmappe liegt."),
        N_("Signiert würde sonst ein überholter Text."),
        N_("Bitte den geänderten Entwurf neu in die Mappe legen."),
    ),
    E.REVIEW_MISSING: (
        (
            N_("Der Bescheid zu {case} braucht vor der Signatur eine Mitzeichnung."),
            N_("Dieser Bescheid braucht vor der Signatur eine Mitzeichnung."),
        ),
        N_("Für diese Leistung oder diese Behörde gilt das Vier-Augen-Prinzip."),
        N_(
            "Bitte zur Mitzeichnung geben (clerk-app review submit); freigeben muss ihn jemand, der nicht "
            "daran geschrieben hat. Freigegebenes liegt in der Unterschriftsmappe (clerk-app folder)."
        ),
    ),
    E.REVIEW_OWN_DRAFT: (
        N_("Den eigenen Entwurf kann niemand freigeben."),
        N_("Beim Vier-Augen-Prinzip zählt jede Person nur einmal, auch wer nur etwas geändert hat."),
        N_("Bitte jemand anderen um die Mitzeichnung bitten."),
    ),
    E.REVIEW_OUTDATED: (
        N_("Die Mitzeichnung gilt nicht mehr."),
        N_("Vorgang oder Entwurf haben sich seither geändert; freigegeben war eine bestimmte Fassung."),
        N_("Bitte den Entwurf prüfen und neu zur Mitzeichnung geben."),
    ),
    E.REVIEW_REASON_MISSING: (
        N_("Es fehlt, warum der Entwurf zurückgeht."),
        N_("Wer ihn geschrieben hat, muss wissen, was zu ändern ist."),
        N_("Bitte einen Grund angeben (--reason)."),
    ),
    E.NO_DISPLAY: (
        N_("Hier lässt sich kein Fenster öffnen."),
        N_("Es gibt keine Anzeige (DISPLAY und WAYLAND_DISPLAY sind leer)."),
        N_(
            "Bitte an einem Arbeitsplatz mit Bildschirm starten, oder einen Befehl angeben: clerk-app --help."
        ),
    ),
    E.PACKAGE_FAULTY: (
        (
            N_("Das Leistungspaket ist fehlerhaft: {detail}. (Fehler insgesamt: {count})"),
            N_("Das Leistungspaket ist fehlerhaft: {file}, Zeile {line} (Fehler insgesamt: {count})."),
            N_("Das Leistungspaket ist fehlerhaft: {file} (Fehler insgesamt: {count})."),
            N_("Das Leistungspaket ist fehlerhaft."),
        ),
        N_("„clerk-app package lint“ nennt jeden Fehler mit Datei, Zeile und Grund."),
        N_("Es wurde nichts eingespielt; bitte beim Herausgeber eine berichtigte Fassung anfordern."),
    ),
    E.USAGE: (
        (
            N_("Der Aufruf ist unvollständig oder falsch: {detail}."),
            N_("Der Aufruf ist unvollständig oder falsch."),
        ),
        (N_("„{value}“ gilt hier nicht; erwartet wird {expected}."),),
        N_("„clerk-app --help“ zeigt alle Befehle."),
    ),
    E.OUTPUT_NOT_WRITABLE: (
        (N_("{path} lässt sich nicht schreiben."), N_("Die Zieldatei lässt sich nicht schreiben.")),
        N_("Der Ordner fehlt, ist schreibgeschützt oder voll."),
        N_("Bitte einen anderen Ort angeben (--output)."),
    ),
    E.OUTPUT_EXISTS: (
        (N_("{path} gibt es schon."), N_("Die Zieldatei gibt es schon.")),
        N_("Vorhandene Dateien werden nicht überschrieben."),
        N_("Bitte einen anderen Namen angeben oder die Datei vorher entfernen."),
    ),
    E.PROOF_NO_DECISION: (
        (N_("Im Vorgang {case} gibt es noch keinen Bescheid."), N_("Es gibt noch keinen Bescheid.")),
        N_("Ein Zustellnachweis braucht etwas, das zugestellt wird."),
        N_("Bitte erst entscheiden; für andere Schreiben gibt es den Nachweis im Postausgang."),
    ),
    E.PROOF_NOTHING_SENT: (
        (
            N_("Im Vorgang {case} hat das Schreiben das Haus noch nicht verlassen (Zustand {state})."),
            N_("Das Schreiben hat das Haus noch nicht verlassen."),
        ),
        N_("Solange nichts abgesandt ist, gibt es keine Zustellung zu belegen."),
        N_("Bitte senden („Jetzt abgleichen“) oder als zur Post gegeben vermerken und dann wiederholen."),
    ),
    E.EXPORT_EMPTY: (
        (
            N_("Von {count} Vorgängen lässt sich keiner als E-Akte ausgeben."),
            N_("Für diese Auswahl gibt es keinen Vorgang, der sich als E-Akte ausgeben lässt."),
        ),
        N_("Vorgänge in der Quarantäne und beschädigte Vorgänge werden ausgelassen."),
        N_("Es wurde keine Datei geschrieben; bitte die Auswahl prüfen."),
    ),
    E.EXPORT_INCOMPLETE: (
        (
            N_("Bei der Ausgabe ausgelassen: {count} ({cases})."),
            N_("Bei der Ausgabe wurden Vorgänge ausgelassen."),
        ),
        N_("Vorgänge in der Quarantäne und beschädigte Vorgänge lassen sich nicht als E-Akte ausgeben."),
        N_("Die übrigen stehen im Paket; was den ausgelassenen fehlt, zeigt der einzelne Vorgang."),
    ),
    E.EXPORT_TOO_LARGE: (
        N_("Das Paket würde größer als {limit} oder enthielte mehr als {count} Dateien."),
        N_("Solche Pakete lesen nicht alle Systeme."),
        N_("Es wurde keine Datei geschrieben; bitte die Auswahl in mehreren Teilen ausgeben."),
    ),
}
