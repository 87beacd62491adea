from __future__ import annotations

import pytest

from training.enough import MIN_IMAGES, ImageCount, TooLittleData, check_enough, trainable

KNOWN = ("fear", "anger")


def asked(**images: int | tuple[int, int]) -> dict[str, ImageCount]:
    return {
        label: ImageCount(*((count, count) if isinstance(count, int) else count)) for label, count in images.items()
    }


def refusal(counts: dict[str, ImageCount]) -> str:
    with pytest.raises(TooLittleData) as caught:
        check_enough(counts, trainable(counts, (*KNOWN, "wink"), KNOWN))
    return str(caught.value)


def test_two_labels_with_enough_different_images_do() -> None:
    counts = asked(fear=MIN_IMAGES, wink=MIN_IMAGES)
    chosen = trainable(counts, ("wink", "fear", "anger", "smirk"), KNOWN)
    check_enough(counts, chosen)
    assert chosen.labels == ("wink", "fear", "anger")
    assert chosen.left_out == {"smirk": "“smirk” is left out: it has no images and needs 8."}


def test_what_is_missing_is_said() -> None:
    assert refusal({}) == "Nothing is labelled yet. Collect two expressions, at least 8 images of each."
    assert refusal(asked(fear=0, anger=0)).startswith("Nothing is labelled yet.")
    assert refusal(asked(fear=9)) == (
        "Telling apart takes two: so far everything is labelled “fear”. Collect at least 8 images of another "
        "expression too, such as a neutral face."
    )
    few = refusal(asked(wink=1, fear=9))
    assert few.startswith("It takes at least two expressions with 8 different images each.")
    assert "“wink” is left out: it has 1 image and needs 8." in few
    assert "“anger” is left out: it has 7 images and needs 8." in refusal(asked(wink=9, anger=7))


def test_of_many_labels_those_are_named_that_are_nearest_to_enough() -> None:
    counts = {f"label {n}": ImageCount(n % 7, n % 7) for n in range(50)} | asked(fear=9)
    with pytest.raises(TooLittleData) as caught:
        check_enough(counts, trainable(counts, [*counts], KNOWN))
    said = str(caught.value)
    assert said.endswith("“label 20” is left out: it has 6 images and needs 8. 47 more have too few, too.")
    assert len(said) < 300


def test_a_neutral_face_is_no_other_expression_than_neutral() -> None:
    assert refusal(asked(neutral=9)).endswith("Collect at least 8 images of another expression too.")


def test_images_of_people_who_are_held_out_are_none_to_learn_from() -> None:
    counts = asked(wink=3, fear=9, anger=8)
    chosen = trainable(counts, (*KNOWN, "wink"), KNOWN, without_people=True)
    check_enough(counts, chosen, without_people=True)
    assert chosen.left_out == {"wink": "“wink” is left out: it has 3 images of other people and needs 8."}
    with pytest.raises(
        TooLittleData, match=r"Too little is left to learn from: .* other people than those held out\.$"
    ):
        check_enough({}, trainable({}, KNOWN, KNOWN, without_people=True), without_people=True)


def test_copies_do_not_count() -> None:
    assert "its 20 images all look the same" in refusal(asked(wink=(20, 1), fear=9))
    assert "its 20 images are only 7 different pictures, the rest copies" in refusal(asked(wink=(20, 7), fear=9))
