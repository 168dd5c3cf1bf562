"""Where Ollama's server is, by the rules of Ollama's own client (its envconfig package)."""

from __future__ import annotations

import ipaddress

__all__ = ["DEFAULT_PORT", "ollama_url"]

DEFAULT_PORT = 11434
_SCHEME_PORTS = {"http": 80, "https": 443}
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def ollama_url(host: str | None) -> str:
    """The server's base URL for a value of `OLLAMA_HOST`, without a trailing slash.

    Without a scheme the port is 11434, with `http://` 80, with `https://` 443; a port that is no
    port number is replaced by that default. The addresses that a server listens on everywhere with
    (`0.0.0.0`, `::`) mean this machine. Bare `ollama.com` is the hosted service.
    """
    text = (host or "").strip().strip("\"'").strip()
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = ("https", "ollama.com:443") if text == "ollama.com" else ("http", text)
    default = _SCHEME_PORTS.get(scheme, DEFAULT_PORT) if separator else DEFAULT_PORT
    authority, _, path = rest.partition("/")
    name, port = _split(authority, default)
    name = _LOOPBACK.get(name, name) or "127.0.0.1"
    shown = f"[{name}]" if ":" in name else name
    return f"{scheme}://{shown}:{port}" + (f"/{path.strip('/')}" if path.strip("/") else "")


def _split(authority: str, default: int) -> tuple[str, int]:
    try:
        return ipaddress.ip_address(authority.strip("[]")).compressed, default
    except ValueError:
        pass
    name, colon, port = authority.rpartition(":")
    if not colon:
        return authority, default
    number = int(port) if port.isascii() and port.isdigit() else -1
    return name.strip("[]"), number if 0 <= number <= 65535 else default
