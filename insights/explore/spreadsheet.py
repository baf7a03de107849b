"""A view as CSV: a line for each bar, so that what a chart shows and what its file holds are the same. Pure."""

from collections.abc import Iterable, Iterator

from heard.kit import csvio
from heard.kit.i18n import _
from insights.explore.figures import Bar, Figure, Group


def csv_lines(figures: Iterable[Figure]) -> Iterator[str]:
    """Question, item, answer, what it is split by, count, base, share, value; what is hidden is empty. A share is given
    from 30 people on, with the digits that it has on the page; “≥ 90” of a small group that said the same."""
    yield "\ufeff"
    yield csvio.line([
        "field", _("Question"), _("Item"), _("Answer given"), _("Part"), _("Count"), _("Base"), _("Percent"), _("Value"),
    ])  # fmt: skip
    for figure in figures:
        for group in figure.groups:
            for bar in group.bars:
                yield csvio.line([figure.name, figure.title, *_place(figure, group, bar), *_cells(bar)])


def _place(figure: Figure, group: Group, bar: Bar) -> tuple[str, str, str]:
    """Item, answer, part."""
    if figure.by_item:
        return group.label, bar.label, ""
    return (figure.about, group.label, bar.label) if group.label else (figure.about, bar.label, "")


def _cells(bar: Bar) -> list[str]:
    return [
        "" if bar.n is None else str(bar.n), "" if bar.of is None else str(bar.of), _percent(bar),
        "" if bar.value is None else f"{bar.value:.2f}",
    ]  # fmt: skip


def _percent(bar: Bar) -> str:
    if bar.at_least is not None:
        return f"≥ {100 * bar.at_least:.0f}"
    if bar.share is None or (bar.of or 0) < 30:
        return ""
    return f"{100 * bar.share:.{1 if (bar.of or 0) >= 1000 else 0}f}"
