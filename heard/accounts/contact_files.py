"""A file of contacts, read: addresses, names, languages; and what of it cannot be taken, line by line. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from heard.accounts.contacts import one_form
from heard.kit import csvio, mail
from heard.kit.errors import BadInput
from heard.kit.i18n import _, number

LARGEST = 16 * 1024 * 1024
MOST_ROWS = 200_000
LONGEST_NAME = 120
# How columns are called, without accents, case and signs.
_ADDRESSES = (
    "email", "emailaddress", "emailadresse", "mail", "mailaddress", "address", "adresse", "courriel", "adresseemail",
    "adressemail", "adresseelectronique", "adressecourriel",
)  # fmt: skip
_NAMES = ("name", "fullname", "displayname", "nom", "nomcomplet", "prenomnom", "firstname", "prenom")
_LANGUAGES = ("language", "lang", "locale", "langue")
_CODES = {"fr": "fr", "en": "en", "an": "en"}  # by the first letters: fr-CA, French, français; en, English, anglais


class Person(NamedTuple):
    """A row that can be taken. `locale`: "" when the file does not say."""

    address: str
    name: str = ""
    locale: str = ""


class Refusal(NamedTuple):
    """A row that cannot, and why."""

    line: int
    text: str
    why: str


@dataclass
class ContactFile:
    """What a file holds. `doubled`: rows whose address stands further up."""

    people: list[Person] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    doubled: int = 0


def read(raw: bytes, name: str) -> ContactFile:
    """The people in a CSV file or in pasted lines. Raises BadInput when there is no column of addresses, or too much.

    The columns are found by their heads; without heads, the addresses by themselves and a name beside them. Several
    addresses in one line are so many people.
    """
    rows = csvio.rows_in(raw, name)
    if len(rows) > MOST_ROWS:
        raise BadInput(
            _("The file has %(n)s rows; %(most)s are the most that can come at once.")
            % {"n": number(len(rows)), "most": number(MOST_ROWS)},
            hint=_("Split it, and upload the parts one after the other."),
        )
    if any("\0" in cell for cell in rows[0].cells):
        raise BadInput(
            _("%(file)s is no text that can be read here.") % {"file": name}, hint=_("Save it again as CSV (UTF-8).")
        )
    columns = _columns(rows[0].cells)
    found, seen = ContactFile(), set[str]()
    for row in rows[1:] if columns.has_head else _one_each(rows, columns):
        person = _person(row, columns, found.refused)
        if person is None:
            continue
        if person.address in seen:
            found.doubled += 1
        else:
            seen.add(person.address)
            found.people.append(person)
    return found


def from_rows(rows: Iterable[Person]) -> ContactFile:
    """The same out of rows that a program sends; their numbers begin with 1."""
    found, seen = ContactFile(), set[str]()
    columns = _Columns(0, 1, 2, has_head=False)
    for at, sent in enumerate(rows, 1):
        person = _person(csvio.Row(at, list(sent)), columns, found.refused)
        if person is not None and person.address in seen:
            found.doubled += 1
        elif person is not None:
            seen.add(person.address)
            found.people.append(person)
    return found


def written(people: Sequence[Person]) -> str:
    """The people as such a file."""
    return csvio.line(["email", "name", "language"]) + "".join(csvio.line(person) for person in people)


def clean_name(text: str) -> str:
    """A name on one line. Raises BadInput for one that could reach into the header of a mail, or is too long."""
    name = text.strip()
    if mail.header(name) != " ".join(name.split()) or len(name.splitlines()) > 1:
        words = _("The name holds a line break or a code of mail headers.")
        raise BadInput(words, hint=_("Write it again as plain letters."), fields={"name": words})
    if len(name) > LONGEST_NAME:
        words = _("The name has more than %(n)s characters.") % {"n": LONGEST_NAME}
        raise BadInput(words, fields={"name": words})
    return " ".join(name.split())


class _Columns(NamedTuple):
    address: int
    name: int | None
    language: int | None
    has_head: bool


def _columns(first: Sequence[str]) -> _Columns:
    heads = [_plain(cell) for cell in first]
    address, name = _among(heads, _ADDRESSES), _among(heads, _NAMES)
    if address is not None:
        return _Columns(address, name, _among(heads, _LANGUAGES), has_head=True)
    at = next((i for i, cell in enumerate(first) if "@" in cell), None)
    if at is None:
        raise BadInput(
            _("There is no column of e-mail addresses."),
            hint=_(
                "Name it in the first row: email, e-mail, courriel or adresse. A list of addresses alone works too."
            ),
        )
    return _Columns(at, next((i for i in range(len(first)) if i != at), None), None, has_head=False)


_BETWEEN = re.compile("[;,]")


def _one_each(rows: Iterable[csvio.Row], columns: _Columns) -> Iterator[csvio.Row]:
    """Rows without a head; one with several addresses, as in the To of a mail, as a row for each of them."""
    for row in rows:
        cells = [
            part
            for cell in row.cells
            for part in (_BETWEEN.split(cell) if cell.count("@") > 1 else [cell.strip(",; ")])
        ]
        found = [cell for cell in cells if "@" in cell]
        if len(found) > 1:
            yield from (csvio.Row(row.line, [""] * columns.address + [cell]) for cell in found)
        else:
            yield row


def _among(heads: Sequence[str], names: Sequence[str]) -> int | None:
    """The column with the best of these names."""
    return next((heads.index(name) for name in names if name in heads), None)


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in bare if c.isascii() and c.isalnum())


def _person(row: csvio.Row, columns: _Columns, refused: list[Refusal]) -> Person | None:
    def cell(at: int | None) -> str:
        return row.cells[at] if at is not None and at < len(row.cells) else ""

    text, named = cell(columns.address), cell(columns.name)
    if at := _named(text):
        named, text = named or at[0], at[1]
    try:
        if not text.strip():
            raise BadInput(_("There is no address in this row."))
        address, name = one_form(text), clean_name(named)
    except BadInput as error:
        refused.append(Refusal(row.line, mail.header(text)[:80], mail.header(error.message)))
        return None
    return Person(address, name, _CODES.get(_plain(cell(columns.language))[:2], ""))


def _named(text: str) -> tuple[str, str] | None:
    """Name and address, as a mail program copies them: "Zoé" <zoe@example.org>."""
    name, begun, address = text.strip().rpartition("<")
    name, address, ends = name.strip(), address[:-1], address[-1:]
    if (
        not begun
        or ends != ">"
        or "@" not in address[1:-1]
        or ">" in address
        or address.split() != [address]
        or "\n" in name
    ):
        return None
    name = name[1:] if name.startswith(("'", '"')) else name
    return name[:-1] if name.endswith(("'", '"')) else name, address
