// One message, or one album, as a row of the log.

import { h, avatar, clock, hue, icon, root } from "./dom.js";
import { NARROW, file, photo, photoWidth, reveal, tiles } from "./media.js";
import { keyboard } from "./keys.js";
import { rich, unveil } from "./text.js";

const RTL = /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

// `unit` is what stands together: the messages of an album, or one message alone.
export function row(unit, context) {
  const [first] = unit;
  if (first.service) return h("div", { class: "row service-row", data: { id: String(first.id) } }, h("span", { class: "service", dir: "auto" }, serviceWords(first)));
  const by = first.from.id === context.person.id ? "me" : first.from.bot ? "bot" : "person";
  const data = { testid: "message", id: String(first.id), by, from: String(first.from.id), date: String(first.date), ...(first.album ? { album: first.album } : {}), ...(first.onlyFor ? { only: "" } : {}) };
  const node = h("article", { class: `row ${by === "me" ? "own" : "other"}`, tabindex: "-1", "aria-label": label(unit, by), data });
  if (by !== "me" && context.many) node.append(avatar(h("span", { class: "avatar small", "aria-hidden": "true" }), first.from.name, first.from.id, context.face(first.from)));
  node.append(h("div", { class: "stack" }, body(unit, by, context), keyboard(unit.at(-1), context)));
  node.style.setProperty("--guess", `${guess(unit)}px`);
  return node;
}

function label(unit, by) {
  const [first] = unit;
  const what = unit.length > 1 ? `${unit.length} pictures` : first.photo ? "Photo" : first.document ? "File" : "Message";
  return `${what} from ${by === "me" ? "you" : first.from.name}, ${clock(first.date)}`;
}

// How high a row may be before it is drawn: keeps the scroll bar where it is.
function guess(unit) {
  const [first] = unit;
  const picture = first.photo ? Math.min(440, (first.photo.height / first.photo.width) * 430) : 0;
  return Math.round(44 + picture + 20 * Math.floor(first.text.length / 46) + 42 * first.keyboard.length);
}

function body(unit, by, context) {
  const [first] = unit;
  const worded = unit.find((message) => message.text) ?? first;
  const text = worded.text ? h("div", { class: "text" }, rich(worded.text, worded.entities, context)) : null;
  const media = unit.length > 1 ? together(unit) : first.photo ? photo(first) : first.document ? file(first.document) : null;
  const name = by !== "me" && context.many ? h("div", { class: "name", dir: "auto", style: { "--hue": hue(first.from.id) } }, first.from.name) : null;
  const foot = footer(unit.at(-1), by, context);
  const photos = Boolean(first.photo);
  const style = { "--foot": `${stampWidth(unit.at(-1), by)}px`, ...(photos && unit.length === 1 ? { "--fit": `${fit(first)}px` } : {}) };
  const node = h("div", { class: classes(first, worded, photos), style },
    name, about(first), quoted(first, context), ...(first.captionAbove ? [text, media] : [media, text]), foot);
  node.append(h("button", { class: "more", tabindex: "-1", "aria-label": "Menu of this message", onclick: (event) => context.menu(event, first, by === "me") }, icon("more")));
  return node;
}

// The room that the time takes in the last line of the text.
const stampWidth = (message, by) => Math.ceil(stampWords(message).length * 6.9) + 10 + (by === "me" ? 21 : 0);
const stampWords = (message) => (message.edited ? `edited ${clock(message.date)}` : clock(message.date));

function together(unit) {
  return unit[0].photo ? tiles(unit) : h("div", { class: "files" }, unit.map((message) => file(message.document)));
}

const fit = (message) => (message.text || message.keyboard.length || message.reply ? Math.max(NARROW, photoWidth(message.photo)) : Math.max(120, photoWidth(message.photo)));

function classes(first, worded, photos) {
  const { text, entities } = worded;
  const names = ["bubble"];
  if (photos) names.push("with-photo");
  if (!text) names.push("bare");
  if (text && below(text, entities)) names.push("foot-below");
  if (first.captionAbove) names.push("above");
  if (!first.photo && !first.document && !entities.length && /^(\p{Extended_Pictographic}\ufe0f?){1,3}$/u.test(text)) names.push("large");
  return names.join(" ");
}

// The time stands in the last line, unless that line is a block or runs the other way.
function below(text, entities) {
  const ends = entities.some((one) => BLOCKS.has(one.type) && one.offset + one.length >= text.length - 1);
  return ends || RTL.test(text.split("\n").at(-1)) !== (root.dir === "rtl");
}

function about({ via, onlyFor }) {
  const words = [onlyFor ? "Only you see this" : null, via ? `via @${via}` : null].filter(Boolean);
  return words.length ? h("div", { class: "via" }, words.join(" · ")) : null;
}

function quoted({ reply }, context) {
  if (!reply) return null;
  const data = { testid: "reply" };
  return h("button", { class: "quoted", style: { "--hue": hue(reply.name.length) }, data, onclick: () => context.jump(reply.id) },
    h("span", { class: "unseen" }, "Answers "), h("b", { dir: "auto" }, reply.name), h("span", { class: "unseen" }, ": "), h("span", { dir: "auto" }, reply.text));
}

function footer(message, by, context) {
  const given = reactions(message, context);
  const time = h("time", { datetime: new Date(message.date * 1000).toISOString() }, stampWords(message));
  return h("footer", { class: given.length ? "with-reactions" : "" }, given, h("span", { class: "stamp" }, time, by === "me" ? icon("read", "ticks") : null));
}

function reactions(message, context) {
  const all = new Map();
  for (const { by, emoji } of message.reactions) for (const one of emoji) all.set(one, [...(all.get(one) ?? []), by]);
  return [...all].map(([emoji, people]) => {
    const mine = people.includes(context.person.id);
    return h("button", { class: "reaction", "aria-pressed": String(mine), "aria-label": `${emoji} ${people.length}`, data: { testid: "reaction", emoji }, onclick: () => context.react(message, mine ? [] : [emoji]) },
      emoji, h("span", {}, String(people.length)));
  });
}

// An edit puts a new row in the place of the old: what was open stays open, the focus stays where it was.
export function inherit(fresh, old) {
  const pairs = (selector) => [...fresh.querySelectorAll(selector)].map((node, at) => [node, old.querySelectorAll(selector)[at]]).filter(([, was]) => was);
  for (const [node, was] of pairs(".spoiler")) if (was.classList.contains("open")) unveil(node);
  for (const [node, was] of pairs(".photo")) if (was.dataset.hidden === undefined) reveal(node);
  for (const [node, was] of pairs("blockquote.folded")) if (was.classList.contains("open")) node.querySelector(".fold").click();
  for (const [node, was] of pairs(".photo img:not(.backdrop)")) if (was.src === node.src) node.replaceWith(was);
  refocus(fresh, old);
}

function refocus(fresh, old) {
  const active = document.activeElement;
  if (!old.contains(active)) return;
  const find = (node) => [...node.querySelectorAll("button, a, [tabindex]")];
  const at = find(old).indexOf(active);
  queueMicrotask(() => (at < 0 ? fresh : (find(fresh)[Math.min(at, find(fresh).length - 1)] ?? fresh)).focus({ preventScroll: true }));
}

function serviceWords(message) {
  const { kind, name } = message.service;
  if (kind === "forum_topic_created") return `Topic “${name}” created`;
  if (kind === "pinned_message") return `${message.from.name} pinned a message`;
  if (kind.startsWith("migrate")) return "The group became a supergroup";
  return kind.replaceAll("_", " ");
}
