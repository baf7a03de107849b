"""Polls to begin with, written by us: the usual question for each occasion, in the wording that surveys have settled on.

Sources: the score, F. Reichheld, Harvard Business Review 81 (12), 2003 (its wording and its 0 to 10); effort, M. Dixon et
al., Harvard Business Review 88 (7/8), 2010, asked here of the thing itself and not as agreement; balanced and fully
labelled scales, "don't know" where somebody may not know, no agree/disagree: the Pew Research Center on writing questions.
Every starter passes polls/preview/advice.py without a word. What is only an example (names, topics) is there to be written over.
"""

from dataclasses import dataclass

from heard.kit.errors import NotFound
from heard.kit.i18n import _, language
from polls.kinds.kind import Draft
from polls.preview.minutes import minutes
from polls.write.drafts import PollDraft


@dataclass(frozen=True)
class Starter:
    """A poll to begin with, in the language of the context it was made in."""

    name: str
    title: str
    why: str  # one sentence: when to use it
    questions: tuple[Draft, ...]
    intro: str = ""
    results_rule: str = "after_vote"
    anonymous: bool = False
    locale: str = "en"

    @property
    def minutes(self) -> float:
        """How long it takes to answer."""
        return minutes(self.questions)

    @property
    def draft(self) -> PollDraft:
        """As an editor holds it."""
        return PollDraft(
            self.title, self.questions, self.intro, self.locale, results_rule=self.results_rule, anonymous=self.anonymous
        )  # fmt: skip


def starter(name: str) -> Starter:
    """The starter with this name. Raises NotFound."""
    for one in gallery():
        if one.name == name:
            return one
    raise NotFound()


def gallery() -> tuple[Starter, ...]:
    """All starters in the language of this context, the most asked-for first."""
    return (*_decisions(), *_scores(), *_meetings(), *_product(), *_people())


def _decisions() -> tuple[Starter, ...]:
    return (
        _starter(
            "feature_vote", _("Which feature next?"),
            _("Use it when you can build only some of several wishes, and want to know which help most people."),
            Draft("multiple", _("Which of these would help you most?"), (
                _("A search that finds older posts"), _("A calendar of all events"), _("Photos in answers"),
                _("A dark colour scheme"), _("Reminders by mail"),
            ), _("Choose up to three."), settings={"max": 3, "other": True}, shuffled=True),
            Draft("long_text", _("What would it help you to do?")),
        ),
        _starter(
            "proposal", _("A proposal to decide on"),
            _("Use it when one proposal is on the table and the community decides: yes, no, or abstain."),
            Draft("yes_no", _("Should we adopt this proposal?"), required=True),
            Draft("long_text", _("What is the reason for your answer?")),
            intro=_("Write the proposal here in two or three sentences: what changes, from when, and what it costs."),
        ),
        _starter(
            "name_vote", _("Choose a name"),
            _("Use it when several names are left and you want the one that most people like, and few dislike."),
            Draft("multiple", _("Which of these names do you like?"), (
                _("The Lighthouse"), _("Open Kitchen"), _("The Workshop"), _("Common Ground"),
            ), _("Choose as many as you like."), required=True, shuffled=True),
            Draft("short_text", _("Which name would you add?")),
            results_rule="after_close",
        ),
        _starter(
            "budget", _("Share out the budget"),
            _("Use it when money or time is limited, and it matters how much people want each thing."),
            Draft("points", _("How would you share out our budget?"), (
                _("Room"), _("Food"), _("Speakers"), _("Equipment"),
            ), _("You have 10 points. Give more points to what matters more to you."), settings={"budget": 10}, shuffled=True),
            Draft("long_text", _("What else should we spend money on?")),
        ),
    )  # fmt: skip


def _scores() -> tuple[Starter, ...]:
    reason = Draft("long_text", _("What is the reason for your score?"))
    return (
        _starter(
            "nps", _("Would you recommend us?"),
            _("Use it two to four times a year to see whether people would recommend you, and why (NPS)."),
            Draft("nps", _("How likely is it that you would recommend our community to a friend or colleague?")),
            reason,
        ),
        _starter(
            "csat", _("How satisfied are you?"),
            _("Use it right after a visit, an order or an answer of yours, while people remember it (CSAT)."),
            Draft("likert", _("How satisfied or dissatisfied are you with your last visit?"), (
                _("Very dissatisfied"), _("Dissatisfied"), _("Neither satisfied nor dissatisfied"), _("Satisfied"),
                _("Very satisfied"),
            )),
            Draft("long_text", _("What is the reason for your answer?")),
        ),
        _starter(
            "ces", _("How easy was it?"),
            _("Use it when somebody got something done with your help, to find what costs people effort (CES)."),
            Draft(
                "rating", _("How easy or difficult was it to get your problem solved?"),
                settings={"low": 1, "high": 7, "low_label": _("Very difficult"), "high_label": _("Very easy")},
            ),
            Draft("long_text", _("What made it easy or difficult?")),
        ),
    )  # fmt: skip


