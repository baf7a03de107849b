"""A language model that the operator has set up, asked over OpenAI's chat completions (Ollama, llama.cpp and others speak it).

    POST <HEARD_LLM_URL>/chat/completions  {"model", "messages": [system, user], "temperature": 0, "seed": 0, …}
    GET  <HEARD_LLM_URL>/models            {"data": [{"id"}, …]}

The address is the operator's, so it does not go through heard.kit.outbound. No redirect is followed, no tool offered, and of
an answer a small piece is read: JSON, not packed. Whoever asks treats LanguageModelAway as “there is no model”, and whatever
comes back as the words of a stranger. Hold no transaction.
"""

import asyncio
import json
import logging
from typing import Any
from urllib.parse import urlsplit

from heard.kit.errors import Unavailable
from heard.kit.i18n import _
from heard.kit.settings import settings

SECONDS = 60.0  # for a whole call: a small model on a processor writes a few words a second
LOOK_SECONDS = 10.0  # for the list of models
MOST_READ = 200_000  # bytes of an answer
SEED = 0


class LanguageModelAway(Unavailable):
    """No language model is set up, or it gave no answer that can be used. Everything stays as it is without one.
    `answered`: the model itself spoke, so the same words will fare no better later."""

    code = "language_model_away"
    answered = False


def is_set() -> bool:
    """Whether the operator named one."""
    return bool(settings().llm_url)


def host() -> str:
    """Where it is, as host[:port], or ""."""
    return urlsplit(settings().llm_url).netloc


def models() -> list[str]:
    """The names of the models there, in the server's order. Raises LanguageModelAway."""
    answer = _asked("GET", "/models", None, LOOK_SECONDS)
    try:
        return [str(one["id"]) for one in answer["data"]]
    except (KeyError, TypeError):
        raise _away(_("its list of models has another form")) from None


def complete(system: str, user: str, *, longest: int) -> str:
    """What the model answers, without blanks around it: 1 to `longest` characters. Raises LanguageModelAway, also for a
    longer answer, for one that was cut off, and for none.

    The same words get the same answer, as far as the server keeps to its seed.
    """
    model = settings().llm_model or next(iter(models()), "")
    if not model:
        raise _away(_("it has no model"))
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    wanted = {
        "model": model, "messages": messages, "temperature": 0, "seed": SEED, "max_tokens": longest, "stream": False,
    }  # fmt: skip
    answer = _asked("POST", "/chat/completions", wanted, SECONDS)
    try:
        said, ended = answer["choices"][0]["message"]["content"], answer["choices"][0].get("finish_reason")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise _away(_("its answer has another form")) from None
    if not isinstance(said, str) or not said.strip():
        raise _away(_("its answer is empty"), answered=True)
    if len(said.strip()) > longest or ended == "length":
        raise _away(_("its answer is too long"), answered=True)
    return said.strip()


def _asked(method: str, path: str, content: Any, seconds: float) -> Any:
    """The JSON that comes back, or LanguageModelAway."""
    if not is_set():
        raise LanguageModelAway(_("No language model is set up."), hint="HEARD_LLM_URL=http://127.0.0.1:11434/v1")
    try:
        return json.loads(asyncio.run(_within(seconds, method, settings().llm_url + path, content)))
    except TimeoutError:
        raise _away(_("it took longer than %(n)s seconds") % {"n": int(seconds)}) from None
    except (ValueError, RecursionError):
        raise _away(_("its answer is no JSON")) from None


async def _within(seconds: float, method: str, url: str, content: Any) -> bytes:
    import httpx

    secure = httpx.create_ssl_context() if url.startswith("https:") else False
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log each call
    headers = {"User-Agent": "Heard", "Accept": "application/json", "Accept-Encoding": "identity"}
    if settings().llm_key:
        headers["Authorization"] = f"Bearer {settings().llm_key}"
    try:
        # The limit is around everything: a server that sends a byte a second is inside every limit of single steps.
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(trust_env=False, verify=secure, timeout=None) as http,
            http.stream(method, url, headers=headers, json=content, follow_redirects=False) as answer,
        ):
            return await _read(answer)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as fault:
        if isinstance(fault, TimeoutError):
            raise
        raise _away(str(fault) or type(fault).__name__) from None


async def _read(answer: Any) -> bytes:
    if answer.status_code != 200:
        raise _away(_("it answers with status %(n)s") % {"n": answer.status_code})
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise _away(_("its answer is packed"))
    whole = b""
    async for piece in answer.aiter_raw():
        whole += piece
        if len(whole) > MOST_READ:
            raise _away(_("its answer is too long"))
    return whole


def _away(why: str, *, answered: bool = False) -> LanguageModelAway:
    fault = LanguageModelAway(
        _("The language model at %(where)s cannot be used: %(why)s. Everything stays as it was without it.")
        % {"where": host(), "why": why},
        hint=_("Check HEARD_LLM_URL, HEARD_LLM_MODEL and HEARD_LLM_KEY with `heard check`."),
    )
    fault.answered = answered
    return fault
