"""README and docs: every command works, every link and name exists, and the numbers are up to date."""

import importlib.util
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import sim
from docs import command_line, operating_model, what_ifs
from sim.cli import main
from sim.measure import METRICS
from sim.runs.run import run_scenario
from sim.scenario.paths import find, route_to
from sim.scenario.schema import scenario_keys

REPOSITORY = Path(__file__).parents[2]
README = REPOSITORY / "README.md"
PAPERS = [REPOSITORY / f"{name}.md" for name in ("CHANGELOG", "CONTRIBUTING", "SECURITY")]
DOCS = REPOSITORY / "docs"
PAGES = [README, *PAPERS, *sorted(DOCS.glob("*.md"))]
WITH_COMMANDS = [page for page in PAGES if page != command_line.PAGE]
BY_HAND = [
    README,
    *PAPERS,
    *(
        DOCS / f"{name}.md"
        for name in (
            "answers",
            "first-run",
            "glossary",
            "index",
            "investigations",
            "limits",
            "model",
            "not-seen-for-years",
            "what-ifs",
        )
    ),
]
OURS = [file for folder in ("sim", "docs", "scenarios", "tests") for file in (REPOSITORY / folder).rglob("*.*")]
SIMULATING = ("run", "compare", "sweep", "staff", "sensitivity")
HASTY = ["--replications", "1", "--workers", "1", "--no-figures"]
HASTY_UNTIL = ["--max-replications", "2", "--workers", "1", "--no-figures"]
IN_A_RUN = {"manifest.json", "report.html", "report.xlsx", "summary.csv", "teams.parquet"}
SEVERAL_MACHINES = {"--shard", "--cluster", "--only"}
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def commands(page: Path) -> list[list[str]]:
    """What follows `python -m sim` on a page, on its own line or within a sentence."""
    lines = re.findall(r"python -m sim ([^`\n#]+)", text(page))
    return [shlex.split(line.replace("\\", "/")) for line in lines]


def examples(page: Path) -> dict[str, str]:
    """The scenario files a page shows, by the name in their first line."""
    return {name: body for name, body in re.findall(r"```yaml\n# (\S+)\n(.*?)```", text(page), re.DOTALL)}


def in_backticks(page: Path) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text(page)))


def instead(command: list[str], options: list[str]) -> list[str]:
    """The command with these options in the place of those of the same names that it has itself."""
    names = [command.index(word) for word in command if word in options and word.startswith("--")]
    return [word for place, word in enumerate(command) if {place, place - 1}.isdisjoint(names)] + options


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.name)
def test_every_command_works(page, tmp_path, monkeypatch, capsys):
    shutil.copytree(REPOSITORY / "scenarios", tmp_path / "scenarios")
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, body in examples(page).items():
        Path(name).write_text(body, encoding="utf-8")
    for command in commands(page):
        command = [word for word in command if word != "--debug"]
        if command[0] == "merge" or SEVERAL_MACHINES & set(command):
            assert main([command[0], "--help"]) == 0
            shown = capsys.readouterr().out
            assert all(word in shown for word in command if word.startswith("--")), command
            continue
        hasty = HASTY if command[0] in SIMULATING and "--help" not in command else []
        hasty = HASTY_UNTIL if "--until" in command else hasty
        # With one replication a target may be out of reach, which is no fault of the command.
        fine = (0, 3) if command[0] == "staff" or "--until" in command else (0,)
        assert main(instead(command, hasty)) in fine, f"python -m sim {' '.join(command)}: {capsys.readouterr().err}"


def test_the_commands_are_found():
    assert ["run", "scenarios/met.yaml"] in commands(README)
    assert {"run", "validate", "explain", "new", *SIMULATING} <= {command[0] for command in commands(README)}
    assert list(examples(README)) == ["scenarios/my-plan.yaml"]


def test_make_knows_what_the_readme_types():
    wanted = re.findall(r"^make (\w+)", text(README), re.MULTILINE)
    assert wanted == ["run", "test"]
    for target in wanted:
        assert re.search(rf"^{target}:", text(REPOSITORY / "Makefile"), re.MULTILINE)


@each_page
def test_other_modules_and_requirements_named_are_there(page):
    for module in re.findall(r"python -m ((?:benchmarks|docs)[\w.]*)", text(page)):
        assert importlib.util.find_spec(module), module
    for file in re.findall(r"pip install -r (\S+)", text(page)):
        assert (REPOSITORY / file.strip("`")).is_file(), file


@each_page
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        file, _, heading = target.partition("#")
        goal = page.parent / file if file else page
        assert goal.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.+)$", text(goal), re.MULTILINE)
            assert heading in [re.sub(r"[^\w -]", "", words).lower().replace(" ", "-") for words in headings], target


@pytest.mark.parametrize("page", BY_HAND, ids=lambda page: page.name)
def test_every_name_is_a_key_a_metric_a_value_or_a_file(page):
    words = {part for key in scenario_keys().all() for part in key.name.split(".")}
    if page.name == "CONTRIBUTING.md":  # its recipes name functions, too
        words |= {
            name for file in OURS if file.suffix == ".py" for name in re.findall(r"^ *def (\w+)", text(file), re.M)
        }
    allowed = " ".join(key.allowed for key in scenario_keys().all())
    for name in in_backticks(page):
        if re.fullmatch(r"[a-z]+(_[a-z]+)+", name):
            assert name in METRICS or name in words or name in allowed or name in sim.__all__, name
        elif re.fullmatch(r"[\w/-]+\.(py|yaml|md|txt|json)", name) and not name.startswith("my-"):
            assert (REPOSITORY / name).exists() or name in {file.name for file in OURS} or name in IN_A_RUN, name
        elif re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", name) and name not in IN_A_RUN and not name.endswith(".csv"):
            assert find(route_to(name)), name