def _meetings() -> tuple[Starter, ...]:
    return (
        _starter(
            "event", _("Plan our next meeting"),
            _("Use it when you look for an evening that suits most people, before you book a room."),
            Draft("multiple", _("Which evenings suit you?"), (
                _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"),
            ), _("Choose all that suit you."), settings={"other": True}),
            Draft("single", _("How would you take part?"), (
                _("In the room"), _("By video"), _("I cannot come this time"),
            ), settings={"dont_know": True}),
            Draft("short_text", _("What do you need so that you can come?")),
        ),
        _starter(
            "next_topic", _("Topic of the next meeting"),
            _("Use it a week or two before a meeting, so that it is about what people want to hear."),
            Draft("multiple", _("Which topics would you come for?"), (
                _("News from the team"), _("A project of a member"), _("An introduction for new people"),
                _("Questions to the board"),
            ), settings={"other": True, "dont_know": True}, shuffled=True),
            Draft("short_text", _("Which question would you bring?")),
        ),
        _starter(
            "event_feedback", _("How was the event?"),
            _("Use it on the day after an event, for what to keep and what to change."),
            Draft("likert", _("How was the event for you?"), (
                _("Very bad"), _("Bad"), _("Neither good nor bad"), _("Good"), _("Very good"),
            )),
            Draft("multiple", _("Which parts were worth your time?"), (
                _("Talks"), _("Workshops"), _("Breaks"), _("Getting to know people"),
            ), settings={"other": True}, shuffled=True),
            Draft("long_text", _("What should we change next time?")),
        ),
        _starter(
            "retro", _("Look back together"),
            _("Use it at the end of a project or a season, with the people who took part."),
            Draft("long_text", _("What went well?")),
            Draft("long_text", _("What was difficult?")),
            Draft("short_text", _("Which one thing should we try next?")),
            anonymous=True,
        ),
    )  # fmt: skip


def _product() -> tuple[Starter, ...]:
    return (
        _starter(
            "trial_checkin", _("Trial: how is it going?"),
            _("Use it at each version of a trial, in the same words each time, so that the answers can be compared."),
            Draft("likert", _("How well does this version work for you?"), (
                _("Not at all well"), _("Slightly well"), _("Moderately well"), _("Very well"), _("Extremely well"),
            )),
            Draft("single", _("Compared with the version before, how is it?"), (
                _("Much worse"), _("Worse"), _("About the same"), _("Better"), _("Much better"),
            ), settings={"dont_know": True}),
            Draft("long_text", _("What got in your way?")),
        ),
        _starter(
            "bug_triage", _("How bad is this bug?"),
            _("Use it when several people report a fault, to learn whom it stops and where."),
            Draft("single", _("What does this bug do to your work?"), (
                _("It stops me"), _("It slows me down"), _("I notice it, and that is all"), _("I have not seen it"),
            ), settings={"dont_know": True}),
            Draft("multiple", _("Where have you seen it?"), (
                _("On a phone"), _("On a tablet"), _("On a computer"),
            ), settings={"other": True, "dont_know": True}),
            Draft("long_text", _("What did you do just before it happened?")),
        ),
        _starter(
            "roadmap_ranking", _("What should come first?"),
            _("Use it when all of it will be done, and the order is open."),
            Draft("ranking", _("In which order should we work on these?"), (
                _("Faster pages"), _("Better search"), _("A calendar"), _("Translations"), _("Easier sign-in"),
            ), _("Put what matters most to you first."), shuffled=True),
            Draft("long_text", _("What is missing from this list?")),
        ),
        _starter(
            "onboarding", _("Your first days with us"),
            _("Use it about a week after somebody joined, for what newcomers look for."),
            Draft(
                "rating", _("How easy or difficult was it to find your way in your first days?"),
                settings={"low": 1, "high": 7, "low_label": _("Very difficult"), "high_label": _("Very easy")},
            ),
            Draft("multiple", _("What did you look for first?"), (
                _("People to talk to"), _("An answer to a question"), _("The rules"), _("Events"),
            ), settings={"other": True}, shuffled=True),
            Draft("long_text", _("What is still unclear to you?")),
        ),
    )  # fmt: skip


def _people() -> tuple[Starter, ...]:
    return (
        _starter(
            "open_box", _("Open box"),
            _("Use it all year round, for what nobody has asked people about."),
            Draft("long_text", _("What would you like to tell us?"), required=True),
            Draft("single", _("What is it about?"), (
                _("An idea"), _("A problem"), _("A question"), _("A thank-you"),
            ), settings={"other": True}),
            intro=_("A person reads everything that is written here. We answer in public, without names."),
            results_rule="never", anonymous=True,
        ),
        _starter(
            "statements", _("What do you think of these ideas?"),
            _("Use it to find what people of different opinions have in common: they vote on each idea."),
            Draft("statements", _("What do you think of each of these ideas?"), (
                _("We should meet once a month."), _("New members should have a person to ask."),
                _("The newsletter should be shorter."), _("Members should lead the meetings in turn."),
            ), _("Pass where you have no opinion."), shuffled=True),
            Draft("long_text", _("Which idea of your own would you add?")),
        ),
        _starter(
            "exit", _("Before you go"),
            _("Use it when somebody leaves, once, and without asking them to stay."),
            Draft("single", _("What is the main reason why you are leaving?"), (
                _("I have too little time"), _("It costs too much"), _("I found what I needed"),
                _("I found something that suits me better"), _("The tone among members"), _("I would rather not say"),
            ), settings={"other": True}, shuffled=True, keep_last=1),
            Draft("long_text", _("What could we have done better?")),
            Draft("single", _("Can you imagine coming back one day?"), (
                _("Yes"), _("Perhaps"), _("No"),
            ), settings={"dont_know": True}),
            results_rule="never", anonymous=True,
        ),
    )  # fmt: skip


def _starter(
    name: str, title: str, why: str, *questions: Draft, intro: str = "", results_rule: str = "after_vote", anonymous: bool = False
) -> Starter:  # fmt: skip
    return Starter(name, title, why, questions, intro, results_rule, anonymous, language())
