"""JSON over HTTP for model servers: one connection a request in flight, one error tree."""

from __future__ import annotations

import ipaddress
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from pytest_aibench.errors import UsageError
from pytest_aibench.models.errors import (
    BadRequestError,
    MalformedReplyError,
    NoServerError,
    PromptError,
    RequestTimeoutError,
    UnreachableError,
    classify,
)

__all__ = ["JsonClient", "check_url", "public_url", "reply_seconds"]

CONNECT_SECONDS = 10.0
REPLY_SECONDS = 600.0
"""How long a server may be silent: a large model on a CPU needs minutes for one reply."""


class JsonClient:
    """Speaks JSON with the server at `base_url`; `who` names the server in messages.

    Every request in flight has an `httpx.AsyncClient` of its own, reused afterwards: the work of
    one client's connection pool grows with its connections, and at 64 takes more time than the
    requests.
    """

    def __init__(
        self,
        base_url: str,
        who: str,
        *,
        headers: Mapping[str, str] | None = None,
        reply_seconds: float = REPLY_SECONDS,
    ) -> None:
        self.base_url = check_url(base_url).rstrip("/")
        self.who = f"{who} at {public_url(self.base_url)}"
        self._headers = httpx.Headers(headers)  # their repr shows no authorization
        self._timeout = httpx.Timeout(reply_seconds, connect=CONNECT_SECONDS)
        self._tls: ssl.SSLContext | bool = (
            httpx.create_ssl_context() if self.base_url.startswith("https:") else False
        )
        # Proxies are for the world outside; Ollama's own client leaves them out here too.
        self._use_proxies = not _is_loopback(self.base_url)
        self._idle: list[httpx.AsyncClient] = []

    async def get(self, path: str) -> dict[str, Any]:
        """The JSON object at `path`.

        Raises:
            RequestError: the server's answer is an error, no JSON object, or there is none.
        """
        return await self._send("GET", path, None)

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON object that the server answers to `body`; errors as for `get`."""
        return await self._send("POST", path, body)

    async def first_contact(self, path: str) -> dict[str, Any]:
        """As `get`, but a server that is not there is fatal: nobody should wait for it.

        Raises:
            NoServerError: there is no connection.
        """
        try:
            return await self.get(path)
        except UnreachableError as error:
            raise NoServerError(str(error)) from error

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().aclose()

    async def _send(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        client = self._idle.pop() if self._idle else self._new_client()
        try:
            response = await client.request(method, self.base_url + path, json=body)
        except BaseException as error:
            # Its connection may be in any state: a later request gets a new one.
            await client.aclose()
            if isinstance(error, httpx.HTTPError):
                raise self._translated(error) from error
            if isinstance(error, UnicodeEncodeError):
                raise _unsendable(error) from error
            raise
        self._idle.append(client)
        return self._checked(response)

    def _new_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            headers=self._headers,
            timeout=self._timeout,
            verify=self._tls,
            trust_env=self._use_proxies,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
        )

    def _translated(
        self, error: httpx.HTTPError
    ) -> UnreachableError | RequestTimeoutError | MalformedReplyError:
        reason = str(error) or type(error).__name__
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return UnreachableError(f"cannot connect to {self.who} ({reason})")
        if isinstance(error, httpx.TimeoutException):
            return RequestTimeoutError(
                f"{self.who} sent nothing for {self._timeout.read:g} s ({type(error).__name__})"
            )
        if isinstance(error, httpx.DecodingError):
            return MalformedReplyError(f"{self.who} sent a body that cannot be decoded ({reason})")
        return UnreachableError(f"the connection to {self.who} broke ({reason})")

    def _checked(self, response: httpx.Response) -> dict[str, Any]:
        status = response.status_code
        if status >= 400:
            error = classify(status, response.headers, response.content)
            raise type(error)(f"{self.who}: {error}", retry_after=error.retry_after, status=status)
        if status >= 300:
            raise BadRequestError(
                f"{self.who} redirects to {response.headers.get('location', 'elsewhere')}; "
                "give the final address with --base-url"
            )
        try:
            data = json.loads(response.content)
        except (ValueError, RecursionError) as error:
            raise MalformedReplyError(f"{self.who} sent no JSON ({error})") from error
        if not isinstance(data, dict):
            raise MalformedReplyError(f"{self.who} sent JSON that is not an object")
        return data


def check_url(url: str) -> str:
    """`url`, if it is the address of an HTTP server.

    Raises:
        UsageError: it is not.
    """
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise UsageError(
            f"--base-url {public_url(url)}: expected an address such as http://localhost:8000/v1"
        )
    return url


def reply_seconds(options: Mapping[str, str], text: str) -> float:
    """The option `timeout` of a model: how long its server may be silent, in seconds.

    Raises:
        UsageError: it is no positive number.
    """
    given = options.get("timeout", str(REPLY_SECONDS))
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds < float("inf"):
        raise UsageError(f"--model {text}: timeout must be a number of seconds, got {given!r}")
    return seconds


def _unsendable(error: UnicodeEncodeError) -> PromptError:
    before = error.object[max(0, error.start - 20) : error.start]
    return PromptError(
        f"the request holds a lone surrogate, {error.object[error.start]!a}, behind "
        f"{before!a}: half a character, which cannot be sent. "
        "Remove it from the prompt (or from its template or stop words)"
    )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def public_url(url: str) -> str:
    """`url` without user, password, query and fragment, which may hold secrets."""
    head, separator, rest = url.partition("://")
    if not separator:
        head, rest = "", url
    place = rest.partition("?")[0].partition("#")[0]
    authority, slash, path = place.partition("/")
    return f"{head}{separator}{authority.rpartition('@')[2]}{slash}{path}"
