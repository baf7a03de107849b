"""Briefs from real rows: frozen facts, one hash, evidence."""

import pytest

from insights import briefs
from tests.insights.scene import library, write

pytestmark = pytest.mark.both


def test_both_briefs_rest_on_the_same_facts(world):
    library(world)
    product, leadership = write(world, "product"), write(world, "leadership")
    assert product.facts == leadership.facts
    assert product.facts_hash == leadership.facts_hash
    print(briefs.plain_text(leadership))
