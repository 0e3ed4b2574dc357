"""The hue of a basin, where no style sheet reaches."""

from basins.enums import BasinCode
from basins.templatetags.basins import HUES, hue
from core.templatetags.look import static_text


def test_every_basin_has_its_hue() -> None:
    assert set(HUES) == set(BasinCode.values)


def test_hue_of_a_basin_and_ink_without_one() -> None:
    assert [hue("sud-est"), hue("sud-est", "dark"), hue(None)] == ["#0d7377", "#76f1d3", "#14212b"]


def test_every_hue_on_paper_is_the_one_on_screen() -> None:
    tokens, paper = static_text("core/css/tokens.css"), static_text("core/css/paper.css")

    for code, (light, dark) in HUES.items():
        assert [f"--{code}: {light};" in tokens, f"--{code}: {dark};" in tokens, f"--{code}: {light};" in paper] == [
            True,
            True,
            True,
        ]
