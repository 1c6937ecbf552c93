// What can be done with one message.

import { $, h, icon } from "./dom.js";
import { copy } from "./keys.js";

const EMOJI = ["👍", "❤", "🔥", "🎉", "😁", "🤔", "👎"];
const PRESS = 450;
let opener = null;

export function openMenu(event, { message, own, person, act, react, answer, edit }) {
  event.preventDefault();
  opener = document.activeElement;
  const mine = message.reactions.find((one) => one.by === person.id)?.emoji ?? [];
  const item = (name, sign, doing, extra = "") => h("button", { class: `menu-item ${extra}`, role: "menuitem", tabindex: "-1", onclick: () => (close(), doing()) }, icon(sign, sign === "reply" ? "flip" : ""), name);
  const faces = EMOJI.map((emoji) => {
    const on = mine.includes(emoji);
    return h("button", { role: "menuitemcheckbox", tabindex: "-1", "aria-checked": String(on), "aria-label": `React with ${emoji}`, onclick: () => (close(), react(message, on ? [] : [emoji])) }, emoji);
  });
  $("menu").replaceChildren(
    h("div", { class: "faces", role: "group", "aria-label": "Reactions" }, faces),
    item("Reply", "reply", () => answer(message)),
    message.text ? item("Copy text", "copy", () => copy(message.text)) : "",
    own && message.text ? item("Edit", "pen", () => edit(message)) : "",
    item("Delete", "bin", () => act("delete", { message: message.id }), "bad"),
  );
  place(event);
}

function place(event) {
  const menu = $("menu");
  menu.hidden = false;
  const { width, height } = menu.getBoundingClientRect();
  const at = event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : corner(event.target);
  menu.style.left = `${Math.max(8, Math.min(at.x, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(at.y, innerHeight - height - 8))}px`;
  menu.querySelector(".menu-item").focus();
}

function corner(target) {
  const box = (target.querySelector?.(".bubble") ?? target).getBoundingClientRect();
  return { x: box.left + 12, y: Math.min(box.bottom - 12, innerHeight - 200) };
}

function close(back = true) {
  if ($("menu").hidden) return;
  $("menu").hidden = true;
  if (back) (opener?.isConnected ? opener : $("log")).focus({ preventScroll: true });
}

function walk(event) {
  const all = [...$("menu").querySelectorAll("[role^=menuitem]")];
  const at = all.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 };
  if (event.key === "Escape" || event.key === "Tab") return event.preventDefault(), close();
  if (!(event.key in steps)) return undefined;
  event.preventDefault();
  return all.at(steps[event.key] % all.length).focus();
}

export function setUpMenu(column, openAt) {
  $("menu").addEventListener("keydown", walk);
  addEventListener("pointerdown", (event) => $("menu").contains(event.target) || close(false));
  column.addEventListener("contextmenu", (event) => {
    const row = event.target.closest(".bubble")?.closest("article");
    if (row && !event.target.closest("a")) openAt(event, row);
  });
  // Some phones send no contextmenu for a long press.
  let timer;
  column.addEventListener("pointerdown", (event) => {
    const row = event.target.closest(".bubble")?.closest("article");
    clearTimeout(timer);
    if (row && event.pointerType === "touch") timer = setTimeout(() => $("menu").hidden && openAt(event, row), PRESS);
  });
  for (const name of ["pointerup", "pointermove", "pointercancel"]) column.addEventListener(name, () => clearTimeout(timer), { passive: true });
}
