"""Escaping, redirects, forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heard.kit import web
from heard.kit.errors import BadInput


@pytest.mark.parametrize(
    "evil", ["//evil.example", "/\\evil", "https:evil", "https://evil", "javascript:x", "\\\\evil", "/a\nb", ""]
)
def test_only_paths_of_our_own_are_followed(evil):
    assert web.own_path(evil, "/home") == "/home"


def test_a_path_of_ours_is_kept():
    assert web.own_path("/m/garden/polls?x=1") == "/m/garden/polls?x=1"


@given(st.text())
def test_a_redirect_never_leaves_the_site(text):
    target = web.see_other(text).headers["location"]
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x\udfff"])
def test_text_that_a_database_cannot_hold_is_refused(text):
    with pytest.raises(BadInput):
        web.clean_text(text)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0\r")))
def test_any_other_text_is_kept_as_it_is(text):
    assert web.clean_text(text) == text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", " JavaScript:x", "vbscript:x", "x"])
def test_addresses_that_run_are_not_linked(address):
    assert web.http_only(address) == "#"


def test_both_environments_are_what_they_should_be():
    assert web.html_environment().from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    assert web.text_environment().from_string("{{ x }}").render(x="<b>") == "<b>"
