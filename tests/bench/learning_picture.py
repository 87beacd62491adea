"""Accuracy over the number of images taught, as a picture, SVG: a line a recipe."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT = 560, 340, 56, 20, 480, 250
COLORS, DASHES = ("#0072B2", "#D55E00", "#009E73"), ("2 4", "7 4", "none")
"""Okabe and Ito's colours; the lines differ in their dashes too."""


def learning_picture(curves: Mapping[str, Sequence[tuple[int, float]]], base: float) -> str:
    """An SVG of up to three curves of (images, percent right), and the line of the base model's percentage."""
    points = [point for curve in curves.values() for point in curve]
    most, fewest = max(images for images, _ in points), min(images for images, _ in points)
    low = 5 * math.floor(min([base, *(right for _, right in points)]) / 5)
    high = 5 * math.ceil(max([base, *(right for _, right in points)]) / 5)

    def x(images: float) -> float:
        return round(LEFT + 20 + (PLOT_WIDTH - 40) * math.log(images / fewest) / math.log(most / fewest), 1)

    def y(right: float) -> float:
        return round(TOP + PLOT_HEIGHT * (high - right) / max(5, high - low), 1)

    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
        "<title>Strangers' faces that are named right over images taught</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for right in range(low, high + 1, 5):
        parts.append(f'<path d="M{LEFT} {y(right)}h{PLOT_WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(right) + 4}" text-anchor="end" fill="#333">{right} %</text>')
    for images in sorted({images for images, _ in points}):
        parts.append(
            f'<text x="{x(images)}" y="{TOP + PLOT_HEIGHT + 18}" text-anchor="middle" fill="#333">{images}</text>'
        )
    parts.append(f'<path d="M{LEFT} {y(base)}h{PLOT_WIDTH}" stroke="#777"/>')
    parts.append(f'<text x="{LEFT + PLOT_WIDTH}" y="{y(base) - 5}" text-anchor="end" fill="#555">base model</text>')
    middle = f'x="{LEFT + PLOT_WIDTH / 2}" y="{TOP + PLOT_HEIGHT + 38}" text-anchor="middle"'
    parts.append(f'<text {middle} fill="#333">images taught; upwards: other people\'s faces named right</text>')
    for number, (name, curve) in enumerate(curves.items()):
        stroke = f'stroke="{COLORS[number]}" stroke-width="2.5" stroke-dasharray="{DASHES[number]}" fill="none"'
        parts.append(f'<polyline points="{" ".join(f"{x(n)},{y(right)}" for n, right in curve)}" {stroke}/>')
        at = LEFT + 10 + 160 * number
        parts.append(f'<path d="M{at} {HEIGHT - 14}h34" {stroke}/>')
        parts.append(f'<text x="{at + 42}" y="{HEIGHT - 10}" fill="#333">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
