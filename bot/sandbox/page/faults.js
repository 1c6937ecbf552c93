// Switches for bad days: of Telegram, of the service that draws.

import { ask, h, keyed, toast } from "./dom.js";

const NAMES = {
  429: ["Too many requests (429)", "The server says to wait five seconds."],
  500: ["Server error (500)", "The server fails, and nothing has happened."],
  reset_after: ["Reset after effect", "It has happened, and the answer is lost."],
  reset_before: ["Reset before effect", "The connection breaks, and nothing has happened."],
  slow: ["Slow", "Each answer comes five seconds late."],
  hang: ["Hanging", "It has happened, and no answer ever comes."],
  502: ["Bad gateway (502)", "Something before the server fails."],
  403: ["Forbidden (403)", "The bot may not write here."],
};
const ORDER = ["429", "500", "reset_after", "reset_before", "slow", "hang", "502", "403"];
const SERVICE = {
  none: ["A good day", "It draws within seconds."], slow: ["Slow", "It takes its time."], down: ["Down", "It does not answer."],
  refusing: ["Refusing", "It wants to draw nothing."], hostile: ["Hostile", "It sends what is no picture, or too much of it."],
};
const METHODS = ["*", "sendMessage", "sendPhoto", "sendMediaGroup", "editMessageText", "editMessageMedia", "editMessageReplyMarkup", "deleteMessage", "answerCallbackQuery"];
const TIMES = { 1: "the next call", 3: "the next 3 calls", 10: "the next 10 calls", all: "until switched off" };

export function showFaults(panel, part, refresh) {
  if (!part.firstChild) part.append(...build(part, refresh));
  const kinds = [...ORDER.filter((kind) => panel.kinds.includes(kind)), ...panel.kinds.filter((kind) => !ORDER.includes(kind))];
  const lines = kinds.map((kind) => ({ kind, on: panel.faults.filter((one) => one.kind === kind) }));
  keyed(part.querySelector(".telegram"), lines, (one) => one.kind, (one) => telegram(one, part, refresh));
  part.querySelector(".service-part").hidden = !panel.service;
  const troubles = panel.troubles.map((trouble) => ({ trouble, on: panel.service?.trouble === trouble }));
  keyed(part.querySelector(".troubles"), troubles, (one) => one.trouble, (one) => day(one, refresh));
  part.querySelector("[data-fault=pace]").setAttribute("aria-checked", String(panel.pace));
}

function build(part, refresh) {
  const choices = (name, all) => h("select", { name, "aria-label": name === "method" ? "Which calls" : "How often" }, all.map(([value, words]) => h("option", { value }, words)));
  const choose = h("p", { class: "aim" }, "Hits ", choices("times", Object.entries(TIMES).sort(([a], [b]) => (a === "all") - (b === "all"))), " of ", choices("method", METHODS.map((name) => [name, name === "*" ? "every method" : name])));
  const pace = toggle("pace", "Official limits of pace", "One message a second in a chat, thirty in all; more is answered with 429.", false, (on) => post("/sandbox/pace", { real: on }, refresh));
  return [
    h("section", { "aria-label": "Telegram" }, h("h3", {}, "Telegram"), choose, h("div", { class: "telegram" }), pace),
    h("section", { class: "service-part" }, h("h3", { id: "service-name" }, "The service that draws"), h("div", { class: "troubles", role: "radiogroup", "aria-labelledby": "service-name" })),
  ];
}

function toggle(fault, name, words, on, change) {
  const node = h("button", { class: "switch fault", role: "switch", "aria-checked": String(on), "aria-label": name, data: { testid: "fault", fault } }, h("span", {}, h("b", {}, name), h("small", {}, words)), h("i"));
  node.addEventListener("click", () => change(node.getAttribute("aria-checked") !== "true"));
  return node;
}

function telegram({ kind, on }, part, refresh) {
  const [name, words] = NAMES[kind] ?? [kind, ""];
  const state = on.map(({ method, hits, left }) => `${method === "*" ? "every method" : method}: hit ${hits}${left === null ? "" : `, ${left} to go`}`).join("; ");
  return toggle(kind, name, state || words, on.length > 0, (wanted) => (wanted ? add(kind, part, refresh) : Promise.all(on.map(({ id }) => post("/sandbox/fault/end", { id }, refresh)))));
}

function add(kind, part, refresh) {
  const times = part.querySelector("[name=times]").value;
  return post("/sandbox/fault", { kind, method: part.querySelector("[name=method]").value, times: times === "all" ? null : Number(times) }, refresh);
}

function day({ trouble, on }, refresh) {
  const [name, words] = SERVICE[trouble] ?? [trouble, ""];
  const input = h("input", { type: "radio", name: "trouble", value: trouble, checked: on, data: { testid: "fault", fault: `service-${trouble}` } });
  input.addEventListener("change", () => post("/sandbox/service", { trouble }, refresh));
  return h("label", { class: "day-of" }, input, h("span", {}, h("b", {}, name), h("small", {}, words)));
}

async function post(path, values, refresh) {
  try {
    await ask(path, values);
  } catch (error) {
    toast(error.message, true);
  }
  refresh();
}
