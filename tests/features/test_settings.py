from typing import Any

import pytest

from bot.settings.handlers import router
from bot.users import store as users
from bot.users.rules import Person
from tests.features.stage import ANNA, BORIS, GROUP, MakeStage, Stage, data_of, labels


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage(router())


async def person(stage: Stage, who: int = ANNA) -> Person:
    async with stage.database.read() as tx:
        found = await users.get(tx, who)
    assert found is not None
    return found


async def pressed(stage: Stage, shown: Any, label: str) -> Any:
    """What the settings look like after a press on the button with this label."""
    return (await stage.press(data_of(shown, label)))[0]


async def test_settings_show_what_counts(stage: Stage) -> None:
    [shown] = await stage.say("/settings")
    assert labels(shown)[:3] == ["Model: Flux", "Ratio: 1:1", "Preset: none"]
    assert labels(shown)[3:5] == ["Pictures come as photos", "Plain words draw: yes"]


async def test_a_chosen_model_is_kept_and_seen(stage: Stage) -> None:
    [shown] = await stage.say("/settings")
    shown = await pressed(stage, shown, "Model: Flux")
    assert labels(shown) == ["✓ Flux · 1", "Tall · 3", "« Back"]
    shown = await pressed(stage, shown, "Tall · 3")
    assert labels(shown)[0] == "Model: Tall"
    assert (await person(stage)).model == "sketch/tall"


async def test_only_ratios_of_the_chosen_model_are_offered(stage: Stage) -> None:
    [shown] = await stage.say("/settings")
    assert len(labels(await pressed(stage, shown, "Ratio: 1:1"))) == 12
    shown = await pressed(stage, await pressed(stage, shown, "Model: Flux"), "Tall · 3")
    shown = await pressed(stage, shown, "Ratio: 1:1")
    assert labels(shown) == ["9:16", "✓ 1:1", "« Back"]
    shown = await pressed(stage, shown, "9:16")
    assert (await person(stage)).ratio == "9:16"
    assert "Ratio: 9:16" in labels(shown)


async def test_a_switch_pressed_twice_switches_once(stage: Stage) -> None:
    [shown] = await stage.say("/settings")
    for _ in range(2):
        edited, toast = await stage.press(data_of(shown, "Pictures come as photos"))
        assert "Pictures come as files" in labels(edited)
        assert toast.text == "Saved."
    assert (await person(stage)).as_file is True


async def test_plain_words_can_be_switched_off(stage: Stage) -> None:
    [shown] = await stage.say("/settings")
    shown = await pressed(stage, shown, "Plain words draw: yes")
    assert "Plain words draw: no" in labels(shown)
    assert (await person(stage)).plain_text is False


async def test_a_chosen_language_is_spoken_at_once(stage: Stage) -> None:
    [shown] = await stage.say("/language")
    assert labels(shown) == ["✓ As in my app", "English", "Русский", "« Back"]
    edited, toast = await stage.press(data_of(shown, "Русский"))
    assert edited.text.startswith("Ваши настройки")
    assert toast.text == "Сохранено."
    [shown] = await stage.say("/settings")
    assert "Язык: Русский" in labels(shown)


async def test_the_language_can_follow_the_app_again(stage: Stage) -> None:
    await stage.press(f"set:{ANNA}:language:ru")
    edited, _ = await stage.press(f"set:{ANNA}:language:auto")
    assert (await person(stage)).language is None
    assert "Language: English" in labels(edited)


async def test_somebody_elses_settings_stay_as_they_are(stage: Stage) -> None:
    [shown] = await stage.say("/settings", chat=GROUP)
    [toast] = await stage.press(data_of(shown, "Pictures come as photos"), who=BORIS)
    assert "somebody else" in toast.text
    assert (await person(stage)).as_file is False
    assert (await person(stage, BORIS)).as_file is False


async def test_buttons_work_when_their_message_is_from_long_ago(stage: Stage) -> None:
    edited, _ = await stage.press(f"set:{ANNA}:as_file:1", long_ago=True)
    assert edited.chat_id == ANNA
    assert (await person(stage)).as_file is True


async def test_what_is_not_offered_any_more_changes_nothing(stage: Stage) -> None:
    before = await person_before(stage)
    for data in (f"set:{ANNA}:model:00000000", f"set:{ANNA}:member:1", f"set:{ANNA}:models:99"):
        await stage.press(data)
    assert await person(stage) == before


async def test_done_leaves_one_line_without_buttons(stage: Stage) -> None:
    [shown] = await stage.say("/settings")
    left = await pressed(stage, shown, "Done")
    assert left.reply_markup is None
    assert "Flux · 1:1" in left.text


async def person_before(stage: Stage) -> Person:
    await stage.say("/settings")
    return await person(stage)
