from __future__ import annotations

import time

import pytest

from models.versions import BadVersion
from webapp.label_colors import SPARE_COLOR, label_colors, teachable
from webapp.studio import CHECK_EVERY, Studio


def test_the_base_model_is_active_at_first(clean_studio: Studio) -> None:
    assert clean_studio.predictor.number == 0 and clean_studio.store.images.count() == 0
    assert clean_studio.predictor is clean_studio.predictor


def test_a_choice_made_elsewhere_is_taken_up(clean_studio: Studio) -> None:
    base = clean_studio.versions.get(0)
    number = clean_studio.versions.write(1, base.network(), base.card).number
    assert clean_studio.predictor.number == 0
    clean_studio.store.settings.set_active_version(number)
    time.sleep(CHECK_EVERY + 0.05)
    assert clean_studio.predictor.number == number


def test_a_damaged_version_leaves_the_active_one_at_work(clean_studio: Studio) -> None:
    base = clean_studio.versions.get(0)
    version = clean_studio.versions.write(1, base.network(), base.card)
    (version.path / "weights.safetensors").write_bytes(b"broken")
    assert clean_studio.predictor.number == 0
    with pytest.raises(BadVersion):
        clean_studio.use(version.number)
    assert clean_studio.store.settings.active_version() == 0
    clean_studio.store.settings.set_active_version(version.number)
    time.sleep(CHECK_EVERY + 0.05)
    assert clean_studio.predictor.number == 0
    assert f"Version {version.number} cannot be used" in clean_studio.notice


def test_labels_have_colours_and_keys(clean_studio: Studio) -> None:
    happiness, unknown = label_colors(clean_studio.store, ("happiness", "no such label"))
    assert happiness.color != SPARE_COLOR and happiness.key == "2"
    assert (unknown.color, unknown.key) == (SPARE_COLOR, "")
    clean_studio.store.labels.change("fear", enabled=False)
    assert "fear" not in {label.name for label in teachable(clean_studio.store)}
