"""A record as JSON and back, without loss.

Fields keep their names and their order. Tuples become arrays, `versions` and
`power` objects. An infinite
end of a pair of bounds is ``null`` (a low end is minus infinity, a high end plus infinity), as
is the infinite `df` of a normal distribution; an unknown value is ``null`` too.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import numbers
import types
import typing
from enum import Enum

from reports.errors import RecordError
from reports.record import Bounds, Calibration, ErrorRate, Evidence, Run

KEYS: dict[tuple[type, str], str] = {(ErrorRate, "reference_class"): "class"}
"""Fields whose key is another word: one that Python keeps for itself."""

AS_OBJECT = {(Run, "versions"), (Calibration, "power")}
"""Fields of pairs with unique names that become objects."""

Part = typing.TypeVar("Part")
Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


def to_json(run: Run) -> str:
    """Write a record as JSON.

    Parameters
    ----------
    run : Run
        The record; its numbers must be finite except for ends of bounds and `df`.

    Returns
    -------
    str
        Keys in the order of the fields, floats in the shortest form that reads back exactly,
        a newline at the end.

    Raises
    ------
    RecordError
        If a number is not a number, or infinite where only finite ones are allowed.
    """
    return (
        json.dumps(_encode(run, Run, "run"), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    )


def encode(part: object) -> Json:
    """Write a part of a record as JSON values, as :func:`to_json` writes it."""
    return _encode(part, type(part), type(part).__name__)


def decode(tree: object, kind: type[Part]) -> Part:
    """Read a part of a record, as :func:`from_json` reads it."""
    part = _decode(tree, kind, kind.__name__)
    assert isinstance(part, kind)
    return part


def from_json(text: str) -> Run:
    """Read a record written by :func:`to_json`.

    Parameters
    ----------
    text : str
        Content of a ``report.json``.

    Returns
    -------
    Run
        Equal to the record that was written.

    Raises
    ------
    RecordError
        If the text is not JSON, or has a missing, unknown or mistyped key; says where.
    """
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        raise RecordError(f"not JSON: {error}") from error
    run = _decode(tree, Run, "run")
    assert isinstance(run, Run)
    return run


def _key(kind: type, name: str) -> str:
    """Return a field's key in JSON."""
    return KEYS.get((kind, name), name)


@functools.cache
def _fields(kind: type) -> dict[str, typing.Any]:
    """Return names and types of a record's fields."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _encode(value: object, kind: typing.Any, where: str) -> Json:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            _key(type(value), name): _encode_field(value, name, hint, f"{where}.{name}")
            for name, hint in _fields(type(value)).items()
        }
    if isinstance(value, tuple):
        if kind == Bounds:
            return _encode_bounds(value, where)
        items = _item_kinds(kind, len(value), where)
        pairs = zip(value, items, strict=True)
        return [_encode(v, k, f"{where}[{i}]") for i, (v, k) in enumerate(pairs)]
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return _finite(float(value), where)
    raise RecordError(f"{where}: a record holds no {type(value).__name__}")


def _encode_field(owner: object, name: str, hint: typing.Any, where: str) -> Json:
    value = getattr(owner, name)
    if isinstance(owner, Evidence) and name == "df" and value == math.inf:
        return None
    if (type(owner), name) in AS_OBJECT:
        if len(dict(value)) != len(value):
            raise RecordError(f"{where}: names repeat")
        return dict(value)
    return _encode(value, _without_none(hint), where)


def _encode_bounds(pair: tuple[object, ...], where: str) -> Json:
    if len(pair) != 2:
        raise RecordError(f"{where}: expected (low, high), got {pair}")
    low, high = (float(typing.cast(float, x)) for x in pair)
    if not low <= high:
        raise RecordError(f"{where}: expected low <= high, got {pair}")
    return [
        None if low == -math.inf else _finite(low, where),
        None if high == math.inf else _finite(high, where),
    ]


def _finite(x: float, where: str) -> float:
    if not math.isfinite(x):
        raise RecordError(f"{where}: expected a finite number, got {x}; an unknown value is None")
    return x


def _decode(tree: typing.Any, kind: typing.Any, where: str) -> object:
    if isinstance(kind, types.UnionType):
        return None if tree is None else _decode(tree, _without_none(kind), where)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _decode_record(tree, kind, where)
    if kind == Bounds:
        return _decode_bounds(tree, where)
    if typing.get_origin(kind) is tuple:
        _expect(isinstance(tree, list), where, "an array", tree)
        pairs = zip(tree, _item_kinds(kind, len(tree), where), strict=True)
        return tuple(_decode(v, k, f"{where}[{i}]") for i, (v, k) in enumerate(pairs))
    if kind is float:
        is_number = isinstance(tree, int | float) and not isinstance(tree, bool)
        _expect(is_number, where, "a number", tree)
        return _finite(float(tree), where)
    if issubclass(kind, Enum):
        _expect(tree in list(kind), where, f"one of {', '.join(kind)}", tree)
        return kind(tree)
    _expect(type(tree) is kind, where, kind.__name__, tree)
    return typing.cast(object, tree)


def _decode_record(tree: typing.Any, kind: type, where: str) -> object:
    _expect(isinstance(tree, dict), where, "an object", tree)
    hints = _fields(kind)
    keys = {_key(kind, name) for name in hints}
    missing, unknown = sorted(keys - tree.keys()), sorted(tree.keys() - keys)
    if missing or unknown:
        raise RecordError(f"{where}: missing keys {missing}, unknown keys {unknown}")
    read = {
        name: _decode_field(tree, kind, name, hint, f"{where}.{name}")
        for name, hint in hints.items()
    }
    made: object = kind(**read)
    return made


def _decode_field(
    tree: dict[str, typing.Any], kind: type, name: str, hint: typing.Any, where: str
) -> object:
    value = tree[_key(kind, name)]
    if kind is Evidence and name == "df" and value is None and tree["family"] == "student_t":
        return math.inf
    if (kind, name) in AS_OBJECT:
        _expect(isinstance(value, dict), where, "an object", value)
        value = [list(pair) for pair in value.items()]
    return _decode(value, hint, where)


def _decode_bounds(tree: typing.Any, where: str) -> Bounds:
    _expect(isinstance(tree, list) and len(tree) == 2, where, "a pair", tree)
    low, high = tree
    return (
        -math.inf if low is None else typing.cast(float, _decode(low, float, where)),
        math.inf if high is None else typing.cast(float, _decode(high, float, where)),
    )


def _item_kinds(kind: typing.Any, n: int, where: str) -> list[typing.Any]:
    """Return the type of each item of a tuple type, open (``tuple[X, ...]``) or of fixed length."""
    items = typing.get_args(kind)
    if len(items) == 2 and items[1] is Ellipsis:
        return [items[0]] * n
    if len(items) != n:
        raise RecordError(f"{where}: expected {len(items)} items, got {n}")
    return list(items)


def _without_none(kind: typing.Any) -> typing.Any:
    if not isinstance(kind, types.UnionType):
        return kind
    (inner,) = (k for k in typing.get_args(kind) if k is not types.NoneType)
    return inner


def _expect(holds: bool, where: str, what: str, found: object) -> None:
    if not holds:
        raise RecordError(f"{where}: expected {what}, got {found!r:.80}")
