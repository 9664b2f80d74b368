"""The notebooks run from a clean clone, from the top to the end, and show what they promise."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest

REPOSITORY = Path(__file__).parents[2]
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)

SHOWN = {
    "1-getting-started": [
        "The backlog on 31 August 2025",
        "Better: fewer overdue visits",
        "at_start",
        "<Run of One team",
    ],
    "2-how-many-officers": [
        "With \\d+, one fewer, it is met in",
        "Overdue visits: .*no clear difference",
        "Share of visits in date: −",
    ],
    "3-announced-or-unannounced": [
        "One visit in ten announced +more .*worse",
        "One visit in ten announced +\\+[\\d.]+\\spoints",
        "unannounced_coverage high [\\d. ]+ 0\\.\\d+ 0\\.\\d+ 0\\.\\d+ ",
        "overdue_visits low( [\\d.]+){5} ",
    ],
    "4-can-i-trust-it": ["^1.2$", "agrees(\n.*True$){4}", "^True$", "Most influential: officers.available_share"],
    "5-start-from-your-own-caseload": [
        'column G \\("surname"\\) looks like names of people',
        '"2024-13-45" is no date',
        "risk: what stands here is no risk level",
        "Better: fewer overdue visits",
    ],
}
"""What each notebook's words rest upon; if it no longer comes out, the words are wrong."""


def cells_of(notebook: Path) -> list[dict]:
    return json.loads(notebook.read_text(encoding="utf-8"))["cells"]


def code_of(cell: dict) -> str:
    return "".join(cell["source"])


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the notebooks need of a clone, in a folder of the test's own; the program is the one that is tested."""
    for folder in ("notebooks", "scenarios", "tests/theory/scenarios"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, ignore=shutil.ignore_patterns("results", ".*"))
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    for folder in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(folder, str(tmp_path / folder))
    return tmp_path


def text_of(executed: dict) -> str:
    """Everything that the cells of an executed notebook show as text."""
    texts = []
    for output in (output for cell in executed["cells"] for output in cell.get("outputs", ())):
        shown = output.get("data", {})
        table = re.sub(r"(<[^>]*>|\s)+", " ", shown.get("text/html", ""))
        texts += [output.get("text", ""), shown.get("text/plain", ""), table]
    return "\n".join(texts)


@pytest.mark.slow
@each_notebook
def test_it_runs_and_shows_what_its_words_rest_upon(notebook, clone):
    executed = nbformat.read(clone / "notebooks" / notebook.name, as_version=4)
    client = nbclient.NotebookClient(executed, timeout=300, kernel_name="python3", coalesce_streams=True)
    client.execute(cwd=str(clone / "notebooks"))
    printed = text_of(executed)
    for words in SHOWN[notebook.stem]:
        assert re.search(words, printed, re.MULTILINE), f"{words!r} is not shown: {printed}"
    assert {path.name for path in clone.iterdir()} <= {
        *("notebooks", "scenarios", "tests", "results"),
        *("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"),
    }
    assert [path.name for path in (clone / "notebooks").iterdir() if path.is_dir()] == []


def test_each_notebook_is_held_to_something():
    assert {notebook.stem for notebook in NOTEBOOKS} == set(SHOWN)


@each_notebook
def test_no_output_is_stored(notebook):
    for cell in cells_of(notebook):
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None), "clear all outputs before you save it"


@each_notebook
def test_its_cells_are_short_and_its_words_come_first(notebook):
    cells = cells_of(notebook)
    assert code_of(cells[0]).startswith("# ")
    for cell in cells:
        assert len(code_of(cell).splitlines()) <= 26
        assert max(map(len, code_of(cell).splitlines())) <= 125


@each_notebook
def test_every_link_leads_somewhere(notebook):
    words = "\n".join(code_of(cell) for cell in cells_of(notebook) if cell["cell_type"] == "markdown")
    for target in re.findall(r"\]\(([^)\s]+)\)", words):
        assert (notebook.parent / target).exists(), target
    for file in re.findall(r"`((?:scenarios|tests)/[^`\s]+)`", words):
        assert (REPOSITORY / file).exists(), file


@each_notebook
def test_the_program_is_found_from_the_folder_of_the_notebooks(notebook):
    first = next(code_of(cell) for cell in cells_of(notebook) if cell["cell_type"] == "code")
    line = [sys.executable, "-c", f"{first}\n{first}\nimport sim; print(sim.__file__)"]
    done = subprocess.run(line, cwd=notebook.parent, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == str(REPOSITORY / "sim" / "__init__.py"), done.stderr
