"""A headless Chromium, driven by the W3C WebDriver protocol."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

__all__ = ["Browser", "missing"]


def missing() -> str:
    """Why no browser can be driven here; empty if one can."""
    if not shutil.which("chromedriver"):
        return "chromedriver is not installed (Debian: apt install chromium-driver)"
    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        return "Chromium is not installed (Debian: apt install chromium)"
    return ""


class Browser:
    """One window; `script` runs JavaScript in its page and returns what that returns."""

    def __init__(self, width: int = 1200, height: int = 900, dark: bool = False) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._driver = subprocess.Popen(
            ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
        self._wait_for_driver()
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        arguments.append(f"--window-size={width},{height}")
        if dark:
            arguments.append("--blink-settings=preferredColorScheme=0")
        options = {
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        made = self._post("/session", {"capabilities": {"alwaysMatch": options}})
        self._session = f"/session/{made['sessionId']}"

    def _wait_for_driver(self) -> None:
        for _ in range(100):
            try:
                self._client.get("/status")
                return
            except httpx.TransportError:
                time.sleep(0.05)
        raise RuntimeError("chromedriver did not answer within 5 seconds")

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._client.post(path, json=body).json()["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(answer["message"])
        return answer

    def open(self, path: Path, fragment: str = "") -> None:
        """Load a file afresh, until its load event."""
        self._post(f"{self._session}/url", {"url": "about:blank"})
        self._post(f"{self._session}/url", {"url": path.as_uri() + fragment})

    def script(self, code: str) -> Any:
        body = {"script": code, "args": []}
        return self._post(f"{self._session}/execute/sync", body)

    def wait(self, condition: str) -> None:
        """Until the JavaScript expression is true; 10 seconds at most."""
        for _ in range(200):
            if self.script(f"return Boolean({condition})"):
                return
            time.sleep(0.05)
        raise AssertionError(f"not true within 10 seconds: {condition}")

    def press(self, key: str) -> None:
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        actions = [{"type": "key", "id": "keyboard", "actions": keys}]
        self._post(f"{self._session}/actions", {"actions": actions})

    def errors(self) -> list[str]:
        """What the console complained about."""
        log = self._post(f"{self._session}/se/log", {"type": "browser"})
        return [entry["message"] for entry in log if entry["level"] == "SEVERE"]

    def close(self) -> None:
        try:
            self._client.delete(self._session)
        finally:
            self._client.close()
            self._driver.terminate()
            self._driver.wait(10)

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
