// The bot's own books: the pictures of a person, their credits, and what is still to do.

import { exact, h, keyed } from "./dom.js";

const STEPS = ["queued", "drawing", "ready", "delivered"];
const ENDS = { failed: "bad", cancelled: "odd", expired: "odd" };
// What an entry says; `moved` is what the amount did, in words, as a sign beside what was paid would read like a refund.
const MEANING = {
  grant: { moved: "given", why: "for the day" },
  hold: { moved: "set aside", why: "for a picture" },
  settle: { moved: "paid", why: "the picture is in the chat" },
  release: { moved: "given back", why: "no picture came, nothing was charged" },
  revoke: { moved: "taken back", why: "by the admin" },
};

function frame(part, ...nodes) {
  if (!part.firstChild) part.append(...nodes);
}

export function showPictures({ generations }, part) {
  frame(part, h("ol", { class: "cards" }), h("p", { class: "none" }, "This person has asked for no picture yet."));
  keyed(part.querySelector("ol"), generations, (one) => one.id, picture);
  part.querySelector(".none").hidden = generations.length > 0;
}

function picture({ id, status: given, cause, model, prompt, price, created, draw_ms: took }) {
  const status = given.toLowerCase();
  const at = STEPS.indexOf(status);
  const steps = STEPS.map((step, number) => h("i", { class: number <= at ? "done" : "", title: step }));
  const facts = [model, price ? `${price} ${price === 1 ? "credit" : "credits"}` : "free", exact(created), took ? `drawn in ${(took / 1000).toFixed(1)} s` : null];
  return h("li", { data: { testid: "generation", status, id: String(id) } },
    h("div", { class: "line" }, h("b", { dir: "auto" }, prompt), h("span", { class: `code ${ENDS[status] ?? (status === "delivered" ? "good" : "busy")}` }, status)),
    at < 0 ? (cause ? h("p", { class: "why" }, String(cause)) : null) : h("div", { class: "steps", "aria-hidden": "true" }, steps),
    h("p", {}, facts.filter(Boolean).join(" · ")));
}

export function showCredits({ ledger }, person, part) {
  frame(part, h("div", { class: "balance", data: { testid: "balance" } }), h("ol", { class: "cards" }), h("p", { class: "none" }, "No entry yet. For each picture credits are set aside, and then paid or given back."));
  const { balance, entries } = ledger;
  const today = balance ? [["free today", balance.daily], ["extra", balance.kept], ["set aside", balance.held]] : [];
  const boxes = part.querySelector(".balance");
  keyed(boxes, today, ([name]) => name, ([name, amount]) => h("div", {}, h("b", {}, String(amount)), h("span", {}, name)));
  boxes.hidden = !balance;
  part.querySelector("ol").setAttribute("aria-label", `Ledger of ${person.name}`);
  const lines = entries.map((entry) => ({ ...entry, person: person.id }));
  keyed(part.querySelector("ol"), lines, ({ person: owner, source, kind, day }) => `${owner} ${source} ${kind} ${day}`, entry);
  part.querySelector(".none").hidden = entries.length > 0;
}

function entry({ source, kind: given, daily, kept, at }) {
  const kind = given.toLowerCase();
  const amount = Math.abs(daily + kept);
  const { moved, why } = MEANING[kind] ?? { moved: kind, why: "" };
  return h("li", { data: { testid: "entry", kind, source: String(source) } },
    h("div", { class: "line" }, h("b", { class: `amount ${kind}` }, `${moved} ${amount}`), h("span", { class: "took" }, exact(at))),
    h("p", {}, why));
}

export function showQueue({ jobs, outbox, pauses, pending, service, now }, part) {
  frame(part, ...["Work to do", "Messages to send", "Orders at the service"].map((name) => section(name)));
  const lists = part.querySelectorAll("ol");
  for (const at of [0, 2]) lists[at].parentElement.hidden = !service; // the work of a bot that runs here
  fill(lists[0], jobs.map(({ id, kind, lane, due, attempts, leased }) => ({ id, name: kind, more: `${lane}, try ${attempts || 1}`, state: leased && leased > now ? "at work" : due > now ? "later" : "waits" })), "job");
  const paused = pauses.map(({ chat, until }) => ({ id: `pause ${chat}`, name: "pause", more: `chat ${chat}, until ${exact(until)}`, state: "told to wait" }));
  const waiting = Object.entries(pending).filter(([, count]) => count).map(([bot, count]) => ({ id: bot, name: "updates", more: `for ${bot}`, state: String(count) }));
  fill(lists[1], [...paused, ...outbox.map(({ id, chat, method, attempts }) => ({ id, name: method, more: `chat ${chat}, try ${attempts || 1}`, state: "waits" })), ...waiting], "unsent");
  fill(lists[2], (service?.orders ?? []).slice(0, 20).map(order), "order");
}

function order({ path, at, code, ms, trouble }, number) {
  return { id: `${at} ${path} ${number}`, name: path.split("/").filter(Boolean).slice(-2).join("/"), more: `${exact(at)}, ${ms} ms${trouble === "none" ? "" : `, ${trouble}`}`, state: code ? String(code) : "no answer" };
}

function section(name) {
  return h("section", {}, h("h3", {}, name), h("ol", { class: "cards", "aria-label": name }), h("p", { class: "none" }, "Nothing."));
}

function fill(list, lines, testid) {
  keyed(list, lines, (one) => one.id, ({ name, more, state }) => h("li", { data: { testid } }, h("div", { class: "line" }, h("b", {}, name), h("span", { class: "code" }, state)), h("p", {}, more)));
  list.nextElementSibling.hidden = lines.length > 0;
}
