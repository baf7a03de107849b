"""Spans of time in words, in the reader's language."""

from datetime import timedelta

from heard.kit.i18n import language


def ago(span: timedelta) -> str:
    """“2 minutes ago”, “il y a 2 minutes”."""
    from babel.dates import format_timedelta  # slow to load

    past = -max(span, timedelta(minutes=1))
    return format_timedelta(past, add_direction=True, granularity="minute", threshold=1.5, locale=language())


def length(span: timedelta) -> str:
    """“9 days”, “3 hours”."""
    from babel.dates import format_timedelta

    return format_timedelta(max(span, timedelta(minutes=1)), granularity="minute", threshold=1.5, locale=language())
