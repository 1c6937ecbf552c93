// The sandbox's page: who you are, which chat is open, what happens in it.

import { $, h, ask, alertBox, avatar, kept, toast } from "./dom.js";
import { album, bubble } from "./bubble.js";
import { addCall, setUpCalls } from "./calls.js";
import { openMenu } from "./menu.js";
import { setUpComposer } from "./composer.js";

const LANGUAGES = { en: "English", ru: "Русский", de: "Deutsch", es: "Español", "pt-br": "Português", uk: "Українська", fa: "فارسی" };
const ACTIONS = { typing: "is typing…", upload_photo: "is sending a photo…", upload_document: "is sending a file…" };

const state = { people: [], chats: [], bot: {}, person: null, chat: null, topic: null, messages: new Map(), commands: [], unread: {}, pressing: new Map() };

const context = {
  get person() { return state.person; },
  get many() { return state.chat.kind !== "private" && state.chat.kind !== "channel"; },
  command: (words) => composer.send(words),
  answer: (message) => composer.answer(message),
  jump,
  press,
  menu: (event, message, own) => openMenu(event, { message, own, act, answer: composer.answer, edit: composer.edit }),
};

const composer = setUpComposer({ act, place: () => ({ ...place(), topic: state.topic }), commands: () => state.commands });

const place = () => ({ person: state.person.id, chat: state.chat.key });
const atBottom = () => $("log").scrollHeight - $("log").scrollTop - $("log").clientHeight < 120;
const toBottom = () => ($("log").scrollTop = $("log").scrollHeight);

async function act(action, values) {
  try {
    return await ask(`/sandbox/do/${action}`, { ...place(), topic: state.topic, ...values });
  } catch (error) {
    toast(error.message, true);
    return null;
  }
}

// People

async function become(id) {
  const wanted = id ?? kept("person");
  let fresh = await ask(`/sandbox/state${wanted ? `?person=${wanted}` : ""}`);
  let person = fresh.people.find((one) => String(one.id) === String(wanted));
  if (!person) {
    person = fresh.people[0];
    fresh = await ask(`/sandbox/state?person=${person.id}`);
  }
  Object.assign(state, fresh, { person });
  kept("person", person.id);
  document.documentElement.lang = person.language || "en";
  $("language").value = person.language || "en";
  delete state.unread[person.id];
  showPeople();
  showBot();
  const chat = state.chats.find((one) => one.key === state.chat?.key) ?? state.chats.find((one) => one.kind === "private") ?? state.chats[0];
  await open(chat, state.chat?.key === chat.key ? state.topic : null, document.body.classList.contains("in-chat"));
}

function showPeople() {
  $("people").replaceChildren(...state.people.map((person) => {
    const chosen = person.id === state.person.id;
    const face = avatar(h("span", { class: "avatar" }), person.name, person.id);
    return h("button", { class: `person${chosen ? " chosen" : ""}${state.unread[person.id] ? " unread" : ""}`, role: "radio", "aria-checked": String(chosen), onclick: () => become(person.id) }, face, h("span", {}, person.name));
  }));
}

// Chats

async function open(chat, topic = null, enter = true) {
  Object.assign(state, { chat, topic });
  const answer = await ask(`/sandbox/messages?person=${state.person.id}&chat=${encodeURIComponent(chat.key)}`);
  if (state.chat !== chat) return;
  state.messages = new Map(answer.messages.map((message) => [message.id, message]));
  state.commands = answer.commands;
  delete state.unread[chat.key];
  document.body.classList.toggle("in-chat", enter);
  showChats();
  showHead();
  showLog();
  composer.reset(chat);
  const last = shown().at(-1);
  if (asksMe(last)) composer.answer(last);
  toBottom(); // what is answered takes room from the messages
}

function showChats() {
  const time = (message) => (message ? new Date(message.date * 1000).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }) : "");
  $("chats").replaceChildren(...state.chats.map((chat) => {
    const last = chat.last;
    const picture = last?.photo ?? (last?.document?.width ? last.document : null);
    const thumb = picture ? h("img", { class: "thumb", src: picture.url, alt: "" }) : null;
    const who = last && chat.kind.endsWith("group") ? `${last.from.name}: ` : "";
    const words = last ? who + (last.text || last.document?.name || "Photo") : "No messages yet";
    const face = avatar(h("span", { class: "avatar" }), chat.title, chat.kind === "private" ? state.bot.id : Number(chat.key));
    const count = state.unread[chat.key];
    return h("button", { class: `chat${chat.key === state.chat.key ? " chosen" : ""}`, onclick: () => open(chat) }, face,
      h("span", { class: "chat-words" }, h("span", { class: "chat-line" }, h("b", {}, chat.title), h("time", {}, time(last))),
        h("span", { class: "chat-line" }, h("span", { class: "chat-last" }, thumb, words), count ? h("span", { class: "count" }, String(count)) : null)));
  }));
}

