"""`make check`: every string a person reads is in the French catalogue. `--update` collects new ones.

Strings are found in Python (`_`, `ngettext`) and in templates (`_()`, `{% trans %}`).
"""

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "heard" / "locale" / "fr" / "LC_MESSAGES" / "heard.po"
PACKAGES = ("heard", "polls", "feedback", "insights", "templates")
METHODS = [
    ("**/migrations/versions/**", "ignore"),
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.txt", "jinja2"),
    ("**.xml", "jinja2"),
]
OPTIONS = {name: {"silent": "false", "extensions": "jinja2.ext.i18n", "newstyle_gettext": "true",
                  "trim_blocks": "true", "lstrip_blocks": "true"} for name in ("**.html", "**.txt", "**.xml")}  # fmt: skip
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
BREAKS = re.compile(r"[ ][:;?!»]|«[ ]")  # where a line would end before its colon: French wants a space that holds


def collected() -> Catalog:
    """Every string of the source."""
    catalogue = Catalog(project="Heard", charset="utf-8")
    for package in PACKAGES:
        for name, line, message, comments, context in extract_from_dir(
            ROOT / package, METHODS, OPTIONS, keywords={"_": None, "ngettext": (1, 2), "gettext": None}
        ):
            if message and message != ("", ""):
                catalogue.add(message, None, [(f"{package}/{name}", line)], auto_comments=comments, context=context)
    return catalogue


def stored() -> Catalog:
    """The French catalogue."""
    return (
        read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="fr")
        if CATALOGUE.exists()
        else Catalog(locale="fr", project="Heard")
    )


def faults(source: Catalog, french: Catalog) -> list[str]:
    """Missing, fuzzy, with other placeholders than the English, or with a space that breaks before a sign."""
    out = []
    for message in source:
        if not message.id:
            continue
        there = french.get(message.id)
        texts = [there.string] if there and isinstance(there.string, str) else list(there.string) if there else []
        where = ":".join(map(str, message.locations[0])) if message.locations else ""
        one = message.id if isinstance(message.id, str) else message.id[0]
        if not texts or not all(texts) or (there and there.fuzzy):
            out.append(f"untranslated: {one!r} ({where})")
            continue
        wanted = set(PLACEHOLDER.findall(one if isinstance(message.id, str) else message.id[1]))
        if any(set(PLACEHOLDER.findall(text)) - wanted for text in texts) or wanted - set(
            PLACEHOLDER.findall(texts[-1])
        ):
            out.append(f"other placeholders: {one!r} ({where})")
        if any(BREAKS.search(text) for text in texts):
            out.append(f"a plain space before : ; ? ! » or behind «: {one!r} ({where})")
    return out


def update(source: Catalog, french: Catalog) -> None:
    """New strings in, unused ones out; existing translations stay."""
    french.update(source, no_fuzzy_matching=True)
    french.obsolete.clear()
    for message in french:
        message.locations = []  # line numbers would change with every commit
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, french, width=120, sort_output=True, omit_header=False, include_previous=False)


def main() -> int:
    """1 and the faults, or 0."""
    source, french = collected(), stored()
    if "--update" in sys.argv:
        update(source, french)
        print(f"{len(source)} strings, {len(faults(source, stored()))} to translate in {CATALOGUE.relative_to(ROOT)}")
        return 0
    found = faults(source, french)
    print("\n".join(found[:50]) or f"{len(source)} strings, all of them in French")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
