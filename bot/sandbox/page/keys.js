// The keyboard below a message.

import { h, icon, toast } from "./dom.js";

export function keyboard(message, context) {
  if (!message.keyboard.length) return null;
  const rows = message.keyboard.map((row) => h("div", { class: "keys-row" }, row.map((button) => key(button, message, context))));
  return h("div", { class: "keys" }, rows);
}

function key(button, message, context) {
  const data = { testid: "key", ...(button.style ? { style: button.style } : {}) };
  const words = h("span", { dir: "auto" }, button.text);
  if (button.url) return h("a", { class: "key", href: safe(button.url), target: "_blank", rel: "noopener noreferrer", data }, words, icon("link", "mark"));
  const node = h("button", { class: "key", disabled: "disabled" in button, title: button.text, data }, words, button.copy_text ? icon("copy", "mark") : null);
  if (button.callback_data && context.isPressed(message, button.callback_data)) node.setAttribute("aria-busy", "true");
  node.addEventListener("click", () => pressed(node, button, message, context));
  return node;
}

const safe = (url) => (/^(https?|tg):/i.test(url) ? url : "#");

async function pressed(node, button, message, context) {
  const query = button.switch_inline_query_current_chat ?? button.switch_inline_query ?? button.switch_inline_query_chosen_chat?.query;
  if (button.copy_text) await copy(button.copy_text.text);
  else if (button.callback_data) context.press(node, message, button.callback_data);
  else if (query !== undefined) context.inline(query, message);
  else toast("This kind of button does nothing in the sandbox.");
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast("This browser does not let the page copy.");
  }
}
