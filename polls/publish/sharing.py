"""What a manager copies to other places: snippets and a QR code. Pure; titles are escaped for where they go."""

import html
import io
import re
from typing import NamedTuple

from heard.kit.i18n import _

# What Markdown could take for markup. A backslash before any of them is plain in CommonMark and its relatives.
_MARKDOWN = re.compile(r"([\\`*_\[\]<>~|]|&(?=#?\w+;))")


class Snippets(NamedTuple):
    """Ready to paste. `link` is the ballot, `results` what came out."""

    link: str
    results: str
    as_html: str
    markdown: str
    iframe: str


def snippets(base_url: str, slug: str, title: str) -> Snippets:
    """The snippets of a poll. `base_url` without a slash at the end."""
    link, flat = f"{base_url}/p/{slug}", " ".join(title.split())
    quoted = html.escape(flat)
    return Snippets(
        link,
        f"{link}/results",
        f'<p><a href="{html.escape(link)}">{quoted}</a></p>',
        f"[{markdown_escaped(flat)}]({link})",
        f'<iframe src="{html.escape(base_url)}/e/{slug}" title="{quoted}" width="100%" height="480" loading="lazy"></iframe>',
    )


def markdown_escaped(text: str) -> str:
    """Text that Markdown shows as it stands: no markup, no link, no HTML of its own."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def integrity_sentence(voter_rule: str) -> str:
    """What one voter, one ballot means in this poll, in plain words."""
    return {
        "open": _(
            "Anyone with the link can answer, more than once if they like. Good for a mood, weak for a decision."
        ),
        "browser": _("One ballot for each browser. Somebody with two devices can answer twice."),
        "network": _("One ballot for each browser, from any network. Somebody with two devices can answer twice."),
        "link": _("One ballot for each personal link. Whoever holds a link can use it once."),
        "sign_in": _("One ballot for each person who signs in."),
    }[voter_rule]


def qr_svg(link: str) -> str:
    """The link as a QR code: SVG with black on white in every colour scheme, no style attributes."""
    import segno

    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out, kind="svg", scale=8, border=3, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=False
    )
    return out.getvalue().decode()
