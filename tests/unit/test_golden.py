"""What the commands print is what `tests/golden` holds, word for word; numbers may change."""

from pathlib import Path

import pytest

from tests.golden import COMMANDS, FOLDER, a_town, printed


@pytest.fixture(scope="module")
def now() -> dict[str, str]:
    with a_town() as folder:
        return dict(printed(folder))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_its_golden_words(name: str, now: dict[str, str]) -> None:
    held = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert now[name] == held, "if this is what should be printed: python -m tests.golden"


def test_every_golden_file_is_of_a_command() -> None:
    assert {Path(file).stem for file in FOLDER.iterdir()} == set(COMMANDS)
