import pytest

from polls.kinds.kind import BadAnswer, Value
from tests.polls.kinds.questions import counted, question, results_part, said

ASKED = question("nps")


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        ((10, 9, 9, 8, 7, 6, 0), 14),
        ((0,), -100),
        ((9,), 100),
        ((7, 8), 0),
        ((9, 0), 0),
        ((9,) + (7,) * 7, 13),
        ((0,) + (7,) * 7, -13),
    ],
)
def test_the_score_is_promoters_less_detractors_rounded_to_whole_points(answers, score):
    assert counted(ASKED, [[Value(number=n)] for n in answers]).nps == score


def test_the_sentence_says_what_the_score_is_made_of():
    result = counted(ASKED, [[Value(number=n)] for n in (10, 9, 7, 3)])
    assert result.finding == "The score is +25: 2 of 4 would recommend (9 or 10), 1 would not (0 to 6)."
    assert counted(ASKED, [[Value(number=3)]]).finding.startswith("The score is −100:")


def test_the_page_groups_the_eleven_steps_in_three():
    part = results_part(ASKED, counted(ASKED, [[Value(number=n)] for n in (10, 9, 7, 3)]))
    assert part.count('<li class="share') == 3
    assert part.count('<th scope="row">') == 11


@pytest.mark.parametrize("sent", ["-1", "11", "9.5"])
def test_only_zero_to_ten(sent):
    with pytest.raises(BadAnswer, match="from 0 to 10"):
        said(ASKED, [sent])
