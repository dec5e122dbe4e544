"""What a person typed or pasted, as it may stand in a letter and in a message."""

from __future__ import annotations

from unicodedata import category


def tidy(text: str) -> str:
    """``text`` without control characters, with line feeds as line ends and no space around it.

    Pasted text brings escape sequences, NULs and carriage returns: no letter shows them, no mailbox wants
    them. Everything a person can see stays as it is; what the font lacks is told when the letter is made.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each in "\n\t" or category(each) != "Cc").strip()
