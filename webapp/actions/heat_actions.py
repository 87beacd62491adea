"""What spoke for the label of a stored image."""

from __future__ import annotations

from labeling.store import Store
from models.heat_map import HeatMap
from models.pictures import decode
from models.predictor import Face, Predictor


def explain_image(store: Store, predictor: Predictor, heat_map: HeatMap | None, image_id: int) -> tuple[Face, int, int]:
    """What a predictor says of the face in a stored image, with its heat where there is a `heat_map`, and the image's
    width and height in pixels.

    Raises:
        NotFound: there is no such image.
        BadImage: it cannot be decoded.
    """
    rgb = decode(store.images.data(image_id))
    place = store.images.places([image_id])[image_id]
    (face,) = predictor.named(rgb, [place], heat_map)
    height, width = rgb.shape[:2]
    return face, width, height
