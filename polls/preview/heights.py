"""How high a poll is inside a frame, before a browser has drawn it: an estimate for those who must know beforehand. Pure.

Kinds say how high their controls are (`Kind.height_of`); what words take is counted here, by the letters that a line holds.
Measured in Chromium at 320 and 600 px; tests/browser/test_embed.py holds the estimate against what is drawn.
"""

from collections.abc import Iterable
from math import ceil

from polls.kinds.kind import FrozenQuestion, kind_of

LEAST, MOST = 200, 1000  # what a frame may have in WordPress
AROUND, NARROW, MORE = 153, 480, 44  # px: margins, the button, the line below it; which is three in a narrow frame
LETTER, LARGE = 7.6, 10.5  # px of a letter, on the average: of text, and of the question
LINE, LARGE_LINE, GAP = 24, 27, 24


def height_in_frame(questions: Iterable[FrozenQuestion], *, title: str = "", intro: str = "", width: int = 600) -> int:
    """px, between LEAST and MOST. `title`: where it stands above the questions. Questions that are asked under conditions
    are not counted: few ballots begin with them."""
    room = width - 32
    high = AROUND + (MORE if width < NARROW else 0)
    for text, line, letter in ((title, LARGE_LINE, LARGE), (intro, LINE, LETTER)):
        high += 16 + line * _lines(text, letter, room) if text else 0
    asked = [q for q in questions if not q.conditions]
    high += sum(_height(q, room) for q in asked) + GAP * max(0, len(asked) - 1)
    return max(LEAST, min(MOST, round(high)))


def _height(question: FrozenQuestion, room: int) -> int:
    high = LARGE_LINE * _lines(question.wording, LARGE, room) + 12 + kind_of(question.kind).height_of(question)
    high += sum(LINE * (_lines(o.label, LETTER, room - 66) - 1) for o in question.options if not o.moderated)
    for text, line, more in (
        (question.help, 21, 8),
        (question.section, LARGE_LINE, 40),
        (question.section_intro, LINE, 4),
    ):
        high += more + line * _lines(text, LETTER, room) if text else 0
    return high


def _lines(text: str, letter: float, room: int) -> int:
    return max(1, ceil(len(text) * letter / max(1, room)))  # whoever asks may have no room at all
