import pytest

from bot.start.handlers import hello, manual, router
from bot.start.rules import COMMANDS
from bot.texts import Texts, utf16_len
from tests.features.stage import GROUP, MakeStage, Stage

TEXTS = Texts.load("en", strict=True)
LANGUAGES = [language.tag for language in TEXTS.languages]


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage(router())


async def test_start_says_hello_with_an_example_to_copy(stage: Stage) -> None:
    [hi] = await stage.say("/start")
    assert "/imagine a red fox in the snow" in hi.text
    assert "code" in [entity.type for entity in hi.entities]


async def test_a_group_gets_no_button_for_the_example(stage: Stage) -> None:
    [hi] = await stage.say("/start", chat=GROUP)
    assert hi.reply_markup is None


async def test_start_with_a_link_behind_it_says_the_same(stage: Stage) -> None:
    [hi] = await stage.say("/start something")
    assert hi.text.startswith("Hello!")


async def test_help_holds_the_promise(stage: Stage) -> None:
    [page] = await stage.say("/help")
    for part in [
        "Once I have answered, your request survives crashes and restarts.",
        "You pay for a picture only when it is in this chat, and never twice.",
        "One request never shows a picture twice.",
    ]:
        assert part in page.text


async def test_help_names_every_command_and_flag(stage: Stage) -> None:
    [page] = await stage.say("/HELP")
    for word in [*(f"/{name}" for name in COMMANDS), "--ar", "--model", "--n", "--seed", "--no"]:
        assert word in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_one_message(language: str) -> None:
    t = TEXTS.translator(language)
    for page in (hello(t), manual(t, "sketch/default", ["ink"])):
        assert utf16_len(page.render()[0]) <= 4096


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_profile_fits_what_telegram_takes(language: str) -> None:
    t = TEXTS.translator(language)
    assert utf16_len(t("profile-short")) <= 120
    assert utf16_len(t("profile-description")) <= 512
    assert all(1 <= utf16_len(t(f"command-{name}")) <= 256 for name in COMMANDS)
