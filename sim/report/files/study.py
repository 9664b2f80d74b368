"""Study documents: what a reviewer, an auditor and an inspector ask for, filled in from the run.

What only people can know is left as a named gap, and every gap is listed on the first page. They are Markdown: plain
text that anybody can edit, that shows what was changed since, and that Word and browsers open through any converter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.report.files.markdown import GAP, Md, code, codes, escaped, gap, table
from sim.report.files.study_facts import study_facts
from sim.runs.disk import write_whole
from sim.runs.errors import FolderError
from sim.runs.leases import new_owner
from sim.runs.provenance import relative_path
from sim.runs.result import RunResult
from sim.scenario.source.faults import join_words

DOCUMENTS = {
    "README.md": "What is here, and what is still to be filled in",
    "stress-des.md": "STRESS-DES: how the model, its data and its runs are reported",
    "assumption-log.md": "The assumption log, with quality and impact",
    "quality-assurance-log.md": "The quality-assurance log, with what the tests showed",
    "force-management-statement.md": "The four steps of a force management statement",
}
"""Every document with its title; the first lists the gaps of the others."""


def save_study(result: RunResult, folder: Path) -> list[Path]:
    """Write the study documents of a run into a folder; return the files.

    Raises FolderError if one of them is there already: somebody may have filled in its gaps.
    """
    there = [name for name in DOCUMENTS if (folder / name).exists()]
    if there:
        are = "is" if len(there) == 1 else "are"
        raise FolderError(
            f"{relative_path(folder)}: {join_words(there)} {are} there already and may hold what somebody "
            "filled in; nothing was written. Choose another folder with --study."
        )
    owner = new_owner()
    written = study(result)
    for name, text in written.items():  # they are to be filled in, so no checksum is kept of them
        write_whole(folder / name, text.encode(), owner)
    return [folder / name for name in written]


def study(result: RunResult) -> dict[str, str]:
    """The text of each document by the name of its file."""
    facts = study_facts(result)
    body = {name: _filled(name, facts) for name in list(DOCUMENTS)[1:]}
    gaps = [(name, *found) for name, text in body.items() for found in GAP.findall(text)]
    first = _filled("README.md", {**facts, "documents": list(DOCUMENTS.items())[1:], "gaps": gaps})
    return {"README.md": first, **body}


def _filled(name: str, facts: dict[str, Any]) -> str:
    return _templates().get_template(f"study/{name}").render(**facts).rstrip() + "\n"


@cache
def _templates() -> Environment:
    # No HTML is made here; a planner's words are escaped for Markdown instead.
    environment = Environment(
        loader=PackageLoader("sim.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Md) else escaped(str(value)),
    )
    helpers: dict[str, Callable[..., Md]] = {"gap": gap, "table": table, "code": code, "codes": codes}
    environment.globals.update(helpers)
    return environment
