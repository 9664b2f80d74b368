"""The shell around the commands: exit codes, errors in a line, quiet pipes, and an answer at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim.cli
from sim.cli import main
from sim.cli.output import NOT_MET
from tests.support.scenarios import SMALL

REPOSITORY = Path(__file__).parents[2]
HEAVY = {"numpy", "pandas", "numba", "pydantic", "matplotlib", "rich", "ruamel.yaml", "scipy", "simpy", "pyarrow"}


def python(*arguments, **options):
    """Run this Python on the repository in another process."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **options.pop("env", {})}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,
    )


def test_help_imports_nothing_heavy_and_names_every_command():
    code = "import sys; from sim.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = python("-c", code)
    assert not HEAVY & set(done.stderr.split())
    for command in ("run", "report", "validate", "explain", "schema", "new", "doctor"):
        assert f"\n  {command} " in done.stdout


def test_a_scenario_is_checked_and_its_work_estimated_without_what_only_a_run_needs():
    line = ["validate", str(REPOSITORY / "scenarios" / "met.yaml")]
    code = f"import sys; from sim.cli import main; main({line}); print(*sys.modules, file=sys.stderr)"
    done = python("-c", code)
    assert "\n  run: about " in done.stdout
    assert not {"numpy", "pandas", "scipy", "numba"} & set(done.stderr.split())


def test_without_a_command_there_is_help(capsys):
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("Usage: python -m sim [OPTIONS] COMMAND [ARGS]...")


@pytest.mark.parametrize(
    ("line", "message", "command"),
    [
        (["validat"], "No such command 'validat'. Did you mean 'validate'?", ""),
        (["validate", "a.yaml", "--sett", "seed=1"], "No such option: --sett (Possible options: --set)", " validate"),
        (["validate"], "Missing argument 'SCENARIO...'.", " validate"),
        (
            ["new", "a.yaml", "--teams", "0"],
            "Invalid value for '--teams': Input should be greater than or equal to 1",
            " new",
        ),
    ],
)
def test_a_line_mistyped(capsys, line, message, command):
    assert main(line) == 2
    assert capsys.readouterr() == ("", f"{message}\n`python -m sim{command} --help` shows how to write it.\n")


def failing(error):
    def command(*_, **__):
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (
            RuntimeError("something\nbroke"),
            1,
            "Unexpected error in the program: RuntimeError: something broke. Please report it.\n"
            "Put --debug before the command, as in `python -m sim --debug run …`, to see where.\n",
        ),
        (KeyboardInterrupt(), 130, ""),
        (
            BrokenPipeError(32, "Broken pipe"),  # not of our own output, which never raises one
            1,
            "Unexpected error in the program: BrokenPipeError: [Errno 32] Broken pipe. Please report it.\n"
            "Put --debug before the command, as in `python -m sim --debug run …`, to see where.\n",
        ),
        (
            ModuleNotFoundError("No module named 'numba'", name="numba"),
            1,
            "numba is not installed; `python -m sim doctor` says how to fix it.\n",
        ),
    ],
)
def test_what_goes_wrong_inside_is_a_line_and_an_exit_code(write, monkeypatch, capsys, error, code, message):
    monkeypatch.setattr("sim.runs.load.load", failing(error))
    assert main(["validate", write("met.yaml", SMALL)]) == code
    assert capsys.readouterr().err == message


def test_stopped_before_a_command_has_begun(monkeypatch, capsys):
    monkeypatch.setattr(sim.cli, "app", failing(KeyboardInterrupt()))
    assert main(["doctor"]) == 130
    assert capsys.readouterr().err == ""


def test_debug_shows_where(write, monkeypatch, capsys):
    monkeypatch.setattr("sim.runs.load.load", failing(RuntimeError("broke")))
    assert main(["--debug", "validate", write("met.yaml", SMALL)]) == 1
    err = capsys.readouterr().err
    assert err.startswith("Traceback (most recent call last):")
    assert "in command\n    raise error" in err


@pytest.mark.parametrize("command", [["schema"], ["--help"], ["doctor"]])
def test_a_reader_that_has_left_does_no_harm(command):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "sim", *command],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_errors_are_plain_text_in_any_surroundings(write):
    write("met.yaml", SMALL + "sed: 1\n")
    for environment in ({"FORCE_COLOR": "1"}, {"NO_COLOR": "1"}, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}):
        done = python("-m", "sim", "validate", "met.yaml", env=environment)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == "met.yaml:12: sed: unknown key, did you mean seed?\n"


@pytest.mark.parametrize(
    ("python_is", "repair"),
    [
        ("sys.prefix = 'venv'", "python -m pip install -r requirements.txt"),
        (
            "sys.prefix = sys.base_prefix",  # README: `python` is that of .venv, and here another was typed
            "source .venv/bin/activate, once in each terminal (on Windows: .venv\\Scripts\\activate)",
        ),
        (
            "sys.prefix = sys.base_prefix; import pathlib; pathlib.Path.is_dir = lambda path: False",
            "make run, which sets up .venv (docs/install.md says how without make)",
        ),
    ],
)
def test_the_program_says_how_to_find_what_is_missing(python_is, repair):
    code = f"import sys, runpy; sys.modules['typer'] = None; {python_is}; runpy.run_module('sim', run_name='__main__')"
    done = python("-c", code)
    assert done.returncode == 1
    assert done.stderr == f"typer is not installed for this Python; fix it with: {repair}\n"


def test_doctor_finds_nothing_missing(capsys):
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"caseload-simulator {sim.__version__}\n")
    assert out.endswith("Nothing is missing.\n")
    for word in ("pydantic", "numba", "cores", "memory", "compiled code"):
        assert f"\n{word} " in out


def test_doctor_names_what_is_missing_and_how_to_fix_it(monkeypatch, capsys):
    needed = {"project": {"dependencies": ["typer >= 0.12", "typer >= 99.0", "absent>=1.2"]}}
    monkeypatch.setattr("tomllib.loads", lambda text: needed)
    assert main(["doctor"]) == NOT_MET == 3
    out, err = capsys.readouterr()
    assert "absent           missing\n" in out
    assert err == (
        "missing: typer 99.0 or later is needed: python -m pip install -r requirements.txt\n"
        "missing: absent 1.2 or later is needed: python -m pip install -r requirements.txt\n"
    )


def test_doctor_of_an_installed_program_asks_the_installation(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sim, "__file__", str(tmp_path / "sim" / "__init__.py"))
    monkeypatch.setattr("importlib.metadata.requires", lambda _: ["absent>=1.2", 'pytest>=8; extra == "test"'])
    assert main(["doctor"]) == 3
    assert (
        capsys.readouterr().err == "missing: absent 1.2 or later is needed: python -m pip install -r requirements.txt\n"
    )


def test_doctor_on_a_locked_cache_and_a_silent_system(monkeypatch, capsys):
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(os, "sysconf", failing(ValueError("unrecognized configuration name")))
    assert main(["doctor"]) == 3
    out, err = capsys.readouterr()
    assert "memory           not known on this system\n" in out
    assert err.endswith("so every run compiles anew: set CASELOAD_CACHE to a folder that can be\n")
