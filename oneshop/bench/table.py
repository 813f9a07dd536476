"""From runs to the table: medians, ratios formed within a run, and a plain text of aligned columns."""

from __future__ import annotations

import gc
import math
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.db import connection
from tqdm import tqdm

from citizens.models import Citizen
from oneshop import walls
from oneshop.bench.lines import Line
from oneshop.models import Commune
from procedures.models import Case

HEADER = ("what", "median ms", "p95 ms", "floor", "floor ms", "ratio", "target ms", "verdict")
WARM = 3  # runs before the first that counts


@dataclass(frozen=True)
class Measured:
    """The seconds of one line, run by run: the act, and its floor in the same run."""

    line: Line
    acts: Sequence[float]
    floors: Sequence[float]

    @property
    def ratio(self) -> float:
        """How many times its floor the act takes: the median of the ratios of the runs."""
        return median(act / floor if floor else math.inf for act, floor in zip(self.acts, self.floors, strict=True))

    @property
    def judged(self) -> float:
        return median(self.acts) if self.line.judged_by == "median" else p95(self.acts)

    @property
    def row(self) -> tuple[str, ...]:
        line = self.line
        return (
            line.what,
            _ms(median(self.acts)),
            _ms(p95(self.acts)),
            line.floor,
            _ms(median(self.floors)),
            f"{self.ratio:.2f}",
            f"{line.judged_by} ≤ {line.target_ms:g}",
            "ok" if self.judged * 1000 <= line.target_ms else "MISSED",
        )


def measure(lines: Sequence[Line], *, runs: int, quiet: bool) -> list[Measured]:
    """Every line once in each run, act and floor next to each other and taking turns at going first."""
    acts: list[list[float]] = [[] for _ in lines]
    floors: list[list[float]] = [[] for _ in lines]
    for run in tqdm(range(WARM + runs), desc="Runs", disable=quiet, leave=False):
        for line, of_acts, of_floors in zip(lines, acts, floors, strict=True):
            line.prepare(run)
            gc.collect()  # what the last line left behind is not this one's to clear
            pair = [(line.work, of_acts), (line.bare, of_floors)]
            for do, noted in pair if run % 2 else reversed(pair):
                began = line.clock()
                do(run)
                noted.append(line.clock() - began)
    return [Measured(line, of[WARM:], floor[WARM:]) for line, of, floor in zip(lines, acts, floors, strict=True)]


def p95(values: Sequence[float]) -> float:
    """The nearest rank: a value that was measured, none between two."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def text(measured: Sequence[Measured]) -> str:
    rows = [HEADER, *(one.row for one in measured)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    is_number = [(name.endswith(" ms") and name != "target ms") or name == "ratio" for name in HEADER]
    return "\n".join(
        "  ".join(
            f"{cell:>{width}}" if right else f"{cell:<{width}}"
            for cell, width, right in zip(row, widths, is_number, strict=True)
        ).rstrip()
        for row in rows
    )


def circumstances() -> str:
    """Machine, Python, PostgreSQL and rows, in one line."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [server] = cursor.fetchone()
    citizens = cases = 0
    for commune in Commune.objects.all():
        with walls.within(commune.pk):
            citizens += Citizen.objects.count()
            cases += Case.objects.count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    rows = f"{citizens} citizens, {cases} cases"
    return f"{_processor()} × {os.cpu_count()}, {python}, PostgreSQL {server.split()[0]}, {rows}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f}"
