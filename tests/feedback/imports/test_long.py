"""The long format: streamed where submissions stand together, and still right where they do not."""

from random import Random

import pytest

from feedback.imports import formats, long
from heard.kit.errors import BadInput
from tests.feedback.imports.samples import SAMPLES, counts, read

HEAD = "submission_id,collected_at,field_id,field_type,value,email,language\n"


@pytest.mark.parametrize("a_round", [100_000, 2])
def test_scattered_rows_give_the_same_responses_in_any_number_of_rounds(monkeypatch, a_round):
    monkeypatch.setattr(long, "A_ROUND", a_round)
    first, *rows = SAMPLES["long"].decode().split("\r\n")[:-1]
    whole = read(SAMPLES["long"])
    Random(3).shuffle(rows)
    layout, responses, refused = read("\r\n".join([first, *rows]).encode())
    assert (layout.rows, layout.rounds > 0, refused) == (6, True, [])
    assert whole[0].rounds == 0
    assert counts(layout, responses) == counts(*whole[:2])
    assert {r.submission_id for r in responses} == {r.submission_id for r in whole[1]}


def test_a_layout_that_does_not_say_how_rows_stand_gathers_them_all():
    form, sheets = formats.opened(SAMPLES["long"])
    layout = form.survey(sheets)
    together = list(form.responses(sheets, layout))
    layout.rounds = 1
    assert list(form.responses(sheets, layout)) == together


def test_a_million_different_texts_are_not_remembered():
    rows = "".join(f"s{n},,why,text,words {n},,\n" for n in range(5_000))
    layout, _responses, _refused = read((HEAD + rows).encode())
    assert len(layout.fields["why"].labels) <= 1_001


def test_the_words_of_other_are_no_options():
    rows = "a,,q,multi,Tea,,\na,,q,multi,Other: Milk,,\nb,,q,multi,Don't know,,\n"
    layout, _responses, _refused = read((HEAD + rows).encode())
    draft = layout.fields["q"].draft()
    assert (draft.kind, draft.settings) == ("multiple", {"other": True, "dont_know": True})
    assert "Other: Milk" not in draft.options


def test_more_questions_than_can_be_held_are_refused():
    with pytest.raises(BadInput, match="5,001 columns"):
        read((HEAD + "".join(f"a,,q{n},text,x,,\n" for n in range(5_001))).encode())
