"""What a clerk chose of two drafts: recorded, put into the form, one step back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clerk_app.domain.ids import CaseId
from clerk_app.domain.three_way import Side, merged
from clerk_app.texts import _
from clerk_app.ui.news_model import CaseNews
from clerk_app.ui.typed_model import Fields
from clerk_app.ui.undo import Undoable
from clerk_app.ui.workbench import Workbench


def settle(
    bench: Workbench,
    case_id: CaseId,
    news: CaseNews,
    choices: Mapping[str, Side],
    here: Fields,
    restore: Callable[[Fields], None],
    before: Fields,
) -> Undoable:
    """``here`` with what was chosen from there, by ``restore``. ``before`` is what stood in the form. Both
    versions stay in the history; the choice is an act in the ledger. The step that takes it back."""
    bench.worker.submit(lambda desk: desk.cases.reconcile(case_id, news.actor, choices), None, bench.fail)
    after = merged(here, news.differences, choices)
    restore(after)
    words = _("Zusammenführung mit dem Entwurf von {who}").format(who=news.actor)
    return Undoable(words, lambda: restore(before), redo=lambda: restore(after))
