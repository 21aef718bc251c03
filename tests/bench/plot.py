"""Draw cost against size, as an SVG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .listing import OURS, costs

SIZES = (1000, 10_000, 25_000, 50_000, 75_000, 100_000)
WIDTH, HEIGHT, LEFT, BOTTOM = 720, 400, 60, 50
COLOURS = ("#2563eb", "#16a34a", "#ca8a04", "#9333ea", "#dc2626", "#64748b")
TITLE = "CPU seconds of a whole list, by how many numbers the account has"
Points = Sequence[tuple[int, float]]


def measured(sizes: Sequence[int] = SIZES, rounds: int = 3) -> dict[str, Points]:
    """CPU seconds by size, for numctl's formats and for what would be used instead."""
    ours = {f"numctl {name}": OURS[name] for name in ("json", "csv", "table")}
    found = {size: costs(size, rounds, ours, with_others=True) for size in sizes}
    names = [*ours, "official, JSON", "curl | jq, JSON"]
    return {name: [(size, found[size][name].cpu) for size in sizes] for name in names}


def drawn(series: Mapping[str, Points]) -> str:
    """The plot."""
    most = max(seconds for points in series.values() for _, seconds in points)
    far = max(size for points in series.values() for size, _ in points)

    def place(size: float, seconds: float) -> tuple[float, float]:
        return LEFT + size / far * (WIDTH - LEFT - 150), HEIGHT - BOTTOM - seconds / most * (HEIGHT - BOTTOM - 40)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="14">{TITLE}</text>',
    ]
    lines += axes(place, far, most)
    for colour, (name, points) in zip(COLOURS, series.items(), strict=False):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
        x, y = place(*points[-1])
        lines.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{path}"/>')
        lines.append(f'<text x="{x + 6:.1f}" y="{y + 4:.1f}" fill="{colour}">{name}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def axes(place: Callable[[float, float], tuple[float, float]], far: int, most: float) -> list[str]:
    """Both axes with their marks."""
    lines = []
    for part in range(5):
        size, seconds = far * part / 4, most * part / 4
        x, y = place(size, 0)
        lines.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{size:,.0f}</text>')
        _, y = place(0, seconds)
        lines.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{seconds:.1f}</text>')
        lines.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - 150}" stroke="#e2e8f0"/>')
    return lines
