"""What a model of Oxen.ai takes, read from a list that nobody vouches for: no word of it may break or cost anything."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.errors import NotNow
from bot.http import Http, Network, Spool
from bot.images import AspectRatio, ImageModel, ImageRequest
from bot.providers.oxen import MOST_MODELS, Oxen, Settings
from bot.providers.oxen.listing import Entry
from bot.providers.oxen.schema import Schema
from tests.providers.conftest import KEY
from tests.providers.fake import Answer, Call, FakeService

WORDS = {"prompt": {"type": "string"}}
RATIOS = {"type": "string", "default": "16:9", "enum": ["auto", "1:1", "16:9", "9:16", "2.35:1"]}
NAMED = {"type": "string", "default": "square_hd", "enum": ["square", "square_hd", "portrait_4_3", "landscape_16_9"]}
PIXELS = {"enum": ["512x512", "1024x1024", "1344x768", "1024 x 1536", "auto"], "default": "1024x1024"}


@pytest.fixture
def oxen(network: Network, spool: Spool, service: FakeService) -> Oxen:
    settings = Settings.model_validate({"api_key": KEY, "base_url": service.url})
    return Oxen(Http(network, spool, settings.address, settings.headers(), seconds=5.0), settings)


def entry(request_schema: Any = None, **more: Any) -> dict[str, Any]:
    return {"id": "flux", "capabilities": {"output": ["image"]}, "request_schema": request_schema} | more


def schema(properties: dict[str, Any], required: Any = ("prompt",)) -> dict[str, Any]:
    return {"type": "object", "properties": WORDS | properties, "required": list(required)}


def model(told: Any) -> ImageModel | None:
    read = Entry.read(told)
    return read.model() if read else None


def offered(told: Any) -> ImageModel:
    found = model(told)
    assert found
    return found


def sent(told: dict[str, Any], ratio: str = "1:1", steps: int | None = None, **wishes: Any) -> dict[str, Any]:
    """What goes to the service, after the way through the file of the models."""
    found = offered(entry(told))
    remembered = Schema.remembered(found.memo)
    assert remembered
    return remembered.wishes(ImageRequest(found, "a fox", AspectRatio(ratio), **wishes), steps)


@pytest.mark.parametrize(
    ("properties", "wishes", "expected"),
    [
        ({}, {"seed": 7, "negative": "people", "count": 3, "steps": 9}, {}),
        ({"aspect_ratio": RATIOS}, {"ratio": "9:16"}, {"aspect_ratio": "9:16"}),
        ({"aspect_ratio": RATIOS}, {"ratio": "21:9"}, {"aspect_ratio": "2.35:1"}),
        ({"aspect_ratio": RATIOS}, {"ratio": "4:5"}, {}),
        ({"aspect_ratio": {"type": "string"}}, {"ratio": "3:4"}, {"aspect_ratio": "3:4"}),
        ({"aspect_ratio": RATIOS, "image_size": NAMED}, {"ratio": "1:1"}, {"aspect_ratio": "1:1"}),
        ({"aspect_ratio": {"enum": ["auto"]}, "size": PIXELS}, {"ratio": "1:1"}, {"size": "1024x1024"}),
        ({"image_size": NAMED}, {"ratio": "1:1"}, {"image_size": "square_hd"}),
        ({"image_size": NAMED}, {"ratio": "3:4"}, {"image_size": "portrait_4_3"}),
        ({"image_size": NAMED}, {"ratio": "16:9"}, {"image_size": "landscape_16_9"}),
        ({"size": PIXELS}, {"ratio": "16:9"}, {"size": "1344x768"}),
        ({"size": PIXELS}, {"ratio": "2:3"}, {"size": "1024 x 1536"}),
        ({"resolution": {"enum": ["1K", "2K", "1 MP"]}}, {}, {}),
        ({"seed": {"type": ["integer", "null"]}}, {"seed": 2**40}, {"seed": 2**40}),
        ({"seed": {"anyOf": [{"type": "null"}, {"type": "integer", "maximum": 99}]}}, {"seed": 1234}, {"seed": 34}),
        ({"seed": {"minimum": 9, "maximum": 1}}, {"seed": 5}, {"seed": 9}),
        ({"negative_prompt": {"maxLength": 3}}, {"negative": "people"}, {"negative_prompt": "peo"}),
        ({"num_images": {"maximum": 2}}, {"count": 4}, {"num_images": 2}),
        ({"num_images": {"maximum": 6, "x-hidden": True}}, {"count": 4}, {}),
        ({"output_format": {"enum": ["webp", "jpg", "png"]}}, {}, {"output_format": "png"}),
        ({"output_format": {"enum": ["webp", "jpg"]}}, {}, {"output_format": "jpg"}),
        ({"output_format": {"enum": ["webp"]}}, {}, {}),
        ({"num_inference_steps": {"minimum": 4, "maximum": 8}}, {"steps": 28}, {"num_inference_steps": 8}),
        ({"num_inference_steps": {"minimum": 4}}, {"steps": 1}, {"num_inference_steps": 4}),
        ({"num_inference_steps": {"default": 30}}, {}, {}),
        ({"guidance": {"default": 3}, "quality": {"enum": ["low", "high"]}}, {}, {}),
    ],
)
def test_only_what_the_model_takes_is_sent(
    properties: dict[str, Any], wishes: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert sent(schema(properties), **wishes) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"default": 3.5}, 3.5),
        ({"default": False}, False),
        ({"enum": ["fast", "good"]}, "fast"),
        ({"enum": ["fast", "good"], "default": "good"}, "good"),
        ({"enum": [None, True, [], 4]}, 4),
    ],
)
def test_a_field_that_must_be_filled_gets_its_default_or_its_first_value(said: Any, expected: Any) -> None:
    assert sent(schema({"mode": said}, ["prompt", "mode"])) == {"mode": expected}


def test_what_the_model_can_is_read_from_its_schema() -> None:
    fields = {
        "prompt": {"type": "string", "maxLength": 480},
        "aspect_ratio": RATIOS,
        "seed": {},
        "negative_prompt": {},
        "num_images": {"maximum": 3},
        "input_images": {"type": "array", "maxItems": 3},
    }
    found = offered(entry(schema(fields), display_name="Flux\n2", pricing={"cost_per_image": 0.031}))
    assert (found.key, found.title, found.price) == ("oxen/flux", "Flux 2", 4)
    assert found.ratios == (AspectRatio.SQUARE, AspectRatio.WIDE, AspectRatio.ULTRAWIDE, AspectRatio.TALL)
    assert (found.prompt_limit, found.most, found.sources) == (480, 3, 3)
    assert found.seed
    assert found.negative
    assert found.from_words


def test_what_is_known_of_a_model_survives_a_restart() -> None:
    kept = TypeAdapter(ImageModel)
    found = offered(entry(schema({"aspect_ratio": RATIOS, "guidance": {"default": 3}})))
    assert kept.validate_json(kept.dump_json(found)) == found
    assert "guidance" not in found.memo


@pytest.mark.parametrize(
    ("pricing", "price"),
    [
        ({"cost_per_image": 0.003}, 1),
        ({"cost_per_image": 0.04}, 4),
        ({"cost_per_image": 0.1313, "cost_per_image_grid": {"high": {"2K": 9}}}, 14),
        ({"cost_per_image_grid": {"high": {"1K": 0.13, "2K": 0.29}, "low": {"2K": 0.009}}}, 29),
        ({"cost_per_image_grid": {"high": {"4K": 1.13}, "low": {"1K": 0.004}}}, 113),
        ({"cost_per_image_grid": {"a": {"b": 0.5}, "c": {"d": "7"}, "e": 3}}, 50),
        ({"cost_per_credit": 0.08}, 5),
        ({"cost_per_image": "free"}, 5),
        ({"cost_per_image": -1}, 5),
        ({"cost_per_image": float("nan")}, 5),
        ({"cost_per_image": 10**30}, 5),
        ({"cost_per_image": 900}, 1000),
        ([], 5),
        (None, 5),
    ],
)
def test_a_picture_costs_a_credit_for_each_cent(pricing: Any, price: int) -> None:
    defaults = {"quality": {"default": "high"}, "resolution": {"default": "2K"}}
    assert offered(entry(schema(defaults), pricing=pricing)).price == price


@pytest.mark.parametrize(
    "told",
    [
        None,
        7,
        "flux",
        [],
        {},
        entry(capabilities=None),
        entry(capabilities={"output": "image"}),
        entry(capabilities={"output": ["text"]}),
        entry(id=None),
        entry(id="a/b"),
        entry(id="../models"),
        entry(id="x" * 62),
        entry(id="topazlabs-image-upscale"),
        entry(id="qwen-image-edit"),
        entry({"properties": {"input_image": {}}, "required": ["input_image"]}),
        entry({"properties": WORDS | {"input_image": {}}, "required": ["input_image"]}),
        entry({"properties": {"seed": {}}}),
        entry(schema({"mask_url": {"type": "string"}}, ["prompt", "mask_url"])),
        entry(schema({}, ["prompt", "something_else"])),
    ],
)
def test_what_cannot_be_asked_for_is_not_offered(told: Any) -> None:
    assert model(told) is None


def test_a_model_that_only_edits_says_so() -> None:
    found = offered(entry(schema({"input_image": {"type": "string"}}, ["prompt", "input_image"])))
    assert (found.from_words, found.sources) == (False, 1)


@pytest.mark.parametrize("told", [None, 7, "x", [], {}, {"properties": []}, {"properties": {}}, {"properties": None}])
def test_a_schema_that_is_none_leaves_a_model_of_which_nothing_is_known(told: Any) -> None:
    assert offered(entry(told)).memo == ""


HOSTILE: list[Any] = [
    None,
    7,
    -1,
    1e308,
    float("inf"),
    float("nan"),
    10**4000,
    "x" * 10**5,
    "\ud800",
    [],
    {},
    [[]],
    [{}],
    True,
]
HOSTILE += [["1:1"] * 10_000, {"type": {"type": {}}}, {"anyOf": [None, 7, {"anyOf": []}]}, {"enum": {}}]
PARTS = ["type", "enum", "default", "minimum", "maximum", "maxLength", "maxItems", "anyOf", "x-hidden", "title"]
NAMES = ["prompt", "aspect_ratio", "size", "seed", "negative_prompt", "num_images", "output_format"]
NAMES += ["num_inference_steps", "input_image", "quality"]


@pytest.mark.parametrize("part", [*PARTS, None])
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:30])
def test_a_hostile_schema_breaks_nothing(part: str | None, value: Any) -> None:
    said = value if part is None else {part: value}
    for required in (["prompt"], value, ["prompt", "quality"]):
        told = {"properties": dict.fromkeys(NAMES, said), "required": required}
        found = model(entry(told, display_name=value, pricing={"cost_per_image": value, "cost_per_image_grid": value}))
        if found is not None:
            check(found)


def check(found: ImageModel) -> None:
    """It can be offered, and asked for without more than was wished."""
    assert len(found.memo) < 20_000
    assert 0 < len(found.title) <= 60
    assert 100 <= found.prompt_limit <= 100_000
    assert 1 <= found.most <= 4
    assert 0 <= found.sources <= 4
    assert 1 <= found.price <= 1000
    remembered = Schema.remembered(found.memo)
    assert remembered
    request = ImageRequest(found, "a fox", found.ratios[0], "people", found.most, seed=7)
    body = remembered.wishes(request, 28) | remembered.with_sources(["a", "b"])
    assert set(body) <= set(NAMES)
    assert len(json.dumps(body, allow_nan=False)) < 1000


def test_of_ten_thousand_values_fields_and_demands_a_few_are_kept() -> None:
    values = [f"{number}x{number}" for number in range(1, 10_001)]
    fields = {f"field-{number}": {"default": 1} for number in range(10_000)}
    found = offered(entry({"properties": WORDS | {"size": {"enum": values}} | fields, "required": list(fields)}))
    assert len(found.memo) < 3000


@pytest.mark.parametrize("memo", ["", "{", "7", "[]", '{"fields":7}', '{"fields":{"seed":{"low":"x"}}}'])
def test_a_memo_of_another_version_is_as_none(memo: str) -> None:
    assert Schema.remembered(memo) is None


async def test_a_schema_that_the_list_leaves_out_is_asked_for(oxen: Oxen, service: FakeService) -> None:
    def answer(call: Call) -> Answer:
        if call.path == "/api/ai/models":
            return Answer(
                json={"data": [entry(id="good"), entry(id="bad"), entry(id="odd"), entry(schema({"seed": {}}))]}
            )
        if call.path == "/api/ai/models/bad":
            return Answer(500)
        return Answer(json=entry(7 if call.path.endswith("odd") else schema({"seed": {}})))

    service.otherwise = answer
    await oxen.refresh()
    assert [(found.name, found.seed) for found in oxen.models()] == [
        ("good", True),
        ("bad", False),
        ("odd", False),
        ("flux", True),
    ]
    assert service.most_at_once <= 4


async def test_a_schema_that_does_not_come_again_is_still_known(oxen: Oxen, service: FakeService) -> None:
    told = {"data": [entry()]}
    service.will(Answer(json=told), Answer(json=entry(schema({"seed": {}}))), Answer(json=told), Answer(503))
    await oxen.refresh()
    before = oxen.models()
    await oxen.refresh()
    assert oxen.models() == before


async def test_of_a_thousand_models_a_few_are_taken_in_an_answer_of_megabytes(oxen: Oxen, service: FakeService) -> None:
    told = schema({"seed": {"description": "so many words " * 200}})
    service.will(Answer(json={"data": [entry(told, id=f"flux-{number}") for number in range(1000)]}))
    await oxen.refresh()
    assert len(oxen.models()) == MOST_MODELS


@pytest.mark.parametrize("answer", [{}, {"data": None}, {"data": {}}, {"data": [None, 7, [], {}]}, [], None, 7])
async def test_a_list_without_a_model_leaves_what_was_known(oxen: Oxen, service: FakeService, answer: Any) -> None:
    service.will(Answer(json=answer))
    try:
        await oxen.refresh()
    except NotNow:
        assert not isinstance(answer, dict) or not isinstance(answer.get("data", []), list)
    assert oxen.models() == Oxen.shipped
