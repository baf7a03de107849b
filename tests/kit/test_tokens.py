"""Secrets."""

import stat

from heard.kit import tokens
from heard.kit.settings import Settings


def test_a_derived_token_is_the_same_again_and_differs_by_purpose():
    assert tokens.derived("receipt", 1, "a") == tokens.derived("receipt", 1, "a")
    assert (
        len({tokens.derived("receipt", 1, "a"), tokens.derived("brief", 1, "a"), tokens.derived("receipt", 11, "a")})
        == 3
    )


def test_a_voter_key_has_43_characters():
    assert len(tokens.derived("voter", 1, "cookie", size=32)) == 43


def test_tokens_have_128_bits_or_more():
    assert len(tokens.fresh()) >= 22
    assert len({tokens.fresh() for _ in range(1000)}) == 1000


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    first, second = Settings(data=tmp_path, secret=""), Settings(data=tmp_path, secret="")
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
