// What the bot calls, newest first.

import { exact, h } from "./dom.js";

const MOST = 200;

export function showCalls({ calls, violations }, part) {
  const list = parts(part);
  for (const call of [...calls].reverse()) addCall(call, part);
  count(part, violations);
  part.querySelector(".none").hidden = list.children.length > 0;
}

function parts(part) {
  if (!part.firstChild) part.append(h("p", { class: "sum" }), h("ol", { class: "call-list" }), h("p", { class: "none" }, "Nothing yet. What the bot asks of Telegram appears here, newest first."));
  return part.querySelector("ol");
}

function count(part, violations) {
  const words = violations ? `${violations} ${violations === 1 ? "call" : "calls"} that no server would take` : "No violation: each call would be taken by the official server";
  const sum = part.querySelector(".sum");
  sum.classList.toggle("bad", violations > 0);
  if (sum.textContent !== words) sum.textContent = words;
}

export function addCall(call, part) {
  const list = parts(part);
  const waiting = call.method === "getUpdates" && !call.code && !call.fault; // a poll that has no answer yet
  if (waiting || list.querySelector(`[data-key="${call.id}"]`)) return;
  list.prepend(item(call));
  part.querySelector(".none").hidden = true;
  while (list.children.length > MOST) list.lastChild.remove();
}

function item({ id, method, at, ms, code, description, violation, fault, values }) {
  const mark = violation ? "bad" : code === 200 ? "good" : "odd";
  const result = code || "no answer";
  const data = { testid: "call", key: String(id), method, code: String(code), ...(violation ? { violation: "true" } : {}) };
  const details = h("details", {}, h("summary", {}, h("b", {}, method), h("span", { class: "took" }, `${ms ?? 0} ms`), h("span", { class: `code ${mark}` }, String(result))));
  // What is inside is written when somebody looks: most are never opened.
  details.addEventListener("toggle", () => details.children.length > 1 || details.append(...inside({ at, description, violation, fault, values })));
  return h("li", { class: mark, data }, details, violation ? h("p", { class: "why" }, description) : null, fault ? h("p", { class: "why" }, `Fault: ${fault}`) : null);
}

function inside({ at, description, violation, fault, values }) {
  return [h("p", {}, exact(at), description && !violation && !fault ? `, ${description}` : ""), h("pre", { tabindex: "0", dir: "ltr" }, JSON.stringify(values, null, 1))];
}
