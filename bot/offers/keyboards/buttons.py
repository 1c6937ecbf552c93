"""What the buttons of the pages and cards of offers carry. It lasts: they work after a restart."""

from aiogram.filters.callback_data import CallbackData


class OfferButton(CallbackData, prefix="offer"):
    """`what` is a page, `models`, `prices` or `presets`, or is done there: `off`, `on`, `prefer`, `plain`.

    `subject` is the short name of a service, a model or a preset, `page` the number of the page.
    """

    what: str
    subject: str = ""
    page: int = 0


class PriceButton(CallbackData, prefix="price"):
    """`what` is `card`, `at` with a proposed value, `ask`, or the answer to a question, `yes` or `no`.

    `subject` is the short name of a model or the id of a question, `value` a price as it is typed, `page` that of the
    list from which somebody came.
    """

    what: str
    subject: str
    value: str = ""
    page: int = 0


class LookButton(CallbackData, prefix="look"):
    """`what` is `card` or `drop` of a preset, by its short name, or the answer to a question, `yes` or `no`, by its id.

    `page` is that of the list from which somebody came.
    """

    what: str
    subject: str
    page: int = 0
