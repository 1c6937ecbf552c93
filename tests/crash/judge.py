"""What must be true once all is quiet again, however often the bot died on the way."""

from bot.clock import SystemClock
from bot.http import Spool
from bot.imagine.shelf import Shelf
from bot.storage import open_database
from tests.crash.births import KEY, TOKEN
from tests.crash.flows import Flow
from tests.crash.scene import Scene
from tests.oracle import Evidence, examine
from tests.providers.fake import PNG
from tests.vaults import vault_in

LATER = 2 * 3600  # seconds after which what a crash left behind on the disk must be swept away

# What only somebody who has the picture knows.
PIECE = PNG[len(PNG) // 2 :][:24]

# After five processes that died with an update in hand, the update itself is suspected; its person is told.
SUSPECTED = "update that could not be handled"
# After two that died while a paid picture was drawn, it is given up; its person is told, and pays nothing.
MOST_DRAWN = 2


async def judge(scene: Scene, flow: Flow) -> list[str]:
    """Everything that is wrong; empty when all is well."""
    faults = [*_wishes(scene, flow), *_chats(scene, flow), *_waste(scene), *_plain(scene), *flow.faults(scene)]
    return [*faults, *await _oracle(scene)]


def _wishes(scene: Scene, flow: Flow) -> list[str]:
    """Each wish came to its end. Dying again and again is the only excuse for another one."""
    found = scene.rows("SELECT status, cause FROM generations")
    given_up = scene.rows("SELECT update_id FROM inbox WHERE state = 'set_aside'")
    wrong = [f"a wish is {status}, because {cause}" for status, cause in found if not _fair(scene, flow, status, cause)]
    asked_again = flow.asks_again and scene.deaths >= MOST_DRAWN and len(found) > flow.wishes
    if len(found) != flow.wishes and not (given_up and scene.suspicious) and not asked_again:
        wrong.append(f"{len(found)} generations of {flow.wishes} wishes")
    return wrong


def _fair(scene: Scene, flow: Flow, status: str, cause: str | None) -> bool:
    interrupted = (status, cause) == ("failed", "interrupted") and scene.deaths >= MOST_DRAWN
    given_up_press = scene.suspicious and status == "delivered"
    return status in flow.end.split() or interrupted or given_up_press


def _chats(scene: Scene, flow: Flow) -> list[str]:
    """Each picture that was paid for is there once, and hardly a note is left of those that became none.

    A death may leave one for each wish whose note was on its way just then.
    """
    seen = [message for talk in scene.talks for message in talk.messages if message.by_bot or message.via_bot]
    shown = sum(message.picture is not None for message in seen)
    [(paid,)] = scene.rows("SELECT COUNT(*) FROM generations WHERE status = 'delivered'")
    notes = sum(message.button("Cancel") is not None for message in seen)
    told = sum("othing was charged" in message.text for message in seen)
    [(unpaid,)] = scene.rows("SELECT COUNT(*) FROM generations WHERE status <> 'delivered'")
    return [
        *([f"{shown} pictures are shown and {paid} paid"] if shown + flow.taken != paid else []),
        *([f"{notes} notes are left after {scene.deaths} deaths"] if notes > scene.deaths * flow.wishes else []),
        *([f"{unpaid} wishes came to nothing and {told} sentences say so"] if told < unpaid else []),
    ]


def _waste(scene: Scene) -> list[str]:
    """At most one more paid call for each picture that was drawn when a bot died, and one stray copy for each death."""
    [(wishes,)] = scene.rows("SELECT COUNT(*) FROM generations")
    most, copies = wishes + len(scene.at_work), len(scene.storage.answers)
    return [
        *([f"{scene.paid_calls} paid calls for {wishes} wishes"] if scene.paid_calls > most else []),
        *(
            [f"{copies} copies in the storage chat after {scene.deaths} deaths"]
            if copies > wishes + scene.deaths
            else []
        ),
    ]


def _plain(scene: Scene) -> list[str]:
    """No file that a bot kept, or a dead one left behind, shows the picture."""
    files = [path for path in scene.data_dir.rglob("*") if path.is_file()]
    return [f"{path.name} shows a picture" for path in files if PIECE in path.read_bytes()]


async def _oracle(scene: Scene) -> list[str]:
    database = await open_database("sqlite", scene.data_dir, vault_in(scene.data_dir, TOKEN))
    try:
        await Shelf(scene.data_dir / "shelf", Spool(scene.data_dir / "spool")).sweep(
            database, SystemClock().now() + LATER
        )
        secrets, storage = (TOKEN, KEY), scene.storage.chat_id
        wrong = await examine(Evidence(scene.sandbox, database, scene.data_dir, scene.log, secrets, storage))
    finally:
        await database.close()
    return [fault for fault in wrong if not (scene.suspicious and fault.startswith(SUSPECTED))]
