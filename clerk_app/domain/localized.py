"""A text in several languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Localized:
    """A text in several languages. German is always there."""

    by_language: Mapping[str, str] = field(hash=False)

    def __post_init__(self) -> None:
        if not self.by_language.get("de"):
            raise ValueError("a text needs German words")

    def text(self, language: str = "de") -> str:
        """The words in ``language``, else German."""
        return self.by_language.get(language) or self.by_language["de"]

    def __str__(self) -> str:
        return self.by_language["de"]
