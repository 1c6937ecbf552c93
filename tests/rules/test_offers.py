"""The buttons of what is on offer."""

import pytest

from bot.offers.keyboards import pages
from bot.offers.rules import Offer, page_of
from bot.texts import Texts

LONG = "Flux 2 Pro Ultra High Definition"


@pytest.mark.parametrize(("title", "columns"), [("Flux", 2), (LONG, 1)])
def test_names_that_a_phone_would_cut_off_have_a_row_of_their_own(title: str, columns: int) -> None:
    offers = [Offer(f"s/m{each}", f"{title} {each}", 1, None, off=False, preferred=False) for each in range(4)]
    rows = pages.prices(Texts.load("en").negotiate(), page_of(offers, 0)).inline_keyboard
    assert [len(row) for row in rows[:-1]] == [columns] * (4 // columns)
