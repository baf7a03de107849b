"""Mail servers for the tests of this folder; HEARD_SMTP_URL points to them."""

import pytest

from heard.kit.settings import settings
from tests.mail_server import receiving


@pytest.fixture
def server(monkeypatch):
    with receiving() as made:
        monkeypatch.setattr(settings(), "smtp_url", made.url)
        yield made


@pytest.fixture
def international(monkeypatch):
    """One that takes addresses in all letters."""
    with receiving(international=True) as made:
        monkeypatch.setattr(settings(), "smtp_url", made.url)
        yield made
