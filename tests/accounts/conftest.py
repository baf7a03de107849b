import pytest

from tests.browser_client import Client


@pytest.fixture
def newcomer(database):
    """A browser at an install where nobody lives yet."""
    with Client() as browser:
        yield browser
