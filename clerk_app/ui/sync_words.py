"""The state of the sync in words. No Qt here."""

from __future__ import annotations

from datetime import datetime

from clerk_app.sync.status import SyncPhase, SyncStatus, is_overdue
from clerk_app.texts import _, formats

_WORTH_COUNTING = 500


def sync_words(status: SyncStatus, last_sync_at: datetime | None, now: datetime) -> tuple[str, str, str]:
    """(words, icon, colour role) for the status bar."""
    last = status.last_success_at or last_sync_at
    when = formats.relative_moment(last, now) if last else ""
    since = formats.relative_moment(status.since, now) if status.since else when
    match status.phase:
        case SyncPhase.EXCHANGING:
            if status.total > _WORTH_COUNTING:
                words = _("Austausch mit dem Team {done}/{total}")
                return words.format(done=status.done, total=status.total), "sync", "info"
            return _("Austausch mit dem Team …"), "sync", "info"
        case SyncPhase.PUSHING:
            return _("Sendet …"), "sync", "info"
        case SyncPhase.LISTING:
            return _("Fragt das Portal …"), "sync", "info"
        case SyncPhase.RECEIVING:
            words = _("Empfängt {done}/{total}").format(done=status.done, total=status.total)
            return words, "sync", "info"
        case SyncPhase.OFFLINE:
            words = _("Offline seit {since}").format(since=since) if since else _("Offline")
            return words, "cloud_off", "muted"
        case SyncPhase.SIGN_IN_NEEDED:
            return _("Anmeldung am Portal nötig"), "key", "warn"
        case SyncPhase.DISTURBED:
            portals = ", ".join(dict.fromkeys(failure.mailbox.portal for failure in status.failures))
            words = (
                _("Portal gestört ({portals})").format(portals=portals) if portals else _("Portal gestört")
            )
            return words, "warning", "warn"
        case SyncPhase.STOPPED:
            return _("Abgleich angehalten"), "cloud_off", "warn"
        case _:
            if not when:
                return _("Noch kein Abgleich"), "sync", "muted"
            return _("Synchronisiert um {when}").format(when=when), "cloud_done", "ok"


def offline_words(status: SyncStatus, last_sync_at: datetime | None, now: datetime) -> tuple[str, str]:
    """(kind, sentence) of the bar above the list: no portal can be reached, or none was for too long.

    An empty sentence hides the bar.
    """
    last = status.last_success_at or last_sync_at
    when = formats.relative_moment(last, now) if last else _("unbekannt")
    if is_overdue(last, now):
        words = _(
            "Letzter Abgleich: {when}. Der Zustelldienst weist Anträge zurück, die 14 Tage lang niemand "
            "abholt. Bitte die Verbindung prüfen lassen."
        )
        return "warn", words.format(when=when)
    if status.phase is not SyncPhase.OFFLINE:
        return "info", ""
    words = _("Offline – Stand {when}. Alles geht weiter; was hinaus soll, wartet im Postausgang.")
    return "info", words.format(when=when)
