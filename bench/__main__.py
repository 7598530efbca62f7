"""Run every part, print a table, write JSON: `python -m bench [part …]`."""

import json
import platform
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import allocator, booked, cold, paged, stored
from bench.parts import Part, Result

PARTS: dict[str, Part] = {
    "booked": booked.run,
    "allocator": allocator.run,
    "stored": stored.run,
    "paged": paged.run,
    "cold": cold.run,
}
"""Name and function of each part; a new part adds its line here."""
FILE = Path("build/bench.json")


def main(names: list[str]) -> None:
    """Run the named parts, or all of them."""
    console = Console()
    results: list[Result] = []
    for name in names or PARTS:
        console.print(f"measuring {name} …")
        results += PARTS[name]()
    console.print(_table(results))
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(_report(results), indent=2, ensure_ascii=False), encoding="utf-8")
    console.print(f"written to {FILE}")


def _report(results: list[Result]) -> dict[str, object]:
    machine = f"{platform.machine()}, Python {platform.python_version()}, {platform.system()}"
    return {"machine": machine, "results": [asdict(each) for each in results]}


def _table(results: list[Result]) -> Table:
    table = Table("part", "ratio", "wanted", "figures")
    for each in results:
        colour = "green" if each.good else "red"
        figures = ", ".join(f"{name} {figure}" for name, figure in each.detail.items())
        table.add_row(each.name, f"[{colour}]{each.ratio:.2f}[/]", f"≥ {each.wanted:g}", figures)
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
