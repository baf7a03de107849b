"""An Atom feed (RFC 4287) from values. Pure: the same values give the same bytes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

_ATOM = "http://www.w3.org/2005/Atom"
_XML = "{http://www.w3.org/XML/1998/namespace}"
# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One entry. `id` is a URI that never changes, `link` an absolute address, `summary` plain text."""

    id: str
    title: str
    link: str
    published: datetime
    updated: datetime
    summary: str = ""
    category: str = ""


def feed(
    *, id: str, title: str, subtitle: str, link: str, self_link: str, author: str, language: str, since: datetime, entries: Sequence[Entry]
) -> bytes:  # fmt: skip
    """The document, newest entry first. `updated` is that of the newest entry, or `since` when there is none."""
    root = ET.Element("feed", {"xmlns": _ATOM, f"{_XML}lang": language})
    newest = sorted(entries, key=lambda e: (e.updated, e.id), reverse=True)
    _text(root, "id", id)
    _text(root, "title", title)
    if subtitle:
        _text(root, "subtitle", subtitle)
    _text(root, "updated", _moment(newest[0].updated if newest else since))
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": link})
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": self_link})
    _text(ET.SubElement(root, "author"), "name", author)
    for entry in newest:
        node = ET.SubElement(root, "entry")
        _text(node, "id", entry.id)
        _text(node, "title", entry.title)
        ET.SubElement(node, "link", {"rel": "alternate", "type": "text/html", "href": entry.link})
        _text(node, "published", _moment(entry.published))
        _text(node, "updated", _moment(entry.updated))
        if entry.category:
            ET.SubElement(node, "category", {"term": entry.category})
        if entry.summary:
            _text(node, "summary", entry.summary)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_XML.sub("\ufffd", text)


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
