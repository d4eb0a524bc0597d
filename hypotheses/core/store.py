"""Results kept by the content they depend on: data, code, event, settings."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SWEEPS = Path("data/cache/sweep")
"""Where sweeps are kept, below the working folder; not in git."""

OURS = ("hypotheses", "models", "data", "reports")


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of results; an entry that was damaged counts as absent.

    Attributes
    ----------
    folder : Path
        Made when the first result is kept.
    """

    folder: Path

    def get(self, key: str) -> object | None:
        """Return what was kept under a key, or None when absent, cut short or changed."""
        path = self._path(key)
        try:
            digest, _, body = path.read_text(encoding="utf-8").partition("\n")
        except (OSError, UnicodeDecodeError):
            return None
        if hashlib.sha256(body.encode()).hexdigest() != digest:
            return None
        found: object = json.loads(body)
        return found

    def put(self, key: str, value: object) -> None:
        """Keep a JSON value; whoever reads meanwhile sees the old entry or the new one whole."""
        body = json.dumps(value, sort_keys=True, allow_nan=False)
        digest = hashlib.sha256(body.encode()).hexdigest()
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".partial-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"{digest}\n{body}")
            Path(name).replace(self._path(key))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def content_key(parts: Mapping[str, object]) -> str:
    """Name a result by everything it depends on.

    Examples
    --------
    >>> content_key({"seed": 1, "event": "a"}) == content_key({"event": "a", "seed": 1})
    True
    """
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def code_hash(module: str) -> str:
    """Hash a module's source and that of everything of ours that it imports, in turn.

    As this process first saw them: what it has imported does not change with the files. A
    claim's file that was given by path is named by that path and read anew: an edited one is
    loaded anew too.
    """
    return code_on_disk(module) if module.endswith(".py") else _first_seen(module)


@cache
def _first_seen(module: str) -> str:
    _stamps[module] = _stamp(module)
    return code_on_disk(module)


_stamps: dict[str, tuple[int, ...]] = {}
"""When the files behind a module were last written, as this process first hashed them."""


def unchanged(module: str) -> bool:
    """Whether the files are still those that :func:`code_hash` hashed; cheap."""
    if module.endswith(".py"):
        return True  # read anew whenever it is asked for
    first = code_hash(module)
    return _stamps[module] == _stamp(module) or code_on_disk(module) == first


def _stamp(module: str) -> tuple[int, ...]:
    paths = (_file(name) for name in sorted(closure(module)))
    return tuple(path.stat().st_mtime_ns for path in paths if path is not None)


def code_on_disk(module: str) -> str:
    """Hash the same as it stands in the files now."""
    digest = hashlib.sha256()
    for name in sorted(closure(module)):
        path = _file(name)
        if path is not None:
            digest.update(name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def file_hash(path: str) -> str:
    """Hash a file of the project, named from its root."""
    return hashlib.sha256((ROOT / path).read_bytes()).hexdigest()


def source_of(module: str) -> str | None:
    """Source of a module of ours; None when there is no such file."""
    path = _file(module)
    return None if path is None else path.read_text(encoding="utf-8")


def closure(module: str) -> set[str]:
    """The module and everything of ours that it imports, in turn."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found and _file(name) is not None:
            found.add(name)
            # A file given by path may be edited meanwhile; modules are imported but once.
            waiting += _imports_in(Path(name)) if _is_path(name) else imports_of(name)
    return found


@cache
def imports_of(module: str) -> tuple[str, ...]:
    """Modules of ours that a module names in its imports."""
    path = _file(module)
    return () if path is None else _imports_in(path)


def _imports_in(path: Path) -> tuple[str, ...]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            # A name may be a module of the package; if it is not, it has no file.
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(name for name in found if name.partition(".")[0] in OURS)


def _is_path(module: str) -> bool:
    return Path(module).is_absolute()


def _file(module: str) -> Path | None:
    if _is_path(module):
        return Path(module)
    base = ROOT.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    if module.partition(".")[0] in OURS:
        return None
    found = find_spec(module)  # a claim from an installed package
    return Path(found.origin) if found and found.origin else None
