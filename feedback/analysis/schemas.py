"""What the API says about a cross table."""

from typing import TYPE_CHECKING

from pydantic import BaseModel

from feedback.collect.counters import K

if TYPE_CHECKING:
    from feedback.analysis.asking import Asked
    from feedback.analysis.contrasts import Contrast


class SideOut(BaseModel):
    """A row or a column: an answer to its question. `option`: its id, where it is one; `none`: no answer was given."""

    label: str
    option: int | None
    none: bool
    n: int | None  # responses of the row that the table describes; null where that is hidden


class CellOut(BaseModel):
    """Counts and share (0..1) of the row; null where they are hidden. `at_least`: of a hidden cell of a small row that said
    the same, the share that it has or exceeds."""

    n: int | None
    share: float | None
    at_least: float | None


class ContrastOut(BaseModel):
    """Whether the answers of one question differ by those of the other, of the `n` people who gave both.

    v: Cramér's, 0..1; w: Cohen's (0.1 weak, 0.3 middling, 0.5 strong); p: how often chance alone gives a table as uneven, if
    these were a random sample. exact: Fisher's test, else chi-square; rough: cells are too thin for the p of chi-square.
    """

    v: float
    w: float
    p: float
    n: int
    exact: bool
    rough: bool


class CrossingOut(BaseModel):
    """A table of two questions. `base`: the responses it describes, of `n` in all. `test` is null where `untested` says why:
    hidden (cells are, and a test would help to reckon them), several (one person stands in several cells), little (fewer
    than two rows or columns have anybody)."""

    rows_field: str
    columns_field: str
    where: str
    n: int
    base: int
    k: int
    hidden: int
    rows: list[SideOut]
    columns: list[SideOut]
    cells: list[list[CellOut]]
    test: ContrastOut | None
    untested: str

    @classmethod
    def of(cls, asked: "Asked", found: "Contrast", where: str) -> "CrossingOut":
        """From a table that may be shown, and its test."""
        table = asked.table
        return cls(
            rows_field=asked.rows.id, columns_field=asked.columns.id, where=where, n=asked.n, base=table.base, k=K,
            hidden=table.hidden,
            rows=[
                SideOut(label=c.label, option=c.option, none=c.is_none, n=n)
                for c, n in zip(table.rows, table.row_bases, strict=True)
            ],
            columns=[SideOut(label=c.label, option=c.option, none=c.is_none, n=None) for c in table.columns],
            cells=[[CellOut(n=cell.n, share=cell.share, at_least=cell.at_least) for cell in line] for line in table.cells],
            test=ContrastOut(**vars(found.test)) if found.test else None, untested=found.why,
        )  # fmt: skip
