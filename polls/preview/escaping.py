"""People's words kept as words in each place: no markup, no link with other words, no call to anybody. Pure.

An "@" in front of a name is followed by a sign without width, and "<!channel>" is written out.
"""

import re

NO_WIDTH = "\u200b"
CALLS = re.compile(r"@(?=everyone|here|channel|all\b|group|team|moderators|admins|staff)|(?<![\w/=])@(?=[\w&!])", re.I)
_LINKS = re.compile(r"https?://[\w.~/?#&=%:+-]+(?<![.:?])")
_FRONT = re.compile(r"^(\s*)(\d*)((?<=\d)[.)]|(?<!\d)[#+=-])")  # a heading, a list or a rule would begin
_REDDITORS = re.compile(r"(?<!\w)(/?u/)(?=\w)", re.I)  # u/name calls somebody there


def quiet(text: str) -> str:
    """Calls nobody: an "@" in front of a name is followed by a sign without width."""
    return CALLS.sub(f"@{NO_WIDTH}", text)


def slack(text: str) -> str:
    """Slack's own rule: & < > are written as entities; so no <!channel>, <@U1> or <http…|words> is left."""
    return quiet(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def markdown(text: str) -> str:
    """Shown as it stands: no markup, no link with other words, no HTML. Plain links keep working."""
    out, end = [], 0
    for link in _LINKS.finditer(text):
        out += [backslashed(text[end : link.start()]), link[0]]
        end = link.end()
    escaped = "".join(out) + backslashed(text[end:])
    return quiet(_FRONT.sub(r"\1\2\\\3", escaped))


def reddit(text: str) -> str:
    """Markdown in which u/name calls nobody either."""
    return _REDDITORS.sub(rf"\1{NO_WIDTH}", markdown(text))


def bbcode(text: str) -> str:
    """No tag: "[" is followed by a sign without width. BBCode has no sign of its own for that."""
    return quiet(text).replace("[", f"[{NO_WIDTH}")


def slack_url(url: str) -> str:
    """An address between < and >."""
    return url.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")


def backslashed(text: str) -> str:
    """No sign of it is Markdown, links included."""
    return re.sub(r"([\\`*_\[\]<>~|]|&(?=#?\w+;))", r"\\\1", text)