function showHead() {
  const { chat } = state;
  $("title").textContent = chat.title;
  avatar($("pane-avatar"), chat.title, chat.kind === "private" ? state.bot.id : Number(chat.key));
  showSubtitle();
  $("block").hidden = chat.kind !== "private";
  $("block").textContent = chat.blocked ? "Unblock" : "Block";
  $("topics").hidden = !chat.topics.length;
  const names = [{ id: null, name: "General" }, ...chat.topics];
  $("topics").replaceChildren(...names.map((topic) => h("button", { role: "tab", "aria-selected": String(topic.id === state.topic), onclick: () => open(chat, topic.id) }, topic.name)));
}

let acting;
function showSubtitle(action) {
  clearTimeout(acting);
  if (action) acting = setTimeout(() => showSubtitle(), 5000);
  const { chat, bot } = state;
  const kinds = { private: "bot", channel: `${chat.members} subscribers`, group: `${chat.members} members`, supergroup: `${chat.members} members` };
  $("subtitle").textContent = !bot.alive ? "the bot is starting…" : action ? (ACTIONS[action] ?? "is busy…") : kinds[chat.kind];
  $("subtitle").classList.toggle("busy", Boolean(action) || !bot.alive);
}

// Messages

const inTopic = (message) => !state.chat.topics.length || message.thread === state.topic;
const shown = () => [...state.messages.values()].filter(inTopic).sort((a, b) => a.id - b.id);
const asksMe = (message) => Boolean(message?.forceReply) && [null, state.person.id].includes(message.forceReply.person);

function showLog() {
  const nodes = [];
  let day = "";
  const all = shown();
  for (let at = 0; at < all.length; at += 1) {
    const message = all[at];
    const name = new Date(message.date * 1000).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long" });
    if (name !== day) nodes.push(h("div", { class: "service day" }, name));
    day = name;
    const group = message.album ? all.slice(at).filter((one) => one.album === message.album) : [message];
    nodes.push(group.length > 1 ? album(group, context) : bubble(message, context));
    at += group.length - 1;
  }
  if (!nodes.length && state.chat.kind === "private") nodes.push(about());
  $("column").replaceChildren(...nodes);
  toBottom();
}

function about() {
  const { descriptions = {}, description, name } = state.bot;
  const words = descriptions[(state.person.language ?? "").split("-")[0]] || description;
  return h("div", { class: "about" }, h("b", {}, "What can this bot do?"), h("p", {}, words || `Press Start to meet ${name}.`));
}

function hear(event) {
  if (event.kind === "call") return hearCall(event);
  if (event.kind === "bot") return hearBot(event.bot);
  const here = event.chat === state.chat.key;
  if (event.kind === "action") return here && showSubtitle(event.action);
  if (event.kind === "answer") return event.person === state.person.id && answered(event);
  remember(event, here);
  if (!here) return undefined;
  if (event.kind === "message") showSubtitle();
  return event.kind === "delete" ? forget(event.message) : show(event.message, event.kind === "message");
}

let learning;
function hearCall(call) {
  addCall(call);
  if (call.method !== "setMyCommands") return;
  clearTimeout(learning); // they come in every language and scope, one after the other
  learning = setTimeout(learnCommands, 300);
}

async function learnCommands() {
  const { chat, person } = state;
  const { commands } = await ask(`/sandbox/messages?person=${person.id}&chat=${encodeURIComponent(chat.key)}`);
  if (state.chat === chat && state.person === person) state.commands = commands;
}

function remember(event, here) {
  const chat = state.chats.find((one) => one.key === event.chat);
  const { message } = event;
  if (event.kind === "message" && message.service?.kind === "forum_topic_created" && chat) chat.topics.push({ id: message.id, name: message.service.name });
  if (event.kind === "message" && !here) noteUnread(event.chat, chat);
  if (chat && event.kind !== "delete" && !message.service && (!chat.last || message.id >= chat.last.id)) chat.last = message;
  if (chat && event.kind === "message" && message.from.id === state.person.id) Object.assign(chat, { opened: true, blocked: false });
  showChats();
}

