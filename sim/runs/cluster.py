"""Replications on the workers of a Dask cluster, which write into the shared folder.

docs/several-machines.md says how to start it: with `python -m dask`, in the program's folder, so that workers find the
program. All machines must share the run folder, under the same path.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.runs.errors import FolderError, Outcome
from sim.runs.pool import LOOK_AGAIN_SECONDS, Compiling, Jobs, Outcomes, Queue, hand_out
from sim.runs.provenance import code_version, relative_path
from sim.runs.task import Job, attempt

PATIENCE_SECONDS = 5
"""How long to wait for the scheduler to answer."""


class ClusterError(Exception):
    """The cluster cannot be used; the text says why and how to fix it."""


class Cluster:
    """The workers of a Dask cluster; the scheduler tries again what a killed worker was doing."""

    def __init__(self, address: str, client: Any) -> None:
        self.address = address
        self._client = client
        self.workers = sum(client.nthreads().values())
        if not self.workers:
            raise ClusterError(
                f"--cluster {address}: the scheduler has no workers; start some in the folder of the program with: "
                f"python -m dask worker {address} --nthreads 1"
            )

    def get_ready(self, folders: Sequence[Path], compiling: Compiling) -> None:
        """See that every worker runs this version of the program, compiled, and finds the folders."""
        answers = self._ask(_about)
        for worker, (version, _) in answers.items():
            if version != code_version():
                raise self._unusable(
                    worker,
                    f"runs another version of the program ({version}, not {code_version()}); bring both to the same "
                    "version and start the worker anew",
                )
        for folder in folders:
            for worker, seen in self._ask(_sees, str(folder)).items():
                if seen != _sees(str(folder)):
                    raise self._unusable(
                        worker,
                        f"does not find {relative_path(folder)} or may not write there; all machines of a cluster must "
                        "share that folder under the same path: choose one with --out",
                    )
        cold = {worker.rpartition(":")[0]: worker for worker, (_, compiled) in answers.items() if not compiled}
        if cold:
            compiling(0, 0)
            from sim.model.warm_up import warm_up

            self._ask(warm_up, workers=list(cold.values()))  # one on each machine; the others find it done

    def do(self, jobs: Jobs) -> Outcomes:
        """Hand the jobs out and yield how each ended; see `Pool`."""
        running: dict[Any, Job] = {}
        try:
            # Twice as many as there are workers, so that none has to wait for us.
            for job, future in hand_out(Queue(jobs), running, 2 * self.workers, self._submit, self._finished):
                yield job, self._outcome(future, job)
        finally:
            with contextlib.suppress(Exception):  # the scheduler may have gone
                self._client.cancel(list(running), force=True)

    def _submit(self, job: Job) -> Any:
        return self._client.submit(_attempt, job.task, job.replication, code_version(), pure=False)

    def _finished(self, futures: Collection[Any], seconds: float | None) -> list[Any]:
        """The futures that are done; always soon, as the scheduler may go at any time. Raises ClusterError then."""
        from distributed import wait

        with self._client.as_current(), contextlib.suppress(TimeoutError):
            wait(list(futures), timeout=LOOK_AGAIN_SECONDS, return_when="FIRST_COMPLETED")
        done = [future for future in futures if future.done()]
        if not done and self._client.status != "running":
            raise self._lost()
        return done

    def _outcome(self, future: Any, job: Job) -> Outcome:
        from distributed import KilledWorker

        if future.cancelled():
            raise self._lost()
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, FolderError):
            raise error
        if isinstance(error, KilledWorker):
            return Outcome(job.replication, "its worker was killed each time, perhaps because memory ran out")
        return Outcome(job.replication, f"{type(error).__name__}: {error}")

    def _ask(self, question: Callable, *arguments: object, workers: list[str] | None = None) -> dict[str, Any]:
        """What each worker answers. Raises ClusterError if one cannot."""
        try:
            answers = self._client.run(question, *arguments, workers=workers, on_error="return")
        except OSError as error:
            raise self._lost() from error
        for worker, answer in answers.items():
            if isinstance(answer, ModuleNotFoundError):
                raise self._unusable(
                    worker,
                    f"does not find the module {answer.name}; start it in the folder of the program, with the "
                    f"program's own Python: python -m dask worker {self.address} --nworkers auto --nthreads 1",
                )
            if isinstance(answer, BaseException):
                raise self._unusable(worker, f"cannot be used ({type(answer).__name__}: {answer}); start it anew")
        return answers

    def _unusable(self, worker: str, why: str) -> ClusterError:
        return ClusterError(f"--cluster {self.address}: the worker at {worker} {why}.")

    def _lost(self) -> ClusterError:
        return ClusterError(
            f"--cluster {self.address}: the scheduler has gone. What is finished is saved; start the cluster again and "
            "run the same command, or leave --cluster out."
        )


@contextlib.contextmanager
def open_cluster(address: str) -> Iterator[Cluster]:
    """The cluster whose scheduler is at an address such as `tcp://10.0.0.5:8786`. Raises ClusterError."""
    if not re.fullmatch(r"(tcp|tls)://[^\s/]+:\d{1,5}", address):
        raise ClusterError(f"--cluster {address}: write the address of a Dask scheduler, such as tcp://10.0.0.5:8786.")
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ClusterError(
            f"--cluster {address}: the package distributed is not installed; install it on every machine with: "
            "python -m pip install distributed"
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is reported in our words
    try:
        client = Client(address, timeout=PATIENCE_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"--cluster {address}: no scheduler answers there within {PATIENCE_SECONDS} s; is the address right, and "
            "is `python -m dask scheduler` running?"
        ) from error
    try:
        yield Cluster(address, client)
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=PATIENCE_SECONDS)


def _about() -> tuple[str, bool]:
    """Called on a worker: which version of the program it runs, and whether it is compiled."""
    from sim.model.kernel.cache import is_compiled

    return code_version(), is_compiled()


def _sees(folder: str) -> str:
    """Called on a worker: what the manifest in a folder says, as a hash; empty if nothing can be written there."""
    try:
        manifest = (Path(folder) / "manifest.json").read_bytes()
    except OSError:
        return ""
    return hashlib.sha256(manifest).hexdigest() if os.access(folder, os.W_OK) else ""


def _attempt(task: Callable[[int], None], replication: int, version: str) -> Outcome:
    """Called on a worker, which may have come after the others were asked for their version."""
    if code_version() != version:
        return Outcome(replication, f"its worker runs another version of the program ({code_version()}, not {version})")
    return attempt(task, replication)
