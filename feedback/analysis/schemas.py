"""What the API says about a cross table."""

from typing import TYPE_CHECKING

from pydantic import BaseModel

from feedback.collect.counters import K

if TYPE_CHECKING:
    from feedback.analysis.asking import Asked


class SideOut(BaseModel):
    """A row or a column: an answer to its question. `option`: its id, where it is one; `none`: no answer was given."""

    label: str
    option: int | None
    none: bool
    n: int | None  # responses of the row that the table describes; null where that is hidden


class CellOut(BaseModel):
    """Counts and share (0..1) of the row; null where they are hidden."""

    n: int | None
    share: float | None


class CrossingOut(BaseModel):
    """A table of two questions. `base`: the responses it describes, of `n` in all."""

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

    @classmethod
    def of(cls, asked: "Asked", where: str) -> "CrossingOut":
        """From a table that may be shown."""
        table = asked.table
        return cls(
            rows_field=asked.rows.id, columns_field=asked.columns.id, where=where, n=asked.n, base=table.base, k=K,
            hidden=table.hidden,
            rows=[
                SideOut(label=c.label, option=c.option, none=c.is_none, n=n)
                for c, n in zip(table.rows, table.row_bases, strict=True)
            ],
            columns=[SideOut(label=c.label, option=c.option, none=c.is_none, n=None) for c in table.columns],
            cells=[[CellOut(n=cell.n, share=cell.share) for cell in line] for line in table.cells],
        )  # fmt: skip
