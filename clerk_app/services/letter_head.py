"""What stands around a letter's text: information block and footer, as far as the authority says it."""

from __future__ import annotations

from collections.abc import Sequence

from clerk_app.services.letter_matter import LetterHead

_MOST_LINES = 8  # of the information block (DIN 5008 form B): more would push the text down
_LINE = 28  # characters of a value that fit into a line of the block, on average


def information(head: LetterHead, reference: str, day: str) -> tuple[tuple[str, str], ...]:
    """Aktenzeichen, who can be asked, opening hours where there is room, the day (DIN 5008)."""
    rows = _contact_rows(head, reference)
    if hours_fit(head, reference):
        rows.append(("Sprechzeiten", "\n".join(head.opening_hours)))
    return (*rows, ("Datum", day))


def footer(head: LetterHead, reference: str) -> tuple[tuple[str, ...], ...]:
    """Columns of the footer. Without parameters: name with address and what the profile says of contact."""
    contact = [part for part in (head.phone, head.email) if part]
    if not (head.has_particulars or contact):
        return ()
    if not head.has_particulars:
        return ((head.name, head.place.removeprefix(f"{head.name}, ")), tuple(contact))
    place = [part for part in (head.name, head.unit, head.addition, head.street, head.town) if part]
    if head.post_lines:
        place.append(f"Post an: {', '.join(head.post_lines)}")
    if head.opening_hours and not hours_fit(head, reference):
        contact += ["Sprechzeiten", *head.opening_hours]
    columns = [place, contact, _bank_lines(head)]
    if head.privacy_policy_url:
        shortest = min((column for column in columns[1:]), key=len)
        shortest += ["Hinweise zum Datenschutz (Artikel 13 DSGVO):", head.privacy_policy_url]
    return tuple(tuple(column) for column in columns if column)


def hours_fit(head: LetterHead, reference: str) -> bool:
    """Whether the opening hours have room in the information block."""
    if not head.opening_hours:
        return False
    rows = [*(value for _label, value in _contact_rows(head, reference)), "Datum", *head.opening_hours]
    return sum(_lines(row) for row in rows) <= _MOST_LINES


def _contact_rows(head: LetterHead, reference: str) -> list[tuple[str, str]]:
    rows = [("Aktenzeichen", reference)]
    if not head.has_particulars:
        return rows
    person = head.contact
    if person is not None:
        rows.append(("Auskunft gibt", person.name))
    tel = (person.tel if person is not None else "") or head.phone
    email = (person.email if person is not None else "") or head.email
    rows += [("Telefon", tel)] * bool(tel)
    rows += [("Telefax", person.fax)] if person is not None and person.fax else []
    rows += [("E-Mail", email)] * bool(email)
    return rows


def _lines(text: str) -> int:
    return -(-len(text) // _LINE)


def _bank_lines(head: LetterHead) -> list[str]:
    bank = head.bank
    if bank is None:
        return []
    lines: Sequence[str] = (bank.bank, f"IBAN {bank.iban_in_fours}", f"BIC {bank.bic}" if bank.bic else "")
    return [line for line in lines if line]
