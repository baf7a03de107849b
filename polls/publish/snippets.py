"""What a manager takes along to a place: the text that stands there, its HTML and frame, the address that opens the place
with it. Pure; words of people are escaped for where they go.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import quote

from heard.kit.errors import BadInput
from heard.kit.i18n import _, language, speaking
from polls.preview import places
from polls.preview.escaping import backslashed, quiet
from polls.preview.places import PlacePreview, flat

LONGEST_MAILTO = 1900  # characters; Windows hands no longer address to a mail program
UNFOLDS = ("chat", "slack", "discord", "mastodon", "bluesky", "x", "linkedin", "reddit", "discourse")  # into a card
_HOST = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59}(?<!-))", re.A
)


@dataclass(frozen=True)
class Told:
    """What is shared, in its own language, whatever the place.

    `picture`: the path of its card. `frame`: the slug of a ballot that may stand in other pages, or "". `behind`: what
    follows a tracked link ("/results"). `instead`: a path that stands in its place, where the link leads elsewhere.
    """

    title: str
    intro: str
    locale: str
    options: Sequence[str] = ()
    opens: date | datetime | None = None
    closes: date | datetime | None = None
    picture: str = ""
    frame: str = ""
    behind: str = ""
    instead: str = ""


class Snippet(NamedTuple):
    """What is pasted in one place. `post`: its text, with its measure and notes; None where there is only a link."""

    subject: str
    post: PlacePreview | None
    card: tuple[str, str] | None  # title and description of the link's card

    @property
    def text(self) -> str:
        """What is pasted."""
        return next((part.text for part in self.post.parts if part.name == "text"), "") if self.post else ""


def snippet(place: str, told: Told, address: str) -> Snippet:
    """What stands in this place; the post speaks the language of what is told, the notes that of this context.

    A place of the manager's own gets the text of a chat: plain words.
    """
    if place in ("site", "poster"):
        return Snippet(told.title, None, None)
    rules = places.CHAT if place == "other" else places.place_named(place)
    with speaking(told.locale):
        post = _preview(rules, told, address)
        card = _card(rules, told, address) if place in UNFOLDS else None
    about = post if told.locale == language() else _preview(rules, told, address)
    subject = flat(told.title) if rules.subject else ""
    return Snippet(subject, about._replace(parts=post.parts), card)


def _preview(rules: places.Place, told: Told, address: str) -> PlacePreview:
    return places.preview_in(
        rules,
        title=told.title,
        intro=told.intro,
        options=told.options,
        url=address,
        closes=told.closes,
        opens=told.opens,
    )


def _card(rules: places.Place, told: Told, address: str) -> tuple[str, str]:
    with_room = rules if rules.card != (0, 0) else places.CARD
    parts = {part.name: part.text for part in _preview(with_room, told, address).parts}
    return parts["title"], parts["description"]


def html_link(title: str, address: str) -> str:
    """For a web page."""
    return f'<p><a href="{html.escape(address)}">{html.escape(flat(title))}</a></p>'


def markdown_link(title: str, address: str) -> str:
    """For a wiki or a README: no markup of the title's own, no link but this."""
    return f"[{quiet(backslashed(flat(title)))}]({address})"


def frame(base_url: str, slug: str, title: str, token: str) -> str:
    """The ballot inside another page; 480 px suit four options, the script fits the height to any."""
    return (
        f'<iframe src="{html.escape(base_url)}/e/{slug}?via={token}" title="{html.escape(flat(title))}"'
        ' width="100%" height="480" loading="lazy"></iframe>'
    )


def frame_script(base_url: str) -> str:
    """The line that makes every frame of ours as high as what is in it."""
    return f'<script async src="{html.escape(base_url)}/embed.js"></script>'


def compose(place: str, subject: str, text: str, address: str, server: str = "") -> str:
    """The address that opens this place with the text already written; "" where there is none.

    LinkedIn takes the link only, and Reddit title and link. `server`: of Mastodon, as `server_name` gave it.
    """
    sent = {name: quote(words, safe="") for name, words in (("text", text), ("url", address), ("title", subject))}
    if place == "mastodon":
        return f"https://{server}/share?text={sent['text']}" if server else ""
    if place == "mail":
        lines = quote(text.replace("\r\n", "\n").replace("\n", "\r\n"), safe="")
        opened = f"mailto:?subject={sent['title']}&body={lines}"
        return opened if len(opened) <= LONGEST_MAILTO else ""
    pattern = {
        "x": "https://x.com/intent/post?text={text}",
        "bluesky": "https://bsky.app/intent/compose?text={text}",
        "linkedin": "https://www.linkedin.com/sharing/share-offsite/?url={url}",
        "reddit": "https://www.reddit.com/submit?url={url}&title={title}",
    }.get(place, "")
    return pattern.format(**sent)


def server_name(text: str) -> str:
    """The name of a Mastodon server, as it was typed or pasted: example.social, https://example.social/.

    Raises BadInput for what is no name of a host: an address with a path or a person in it, a line end, nothing.
    """
    name = text.strip(" ").lower().removeprefix("https://").removesuffix("/")
    try:
        name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        name = ""
    if not _HOST.fullmatch(name):
        words = _("Give the name of your Mastodon server only, such as mastodon.example.")
        raise BadInput(words, fields={"server": words})
    return name
