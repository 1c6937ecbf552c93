// Who you are, the list of chats, and the head of the open one.

import { $, avatar, clock, formatted, h, icon, keyed, roving } from "./dom.js";

const ACTIONS = { typing: "is typing…", upload_photo: "is sending a photo…", upload_document: "is sending a file…" };
const KINDS = { supergroup: "group", group: "group", channel: "channel" };
export const BOT_FACE = "/page/icon.svg";

export function showPeople(state, become) {
  const lines = state.people.map(({ id, name }) => ({ id, name, chosen: id === state.person.id, unread: Boolean(state.unread[id]) }));
  keyed($("people"), lines, (line) => line.id, (line) => person(line, become));
}

function person({ id, name, chosen, unread }, become) {
  const face = avatar(h("span", { class: "avatar", "aria-hidden": "true" }), name, id);
  const data = { testid: "person", person: String(id) };
  const words = h("span", { dir: "auto" }, name, unread ? h("span", { class: "unseen" }, ", has a new message") : null);
  return h("button", { class: `person${unread ? " unread" : ""}`, role: "radio", "aria-checked": String(chosen), tabindex: chosen ? "0" : "-1", data, onclick: () => become(id) }, face, words);
}

export function setUpPeople() {
  roving($("people"), ".person", (node) => node.click());
}

export function showChats(state, open) {
  const lines = state.chats.map((chat) => line(state, chat));
  keyed($("chats"), lines, (one) => one.key, (one) => item(one, () => open(one.key)));
}

// What one line shows, and nothing else: it is drawn again only when this changes.
function line(state, chat) {
  const { last } = chat;
  const picture = last?.photo ?? (last?.document?.width ? last.document : null);
  const mine = last?.from.id === state.person.id;
  const who = last && chat.kind.endsWith("group") ? (mine ? "You" : last.from.name) : null;
  const words = last ? last.text.split("\n")[0].slice(0, 120) || last.document?.name || "Photo" : "No messages yet";
  const seed = Number(chat.key.split(":")[0]);
  return { key: chat.key, kind: chat.kind, title: chat.title, seed, face: face(state, chat), thumb: last?.spoiler ? null : (picture?.url ?? null), who, words: hideSpoilers(last, words), time: last ? when(last.date) : "", count: state.unread[chat.key] ?? 0, chosen: chat.key === state.chat?.key };
}

// The bot of this project has a face; other people's bots have a letter.
const face = (state, chat) => (chat.kind === "private" && chat.key.startsWith(`${state.bot.id}:`) ? BOT_FACE : null);

function hideSpoilers(last, words) {
  const hidden = last?.entities.filter((one) => one.type === "spoiler") ?? [];
  return hidden.reduce((text, { offset, length }) => text.slice(0, offset) + "▒".repeat(Math.max(0, Math.min(length, text.length - offset))) + text.slice(offset + length), words);
}

function when(date) {
  const today = new Date().toDateString() === new Date(date * 1000).toDateString();
  return today ? clock(date) : formatted(date, { day: "numeric", month: "short" });
}

function item({ key, kind, title, seed, face: picture, thumb, who, words, time, count, chosen }, open) {
  const round = avatar(h("span", { class: "avatar", "aria-hidden": "true" }), title, seed, picture);
  const name = h("span", { class: "chat-name" }, KINDS[kind] ? icon(KINDS[kind]) : null, h("bdi", {}, title));
  const last = h("span", { class: "chat-last", dir: "auto" }, who ? h("b", {}, `${who}: `) : null, thumb ? h("img", { class: "thumb", src: thumb, alt: "" }) : null, words);
  const number = count ? h("span", { class: "count", data: { testid: "unread" } }, String(count), h("span", { class: "unseen" }, " unread")) : null;
  const button = h("button", { class: "chat", "aria-current": chosen ? "true" : null, data: { testid: "chat", chat: key, kind }, onclick: open }, round,
    h("span", { class: "chat-words" }, h("span", { class: "chat-line" }, name, h("time", {}, time)), h("span", { class: "chat-line" }, last, number)));
  return h("li", {}, button);
}

export function showHead(state, { open, here }) {
  const { chat } = state;
  const own = chat.kind === "private";
  $("title").textContent = chat.title;
  avatar($("pane-avatar"), chat.title, Number(chat.key.split(":")[0]), face(state, chat));
  $("block").hidden = !own;
  $("block").textContent = chat.blocked ? "Unblock" : "Block";
  $("topics").hidden = !chat.topics.length;
  const topics = chat.topics.length ? [{ id: null, name: "General" }, ...chat.topics] : [];
  const lines = topics.map((topic) => ({ ...topic, chosen: topic.id === state.topic }));
  keyed($("topics"), lines, (topic) => topic.id, (topic) => tab(topic, () => open(here(), topic.id)));
  showSubtitle(state);
}

function tab({ id, name, chosen }, open) {
  return h("button", { dir: "auto", "aria-pressed": String(chosen), data: { testid: "topic", topic: id === null ? "" : String(id) }, onclick: open }, name);
}

let acting;
export function showSubtitle(state, action) {
  clearTimeout(acting);
  if (action) acting = setTimeout(() => showSubtitle(state), 5000);
  const { chat, bot } = state;
  const kinds = { private: "bot", channel: `${chat.members} subscribers`, group: `${chat.members} members`, supergroup: `${chat.members} members` };
  const words = !bot.alive ? "the bot is starting…" : action ? (ACTIONS[action] ?? "is busy…") : kinds[chat.kind];
  if ($("subtitle").textContent !== words) $("subtitle").textContent = words;
  $("subtitle").classList.toggle("busy", Boolean(action) || !bot.alive);
}

export function showBot({ id, alive, pid, lives }) {
  $("bot-state").hidden = !id;
  if (!id) return;
  const words = alive ? (lives > 1 ? `Bot runs again (life ${lives})` : "Bot runs") : "Bot is starting…";
  $("bot-state").replaceChildren(h("i", { class: alive ? "dot alive" : "dot" }), words);
  Object.assign($("bot-state").dataset, { alive: String(alive), lives: String(lives) });
  $("life-name").replaceChildren(h("i", { class: alive ? "dot alive" : "dot" }), alive ? "Running" : "Starting…");
  $("life-more").textContent = pid ? `process ${pid}, life ${lives}` : `life ${lives + 1} begins`;
  // Not `disabled`: that would take the focus away from who has just pressed it.
  $("kill").setAttribute("aria-disabled", String(!pid));
}
