"""What a call of the API may bring: named fields only, and text that both databases hold."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Taken(BaseModel):
    """The base of every request. Never a table class; a field that is not named is refused (mass assignment)."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        _check(value)
        return value


def _check(value: Any) -> None:
    """Nested models have checked themselves, so that the error names the very field."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
            raise ValueError("a character that cannot be stored (NUL, or half of a surrogate pair)")
    elif isinstance(value, dict):
        for name, part in value.items():
            _check(name)
            _check(part)
    elif isinstance(value, list):
        for part in value:
            _check(part)


Short = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=20_000)]
Whole = Annotated[int, Field(strict=True, ge=0, lt=2**31)]
