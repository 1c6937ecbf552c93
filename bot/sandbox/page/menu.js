// What can be done with one message.

import { $, h, toast } from "./dom.js";

const EMOJI = ["👍", "❤", "🔥", "🎉", "🤔", "👎"];

export function openMenu(event, { message, own, act, answer, edit }) {
  event.preventDefault();
  const item = (name, doing) => h("button", { role: "menuitem", onclick: () => (close(), doing()) }, name);
  const mine = message.reactions.find((one) => own === false && one.emoji.length)?.emoji ?? [];
  const faces = EMOJI.map((emoji) => h("button", { class: mine.includes(emoji) ? "chosen" : "", onclick: () => (close(), act("react", { message: message.id, emoji: mine.includes(emoji) ? [] : [emoji] })) }, emoji));
  $("menu").replaceChildren(
    h("div", { class: "faces" }, faces),
    item("Reply", () => answer(message)),
    message.text ? item("Copy text", () => navigator.clipboard?.writeText(message.text).then(() => toast("Copied."))) : "",
    own && message.text ? item("Edit", () => edit(message)) : "",
    item("Delete", () => act("delete", { message: message.id })),
  );
  place(event);
}

function place(event) {
  const menu = $("menu");
  menu.hidden = false;
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(event.clientX, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(event.clientY, innerHeight - height - 8))}px`;
  menu.querySelector("[role=menuitem]").focus();
}

function close() {
  $("menu").hidden = true;
}

addEventListener("pointerdown", (event) => $("menu").contains(event.target) || close());
addEventListener("keydown", (event) => event.key === "Escape" && close());
