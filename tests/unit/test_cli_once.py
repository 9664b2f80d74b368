"""An option given twice is refused with both values, unless it may be repeated; and one with an empty text."""

import pytest
import typer

from sim.cli import app, main

Captured = pytest.CaptureFixture[str]


def typed(capsys: Captured, *words: str) -> tuple[int, str]:
    code = main(words)
    return code, capsys.readouterr().err.splitlines()[0]


def test_both_values_are_shown(capsys: Captured) -> None:
    targets = ("--target", "overdue_visits <= 5")
    line = ("staff", "town.yaml", *targets, "--by", "2025-01-31", "--seed=3", "--by=2025-02-28")
    assert typed(capsys, *line) == (2, "--by is given twice: 2025-01-31 and 2025-02-28; give it once")
    line = ("run", "--seed", "1", "town.yaml", "--seed", "1", "--seed", "2")
    assert typed(capsys, *line) == (2, "--seed is given 3 times: 1, 1 and 2; give it once")


def options() -> list[tuple[str, str, bool]]:
    """Each option with a value, of each command, and whether it may be repeated."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return [
        (name, max(option.opts, key=len), option.multiple)
        for name, command in commands.items()
        for option in command.params
        if option.param_type_name == "option" and not option.is_flag
    ]


def test_it_holds_for_every_option_of_every_command(capsys: Captured) -> None:
    assert len(options()) > 50
    for command, option, may_be_repeated in options():
        _, message = typed(capsys, command, option, "a", option, "b")
        refused = message == f"{option} is given twice: a and b; give it once"
        assert refused != may_be_repeated, (command, option, message)


def test_an_empty_text_is_refused_for_every_option_and_argument(capsys: Captured) -> None:
    for command, option, _ in options():
        for empty in ("", " "):
            assert typed(capsys, command, option, empty) == (2, f"{option} is empty; give it a value, or leave it out")
    assert typed(capsys, "run", "town.yaml", "--set", "seed=1", "--set=")[1].startswith("--set is empty")
    assert typed(capsys, "run", "")[1] == "scenario is empty; give it a value, or leave it out"
    assert typed(capsys, "merge", "part1", "", "--out", "whole")[1].startswith("folders is empty")


def test_a_value_that_looks_like_the_option_is_none(capsys: Captured) -> None:
    assert "given twice" not in typed(capsys, "run", "town.yaml", "--out", "--seed", "--seed", "x")[1]


def test_a_line_that_cannot_be_read_is_reported_as_before(capsys: Captured) -> None:
    code, message = typed(capsys, "run", "town.yaml", "--seeed", "1", "--seed", "1", "--seed", "2")
    assert code == 2
    assert "--seeed" in message
