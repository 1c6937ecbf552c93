"""What /metrics counts is counted by both databases, and the chores and calls beside it are told of."""

import re

from bot.clock import SystemClock
from bot.errors import Cause, NotNow, Refused
from bot.imagine import store as generations
from bot.ops.health import Health
from bot.ops.metrics import Metrics
from bot.ops.surroundings import _seconds
from bot.providers.tally import Tally
from bot.storage.database import Database
from tests.generations import generation


async def page(database: Database, counts: dict[str, int] | None = None) -> str:
    return (await Metrics(database, Health(SystemClock()), counts or {}).text()).decode()


async def test_every_number_is_counted_wherever_the_database_lies(database: Database) -> None:
    now = SystemClock().now()
    async with database.write() as tx:
        await tx.execute("INSERT INTO pauses VALUES (7, :soon), (-7, :soon), (8, 1)", {"soon": now + 60})
        await tx.execute("INSERT INTO reviews (generation_id, reporter_id, reported_at) VALUES ('g', 1, 1)", {})
    told = await page(database)
    assert 'imagine_paused_chats{kind="private"} 1.0' in told
    assert 'imagine_paused_chats{kind="group"} 1.0' in told
    assert float(re.findall(r'imagine_oldest_seconds\{of="reviews"\} (\S+)', told)[0]) > 1_000_000
    assert 'imagine_bytes{of="shelf"} 0.0' in told


async def test_a_picture_that_somebody_looks_at_first_is_not_late(database: Database) -> None:
    async with database.write() as tx:
        for generation_id, cause in (("a", None), ("b", "held")):
            await generations.insert(tx, generation(generation_id=generation_id), generation_id)
            values = {"id": generation_id, "cause": cause}
            await tx.execute("UPDATE generations SET status='ready', cause=:cause WHERE generation_id = :id", values)
        await tx.execute("UPDATE generations SET created_at = created_at - 5000 WHERE generation_id = 'b'", {})
    told = await page(database)
    waited = dict(re.findall(r'imagine_oldest_seconds\{of="(\w+)"\} (\S+)', told))
    assert float(waited["held"]) == float(waited["generations"]) + 5000


async def test_the_size_of_a_database_at_a_server_is_asked_of_it(database: Database) -> None:
    sizes = [float(size) for size in re.findall(r'imagine_bytes\{of="database"\} (\S+)', await page(database))]
    assert all(size > 1_000_000 for size in sizes)
    assert len(sizes) == (not database.sole)  # a file is measured on the disk


async def test_parts_are_counted_by_themselves_and_no_name_comes_twice(database: Database) -> None:
    told = await page(database, {"updates": 3, "webhook:401": 2, "refusals:imagine-not-yours": 1})
    assert 'imagine_webhook_total{what="401"} 2.0' in told
    assert 'imagine_webhook_total{what="200"} 0.0' in told
    assert 'imagine_refusals_total{what="imagine-not-yours"} 1.0' in told
    assert "webhook:" not in told
    assert len(kinds := re.findall(r"^# TYPE (\w+)", told, re.MULTILINE)) == len(set(kinds))


def test_calls_to_a_service_are_told_by_what_came_of_them_and_by_their_times() -> None:
    tally = Tally(SystemClock())
    assert _seconds(tally) == {}
    for seconds in (1.0, 2.0, 3.0):
        tally.note(None, seconds)
    tally.note(NotNow(Cause.RATE_LIMITED), 9.0)
    tally.note(Refused(Cause.PROMPT_REFUSED), 9.0)
    assert tally.outcomes == {"drawn": 3, "rate-limited": 1, "prompt-refused": 1}
    assert _seconds(tally) == {"0.5": 2.0, "0.9": 2.8}
