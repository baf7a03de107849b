"""A brief that fits into a mail: Gmail cuts mails off at 102 kB, wherever that is; we stop earlier and say so. Pure."""

from collections.abc import Iterator

from insights.write.shown import Tree

MOST_BYTES = 70_000  # of the HTML, so that what mail programs add still fits
_STEPS = ((40, 12, 2), (12, 10, 1), (8, 8, 1), (5, 6, 0), (3, 5, 0), (1, 3, 0))  # of each list; options; quotes
_LISTS = ("changes", "trials", "groups", "open", "actions", "loop", "ask")


def shorter(tree: Tree) -> Iterator[Tree]:
    """The wording, then less and less of it: of all that comes in lists the first ones, which are the largest.

    What leadership is told is three findings and a decision: there, only the lines on how it was measured grow fewer.
    """
    # The HTML is longer than the wording in any case: what is far too long is not drawn at all.
    whole = [tree] if len(repr(tree)) < 2 * MOST_BYTES else []
    yield from whole
    for many, options, quotes in _STEPS:
        yield tree | {"cut": True, "measured": tree["measured"][: 3 + many]} | _told(tree, many, options, quotes)


def _told(tree: Tree, many: int, options: int, quotes: int) -> Tree:
    if "polls" not in tree:
        return {}
    themes = [theme | {"quotes": theme["quotes"][:quotes], "finer": []} for theme in tree["themes"][:many]]
    polls = [_poll(poll, many, options) for poll in tree["polls"][:many]]
    return {"polls": polls, "themes": themes} | {name: tree.get(name, [])[:many] for name in _LISTS}


def _poll(poll: Tree, many: int, options: int) -> Tree:
    asked = [
        question | {"options": question["options"][:options], "statements": question.get("statements", [])[:options]}
        for question in poll["questions"][:many]
    ]
    return poll | {"questions": asked, "segments": poll.get("segments", [])[:many]}
