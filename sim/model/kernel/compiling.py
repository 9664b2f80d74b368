"""How a function is marked to be compiled to machine code, and how Python gets at that code.

An entry point is a function that Python calls. It says of which types its arguments are, so that it can be compiled
before it is called, and called without Numba's look-up of every argument's type, which takes a microsecond a table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

import sim.model.kernel.cache  # noqa: F401
from sim.model.records import empty_tables, table

boolean, f8, i1, i8, u4 = numba.boolean, numba.float64, numba.int8, numba.int64, numba.uint32
TABLES = numba.typeof(empty_tables())


def rows_of(dtype: np.dtype) -> Any:
    """The type of a table of records."""
    return numba.typeof(table(dtype, 1))


COMPILED: list[Any] = []
"""All that is compiled; what is pasted is compiled as part of its caller."""


def _widen_arguments(function: Any) -> None:
    """Compile a function once for all integers: otherwise once for each constant and each width it is called with."""
    template_of = function.get_call_template

    def widened(argument: Any) -> Any:
        plain = numba.types.unliteral(argument)
        return i8 if isinstance(plain, numba.types.Integer) and plain.bitwidth < i8.bitwidth else plain

    def call_template(arguments: tuple, keywords: dict) -> Any:
        template, signature, _, _ = template_of(tuple(map(widened, arguments)), keywords)
        return template, signature, arguments, keywords

    function.get_call_template = call_template


def _compiling(**options: object) -> Callable[[Any], Any]:
    def marked(function: Any) -> Any:
        made = numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False, **options)(function)
        if options.get("inline") != "always" and not numba.config.DISABLE_JIT:
            _widen_arguments(made)
            COMPILED.append(made)
        return made

    return marked


compiled = _compiling()
"""What a compiled function is marked with: kept on disk, free of the interpreter lock, no checks for zero.

`_nrt`: nor does it count references to the tables, which nothing compiled makes or drops; that took a tenth of the
time.
"""

inlined = _compiling(forceinline=True)
"""What is short and on the way of every piece of work: passing the tables would cost more than the function."""

pasted = _compiling(inline="always")
"""What has one caller: part of it from the beginning, and so optimised once instead of twice."""

ENTRY_POINTS: dict[Any, tuple] = {}
"""Each function that Python calls, and the types of its arguments."""

_machine_code: dict[Any, Callable] = {}


def entry_point(*types: Any) -> Callable[[Any], Any]:
    """For a function that Python calls with arguments of these types, and after them the tables of a replication."""
    return entry_point_without_tables(*types, TABLES)


def entry_point_without_tables(*types: Any) -> Callable[[Any], Any]:
    """For a function that Python calls with arguments of these types."""

    def marked(function: Any) -> Any:
        made = compiled(function)
        ENTRY_POINTS[made] = types
        return made

    return marked


def machine_code(function: Any) -> Callable:
    """The machine code of an entry point, compiled or read from the disk when it is first asked for."""
    if numba.config.DISABLE_JIT:
        return function
    if function not in _machine_code:
        function.compile(ENTRY_POINTS[function])
        _machine_code[function] = function.get_overload(ENTRY_POINTS[function])
    return _machine_code[function]


def loaded() -> int:
    """The number of entry points whose machine code this process has at hand."""
    return len(_machine_code)