function noteUnread(key, chat) {
  if (chat) state.unread[key] = (state.unread[key] ?? 0) + 1;
  const [bot, person] = key.split(":");
  if (!chat && person && bot === String(state.bot.id)) {
    state.unread[person] = 1;
    showPeople();
  }
}

function show(message, isNew) {
  const stay = atBottom() || message.from.id === state.person.id;
  state.messages.set(message.id, message);
  const old = $("column").querySelector(`[data-id="${message.id}"]`);
  const plain = !message.album && (old || isNew) && $("column").querySelector("article, .service");
  if (!plain) showLog();
  else if (old) old.replaceWith(bubble(message, context));
  else if (inTopic(message)) {
    const node = bubble(message, context);
    node.classList.add("fresh");
    $("column").append(node);
  }
  if (isNew && asksMe(message) && inTopic(message)) composer.answer(message);
  if (stay) toBottom();
}

function forget(message) {
  state.messages.delete(message.id);
  composer.forget(message);
  $("column").querySelector(`[data-id="${message.id}"]`)?.remove();
}

function jump(id) {
  const node = $("column").querySelector(`[data-id="${id}"]`);
  node?.scrollIntoView({ block: "center", behavior: "smooth" });
  node?.classList.add("lit");
  setTimeout(() => node?.classList.remove("lit"), 1500);
}

// Buttons

async function press(node, message, data) {
  node.classList.add("waiting");
  setTimeout(() => node.classList.remove("waiting"), 15000);
  const answer = await act("press", { message: message.id, data });
  if (answer) state.pressing.set(message.id, node);
  else node.classList.remove("waiting");
}

function answered({ message, answer }) {
  state.pressing.get(message.id)?.classList.remove("waiting");
  $("column").querySelectorAll(`[data-id="${message.id}"] .waiting`).forEach((node) => node.classList.remove("waiting"));
  if (!answer?.text) return;
  if (answer.show_alert) alertBox(answer.text);
  else toast(answer.text);
}

// The bot

function hearBot(bot) {
  if (state.bot.alive && !bot.alive) toast("The bot is down. It starts again by itself.");
  state.bot = bot;
  showBot();
  showSubtitle();
}

function showBot() {
  const { alive, pid, lives } = state.bot;
  const words = lives > 1 ? `Bot runs again (life ${lives})` : "Bot runs";
  $("bot-state").replaceChildren(h("i", { class: alive ? "dot alive" : "dot" }), alive ? words : "Bot is starting…");
  $("bot-state").title = pid ? `Process ${pid}` : "";
  $("kill").disabled = !alive || !pid;
}

// Start

function setUpChoices() {
  $("language").replaceChildren(...Object.entries(LANGUAGES).map(([code, name]) => h("option", { value: code }, name)));
  $("language").addEventListener("change", async (event) => {
    await ask("/sandbox/language", { person: state.person.id, language: event.target.value });
    await become(state.person.id);
  });
  const looks = { auto: "As the system", light: "Light", dark: "Dark" };
  $("theme").replaceChildren(...Object.entries(looks).map(([code, name]) => h("option", { value: code }, name)));
  const wear = (look) => document.documentElement.setAttribute("data-theme", kept("theme", look));
  $("theme").value = new URLSearchParams(location.search).get("theme") ?? kept("theme") ?? "auto";
  wear($("theme").value);
  $("theme").addEventListener("change", (event) => wear(event.target.value));
}

function setUpButtons() {
  $("kill").addEventListener("click", () => ask("/sandbox/kill", {}));
  $("back").addEventListener("click", () => document.body.classList.remove("in-chat"));
  $("block").addEventListener("click", async () => {
    await act("block", { blocked: !state.chat.blocked });
    state.chat.blocked = !state.chat.blocked;
    showHead();
    composer.reset(state.chat);
  });
  $("viewer").addEventListener("click", (event) => event.target.id !== "viewer-link" && $("viewer").close());
  $("log").addEventListener("scroll", () => ($("down").hidden = atBottom()), { passive: true });
  $("down").addEventListener("click", () => $("log").scrollTo({ top: $("log").scrollHeight, behavior: "smooth" }));
  new ResizeObserver(() => !$("down").hidden || toBottom()).observe($("column"));
}

function listen() {
  const source = new EventSource("/sandbox/events");
  let lost = false;
  source.onmessage = (event) => hear(JSON.parse(event.data));
  source.onerror = () => {
    lost = true;
    toast("The sandbox does not answer. Is it still running?", true);
  };
  source.onopen = () => lost && become(state.person.id).then(() => (lost = false));
}

setUpChoices();
setUpButtons();
setUpCalls();
await become();
listen();
