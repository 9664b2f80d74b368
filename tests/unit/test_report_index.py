"""The index of the results: everything that was found, newest first, whatever else lies in the folder."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli import main
from sim.report.pages.index import INDEX, entries, renew_index
from sim.runs.folder import PROGRAM
from tests.support.fake_model import SCENARIO, FakeModel, use
from tests.support.pages import Page


def run_of(folder: Path, name: object, created: object = "2026-03-01T10:00:00+00:00", **more: object) -> None:
    folder.mkdir(parents=True)
    manifest = {"program": PROGRAM, "scenario": name, "created": created, "replications": 30, "finished": 30, **more}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "scenario.yaml").write_text("name: x\nstart: 2024-09-02\nend: '2027-08-31'\n")
    (folder / "report.html").write_text("<p>")


def links(page: Page) -> list[str]:
    return [link.attributes["href"] for link in page.all("a")]


def test_runs_and_answers_are_listed_newest_first_with_links(tmp_path: Path) -> None:
    run_of(tmp_path / "old", "Old", "2025-01-31T23:30:00+00:00", finished=29)
    run_of(tmp_path / "new", "New")
    run_of(tmp_path / "points" / "met-1", "A point of a sweep")
    answer = tmp_path / "compare-1"
    answer.mkdir()
    runs = [
        {"folder": "elsewhere/old", "settings": []},
        {"folder": "elsewhere/old", "settings": ["officers.total=10"]},
    ]
    document = {
        "program": PROGRAM,
        "kind": "comparison",
        "created": "2026-02-01T12:00:00+00:00",
        "runs": runs,
        "replications": 30,
    }
    (answer / "answer.json").write_text(json.dumps(document))
    (answer / "differences.csv").write_text("")
    found = entries(tmp_path)
    assert [(entry.title, entry.kind, entry.date, entry.period, entry.replications) for entry in found] == [
        ("New", "Run", "1 Mar 2026", "2 Sep 2024 to 31 Aug 2027", "30"),
        ("officers.total=10, against Old", "Comparison", "1 Feb 2026", "2 Sep 2024 to 31 Aug 2027", "30"),
        ("Old", "Run", "31 Jan 2025", "2 Sep 2024 to 31 Aug 2027", "29 of 30"),
    ]
    assert renew_index(tmp_path) == tmp_path / INDEX
    page = Page((tmp_path / INDEX).read_text(encoding="utf-8"))
    assert links(page) == ["new/report.html", "compare-1/differences.csv", "old/report.html"]
    assert all((tmp_path / link).is_file() for link in links(page))
    assert page.all("script", "link") == []


@pytest.mark.parametrize(
    "broken",
    ["", "[]", "{", "null", '{"program": "another"}', '{"program": "caseload-simulator", "finished": "many"}',
     '{"program": "caseload-simulator", "finished": [1], "created": 7, "scenario": {}}', "\x00\x01"],
)  # fmt: skip
def test_a_broken_folder_breaks_nothing(tmp_path: Path, broken: str) -> None:
    run_of(tmp_path / "fine", "Fine")
    for name in ("manifest.json", "answer.json"):
        folder = tmp_path / f"broken-{name[:3]}"
        folder.mkdir()
        (folder / name).write_text(broken)
    (tmp_path / "baseline.json").write_text("{}")
    (tmp_path / "manifest.json").mkdir()
    assert "Fine" in [entry.title for entry in entries(tmp_path)]
    assert renew_index(tmp_path)


def test_names_do_nothing_in_the_index(tmp_path: Path) -> None:
    run_of(tmp_path / 'a "b" #?', '<script>alert("1")</script>\u202e')
    renew_index(tmp_path)
    html = (tmp_path / INDEX).read_text(encoding="utf-8")
    assert "<script>" not in html
    assert "\u202e" not in html
    assert links(Page(html)) == ["a%20%22b%22%20%23%3F/report.html"]


def test_the_same_folders_give_the_same_index_and_it_is_written_only_if_something_changed(tmp_path: Path) -> None:
    run_of(tmp_path / "one", "One")
    renew_index(tmp_path)
    before = (tmp_path / INDEX).stat().st_mtime_ns, (tmp_path / INDEX).read_bytes()
    os.utime(tmp_path / INDEX, ns=(1, before[0]))
    renew_index(tmp_path)
    assert ((tmp_path / INDEX).stat().st_mtime_ns, (tmp_path / INDEX).read_bytes()) == before
    left = tmp_path / f".{INDEX}.1.part"  # by a command that was killed
    left.write_text("half")
    os.utime(left, (0, time.time() - 60))
    run_of(tmp_path / "two", "Two")
    renew_index(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [INDEX, "one", "two"]


def test_several_may_write_it_at_once(tmp_path: Path) -> None:
    run_of(tmp_path / "0", "0")
    code = (
        "import shutil, sys; from pathlib import Path; from sim.report.pages.index import renew_index\n"
        "top = Path('.')\n"
        "for n in range(6): shutil.copytree('0', f'{sys.argv[1]}-{n}'); renew_index(top); "
        "assert Path('index.html').read_text().endswith('</html>')"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(n)], cwd=tmp_path, env=environment, stderr=subprocess.PIPE)
        for n in (1, 2)
    ]
    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [(b"", 0)] * 2
    renew_index(tmp_path)
    assert len(links(Page((tmp_path / INDEX).read_text(encoding="utf-8")))) == 13
    assert not list(tmp_path.glob(".*.part"))


def test_commands_renew_it_and_report_makes_it_of_any_folder_of_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    Path("town.yaml").write_text(SCENARIO)
    line = ["run", "town.yaml", "--workers", "1", "--no-figures"]
    assert main([*line, "--out", "mine/kept"]) == 0
    assert not Path("results").exists()
    assert main(line) == 0
    assert "Smalltown" in Path("results/index.html").read_text(encoding="utf-8")
    capsys.readouterr()
    # A run with a changed setting is listed apart from the one without it; and so is an answer.
    assert main([*line, "--set", "visits.retry_days=3", "--from", "2024-10-01"]) == 0
    assert main(["sweep", "town.yaml", "--vary", "visits.retry_days=5,9", "--set", "visits.crew=1", *line[2:]]) == 0
    titles = [entry.title for entry in entries(Path("results"))]
    assert sorted(titles) == [
        "Smalltown", "Smalltown, with visits.crew=1: vary visits.retry_days=5,9, metric overdue_visits",
        "Smalltown, with visits.retry_days=3 from 2024-10-01",
    ]  # fmt: skip
    capsys.readouterr()
    assert main(["report", "mine"]) == 0
    assert capsys.readouterr().out == "Index: mine/index.html\n"
    assert main(["report", "nowhere"]) == 2
