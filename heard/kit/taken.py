"""What a call of the API may bring: named fields only, and text that both databases hold."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

MOST_DEPTH = 30


class Taken(BaseModel):
    """The base of every request. Never a table class; a field that is not named is refused (mass assignment)."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, sent: Any) -> Any:
        _check(sent)
        return sent


def _check(value: Any, depth: int = 0) -> None:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
            raise ValueError("a character that cannot be stored (NUL, or half of a surrogate pair)")
    elif isinstance(value, dict | list):
        if depth == MOST_DEPTH:
            raise ValueError("nested too deeply")
        for part in (*value, *value.values()) if isinstance(value, dict) else value:
            _check(part, depth + 1)


Short = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=20_000)]
Whole = Annotated[int, Field(strict=True, ge=0, lt=2**31)]
