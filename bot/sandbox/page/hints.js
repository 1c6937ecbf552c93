// Lists above the input line: commands that fit what is typed, and results of inline mode.
// The focus stays in the line; the arrows move the choice, as the pattern for lists at a text field asks.

import { h } from "./dom.js";

export function setUpList(list, field, choose) {
  let chosen = -1;
  const options = () => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];

  function mark(at) {
    const all = options();
    chosen = all.length ? (at + all.length) % all.length : -1;
    all.forEach((node, number) => node.setAttribute("aria-selected", String(number === chosen)));
    all[chosen]?.scrollIntoView({ block: "nearest" });
    if (all[chosen]) field.setAttribute("aria-activedescendant", all[chosen].id);
    else field.removeAttribute("aria-activedescendant");
  }

  function show(nodes) {
    nodes.forEach((node, at) => (node.id ||= `${list.id}-${at}`));
    list.replaceChildren(...nodes);
    list.hidden = !nodes.length;
    if (nodes.length) field.setAttribute("aria-controls", list.id);
    mark(Math.max(0, options().findIndex((node) => !node.dataset.switch))); // a result first, not the button above them
  }

  // More at the end; what is chosen stays so.
  function add(nodes) {
    nodes.forEach((node, at) => (node.id ||= `${list.id}-${list.children.length + at}`));
    list.append(...nodes);
  }

  // Whether the key was meant for the list.
  function key(event) {
    if (list.hidden || event.isComposing) return false;
    if (event.key === "Escape") return show([]), true;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return mark(chosen + (event.key === "ArrowDown" ? 1 : -1)), true;
    const taken = (event.key === "Enter" && !event.shiftKey) || (event.key === "Tab" && !event.shiftKey);
    if (!taken || !options()[chosen]) return false;
    // What is there in full is sent, not completed.
    if (event.key === "Enter" && field.value === `/${options()[chosen].dataset.value}`) return false;
    options()[chosen].click();
    return true;
  }

  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const node = event.target.closest("[role=option]");
    if (node) choose(node.dataset.value, node);
  });
  return { show, add, key, hide: () => show([]) };
}

export function commandsFor(typed, commands) {
  const fitting = /^\/\w*$/.test(typed) ? commands.filter(({ command }) => `/${command}`.startsWith(typed)) : [];
  return fitting.map(({ command, description }) => h("li", { role: "option", "aria-selected": "false", data: { value: command } }, h("b", { dir: "ltr" }, `/${command}`), h("span", { dir: "auto" }, description)));
}
