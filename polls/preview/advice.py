"""What a member may stumble over in a poll: advice for its writer, which never blocks. Pure; English and French polls.

The words that are looked for are in the poll's language, what is said about them in the language of this context. Ten
questions and three minutes: phones take longer and break off about twice as often. Grammar and spelling are never judged.
"""

from heard.kit.i18n import _, number
from polls.preview.advice_asked import Advice, Asked
from polls.preview.advice_options import options_advice
from polls.preview.advice_wording import wording_advice
from polls.preview.minutes import minutes, minutes_words
from polls.write.drafts import PollDraft

MOST_QUESTIONS, MOST_MINUTES = 10, 3.0

__all__ = ["Advice", "advice"]


def advice(draft: PollDraft) -> list[Advice]:
    """Everything there is to say about a draft, in the order of its questions; the poll as a whole last."""
    found = []
    for at, question in enumerate(draft.questions):
        asked = Asked(at, question, draft.locale, draft.intro)
        found += [*wording_advice(asked), *options_advice(asked)]
    return found + _length(draft)


def _length(draft: PollDraft) -> list[Advice]:
    count, needed = len(draft.questions), minutes(draft.questions)
    if count > MOST_QUESTIONS:
        words = _("The poll has %(n)s questions; after %(most)s, many people leave.")
        return [
            Advice(
                "", "many_questions", words % {"n": number(count), "most": MOST_QUESTIONS},
                _("Keep those you will act on, and ask the others another time."),
            )
        ]  # fmt: skip
    if needed > MOST_MINUTES:
        words = _("The poll takes %(time)s; after %(most)s, many people leave, on phones twice as many.")
        return [
            Advice(
                "", "long_poll", words % {"time": minutes_words(needed), "most": minutes_words(MOST_MINUTES)},
                _("Leave out a question with open text or a long list, or ask it another time."),
            )
        ]  # fmt: skip
    return []
