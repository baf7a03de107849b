"""Themes of small and odd sets, at two nested levels, and the place of later answers. With and without the encoder."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.themes import clustering, embedding
from feedback.themes.clustering import cluster, join, matching
from feedback.themes.similarity import Answers, Space
from feedback.themes.text import language

SUNDAY = """open the library on Sunday please|please open the library on Sunday|Open the library on Sundays
open on Sunday please really|can the library open on Sunday|Could you open the library on Sundays?
library should be open on Sunday|Sunday opening please|I would love the library to open on Sunday
open the library on Sunday, really|Please please open on Sundays|why is the library closed on Sunday? open it please
opening on Sunday would help my family""".replace("\n", "|").split("|")
STAFF = """The staff are so friendly|friendly and helpful staff|staff always help me find books|very kind staff at the desk
the librarians are lovely|Staff were rude to my son|the people who work there are wonderful""".replace("\n", "|").split(
    "|"
)
HEATING = """the reading room is freezing in winter|too cold in the library|heating is broken again|please fix the heating
It is cold upstairs, I keep my coat on|heating please|the radiators do not work""".replace("\n", "|").split("|")
CHILDREN = """more children's books please|more picture books for kids|the children's section is small
my kids want more comics|a bigger children's corner|more books for teenagers""".replace("\n", "|").split("|")
ALL = SUNDAY + STAFF + HEATING + CHILDREN


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    found = embedding.encoder(tmp_path_factory.mktemp("models"))
    if found is None:
        pytest.skip("the model package is not installed")
    return found


@pytest.fixture(scope="module")
def answers(encoder):
    def made(texts: list[str]) -> Answers:
        return Answers(texts, encoder.encode(texts), language(texts))

    return made


def themes_holding(found: clustering.Clustering, texts: list[str], some: list[str]) -> Counter[int]:
    return Counter(found.theme[[texts.index(text) for text in some]].tolist())


def test_a_small_poll_has_a_handful_of_themes_and_each_holds_what_belongs_together(answers):
    found = cluster(answers(ALL))
    assert 3 <= len(found.parent) <= 8
    assert themes_holding(found, ALL, SUNDAY).most_common(1)[0][1] >= 12
    assert themes_holding(found, ALL, STAFF).most_common(1)[0][1] >= 6
    assert themes_holding(found, ALL, CHILDREN).most_common(1)[0][1] >= 5
    assert (found.theme < 0).sum() <= 3


def test_without_vectors_the_words_alone_find_the_plainest_theme():
    found = cluster(Answers(ALL))
    assert themes_holding(found, ALL, SUNDAY).most_common(1)[0][1] >= 10
    assert 3 <= len(found.parent) <= 12


def test_every_fine_theme_has_one_parent_and_both_levels_are_numbered_by_size(answers):
    found = cluster(answers(ALL * 2))
    for level in (found.theme, found.coarse):
        sizes = np.bincount(level[level >= 0])
        assert (sizes > 0).all()
        assert (np.diff(sizes) <= 0).all()
    for theme in range(len(found.parent)):
        assert set(found.coarse[found.theme == theme].tolist()) == {int(found.parent[theme])}
    assert len(set(found.parent.tolist())) <= len(found.parent)


def test_the_same_input_gives_the_same_bytes(answers):
    some = answers(ALL)
    one, two = cluster(some), cluster(some)
    assert one.theme.tobytes() == two.theme.tobytes()
    assert one.score.tobytes() == two.score.tobytes()
    assert one.parent.tobytes() == two.parent.tobytes()


def test_near_duplicates_share_a_theme_and_blank_answers_stand_alone(answers):
    texts = [*ALL, "THE STAFF ARE SO FRIENDLY!!", "", "🎉", "..."]
    found = cluster(answers(texts))
    assert found.theme[len(ALL)] == found.theme[texts.index("The staff are so friendly")]
    assert found.theme[-3:].tolist() == [-1, -1, -1]
    assert found.score[-3:].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("texts", "themes"),
    [
        ([], 0),
        (["🎉"] * 9, 0),
        (["The nurse was kind"], 0),
        (["The nurse was kind"] * 2, 1),
        (["The nurse was kind"] * 2 + ["too cold"] * 2, 2),
        (["The nurse was kind"] * 10_000, 1),
    ],
    ids=["none", "emoji", "one", "two", "four", "ten thousand"],
)
def test_tiny_and_uniform_sets(answers, texts, themes):
    for some in (answers(texts), Answers(texts)):
        found = cluster(some)
        assert len(found.parent) == themes
        assert len(found.theme) == len(found.score) == len(texts)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=40))
