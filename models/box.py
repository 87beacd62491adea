"""Where a face is in its picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of its picture; `x`, `y` is the upper left corner. It may reach over the edge."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def area(self) -> float:
        return self.width * self.height

    def overlap(self, other: Box) -> float:
        """Intersection over union, 0…1."""
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        if width <= 0 or height <= 0:
            return 0.0
        return width * height / (self.area + other.area - width * height)

    def distance(self, other: Box) -> float:
        """Pixels between an edge of this box and the same one of `other`, where they are farthest apart."""
        left, top = abs(self.x - other.x), abs(self.y - other.y)
        right = abs(self.x + self.width - other.x - other.width)
        return max(left, top, right, abs(self.y + self.height - other.y - other.height))

    def towards(self, other: Box, share: float) -> Box:
        """This box moved `share` (0…1) of the way to `other`."""
        pairs = zip(self.as_tuple(), other.as_tuple(), strict=True)
        return Box(*(mine + share * (theirs - mine) for mine, theirs in pairs))

    def scaled(self, x: float, y: float) -> Box:
        """The same place in the picture at `x` times its width and `y` times its height."""
        return Box(self.x * x, self.y * y, self.width * x, self.height * y)

    def as_tuple(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.width, self.height
