"""What of a person stands in a quote is found and masked: 95 of 100 of each kind (trust.md, R7), and hardly anything else."""

from collections import Counter

import pytest

from insights.write import personal
from tests.insights.write.personal_items import HARMLESS, items

KINDS = {
    "e-mail": {"e-mail", "link"},
    "phone": {"number"},
    "card": {"number"},
    "handle": {"handle", "e-mail"},
    "name": {"name"},
}


def test_of_500_sentences_95_percent_of_each_kind_are_found_and_masked():
    missed = Counter()
    for item in items():
        (seen,) = personal.look([item.text])
        if any(piece in seen.text for piece in item.hidden) or not KINDS[item.kind] & set(seen.found):
            missed[item.kind] += 1
    assert sum(missed.values()) <= 25, missed
    assert all(n <= 5 for n in missed.values()), missed


def test_of_20_harmless_sentences_none_is_touched():
    assert [(one.text, one.found) for one in personal.look(HARMLESS)] == [(text, ()) for text in HARMLESS]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Sarah Okafor at the desk was kind", "[name] at the desk was kind"),
        ("I met Jean-Pierre Roussel there", "I met [name] there"),
        ("thanks to Mme Ferrand and to Luc", "thanks to [name] and to [name]"),
    ],
)
def test_a_name_is_masked_with_its_surname(text, shown):
    (seen,) = personal.look([text])
    assert (seen.text, seen.found) == (shown, ("name",))


def test_a_word_that_others_write_small_is_no_name():
    texts = ["we like the Garden", "the garden is dark"]
    assert [one.found for one in personal.look(texts)] == [(), ()]
