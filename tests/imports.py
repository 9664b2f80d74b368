"""Which module imports which, where they do so in a circle, and which import points against the direction.

`python -m tests.imports` lists what is wrong. Imports inside functions count; those under `TYPE_CHECKING` do not.
"""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
ORDERS = (
    (
        *(
            "sim.cli sim.__main__ sim",
            "sim.report",
            "sim.studies",
            "sim.runs",
            "sim.measure",
            "sim.model",
            "sim.scenario",
        ),
        "sim.version",
    ),
    ("sim.report.pages", "sim.report.stories | sim.report.figures | sim.report.files", "sim.report.text"),
    (
        *("sim.model.simulate", "sim.model.investigations", "sim.model.processes", "sim.model.simulation"),
        *("sim.model.kernel", "sim.model.records sim.model.codes"),
    ),
    (
        "sim.scenario.source.reading",
        "sim.scenario.rules",
        "sim.scenario.schema",
        "sim.scenario.sections",
        "sim.scenario.values",
    ),
)
"""Each floor imports from itself and from those below it; what a bar parts knows nothing of one another."""


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if _is_for_types(node):
            for other in node.orelse:
                yield from (other, *_statements(other))
        else:
            yield node
            yield from _statements(node)


def _named(node: ast.AST, module: str, is_package: bool) -> Iterator[str]:
    """What an import statement names, each name in full: `from sim.runs import run` names `sim.runs.run`."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        package = module.split(".")
        up = package[: len(package) - node.level + is_package] if node.level else []
        origin = ".".join([*up, *([node.module] if node.module else [])])
        yield from (f"{origin}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
        yield from (str(argument.value) for argument in node.args[:1] if isinstance(argument, ast.Constant))


Arrows = dict[str, dict[str, int]]
"""Which modules each one imports, and in which line."""


def arrows(root: Path = ROOT, folders: tuple[str, ...] = ("sim", "benchmarks")) -> Arrows:
    """The imports among all modules of some folders."""
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    modules = {".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}
    found: Arrows = {module: {} for module in modules}
    for module, path in modules.items():
        for node in _statements(ast.parse(path.read_text(encoding="utf-8"))):
            for name in _named(node, module, path.name == "__init__.py"):
                while name and name not in modules:
                    name = name.rpartition(".")[0]
                if name and name != module:
                    found[module].setdefault(name, node.lineno)
    return found


def _shortest(graph: Arrows, start: str) -> list[str]:
    """The shortest way from a module back to itself, or nothing."""
    ways, seen = [[start]], {start}
    for way in ways:
        for other in graph[way[-1]]:
            if other == start:
                return [*way, start]
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []


def circles(graph: Arrows) -> list[str]:
    """Circles that have no import in common, the shortest first, each with its lines."""
    ways = sorted((way for way in (_shortest(graph, start) for start in graph) if way), key=len)
    seen: set[tuple[str, str]] = set()
    found = []
    for way in ways:
        steps = set(pairwise(way))
        if not steps & seen:
            found.append(
                " → ".join([way[0], *(f"{other} (line {graph[here][other]})" for here, other in pairwise(way))])
            )
        seen |= steps
    return found


def _floor(module: str, order: tuple[str, ...]) -> tuple[int, str] | None:
    """The floor of a module, from above, and the wing on it; the longest name that it begins with decides."""
    rooms = [
        (name, level, wing) for level, wings in enumerate(order) for wing in wings.split(" | ") for name in wing.split()
    ]
    fitting = [room for room in rooms if module == room[0] or (room[0] != "sim" and module.startswith(f"{room[0]}."))]
    return max(fitting)[1:] if fitting else None


def against_the_direction(graph: Arrows) -> list[str]:
    """The imports that point to a floor above, to another wing, or from the program to its benchmarks."""

    def is_wrong(module: str, other: str) -> bool:
        floors = [(_floor(module, order), _floor(other, order)) for order in ORDERS]
        return (module.startswith("sim") and other.startswith("benchmarks")) or any(
            here[0] > there[0] or (here[0] == there[0] and here[1] != there[1])
            for here, there in floors
            if here and there
        )

    return [
        f"{module}, line {line}, imports {other}"
        for module, others in graph.items()
        for other, line in others.items()
        if is_wrong(module, other)
    ]


if __name__ == "__main__":
    every = arrows()
    print("circles:", *circles(every), "", "against the direction:", *against_the_direction(every), sep="\n")
