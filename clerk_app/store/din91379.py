"""Spellings of the full-text index: what its tokenizer makes of a text, and the search forms beside it."""

from __future__ import annotations

from clerk_app.domain.search_form import folded, search_form

__all__ = ["folded", "form_where_different", "search_form"]


def form_where_different(text: str) -> str:
    """The lines of ``text`` in lower-case search form, without those the tokenizer folds the same way."""
    kept = []
    for line in text.splitlines():
        if line.isascii():
            continue
        form = search_form(line).lower()
        if form != folded(line):
            kept.append(form)
    return "\n".join(kept)
