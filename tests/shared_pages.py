"""What the tests of share pages read from one: the texts to paste, the compose links, by place."""

import html
import re
from html.parser import HTMLParser


class Pasted(HTMLParser):
    """`texts`: what stands in each copybox, by its id. `links`: every href to another site. `shown`: the page's words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self.links: list[str] = []
        self.rels: set[str | None] = set()
        self.open: list[str] = []
        self._in = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Fields, links, the places that are open."""
        given = dict(attrs)
        if tag == "textarea":
            self._in = given.get("id") or ""
            self.texts[self._in] = ""
        elif tag == "input" and "readonly" in given:
            self.texts[given.get("id") or ""] = given.get("value") or ""
        elif tag == "a" and re.match(r"https?://(?!127\.0\.0\.1)|mailto:", given.get("href") or ""):
            self.links.append(given.get("href") or "")
            self.rels.add(f"{given.get('target')} {given.get('rel')}")
        elif tag == "details" and "open" in given and "place" in (given.get("class") or ""):
            self.open.append(given.get("id") or "")

    def handle_data(self, data: str) -> None:
        """The text of a field; its first line end is no part of it."""
        if self._in:
            self.texts[self._in] += data

    def handle_endtag(self, tag: str) -> None:
        """The end of a field."""
        if tag == "textarea":
            self.texts[self._in] = self.texts[self._in].removeprefix("\n")
            self._in = ""


def words_of(page: str) -> str:
    """What a reader sees."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page)))
