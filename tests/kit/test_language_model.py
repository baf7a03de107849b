"""The operator's language model: asked as the published API wants it, and no model where it answers badly."""

import time

import pytest

from heard import checks
from heard.kit import language_model
from heard.kit.errors import Misconfigured
from heard.kit.language_model import LanguageModelAway
from heard.kit.settings import settings
from tests.language_model_server import completion, fails, put, redirects, says, speaking, ten_megabytes, trickles


@pytest.fixture
def model(monkeypatch):
    with speaking() as made:
        monkeypatch.setenv("HEARD_LLM_URL", made.url + "/")
        settings.cache_clear()
        yield made
    settings.cache_clear()


@pytest.fixture
def setting(monkeypatch):
    def put_in(**values):
        for name, value in values.items():
            monkeypatch.setenv(f"HEARD_{name.upper()}", value)
        settings.cache_clear()

    yield put_in
    settings.cache_clear()


def ask(longest=80):
    return language_model.complete("You name things.", "Name this.", longest=longest)


def test_it_is_asked_as_published_and_its_words_come_back(model):
    model.answer = says("  Opening hours\n")
    assert ask() == "Opening hours"
    (asked,) = model.asked
    assert asked.body["model"] == "small-model"  # the first that it lists
    assert [m["role"] for m in asked.body["messages"]] == ["system", "user"]
    assert (asked.body["temperature"], asked.body["seed"], asked.body["stream"]) == (0, 0, False)
    assert "tools" not in asked.body
    assert "authorization" not in asked.headers


def test_the_model_and_the_key_that_the_operator_named_are_used(model, setting):
    model.key = "sk-hush"
    with pytest.raises(LanguageModelAway, match="401") as refused:
        ask()
    setting(llm_key="sk-hush", llm_model="large-model")
    assert ask() == "Opening hours"
    assert model.asked[-1].body["model"] == "large-model"
    assert "hush" not in refused.value.message


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (fails, "500"),
        (redirects, "307"),
        (ten_megabytes, "too long"),
        (lambda http, _: put(http, 200, b"<html>busy</html>"), "no JSON"),
        (lambda http, _: put(http, 200, b"[" * 100_000), "no JSON"),
        (lambda http, _: put(http, 200, {"choices": []}), "form"),
        (lambda http, _: put(http, 200, [1]), "form"),
        (lambda http, _: put(http, 200, completion(None)), "empty"),
        (lambda http, _: put(http, 200, completion("cut o", finish_reason="length")), "too long"),
        (says("x" * 81), "too long"),
        (lambda http, _: put(http, 200, b"\x1f\x8b", Content_Encoding="gzip"), "packed"),
        (lambda http, _: http.wfile.write(b"SSH-2.0-OpenSSH\r\n"), "cannot be used"),
    ],
    ids=["500", "redirect", "10 MB", "html", "nested", "none", "list", "null", "cut off", "too long", "gzip", "ssh"],
)
def test_every_bad_answer_is_no_model(model, answer, why):
    model.answer = answer
    with pytest.raises(LanguageModelAway, match=why) as away:
        ask()
    assert model.host in away.value.message
    assert away.value.hint
    assert model.sent < 10_000_000


def test_a_server_that_sends_a_byte_at_a_time_is_left(model, monkeypatch):
    monkeypatch.setattr(language_model, "SECONDS", 0.3)
    model.answer = trickles
    began = time.monotonic()
    with pytest.raises(LanguageModelAway, match="longer than"):
        ask()
    assert time.monotonic() - began < 60  # the trickle would go on for longer


def test_nobody_listening_and_none_set_up_are_no_model(setting):
    with pytest.raises(LanguageModelAway, match="No language model"):
        ask()
    setting(llm_url="http://127.0.0.1:9/v1")
    with pytest.raises(LanguageModelAway, match=r"127\.0\.0\.1:9"):
        ask()


@pytest.mark.parametrize(
    ("name", "value"),
    [("llm_url", "http://u:hush@127.0.0.1/v1"), ("llm_url", "http://127.0.0.1/v1?key=hush"), ("llm_key", "hush\nX: y")],
)
def test_secrets_in_the_wrong_place_are_refused_without_being_told(setting, name, value):
    setting(**{name: value})
    with pytest.raises(Misconfigured) as refused:
        settings()
    assert f"HEARD_{name.upper()}" in refused.value.message
    assert "hush" not in refused.value.message


def test_check_says_which_model_answers_and_where(model):
    (found,) = checks._language_model()
    assert (found.state, "small-model" in found.what, model.host in found.what) == ("good", True, True)


def test_check_says_what_is_wrong_with_it(model, setting):
    setting(llm_model="medium-model")
    (found,) = checks._language_model()
    assert found.state == "bad"
    assert "small-model, large-model" in found.what
    assert found.hint == "HEARD_LLM_MODEL=small-model"
    setting(llm_url="http://127.0.0.1:9/v1")
    assert [c.state for c in checks._language_model()] == ["bad"]
    setting(llm_url="")
    assert list(checks._language_model()) == []
