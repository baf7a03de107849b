"""A browser for tests, without a network: HTTPX speaks ASGI to the app on one event loop that lives in a thread.

(Starlette's own test client warns that its HTTPX support ends; warnings are errors here.)
"""

import contextlib
from typing import Any

import httpx
from anyio.from_thread import start_blocking_portal

PASSWORD = "a long enough password"


class Loop:
    """One event loop for all clients of the process: the vote path keeps futures on it."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._portal: Any = None

    def call(self, function: Any, *args: Any) -> Any:
        """Run a coroutine function on the loop and wait for it."""
        if self._portal is None:
            self._portal = self._stack.enter_context(start_blocking_portal())
        return self._portal.call(function, *args)

    def close(self) -> None:
        """End the loop."""
        self._stack.close()
        self._portal = None


the_loop = Loop()


class Client:
    """Keeps cookies, follows no redirects, says it comes from our own pages."""

    def __init__(self, cookies: httpx.Cookies | None = None) -> None:
        from heard.app import app

        self._opened: list[Client] = []
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
            base_url="http://127.0.0.1:8000",
            cookies=cookies,
            headers={"accept-language": "en", "sec-fetch-site": "same-origin"},
            timeout=60,
        )

    @property
    def cookies(self) -> httpx.Cookies:
        """Its cookie jar."""
        return self._http.cookies

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request; options as HTTPX takes them (data, json, content, headers, params, cookies)."""

        async def send() -> httpx.Response:
            return await self._http.request(method, path, **options)

        return the_loop.call(send)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """GET."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        """POST."""
        return self.request("POST", path, **options)

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """The page that a 303 leads to."""
        assert answer.status_code in (302, 303), f"{answer.status_code}: {answer.text[:300]}"
        return self.get(answer.headers["location"])

    def fresh(self) -> "Client":
        """Another browser, without cookies."""
        self._opened.append(Client())
        return self._opened[-1]

    def sign_in(self, person: str) -> "Client":
        """Another browser, signed in as one of the world's people ("maya", "ravi", "olu" …)."""
        from heard.accounts import access, signin
        from heard.kit.db import writing

        browser = self.fresh()
        with writing() as session:
            token = signin.start_session(session, signin.account_by_email(session, f"{person}@garden.example"))
        browser.cookies.set(access.session_cookie(), token)
        return browser

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        for browser in self._opened:
            browser.__exit__()
        the_loop.call(self._http.aclose)


class Bridge(httpx.BaseTransport):
    """Carries a synchronous HTTPX client to the app on the one loop: heard.client in tests."""

    def __init__(self) -> None:
        from heard.app import app

        self._app = httpx.ASGITransport(app=app, raise_app_exceptions=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request."""

        async def send() -> tuple[int, httpx.Headers, bytes]:
            answer = await self._app.handle_async_request(
                httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
            )
            return answer.status_code, answer.headers, await answer.aread()

        status, headers, content = the_loop.call(send)
        return httpx.Response(status, headers=headers, content=content, request=request)
