"""Was this form filled in by a person? Two signs that need no script, no picture to solve and no third party. Pure, but for
the clock and the secret.

The first: a field that people neither see nor hear nor reach by keyboard (templates/feedback/traps.html); what fills it is a
program ("bot"). The second: when the form was shown stands in it, signed together with its nonce, so that it is good for
one ballot. What comes sooner than anybody reads and presses, or without it, never showed the page to anybody ("quick").

How soon is too soon. Between our clock's two readings lie the page's way to the reader and the ballot's way back, a look, a
choice, and two movements to a target. S. Card, T. Moran and A. Newell, Commun. ACM 23 (1980) 396-410, give 1.1 s to point
once, 0.2 s for a key and 1.35 s to make up one's mind. Whoever knows the question already needs half of that and reads
nothing: so one answer may come after 1.4 s, two after 2.25 s, and each further one is another movement. Words are not
reckoned, for those who know a poll do not read them. tests/feedback/integrity/test_pace.py replays 10,000 people.
"""

from collections.abc import Mapping, Sequence

from heard.kit import tokens
from heard.kit.clock import now
from polls.frozen import FrozenPoll

TRAP, SHOWN = "topic", "seen"  # fields of the form
ONE = 1.4  # seconds, for one answer
USUAL = 2.0
EACH = 0.25  # for each further answer
LAST_PAGE = 1.0  # of a ballot in pages: its last question is often passed over, and the pages before took their time
READ_IN_MAIL = "m"
SIGNED = 22  # characters of a signature


def stamp(poll_id: int, nonce: str, *, read_in_mail: bool = False) -> str:
    """What the form carries: when it was shown, and whether its answer was chosen in a mail, signed with the nonce."""
    at = f"{int(now().timestamp() * 1000):x}{READ_IN_MAIL if read_in_mail else ''}"
    return at + _signature(poll_id, nonce, at)


def is_genuine(poll_id: int, nonce: str, stamped: str) -> bool:
    """Whether we made it, for this nonce."""
    at, signature = stamped[:-SIGNED], stamped[-SIGNED:]
    return bool(at) and tokens.same(signature, _signature(poll_id, nonce, at))


def suspicion(
    poll: FrozenPoll, nonce: str, form: Mapping[str, Sequence[str]], answered: int, *, last_page: bool = False
) -> str:
    """ "bot", "quick" or "" for a form that was sent, with so many questions answered."""
    if any(form.get(TRAP, ())):
        return "bot"
    stamped = (form.get(SHOWN) or [""])[0][:100]
    if not is_genuine(poll.id, nonce, stamped):
        return "quick"
    at = stamped[:-SIGNED]
    if at.endswith(READ_IN_MAIL):
        return ""  # the question was read before, and one press is all there is to do
    seconds = now().timestamp() - int(at, 16) / 1000
    return "quick" if seconds < (LAST_PAGE if last_page else soonest(answered)) else ""


def soonest(answered: int) -> float:
    """Seconds below which nobody has looked at a form and answered so many of its questions."""
    return ONE if answered <= 1 else USUAL + EACH * (answered - 1)


def _signature(poll_id: int, nonce: str, at: str) -> str:
    return tokens.derived("shown", poll_id, nonce, at)
