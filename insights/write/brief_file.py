"""`heard brief`: a brief into a file, with nothing half-written."""

import os
from datetime import date
from pathlib import Path

from heard.accounts.communities import community_by_slug
from heard.kit.db import reading, writing
from heard.kit.errors import BadInput
from heard.kit.i18n import _
from insights.write import briefs, rendering, shown
from insights.write.rendering import ENDINGS


def brief_to_file(community_slug: str, audience: str, since: date | None, until: date | None, output: Path) -> str:
    """Write the brief to `output` (.html, .txt, .eml or .pdf) and return the hash of its facts.

    The brief is stored, so that the links in it lead to the answers; one that says the same is used again. It has the quotes in
    which nothing of a person was found.
    Raises NotFound for an unknown community, BadInput for an ending, a folder, an audience or days that cannot be.
    """
    ending = output.suffix.lower().lstrip(".")
    if ending not in ENDINGS:
        raise BadInput(
            _("A brief cannot be written as “%(name)s”.") % {"name": output.name},
            hint=_("Choose a name that ends in %(endings)s.") % {"endings": ", ".join(f".{e}" for e in ENDINGS)},
        )
    if not output.parent.is_dir():
        raise BadInput(
            _("There is no folder %(folder)s.") % {"folder": output.parent},
            hint=_("Make it first, or choose another with --output."),
        )
    with reading() as read:
        community = community_by_slug(read, community_slug)
        composed = briefs.compose(read, community, audience, since, until)
        brief = briefs.same_brief(read, composed)
    if brief is None:
        with writing() as session:
            brief = briefs.keep(session, composed, by=None)
    with reading() as read:
        tree = shown.to_read(read, brief)
    _write(output, rendering.document(brief, community, ending, tree))
    return brief.facts_hash


def _write(output: Path, content: bytes) -> None:
    draft = output.with_name(f".{output.name}.part")
    try:
        draft.write_bytes(content)
        os.replace(draft, output)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BadInput(
            _("%(path)s cannot be written: %(why)s.") % {"path": output, "why": error.strerror or error},
            hint=_("Choose another file with --output."),
        ) from error
