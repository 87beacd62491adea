"""The risk-coverage curve as a picture, SVG: how many of the answers are right over how many faces get one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT = 560, 320, 56, 20, 480, 240
LOWEST = 0.7
"""The share right at the picture's foot."""
COLORS = ("#0072B2", "#D55E00")
"""Okabe and Ito's, which colour-blind people can tell apart; the lines differ in their dashes too."""
DASHES = ("none", "7 4")

Curve = Sequence[tuple[float, float]]


def risk_picture(curves: Mapping[str, Curve], chosen: Mapping[str, tuple[float, float]]) -> str:
    """An SVG of two curves of (share answered, share right), and on each the point that was `chosen`."""
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
        "<title>Share of the answers that are right over the share of faces answered</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for right in (0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0):
        y = _y(right)
        dark = "#777" if right == 0.95 else "#ddd"
        parts.append(f'<path d="M{LEFT} {y}H{LEFT + PLOT_WIDTH}" stroke="{dark}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end" fill="#333">{100 * right:.0f} %</text>')
    for answered in (0, 0.2, 0.4, 0.6, 0.8, 1.0):
        place = f'x="{_x(answered)}" y="{TOP + PLOT_HEIGHT + 18}" text-anchor="middle"'
        parts.append(f'<text {place} fill="#333">{100 * answered:.0f} %</text>')
    caption = f'x="{LEFT + PLOT_WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle"'
    parts.append(f'<text {caption} fill="#333">faces answered; upwards: answers right, by majority</text>')
    for number, (name, curve) in enumerate(curves.items()):
        color, dash = COLORS[number], DASHES[number]
        line = " ".join(f"{_x(answered)},{_y(right)}" for answered, right in curve)
        stroke = f'fill="none" stroke="{color}" stroke-width="2" stroke-dasharray="{dash}"'
        parts.append(f'<polyline points="{line}" {stroke}/>')
        x, y = _x(chosen[name][0]), _y(chosen[name][1])
        parts.append(f'<circle cx="{x}" cy="{y}" r="5" fill="#fff" stroke="{color}" stroke-width="2"/>')
        y = TOP + PLOT_HEIGHT - 34 + 20 * number
        parts.append(f'<path d="M{LEFT + 14} {y}h34" {stroke}/>')
        parts.append(f'<text x="{LEFT + 56}" y="{y + 4}" fill="#333">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(answered: float) -> float:
    return round(LEFT + PLOT_WIDTH * answered, 1)


def _y(right: float) -> float:
    return round(TOP + PLOT_HEIGHT * (1 - max(0.0, right - LOWEST) / (1 - LOWEST)), 1)
