// Texts with entities. Offsets count UTF-16 units, as JavaScript's own strings do.

import { h, icon, root } from "./dom.js";

const PLAIN = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", cashtag: "span", email: "span", phone_number: "span", custom_emoji: "span",
};

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

export function rich(text, entities, actions) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return piece(text, 0, text.length, sorted, actions);
}

function piece(text, start, end, entities, actions) {
  const nodes = [];
  let at = start;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const stop = Math.min(entity.offset + entity.length, end);
    const inside = others.filter((one) => one.offset < stop);
    rest = others.filter((one) => one.offset >= stop);
    if (entity.offset < at) continue;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    nodes.push(wrap(entity, text.slice(entity.offset, stop), piece(text, entity.offset, stop, inside, actions), actions));
    // A block ends its line by itself: the line break after it is not a second one.
    at = BLOCKS.has(entity.type) && text[stop] === "\n" && stop < end ? stop + 1 : stop;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function wrap(entity, words, children, actions) {
  switch (entity.type) {
    case "pre":
      return h("pre", {}, h("code", {}, children));
    case "blockquote":
      return h("blockquote", {}, children);
    case "expandable_blockquote":
      return fold(children);
    case "spoiler":
      return spoiler(children);
    case "url":
      return link(words, children);
    case "text_link":
      return link(entity.url, children);
    case "bot_command":
      return h("button", { class: "inline-link", dir: "ltr", onclick: () => actions.command(words) }, children);
    case "mention":
      return h("button", { class: "inline-link", dir: "ltr", onclick: () => actions.mention(words) }, children);
    case "hashtag":
    case "text_mention":
      return h("span", { class: "tag" }, children);
    case "date_time":
      return h("time", { class: "tag", title: new Date(entity.unix_time * 1000).toString() }, moment(entity, words));
    default:
      return h(PLAIN[entity.type] ?? "span", {}, children);
  }
}

// The button stands beside the quote, not around it: links inside stay reachable.
function fold(children) {
  const button = h("button", { class: "fold", "aria-expanded": "false", "aria-label": "The whole quote", data: { testid: "fold" } }, icon("down"));
  const node = h("blockquote", { class: "folded" }, h("div", {}, children), button);
  node.addEventListener("click", (event) => {
    if (event.target.closest("a, .inline-link, .spoiler[role]")) return;
    button.setAttribute("aria-expanded", String(node.classList.toggle("open")));
  });
  return node;
}

function spoiler(children) {
  const node = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Show the hidden words", data: { testid: "spoiler" } }, children);
  const show = (event) => {
    if (node.classList.contains("open") || (event.key && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    // One tap opens all that is hidden in this text, as in the messenger.
    for (const each of node.closest(".text").querySelectorAll(".spoiler")) unveil(each);
  };
  node.addEventListener("click", show);
  node.addEventListener("keydown", show);
  return node;
}

export function unveil(node) {
  node.classList.add("open");
  for (const name of ["role", "tabindex", "aria-label", "data-testid"]) node.removeAttribute(name);
}

function link(url, children) {
  const safe = /^(https?|tg):/i.test(url) ? url : "#";
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, children);
}

function moment(entity, words) {
  const format = entity.date_time_format ?? "";
  const date = new Date(entity.unix_time * 1000);
  if (!format) return words;
  if (format.includes("r")) return relative(date);
  const options = {};
  if (/t/i.test(format)) options.timeStyle = format.includes("T") ? "medium" : "short";
  if (/d/i.test(format)) options.dateStyle = format.includes("D") ? "long" : "short";
  return Object.keys(options).length ? date.toLocaleString(root.dataset.language, options) : words;
}

function relative(date) {
  const seconds = Math.round((date - Date.now()) / 1000);
  const words = new Intl.RelativeTimeFormat(root.dataset.language, { numeric: "auto" });
  for (const [unit, length] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= length) return words.format(Math.round(seconds / length), unit);
  }
  return words.format(seconds, "second");
}
