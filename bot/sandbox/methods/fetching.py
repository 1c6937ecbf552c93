"""Updates, webhooks and downloads."""

from collections.abc import Awaitable

from bot.sandbox.calls import Call, method
from bot.sandbox.errors import WEBHOOK_ACTIVE, WEBHOOK_SET, ApiError, bad_request, wrong_call
from bot.sandbox.files import DOWNLOAD_BYTES
from bot.sandbox.model import Wire
from bot.sandbox.updates import MOST
from bot.sandbox.webhook import Webhook

LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


@method("getMe")
def get_me(call: Call) -> Wire:
    """The bot itself, with what it may do."""
    return call.bot.user.wire() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not call.bot.privacy,
        "supports_inline_queries": call.bot.inline,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_guest_queries": call.bot.guest,
    }


@method("getUpdates")
def get_updates(call: Call) -> Awaitable[list[Wire]]:
    """What is new, as soon as there is something."""
    if call.bot.webhook is not None:
        raise ApiError(409, WEBHOOK_ACTIVE)
    _allow(call)
    call.bot.updates.forget_old(call.world.clock.now())
    return call.bot.updates.poll(call.get("offset", 0), call.get("limit", MOST), call.get("timeout", 0))


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    """Have updates brought to an address. Plain http is taken only for this machine."""
    url = call.values["url"]
    if not url:
        return _remove_webhook(call)
    if not url.startswith(("https://", *LOOPBACK)):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = call.get("secret_token", "")
    if not all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in secret):
        raise wrong_call("secret token contains unallowed characters")
    _allow(call)
    if call.get("drop_pending_updates"):
        call.bot.updates.clear()
    call.bot.webhook = Webhook(url, secret, call.get("max_connections", 40))
    call.bot.updates.interrupt(WEBHOOK_SET)
    call.world.webhooks.ring()
    return True


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    """Back to getUpdates."""
    return _remove_webhook(call)


def _remove_webhook(call: Call) -> bool:
    call.bot.webhook = None
    if call.get("drop_pending_updates"):
        call.bot.updates.clear()
    call.world.webhooks.ring()
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Wire:
    """Where updates are brought to, and how well that goes."""
    bot, hook = call.bot, call.bot.webhook
    info: Wire = {"url": "", "has_custom_certificate": False, "pending_update_count": len(bot.updates)}
    if bot.updates.allowed is not None:
        info["allowed_updates"] = sorted(bot.updates.allowed)
    return info if hook is None else info | hook.wire()


@method("getFile")
def get_file(call: Call) -> Wire:
    """Where a file can be downloaded from."""
    file = call.world.files.get(call.values["file_id"])
    if file.size > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    if file.content is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return file.ids() | {"file_path": file.path}


@method("logOut")
@method("close")
def close(call: Call) -> bool:
    """Nothing to do here: there is only one server."""
    return True


def _allow(call: Call) -> None:
    bot, wanted = call.bot, call.values.get("allowed_updates")
    before = bot.listening, bot.updates.allowed
    bot.listening = True
    if wanted is not None:
        bot.updates.allowed = frozenset(wanted) or None
    if before != (bot.listening, bot.updates.allowed):
        call.world.feed.tell({"kind": "bot"})
