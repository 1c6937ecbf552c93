// One message as a bubble, with its picture, its text and its buttons.

import { $, h, avatar, toast } from "./dom.js";
import { rich } from "./text.js";

const SIDE = 420;
const TALL = 480;

export function bubble(message, context) {
  if (message.service) return h("div", { class: "service", "data-id": String(message.id) }, serviceWords(message));
  const own = message.from.id === context.person.id;
  const node = h("article", { class: `row ${own ? "own" : "other"}`, "data-id": String(message.id) });
  if (!own && context.many) node.append(avatar(h("span", { class: "avatar small" }), message.from.name, message.from.id));
  const body = h("div", { class: `bubble${message.photo ? " with-photo" : ""}${message.text ? "" : " bare"}` }, contents(message, own, context));
  node.append(h("div", { class: "stack" }, body, keyboard(message, context)));
  body.addEventListener("contextmenu", (event) => context.menu(event, message, own));
  body.addEventListener("dblclick", () => context.answer(message));
  return node;
}

export function album(messages, context) {
  const nodes = messages.map((message) => bubble({ ...message, text: "", entities: [], keyboard: [] }, { ...context, many: false }));
  const captions = messages.filter((message) => message.text);
  const own = messages[0].from.id === context.person.id;
  const words = captions.map((message) => h("div", { class: "text" }, rich(message.text, message.entities, context)));
  return h("article", { class: `row album ${own ? "own" : "other"}`, "data-id": String(messages[0].id) },
    h("div", { class: "stack" }, h("div", { class: "bubble with-photo" }, h("div", { class: "tiles" }, nodes.map((node) => node.querySelector(".photo, .file"))), words)));
}

function contents(message, own, context) {
  const text = message.text ? h("div", { class: "text" }, rich(message.text, message.entities, context)) : null;
  const media = message.photo ? photo(message, context) : message.document ? file(message.document) : null;
  const name = !own && context.many ? h("div", { class: "name", style: { "--hue": hue(message.from.id) } }, message.from.name) : null;
  const parts = message.captionAbove ? [text, media] : [media, text];
  return [name, quoted(message, context), ...parts, foot(message, own)];
}

const hue = (id) => [265, 205, 150, 25, 340, 45, 185, 300][Math.abs(id) % 8];

function quoted(message, context) {
  if (!message.reply) return null;
  return h("button", { class: "quoted", onclick: () => context.jump(message.reply.id) }, h("b", {}, message.reply.name), h("span", {}, message.reply.text));
}

function photo(message, context) {
  const { url, width, height } = message.photo;
  const scale = Math.min(SIDE / width, TALL / height, 1);
  const image = h("img", { src: url, alt: message.text.slice(0, 80) || "Photo", loading: "lazy", decoding: "async", width: Math.round(width * scale), height: Math.round(height * scale) });
  const node = h("button", { class: `photo${message.spoiler ? " hidden-photo" : ""}`, "aria-label": "Open the picture", style: { "aspect-ratio": `${width} / ${height}` } }, image);
  node.addEventListener("click", () => (node.classList.contains("hidden-photo") ? node.classList.remove("hidden-photo") : view(message.photo)));
  return node;
}

function file(document) {
  const size = document.size > 1e6 ? `${(document.size / 1e6).toFixed(1)} MB` : `${Math.ceil(document.size / 1e3)} kB`;
  const shape = document.width ? `${document.width} × ${document.height} · ` : "";
  const face = document.width ? h("img", { src: document.url, alt: "", loading: "lazy" }) : h("span", {}, "⬇");
  return h("a", { class: "file", href: document.url, download: document.name }, h("span", { class: "file-face" }, face), h("span", { class: "file-words" }, h("b", {}, document.name), h("small", {}, shape + size)));
}

function view(picture) {
  $("viewer-img").src = picture.url;
  $("viewer-link").href = picture.url;
  $("viewer-link").setAttribute("download", picture.name);
  $("viewer").showModal();
}

function foot(message, own) {
  const time = new Date(message.date * 1000).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const given = message.reactions.flatMap((one) => one.emoji);
  return h("footer", {}, given.length ? h("span", { class: "reactions" }, given.join(" ")) : null, h("time", {}, message.edited ? `edited ${time}` : time, own ? " ✓✓" : ""));
}

function keyboard(message, context) {
  if (!message.keyboard.length) return null;
  return h("div", { class: "keys" }, message.keyboard.map((row) => h("div", { class: "keys-row" }, row.map((button) => key(button, message, context)))));
}

function key(button, message, context) {
  const style = button.style ? ` ${button.style}` : "";
  if (button.url) return h("a", { class: `key${style}`, href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.text, h("i", {}, "↗"));
  const node = h("button", { class: `key${style}`, disabled: "disabled" in button, title: button.text }, h("span", {}, button.text));
  node.addEventListener("click", () => pressed(node, button, message, context));
  return node;
}

async function pressed(node, button, message, context) {
  if (button.copy_text) {
    await navigator.clipboard?.writeText(button.copy_text.text);
    toast("Copied.");
  } else if (button.callback_data) {
    context.press(node, message, button.callback_data);
  } else toast("This kind of button does nothing in the sandbox.");
}

function serviceWords(message) {
  const { kind, name } = message.service;
  if (kind === "forum_topic_created") return `Topic “${name}” created`;
  if (kind.startsWith("migrate")) return "The group became a supergroup";
  return kind.replaceAll("_", " ");
}
