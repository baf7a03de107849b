from heard.kit.i18n import speaking
from polls.kinds.kind import FrozenOption, FrozenQuestion, Value, kind_of
from tests.polls.kinds.questions import counted, results_part, said

ASKED = FrozenQuestion(
    7, "yes_no", "Shall we?", options=tuple(FrozenOption(71 + n, w) for n, w in enumerate(("Yes", "No", "Abstain")))
)


def test_it_brings_its_own_three_options():
    assert kind_of("yes_no").fixed_options() == ("Yes", "No", "Abstain")
    with speaking("fr"):
        assert len(set(kind_of("yes_no").fixed_options())) == 3


def test_an_abstention_is_an_answer():
    result = counted(ASKED, [said(ASKED, ["73"]), said(ASKED, ["71"]), said(ASKED, ["71"])])
    assert (result.n, [o.count for o in result.options]) == (3, [2, 0, 1])
    assert "“Yes” leads with 2 of 3." in results_part(ASKED, result)


def test_it_is_ready_without_written_options():
    assert kind_of("yes_no").gaps(ASKED) == []
    assert said(ASKED, ["72"]) == [Value(option=72)]
