"""Compiled functions stay readable: at most eight parameters, and no call that repeats a longer list.

`python -m tests.unit.test_kernel_signatures` lists those that have more. An entry point, which the model calls from
outside the kernel, may have more parameters; a call has no such exception.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST = 8
ALLOWED: dict[str, int] = {}
"""Functions that may have up to twelve, since a tuple cost the Met more than 3%; the figure beside each."""


def kernel_functions(root: Path = ROOT) -> dict[str, ast.FunctionDef]:
    """Every compiled function by `module.name`: those with a decorator that the kernel's `__init__` defines."""
    return {
        f"{path.stem}.{node.name}": node
        for path in sorted((root / "sim/model/kernel").glob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.decorator_list and path.name != "__init__.py"
    }


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _mentioned_outside(root: Path) -> set[str]:
    """All names that modules outside the kernel use: of compiled functions, the entry points."""
    outside = [path for path in (root / "sim").rglob("*.py") if path.parent.name != "kernel"]
    nodes = [node for path in outside for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def too_long(root: Path = ROOT) -> list[str]:
    """Each function and each call with more than eight, with its place and how many it has."""
    functions = kernel_functions(root)
    names, outside = {name.partition(".")[2] for name in functions}, _mentioned_outside(root)
    found = []
    for name, node in functions.items():
        count = len(node.args.posonlyargs + node.args.args + node.args.kwonlyargs)
        if count > max(MOST, ALLOWED.get(node.name, 0)) and node.name not in outside:
            found.append(f"{name}, line {node.lineno}: {count} parameters")
    for path in sorted((root / "sim" / "model").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _called(call) in names:
                count = len(call.args) + len(call.keywords)
                if count > max(MOST, ALLOWED.get(_called(call), 0)):
                    place = path.relative_to(root).as_posix()
                    found.append(f"{place}, line {call.lineno}: {_called(call)} is called with {count}")
    return found


def test_no_function_has_more_parameters_and_no_call_more_arguments() -> None:
    found = too_long()
    assert len(kernel_functions()) > 80
    assert not found, f"more than {MOST}:\n" + "\n".join(found)


def test_a_long_function_and_a_long_call_are_found(tmp_path: Path) -> None:
    kernel = tmp_path / "sim" / "model" / "kernel"
    kernel.mkdir(parents=True)
    nine = ", ".join("abcdefghi")
    (kernel / "work.py").write_text(
        f"@compiled\ndef leaf({nine}): ...\n@compiled\ndef entry({nine}):\n    leaf({nine})\n"
    )
    (kernel.parent / "simulation.py").write_text("entry(*arguments)\n")
    assert too_long(tmp_path) == [
        "work.leaf, line 2: 9 parameters",
        "sim/model/kernel/work.py, line 5: leaf is called with 9",
    ]


if __name__ == "__main__":
    print(*too_long(), sep="\n")
