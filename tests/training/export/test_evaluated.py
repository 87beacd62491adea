from training.export.evaluated import recipe


def test_a_recipe_is_a_list_with_its_teachers_or_that_there_were_none() -> None:
    assert (
        recipe({"batch": 128, "mix_up": {"alpha": 0.2}}) == "- batch: 128\n- mix up:\n  - alpha: 0.2\n- teachers: none"
    )
    taught = recipe({"teachers": {"share": 0.5, "versions": [{"name": "wide", "widths": [48, 96]}]}})
    assert taught.splitlines()[2:] == ["  - versions:", "    - 1:", "      - name: wide", "      - widths: 48, 96"]
