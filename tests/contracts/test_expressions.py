"""L3: no regular expression of ours takes long, whatever the text: its work grows as the text does, not with its square."""

import re
import signal
import time

import pytest

from tests.contracts.expressions import Expression, crafted, expressions

SIZE = 4000
ENOUGH = 0.004  # seconds of this thread's time; what takes less is no question
TOO_MUCH = 24  # for a text eight times as long: 8 where it grows with it, 64 with its square
PATIENCE = 0.5  # seconds of processor time, where it would take for ever


class TooLong(Exception):
    """It was stopped."""


@pytest.fixture(autouse=True)
def stopped():
    """What takes for ever is ended: the engine looks for signals now and then."""

    def stop(*_args):
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


def taken(expression, text, patience=PATIENCE):
    """Seconds of this thread's time, `patience` at the most."""
    signal.setitimer(signal.ITIMER_PROF, patience)
    began = time.thread_time()
    try:
        expression.run(text)
        return time.thread_time() - began
    except TooLong:
        # the timer counts all threads: what another one took is no fault of the expression
        return float(patience) if time.thread_time() - began > patience / 2 else taken(expression, text, patience)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def steep(expression, size):
    """Texts for which the work grows faster than they do; looked at three times before it is said."""
    short, long = crafted(expression.pattern, size // 8), crafted(expression.pattern, size)
    for less, more in zip(short, long, strict=True):
        once = taken(expression, more)
        if once > ENOUGH and (once >= PATIENCE or _grows(expression, less, more)):
            yield f"{expression.place}: {expression.pattern.pattern[:80]!r} with {more[:12]!r}…{more[-4:]!r}"


def _grows(expression, less, more):
    """A busy machine makes one measurement longer, never each of a dozen."""
    before = min(taken(expression, less) for _n in range(5))
    return all(taken(expression, more) > max(ENOUGH, TOO_MUCH * before) for _n in range(12))


def test_the_work_of_every_expression_grows_as_the_text_does():
    found = [next(steep(expression, SIZE), "") for expression in expressions()]
    assert len(found) > 150, "all of them were looked at"
    assert [one for one in found if one] == []


@pytest.mark.parametrize(
    "pattern", [r"[\w.]+@", r"(a+)+b", r"\s*(.*?)\s*<", r"(?:\w|-)+\.com", r"x (?:[^)]*)\)", r"^(\d+)*$", r"\d+\.?\d*!"]
)
def test_an_expression_that_is_steep_is_found(pattern):
    assert next(steep(Expression("here", re.compile(pattern), {"sub", "fullmatch"}), SIZE), "")


@pytest.mark.long
def test_every_expression_reads_a_hundred_thousand_signs_at_once():
    """One that grows with the square would take half a minute."""
    slow, patience = [], 10 * PATIENCE
    for expression in expressions():
        most = max(taken(expression, text, patience) for text in crafted(expression.pattern, 100_000))
        if most >= patience:
            slow.append((expression.place, most))
    assert slow == []
