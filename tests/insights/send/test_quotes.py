"""A brief that nobody has read goes without people's own words, and with every sentence of ours."""

from sqlmodel import select

from feedback.models import Comment
from heard.kit import web
from heard.kit.db import reading
from insights.send.quotes import without_quotes
from insights.write.composing import sentences_of
from tests.insights.scene import library, write


def test_no_word_of_a_comment_is_left_in_either_kind_of_brief(world):
    library(world)
    for audience in ("leadership", "product"):
        brief = write(world, audience)
        with reading() as session:
            said = [comment.text for comment in session.exec(select(Comment))]
        whole, bare = (
            web.render("mail/brief/text.txt", brief=tree, audience=audience, facts_hash="", address="", foot="")
            for tree in (brief.text, without_quotes(brief.text))
        )
        assert any(text in whole for text in said), audience
        assert not any(text in bare for text in said), audience


def test_what_is_left_is_as_it_was_and_the_tree_is_not_touched(world):
    library(world)
    brief = write(world)
    before = repr(brief.text)
    bare = without_quotes(brief.text)
    assert repr(brief.text) == before
    assert bare["bottom"] == brief.text["bottom"]
    assert [f["sentence"] for f in bare["findings"]] == [f["sentence"] for f in brief.text["findings"]]
    assert list(sentences_of(bare)) == []  # it is frozen: positions, no sentences to number again
