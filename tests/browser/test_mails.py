"""Mails of briefs in a real browser: nothing to move sideways at 360 px, whatever was asked."""

import pytest

from tests.insights.send.test_mail_html import a_large_tree, a_mail, html_of, mail_of_tree
from tests.insights.some_facts import library_facts, rich_facts

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 680])
def test_a_mail_is_as_wide_as_the_screen(chromium, width):
    page = chromium.new_page(viewport={"width": width, "height": 900})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    made = [
        a_mail(facts, audience, "fr")
        for facts in (library_facts(), rich_facts())
        for audience in ("leadership", "product")
    ]
    for html in [*made, html_of(mail_of_tree(a_large_tree(3)))]:
        page.set_content(html)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        sizes = page.evaluate(
            "[...document.querySelectorAll('p, h1, h2, a')].map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= 14
    assert asked == [], "nothing is loaded from anywhere"
    page.close()