@pytest.mark.slow
def test_the_python_of_the_pages_can_be_typed(tmp_path, monkeypatch):
    shutil.copytree(REPOSITORY / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    page = text(DOCS / "notebooks.md")
    blocks = re.findall(r"```python\n(.*?)```", text(README) + page, re.DOTALL)
    assert len(blocks) == 4
    names: dict[str, object] = {}
    for block in blocks:
        exec(block.replace("replications=20", "replications=2"), names)
    typed = re.findall(r"^\| `(.+?)` \|", page, re.MULTILINE)
    assert len(typed) >= 8
    for line in typed:
        exec(line, names)


def test_the_program_is_cited_as_what_it_is():
    cited = YAML(typ="safe").load(text(REPOSITORY / "CITATION.cff"))
    project = tomllib.loads(text(REPOSITORY / "pyproject.toml"))["project"]
    assert {"cff-version", "message", "title", "authors"} <= set(cited)
    assert (cited["version"], cited["license"]) == (project["version"], project["license"])
    assert cited["version"] == sim.__version__


def test_a_planner_reads_the_readme_to_the_end():
    page = text(README)
    assert len(page.splitlines()) <= 150
    assert len(page.split()) <= 1_500


def test_each_page_stands_on_one_shelf_of_the_index():
    page = text(DOCS / "index.md")
    shelves = [re.findall(r"^\| \[.+?\]\((.+?)\) \|", shelf, re.MULTILINE) for shelf in page.split("\n## ")[1:]]
    assert len(shelves) == 4
    shown = sorted(target for shelf in shelves for target in shelf if not target.startswith("../"))
    assert shown == sorted({page.name for page in DOCS.glob("*.md")} - {"index.md"})


def test_each_noun_of_the_glossary_stands_there_once():
    nouns = re.findall(r"^\| ([^|]+?) \| [^|]+ \|$", text(DOCS / "glossary.md"), re.MULTILINE)
    nouns = [noun.lower() for noun in nouns if noun not in ("word", "---")]
    assert len(nouns) > 80
    assert sorted(nouns) == sorted(set(nouns))


def test_each_decision_has_a_number_a_status_reasons_and_a_figure():
    page = text(DOCS / "decisions.md")
    found = re.findall(r"^## D(\d+)\. [^\n]+\n\n(.*?)(?=\n## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert [int(number) for number, _ in found] == list(range(1, len(found) + 1))
    for number, body in found:
        assert body.startswith(("*In force", "*Replaced by [D")), number
        assert re.findall(r"^- \*\*(.+?)\*\*:", body, re.MULTILINE) == ["Why", "Given up", "Figure"], number


def test_the_page_of_the_command_line_is_up_to_date():
    assert text(command_line.PAGE) == command_line.page(), f"docs/cli.md is stale; renew it: {command_line.RENEW}"


def shown_in_tables(*pages: Path) -> dict[str, list[list[str]]]:
    """The cells of each scenario in the tables of some pages, one line for each table that it is in."""
    shown: dict[str, list[list[str]]] = {}
    for line in "\n".join(map(text, pages)).splitlines():
        if line.startswith("| [") and "../scenarios/" in line:
            first, *cells = line.strip("| ").split(" | ")
            shown.setdefault(Path(re.search(r"\((.+)\)", first)[1]).stem, []).append(cells)
    return shown


@pytest.mark.slow
def test_the_tables_show_what_the_shipped_scenarios_give(tmp_path, monkeypatch):
    """Two replications cannot give the mean of thirty, but they come near it unless the model has changed."""
    monkeypatch.chdir(REPOSITORY)
    shown = shown_in_tables(what_ifs.WHAT_IFS, what_ifs.NOT_SEEN)
    assert set(shown) == set(what_ifs.scenarios_shown())
    replications = {
        name: what_ifs.replications_of(
            run_scenario(what_ifs.file_of(name), replications=2, workers=1, out=tmp_path / name)
        )
        for name in (what_ifs.BASE, "more-officers", "reactive", "escalation")
    }
    for name in replications:
        tables = {len(columns): columns for columns in (what_ifs.REMEDY_COLUMNS, what_ifs.UNSEEN_COLUMNS)}
        for written in shown[name]:
            columns = tables[len(written)]
            for column, old, new in zip(columns, written, what_ifs.cells(columns, name, replications), strict=True):
                (mean, *half_width), (found, *_) = numbers_of(old), numbers_of(new)
                near = 6 * half_width[0] if half_width else 0.02 * mean
                what = f"{name}, {column.heading}"
                assert abs(found - mean) <= near, f"the table is stale ({what}); renew it: python -m docs.what_ifs"
    first_screen = text(README).split("<!-- end of screen -->")[0]
    assert shown[what_ifs.BASE][0][1].split()[0] in first_screen


def numbers_of(cell: str) -> list[float]:
    """The mean and its half-width, from a cell such as `+1,234 ±46`."""
    return [float(number.replace(",", "").replace("−", "-")) for number in re.findall(r"−?[\d,.]*\d", cell)]


def test_every_shipped_what_if_stands_in_a_table():
    files = {path.stem for path in (REPOSITORY / "scenarios").glob("*.yaml")}
    assert files - {"small"} == set(shown_in_tables(what_ifs.WHAT_IFS, what_ifs.NOT_SEEN))


def test_every_shipped_operating_model_stands_in_a_table():
    files = {path.stem for path in (REPOSITORY / "scenarios" / "operating-model").glob("*.yaml")}
    assert files == set(shown_in_tables(operating_model.PAGE))
    assert files == {operating_model.BASE, *operating_model.ALTERNATIVES}
