"""Claims in files given by path: found, named and imported from anywhere."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

WANTED = "h[0-9][0-9]_*.py"


def claim_files(paths: Iterable[str | Path]) -> tuple[Path, ...]:
    """Absolute paths of claim files: a file stands for itself, a folder for its ``hNN_*.py``.

    Raises
    ------
    FileNotFoundError
        If a path is not there, or a folder holds no claim.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(path.glob(WANTED))
            if not inside:
                raise FileNotFoundError(f"the folder {path} holds no claim: no file hNN_words.py")
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise FileNotFoundError(f"no file or folder {path} with a claim")
    return tuple(dict.fromkeys(p.resolve() for p in found))


def first_line(path: Path) -> str:
    """First line of a file's docstring without importing it; empty where it cannot be read."""
    try:
        text = ast.get_docstring(ast.parse(path.read_bytes())) or ""
    except (OSError, SyntaxError, ValueError):
        return ""  # whoever loads the claim is told what is wrong with it
    return text.partition("\n")[0].strip()


def digest(path: str | Path) -> str:
    """Hash of a file."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def module_from(path: str | Path) -> ModuleType:
    """Import a file as it is now; the same content is imported once.

    A module's name holds the hash of its content, so a file that was edited is another module,
    and two files of one name do not meet. Nothing is written beside the file.
    """
    path = Path(path)
    name = f"{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}_{digest(path)[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, path)
    if spec is None:
        raise ImportError(f"{path} is no Python file.")
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their own module up while it is made
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    except BaseException:
        del sys.modules[name]
        raise
    return module
