"""Trials done by an existing Dask cluster; the numbers are those of one process."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from hypotheses.core.store import OURS, ROOT, code_hash
from hypotheses.core.sweep import Part, Workers, here, local_workers, packages
from hypotheses.core.trials import Scene, Trial, claim_of, data_hashes, run_trials

if TYPE_CHECKING:
    from distributed import Client, Future

WAIT = 5.0
"""Seconds in which a scheduler, and then its first worker, must answer."""

RETRIES = 3
"""Times that a part is done again after its worker was killed or failed."""

ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://\S+:\d+")


class WorkersError(ConnectionError):
    """There are no Dask workers that can do the work; says why and what to do."""


@contextmanager
def workers_for(jobs: int, address: str | None = None) -> Iterator[Workers]:
    """Yield the workers that a command asked for: a Dask cluster, else `jobs` processes here."""
    if address is None:
        yield local_workers(jobs) if jobs > 1 else here
    else:
        with dask_workers(address) as workers:
            yield workers


@contextmanager
def dask_workers(address: str, *, wait: float = WAIT) -> Iterator[Workers]:
    """Connect to a Dask scheduler that is running and yield its workers.

    Start the scheduler and the workers in the environment in which the project is installed,
    with the same code and versions as here, and at least one worker before connecting; every
    worker must see the data pack and claims' files, if there are any, under the same absolute
    paths. Work is mostly
    Python, so one thread for each worker is best. A worker with other code, data or versions is
    refused, since its numbers might differ. A part whose worker is killed goes to another one,
    or waits until there is one; parts not yet done are cancelled when the caller stops early.

    Parameters
    ----------
    address : str
        Such as ``tcp://10.0.0.5:8786``.
    wait : float
        Seconds in which the scheduler, and then its first worker, must answer.

    Raises
    ------
    WorkersError
        Dask is not installed; no scheduler answers or it has no workers; later: workers differ
        from this process, keep dying, or the scheduler is gone.
    """
    client = _connect(address, wait)
    with _quiet():
        try:
            yield partial(_results, client, address)
        finally:
            client.close()


def fingerprint(scene: Scene) -> dict[str, str]:
    """What verdicts depend on besides trials, by name: code, package versions, data files.

    Our code and data are those that this process first worked with, even if files changed since.
    """
    data = {f"data of {name}": digest for name, digest in data_hashes(scene).items()}
    entry = claim_of(scene).entry
    theirs = {} if entry.shipped else {f"code of {entry.id}": code_hash(entry.code)}
    return {"code": _code_hash(), **theirs, **packages(), **data}


def run_checked(scene: Scene, part: list[Trial], *, wanted: dict[str, str]) -> Part:
    """Run trials in a worker after making sure that it works with what the caller has."""
    from distributed import get_worker

    where = get_worker().address
    try:
        have = fingerprint(scene)
    except (OSError, ValueError, LookupError) as error:
        raise WorkersError(
            f"Dask worker {where} cannot load {scene.claim} or its data ({error}); a data pack "
            "or a claim's file must be at the same absolute path on every worker."
        ) from None
    other = [name for name, value in wanted.items() if have.get(name) != value]
    if other:
        raise WorkersError(
            f"Dask worker {where} works with other {', '.join(other)} than this run; give all "
            "workers the same code, packages and data, and restart them."
        )
    return run_trials(scene, part)


def _connect(address: str, wait: float) -> Client:
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise WorkersError(
            "Dask is not installed here; install it with: pip install 'postmortem[scale]'"
        ) from None
    if not ADDRESS.fullmatch(address):
        raise WorkersError(f"{address!r} is not an address such as tcp://10.0.0.5:8786")
    try:
        client = Client(address, timeout=wait, set_as_default=False)
    except OSError as error:
        raise WorkersError(
            f"no Dask scheduler answers at {address} ({_short(error)}); start one with: "
            "dask scheduler"
        ) from None
    try:
        client.wait_for_workers(1, timeout=wait)
        _check_installed(client)
    except TimeoutError:
        client.close()
        raise WorkersError(
            f"the Dask scheduler at {address} has no workers; start some in the project's "
            f"environment with: dask worker {address} --nthreads 1"
        ) from None
    except BaseException:
        client.close()
        raise
    return client


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's log of broken connections off the terminal; what matters is raised."""
    logs = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)


def _check_installed(client: Client) -> None:
    # Asked before work is sent: a worker that cannot import the work would end, not complain.
    have = client.run(version, "postmortem", on_error="return")
    lacking = [worker for worker, found in have.items() if not isinstance(found, str)]
    if lacking:
        raise WorkersError(
            f"Dask worker {lacking[0]} does not have the project installed; start workers in the "
            "project's environment"
        )


def _results(
    client: Client, address: str, scene: Scene, parts: list[list[Trial]]
) -> Iterable[Part]:
    """Results in the order of the parts; cancels what is left when the caller stops."""
    if not parts:
        return
    from distributed.comm import CommClosedError

    work = partial(run_checked, scene, wanted=fingerprint(scene))
    # Not pure: Dask names pure work by its arguments, and would serve what old code made.
    waiting = client.map(work, parts, pure=False, retries=RETRIES)[::-1]
    try:
        while waiting:
            yield _result(waiting[-1])
            waiting.pop()
    except (CancelledError, CommClosedError):
        waiting = []
        raise WorkersError(
            f"the Dask scheduler at {address} is gone; what was finished is kept"
        ) from None
    finally:
        if waiting and client.status == "running":
            client.cancel(waiting, force=True)


def _result(future: Future) -> Part:
    from distributed import KilledWorker

    for left in reversed(range(RETRIES)):
        try:
            found: Part = future.result()
        except KilledWorker as error:
            # How often the scheduler itself tries again is a setting of the cluster's.
            if not left:
                raise WorkersError(
                    f"Dask workers keep dying, the last one {error.last_worker.address}; see "
                    "its log (too little memory?)"
                ) from None
            future.retry()
        except RuntimeError as error:
            if "deserialization" not in str(error):
                raise
            raise WorkersError(
                "the Dask scheduler cannot import the project; start it and its workers in the "
                "project's environment"
            ) from None
        else:
            return found
    raise AssertionError("unreachable: the last try returns or raises")


@cache
def _code_hash() -> str:
    """Hash of our code and declarations, taken once: modules are not loaded twice either."""
    digest = hashlib.sha256()
    for folder in OURS:
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.suffix in {".py", ".toml"}:
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _short(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
