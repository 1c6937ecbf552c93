"""Texts in HTML and Markdown become the words and entities that the official server makes of them."""

import pytest

from bot.sandbox.people import Talk
from tests.sandbox.conftest import Api, png

READ = [
    ("HTML", "<b>bold</b> &lt;&#33;", "bold <!", [("bold", 0, 4)]),
    ("html", "🦊 <i>a <u>b</u></i>", "🦊 a b", [("italic", 3, 3), ("underline", 5, 1)]),
    ("HTML", '<span class="tg-spoiler">x</span><s>y</s>', "xy", [("spoiler", 0, 1), ("strikethrough", 1, 1)]),
    ("HTML", "<blockquote expandable>long</blockquote>", "long", [("expandable_blockquote", 0, 4)]),
    ("HTML", "<a>plain</a><b></b>", "plain", []),
    ("MarkdownV2", r"*bold* _i_ __u__ ~s~ \.", "bold i u s .", [("bold", 0, 4), ("italic", 5, 1), ("underline", 7, 1)]),
    ("MarkdownV2", "_a __b___", "a b", [("italic", 0, 3), ("underline", 2, 1)]),
    ("MarkdownV2", "||x|| `y\\`` ", "x y`", [("spoiler", 0, 1), ("code", 2, 2)]),
    ("MarkdownV2", ">one\n>two||\nrest", "one\ntwo\nrest", [("expandable_blockquote", 0, 7)]),
    ("MarkdownV2", ">one\nrest", "one\nrest", [("blockquote", 0, 3)]),
    (
        "Markdown",
        r"*a* _b_ \* [c](http://x.example)",
        "a b * c",
        [("bold", 0, 1), ("italic", 2, 1), ("text_link", 6, 1)],
    ),
]

WRONG = [
    ("HTML", "<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("HTML", "é<b>x</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
    ("HTML", "x</b>", "Unexpected end tag at byte offset 1"),
    ("HTML", "é<div>", 'Unsupported start tag "div" at byte offset 2'),
    ("HTML", "1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ("MarkdownV2", "a.", r"Character '.' is reserved and must be escaped with the preceding '\'"),
    ("MarkdownV2", "a > b", r"Character '>' is reserved and must be escaped with the preceding '\'"),
    ("MarkdownV2", "é *x", "Can't find end of Bold entity at byte offset 3"),
    ("Markdown", "é *x", "Can't find end of the entity starting at byte offset 3"),
]


@pytest.mark.parametrize(("mode", "source", "text", "entities"), READ)
async def test_marked_words_become_entities(
    api: Api, anna: Talk, mode: str, source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    sent = await api.call("sendMessage", chat_id=anna.chat_id, text=source, parse_mode=mode)
    assert sent["text"] == text
    found = [(one["type"], one["offset"], one["length"]) for one in sent.get("entities", [])]
    assert found[: len(entities)] == entities


@pytest.mark.parametrize(("mode", "source", "words"), WRONG)
async def test_wrong_markup_is_refused_in_the_official_words(
    api: Api, anna: Talk, mode: str, source: str, words: str
) -> None:
    refusal = await api.refusal("sendMessage", chat_id=anna.chat_id, text=source, parse_mode=mode)
    assert refusal == f"Bad Request: can't parse entities: {words}"


async def test_links_code_and_emoji_keep_what_they_lead_to(api: Api, anna: Talk) -> None:
    source = '<a href="https://x.example/?a=1&amp;b">l</a><pre><code class="language-python">p</code></pre>'
    sent = await api.call("sendMessage", chat_id=anna.chat_id, text=source, parse_mode="HTML")
    assert sent["entities"] == [
        {"type": "text_link", "url": "https://x.example/?a=1&b", "offset": 0, "length": 1},
        {"type": "pre", "language": "python", "offset": 1, "length": 1},
    ]
    marked = "![x](tg://emoji?id=5) ```py\nq```"
    sent = await api.call("sendMessage", chat_id=anna.chat_id, text=marked, parse_mode="MarkdownV2")
    assert sent["entities"] == [
        {"type": "custom_emoji", "custom_emoji_id": "5", "offset": 0, "length": 1},
        {"type": "pre", "language": "py", "offset": 2, "length": 1},
    ]


async def test_the_limit_of_a_text_counts_what_people_read(api: Api, anna: Talk) -> None:
    await api.call("sendMessage", chat_id=anna.chat_id, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    words = await api.refusal("sendMessage", chat_id=anna.chat_id, text=f"<b>{'x' * 4097}</b>", parse_mode="HTML")
    assert words == "Bad Request: message is too long"


async def test_captions_inside_of_albums_are_read_too(api: Api, anna: Talk) -> None:
    items = [
        {"type": "photo", "media": f"attach://{name}", "caption": "*x*", "parse_mode": "MarkdownV2"} for name in "ab"
    ]
    sent = await api.upload("sendMediaGroup", {"a": png(), "b": png()}, chat_id=anna.chat_id, media=items)
    assert [(one["caption"], one["caption_entities"][0]["type"]) for one in sent["result"]] == [("x", "bold")] * 2