def test_no_list_of_texts_breaks_the_lexical_way(texts):
    found = cluster(Answers(texts))
    assert len(found.theme) == len(texts)
    assert found.theme.max(initial=-1) + 1 == len(found.parent)
    assert ((found.score >= 0) & (found.score <= 1)).all()


def test_each_language_loses_its_own_mean_so_that_themes_do_not_follow_languages():
    rng = np.random.default_rng(7)
    tongue = np.repeat(np.eye(2), 60, axis=0) * 3
    vectors = np.hstack([tongue, rng.normal(size=(120, 6))]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    some = Answers([f"answer {i}" for i in range(120)], vectors, ["en"] * 60 + ["fr"] * 60)
    dense = Space(some).place(some).dense
    assert dense is not None
    apart = np.linalg.norm(dense[:60].mean(axis=0) - dense[60:].mean(axis=0))
    assert apart < 0.25 * np.linalg.norm(vectors[:60].mean(axis=0) - vectors[60:].mean(axis=0))


def test_a_large_set_is_clustered_by_landmarks_and_the_rest_joins(monkeypatch, answers):
    texts = [f"{text} {number}" for number in range(12) for text in ALL]
    monkeypatch.setattr(clustering, "EXACT", 200)
    monkeypatch.setattr(clustering, "LANDMARKS", 120)
    found = cluster(answers(texts))
    assert (found.theme >= 0).mean() > 0.9
    sunday = found.theme[[place for place, text in enumerate(texts) if any(text.startswith(said) for said in SUNDAY)]]
    assert Counter(sunday.tolist()).most_common(1)[0][1] > 0.3 * len(sunday)


def said(subject: list[str], state: list[str]) -> list[str]:
    return [f"{thing} {how}" for thing in subject for how in state]


STAFF_NOW = ["kind", "friendly", "rude", "very helpful", "caring", "patient"]
FOOD_NOW = ["cold", "tasty", "late", "too salty", "very good", "awful"]
PARK_NOW = ["expensive", "full", "too small", "far", "badly lit", "free"]
OLD = [
    *said(["the staff are", "your staff were", "all staff seem", "the nurses are"], STAFF_NOW),
    *said(["the food is", "our lunch was", "the meals are", "the soup was"], FOOD_NOW),
    *said(["the parking is", "the car park was", "parking here is", "the parking spaces are"], PARK_NOW),
]
NEW_GROUND = said(["the website is", "your web page was", "the online form is"], ["slow", "broken", "confusing"])


def test_old_answers_stay_new_ones_join_and_new_ground_opens_a_theme(answers):
    old = answers(OLD)
    stand = cluster(old).theme
    joined = join(
        old, stand, answers(["the staff were lovely and helpful", "the food was horrible and cold", *NEW_GROUND])
    )
    assert joined.theme[0] in stand[:24]
    assert joined.theme[1] in stand[24:48]
    opened = joined.theme[2:]
    assert (opened >= joined.first).sum() >= 5
    assert len(joined.beside) == len(set(opened[opened >= joined.first].tolist()))


def test_nothing_new_opens_nothing(answers):
    texts = OLD.copy()
    random.Random(7).shuffle(texts)
    old = answers(texts[:60])
    joined = join(old, cluster(old).theme, answers(texts[60:]))
    assert len(joined.beside) == 0
    assert (joined.theme < joined.first).all()


def test_a_new_answer_said_before_takes_the_theme_it_had(answers):
    old = answers(OLD)
    stand = cluster(old).theme
    again = join(old, stand, answers([text.upper() for text in OLD[::5]]))
    assert again.theme.tolist() == stand[::5].tolist()


def test_joining_works_from_nothing_and_with_nothing(answers):
    empty = join(answers([]), np.zeros(0, np.int64), answers(NEW_GROUND))
    assert len(empty.theme) == len(NEW_GROUND)
    assert empty.first == 0
    none = join(answers(OLD), cluster(answers(OLD)).theme, answers([]))
    assert none.theme.tolist() == []
    blank = join(answers(OLD), cluster(answers(OLD)).theme, answers(["", "🎉"]))
    assert blank.theme.tolist() == [-1, -1]
    lexical = Answers(OLD)
    assert len(join(lexical, cluster(lexical).theme, Answers(NEW_GROUND)).theme) == len(NEW_GROUND)


def test_matching_pairs_each_new_theme_with_the_old_one_it_shares_most_with():
    assert matching([0, 0, 0, 1, 1, 1, -1], [1, 1, 1, 0, 2, 2, 2]) == {1: 0, 2: 1}
    assert matching([-1, -1], [0, 0]) == {}
    assert matching([], []) == {}
