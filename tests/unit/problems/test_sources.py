from __future__ import annotations

import gzip
import hashlib
import http.server
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pytest_aibench.errors import DataError
from pytest_aibench.problems import DataAbsent, DataSource, Pinned
from pytest_aibench.problems import download as download_module

CONTENT = b'{"task_id": "T/0"}\n' * 50
OTHER = b"something else"


class Site:
    """A web site on this machine; `asked` counts the requests for every path."""

    def __init__(self, files: dict[str, bytes], address: str) -> None:
        self.files, self.address = files, address
        self.asked: list[str] = []

    def pin(self, name: str, content: bytes = CONTENT) -> Pinned:
        digest = hashlib.sha256(content).hexdigest()
        return Pinned(f"set/{name}", f"{self.address}/{name}", digest)


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            found.asked.append(name)
            if name == "moved.jsonl":
                self.send_response(302)
                self.send_header("Location", "/d.jsonl")
                self.end_headers()
                return
            content = found.files.get(name)
            self.send_response(404 if content is None else 200)
            if self.headers.get("Accept-Encoding") == "identity" and name.endswith(".gz"):
                self.send_header("Content-Type", "application/gzip")
            elif name.endswith(".gz"):
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Site({"d.jsonl": CONTENT}, f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def source(tmp_path: Path) -> DataSource:
    (tmp_path / "data").mkdir()
    return DataSource(tmp_path / "data", tmp_path / "cache")


def put(folder: Path | None, name: str, content: bytes) -> Path:
    assert folder is not None
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_downloads_once_into_the_cache(site: Site, source: DataSource) -> None:
    assert source.read(site.pin("d.jsonl")) == CONTENT
    assert source.read(site.pin("d.jsonl")) == CONTENT
    assert site.asked == ["d.jsonl"]
    assert [path.name for path in (source.cache_dir / "set").iterdir()] == ["d.jsonl"]


def test_data_folder_comes_before_cache_and_network(site: Site, source: DataSource) -> None:
    put(source.data_dir, "set/d.jsonl", CONTENT)
    put(source.cache_dir, "set/d.jsonl", OTHER)
    assert source.read(site.pin("d.jsonl")) == CONTENT
    assert site.asked == []


def test_compressed_copy_is_known_by_the_hash_of_its_content(site: Site, tmp_path: Path) -> None:
    packed = gzip.compress(CONTENT)
    for folder in ("data", "cache"):
        put(tmp_path / folder, "set/d.jsonl.gz", packed)
    pinned = site.pin("d.jsonl")
    assert DataSource(tmp_path / "data", tmp_path / "none", False).read(pinned) == packed
    assert DataSource(None, tmp_path / "cache", False).read(pinned) == packed


def test_compressed_publication_arrives_as_it_is(site: Site, source: DataSource) -> None:
    packed = gzip.compress(CONTENT)
    site.files["d.jsonl.gz"] = packed
    assert source.read(site.pin("d.jsonl.gz", packed)) == packed


def test_redirections_are_followed(site: Site, source: DataSource) -> None:
    assert source.read(site.pin("moved.jsonl")) == CONTENT


@pytest.mark.parametrize("content", [OTHER, gzip.compress(OTHER, mtime=0), b""])
def test_altered_file_in_the_data_folder_is_an_error(
    site: Site, source: DataSource, content: bytes
) -> None:
    path = put(source.data_dir, "set/d.jsonl", content)
    with pytest.raises(DataError) as caught:
        source.read(site.pin("d.jsonl"))
    for part in (str(path), hashlib.sha256(content).hexdigest(), site.pin("d.jsonl").sha256):
        assert part in str(caught.value)
    assert not isinstance(caught.value, DataAbsent)
    assert site.asked == []


def test_altered_cache_heals_by_a_download(site: Site, source: DataSource) -> None:
    path = put(source.cache_dir, "set/d.jsonl", OTHER)
    assert source.read(site.pin("d.jsonl")) == CONTENT
    assert path.read_bytes() == CONTENT


def test_altered_cache_without_downloads_is_an_error(site: Site, tmp_path: Path) -> None:
    put(tmp_path, "set/d.jsonl", OTHER)
    with pytest.raises(DataError, match="delete it and allow the download"):
        DataSource(None, tmp_path, allow_download=False).read(site.pin("d.jsonl"))


def test_altered_publication_is_an_error_and_not_kept(site: Site, source: DataSource) -> None:
    site.files["d.jsonl"] = OTHER
    with pytest.raises(DataError, match="is not the published file") as caught:
        source.read(site.pin("d.jsonl"))
    assert not isinstance(caught.value, DataAbsent)
    assert not source.cache_dir.exists()


def absent_because(site: Site, folder: Path, allow: bool, name: str) -> str:
    with pytest.raises(DataAbsent) as caught:
        DataSource(None, folder, allow).read(site.pin(name))
    message = str(caught.value)
    for part in (f"{site.address}/{name}", str(folder / "set" / name), "$AIBENCH_DATA"):
        assert part in message
    return message


def test_absent_data_say_where_they_could_come_from(site: Site, tmp_path: Path) -> None:
    assert "switched off" in absent_because(site, tmp_path, False, "d.jsonl")
    assert site.asked == []
    assert "answered with status 404" in absent_because(site, tmp_path, True, "unknown.jsonl")


def test_unreachable_site_is_absence(tmp_path: Path) -> None:
    # Port 9 (discard) of this machine: nothing listens there.
    nowhere = Site({}, "http://127.0.0.1:9")
    assert "cannot be fetched" in absent_because(nowhere, tmp_path, True, "d.jsonl")


def test_endless_download_ends(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download_module, "_LARGEST", 100)
    assert "is larger than 100 bytes" in absent_because(site, tmp_path, True, "d.jsonl")


def test_unreadable_file_is_an_error(
    site: Site, source: DataSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Permissions do not stop root, who may run the tests: the refusal is made here.
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    put(source.data_dir, "set/d.jsonl", CONTENT)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(DataError, match=r"cannot read .*d\.jsonl: Permission denied"):
        source.read(site.pin("d.jsonl"))


def test_data_folder_must_exist(site: Site, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"\$AIBENCH_DATA is .*gone, which is not a folder"):
        DataSource(tmp_path / "gone", tmp_path).read(site.pin("d.jsonl"))


def test_unusable_cache_folder_is_an_error(site: Site, tmp_path: Path) -> None:
    put(tmp_path, "cache", b"a file, where a folder is needed")
    with pytest.raises(DataError, match="cannot write"):
        DataSource(None, tmp_path / "cache").read(site.pin("d.jsonl"))


def test_many_at_once_see_whole_files_only(site: Site, tmp_path: Path) -> None:
    site.files["d.jsonl"] = content = CONTENT * 2000
    pinned = site.pin("d.jsonl", content)

    def read(_: int) -> bool:
        return DataSource(None, tmp_path).read(pinned) == content

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(24)))
    assert [path.name for path in (tmp_path / "set").iterdir()] == ["d.jsonl"]


def test_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        download_module.write_atomically(tmp_path / "d", CONTENT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("set_to", [None, "", "folder"])
def test_environment_names_the_data_folder(
    set_to: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    source = DataSource.from_environment({} if set_to is None else {"AIBENCH_DATA": set_to})
    assert source.data_dir == (Path("folder") if set_to == "folder" else None)
    assert source.cache_dir == tmp_path / "pytest-aibench" / "data"
    assert source.allow_download
