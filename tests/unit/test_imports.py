"""Imports point in one direction, and never in a circle."""

from pathlib import Path

from tests.imports import against_the_direction, arrows, circles


def tree(root: Path, modules: dict[str, str]) -> Path:
    for name, source in modules.items():
        path = root / "sim" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return root


def test_a_circle_is_found_also_through_a_function(tmp_path: Path) -> None:
    root = tree(tmp_path, {"a": "from sim import b", "b": "def f():\n    from sim.c import g", "c": "import sim.a"})
    assert circles(arrows(root)) == ["sim.a → sim.b (line 1) → sim.c (line 2) → sim.a (line 1)"]


def test_what_only_a_type_checker_reads_does_not_count(tmp_path: Path) -> None:
    hidden = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sim.a import f\nelse:\n    import sim.c"
    assert arrows(tree(tmp_path, {"a": "import sim.b", "b": hidden, "c": ""}))["sim.b"] == {"sim.c": 5}


def test_an_import_that_points_upwards_or_to_another_wing_is_found(tmp_path: Path) -> None:
    upwards = {"model/records": "from sim import measure", "measure/__init__": "import sim.model.records"}
    sideways = {"report/figures/a": "from ..stories import b", "report/stories/b": "import sim.report.text.words"}
    below = {"report/text/words": "import sim.scenario.schema", "scenario/schema": ""}
    assert against_the_direction(arrows(tree(tmp_path, upwards | sideways | below))) == [
        "sim.model.records, line 1, imports sim.measure",
        "sim.report.figures.a, line 1, imports sim.report.stories.b",
    ]


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = arrows()
    assert sum(map(len, graph.values())) > 500
    assert not circles(graph), "modules that import one another in a circle:\n" + "\n".join(circles(graph))


def test_imports_point_in_one_direction() -> None:
    wrong = against_the_direction(arrows())
    assert not wrong, "imports against the direction of tests/imports.py:\n" + "\n".join(wrong)
