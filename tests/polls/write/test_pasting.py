import pytest
from hypothesis import given
from hypothesis import strategies as st

from polls.write.pasting import options_from


@pytest.mark.parametrize(
    ("pasted", "options"),
    [
        ("Mon\nTue\n\n  Wed  ", ["Mon", "Tue", "Wed"]),
        ("1. Mon\r\n2. Tue\r\n3. Wed", ["Mon", "Tue", "Wed"]),
        ("1) Mon\n2) Tue", ["Mon", "Tue"]),
        ("(1) Mon\n(2) Tue", ["Mon", "Tue"]),
        ("4.Mon\n5.Tue", ["Mon", "Tue"]),
        ("a) Mon\nb) Tue\nc) Wed", ["Mon", "Tue", "Wed"]),
        ("- Mon\n* Tue\n• Wed", ["Mon", "Tue", "Wed"]),
        ("- [ ] Mon\n- [x] Tue", ["Mon", "Tue"]),
        ("– lundi\n– mardi", ["lundi", "mardi"]),
        ("Mon;Tue;Wed", ["Mon", "Tue", "Wed"]),
        ("Mon, Tue, Wed", ["Mon", "Tue", "Wed"]),
        ("Mon\tTue", ["Mon", "Tue"]),
        ('"Mon, early","Mon, late"', ["Mon, early", "Mon, late"]),
        ('"Mon"\n"Tue ""late"""', ["Mon", 'Tue "late"']),
        ("1\tMon\n2\tTue", ["Mon", "Tue"]),
        ("Library\t12 Mill St\nCafé\t3 High St", ["Library – 12 Mill St", "Café – 3 High St"]),
        ("One thing", ["One thing"]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_what_people_paste_becomes_options(pasted, options):
    assert options_from(pasted) == options


@pytest.mark.parametrize(
    "pasted",
    [
        "10. December\n12. December\n24. December",  # dates, not a numbered list
        "3 rooms\n4 rooms",
        "Yes, of course\nNo, thank you",  # commas inside lines
        "1. Mon\nTue",  # one line has a number, the other has none
        "-5 °C\n-10 °C",
        "2.5 hours\n3.5 hours",
        "a.m.\np.m.",
    ],
)
def test_what_only_looks_like_a_list_stays_as_it_is(pasted):
    assert options_from(pasted) == pasted.split("\n")


texts = st.text(st.characters(codec="utf-8"), max_size=80)
labels = st.lists(st.from_regex(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ ]{1,18}[A-Za-zÀ-ÿ]", fullmatch=True), min_size=2, max_size=12)


@given(texts)
def test_every_option_is_one_stripped_line(pasted):
    assert all(option and option.strip() == option and len(option.splitlines()) == 1 for option in options_from(pasted))


@given(texts)
def test_reading_twice_changes_nothing_more_once_there_are_two(pasted):
    once = options_from(pasted)
    if len(once) > 1:
        assert options_from("\n".join(once)) == once


@given(labels)
def test_plain_words_survive_every_way_of_listing_them(words):
    assert options_from("\n".join(words)) == words
    assert options_from("\n".join(f"{n}. {w}" for n, w in enumerate(words, 1))) == words
    assert options_from("\n".join(f"• {w}" for w in words)) == words
    assert options_from(";".join(words)) == [" ".join(w.split()) for w in words]
