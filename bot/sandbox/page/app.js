// The sandbox's page: who you are, which chat is open, and what happens meanwhile.

import { $, alertBox, ask, avatar, h, kept, root, speak, toast } from "./dom.js";
import { BOT_FACE, setUpPeople, showBot, showChats, showHead, showPeople, showSubtitle } from "./chats.js";
import { setUpComposer } from "./composer.js";
import { setUpCurtain } from "./curtain.js";
import { setUpLog } from "./log.js";
import { setUpViewer } from "./media.js";
import { openMenu, setUpMenu } from "./menu.js";

const LANGUAGES = { en: "English", ru: "Русский", de: "Deutsch", es: "Español", "pt-br": "Português", uk: "Українська", fa: "فارسی", ar: "العربية" };
const RTL = new Set(["fa", "ar", "he", "ur"]);
// A bot that does not answer a press: the key stops turning by itself.
const PATIENCE = 15000;
// The server alone has bots of other people, none of its own: nothing is known of how they live.
const NOBODY = { id: 0, alive: true };

const state = { people: [], chats: [], bot: {}, bots: [], person: null, chat: null, topic: null, commands: [], unread: {}, pressed: new Map() };

const place = () => ({ person: state.person.id, chat: state.chat.key, topic: state.topic });
const botOf = (chat) => state.bots.find((one) => chat.kind === "private" && chat.key.startsWith(`${one.id}:`));
const findChat = (key) => state.chats.find((chat) => chat.key === key);
const inTopic = (message) => !state.chat.topics.length || message.thread === state.topic;
const asksMe = (message) => Boolean(message?.forceReply) && [null, state.person.id].includes(message.forceReply.person);

async function act(action, values) {
  try {
    return await ask(`/sandbox/do/${action}`, { ...place(), ...values });
  } catch (error) {
    toast(error.message, true);
    return null;
  }
}

// What messages need of the page around them.
const context = {
  get person() { return state.person; },
  get many() { return !["private", "channel"].includes(state.chat.kind); },
  face: (from) => (from.bot && from.id === state.bot.id ? BOT_FACE : null),
  command: (words) => composer.say(words),
  mention: (words) => composer.write(`${words} `),
  inline: (query, message) => composer.write(`@${message.via ?? nameOf(message.from)} ${query}`),
  answer: (message) => composer.answer(message),
  write: () => composer.focus(),
  react: (message, emoji) => act("react", { message: message.id, emoji }),
  isPressed: (message, data) => state.pressed.get(message.id) === data,
  jump: async (id) => (await log.jump(id)) || toast("That message is gone."),
  press,
  menu: (event, message, own) => openMenu(event, { message, own, person: state.person, act, react: context.react, answer: composer.answer, edit: composer.edit }),
  menuOf: (event, row) => context.menu(event, log.get(Number(row.dataset.id)), row.dataset.by === "me"),
};

const nameOf = (from) => state.bots.find((one) => one.id === from.id)?.username ?? state.bot.username;
const log = setUpLog(context, { fetchOlder, empty });
const composer = setUpComposer({ act, place, commands: () => state.commands, bots: () => state.bots, editLast, toPrivate });
const curtain = setUpCurtain({ person: () => state.person });

// People

async function become(id) {
  const wanted = id ?? kept("person");
  const fresh = await fetchState(wanted);
  const person = fresh.people.find((one) => String(one.id) === String(wanted));
  if (!person) return become(fresh.people[0].id);
  learn(fresh, person);
  kept("person", person.id);
  speakLike(person.language || "en");
  delete state.unread[person.id];
  showPeople(state, become);
  const same = findChat(state.chat?.key);
  const chat = same ?? state.chats.find((one) => one.kind === "private") ?? state.chats[0];
  return open(chat, same ? state.topic : null, document.body.classList.contains("in-chat"));
}

function learn(fresh, person) {
  Object.assign(state, fresh, { person, bot: fresh.bot ?? NOBODY });
  curtain.own(fresh.bot !== null);
  showBot(state.bot);
  curtain.refresh();
}

// There are others, or they have become others: what is open stays open.
async function meet() {
  const { person, chat } = state;
  if (!person) return;
  const fresh = await fetchState(person.id);
  if (state.person !== person || state.chat !== chat) return later(meet);
  learn(fresh, fresh.people.find((one) => one.id === person.id));
  state.chat = findChat(chat.key) ?? chat;
  showPeople(state, become);
  showChats(state, openByKey);
  showHead(state, { open, here: () => state.chat });
  log.showEmpty();
}

const fetchState = (person) => ask(`/sandbox/state${person ? `?person=${encodeURIComponent(person)}` : ""}`);

// The words of the page stay English; direction and dates are those of the person.
function speakLike(language) {
  root.dataset.language = language;
  root.dir = RTL.has(language.split("-")[0]) ? "rtl" : "ltr";
  $("log").lang = language;
  $("language").value = language;
}

// Chats

async function open(chat, topic = null, enter = true) {
  Object.assign(state, { chat, topic });
  composer.reset(chat); // at once: what is typed while the chat is fetched is meant for it
  waiting ??= [];
  const answer = await fetchMessages(chat, topic).catch(lost);
  if (state.chat !== chat || state.topic !== topic) return; // something else was opened meanwhile
  state.commands = answer.commands;
  delete state.unread[chat.key];
  document.body.classList.toggle("in-chat", enter);
  document.title = `${chat.title} · Sandbox`;
  showChats(state, openByKey);
  showHead(state, { open, here: () => state.chat });
  log.open(answer.messages, answer.more);
  if (asksMe(log.last())) composer.answer(log.last());
  log.stick();
  catchUp();
}

function lost(error) {
  toast(error.message, true);
  return { messages: [], commands: [], more: false };
}

function fetchOlder(before) {
  return fetchMessages(state.chat, state.topic, before).catch(lost);
}

async function openByKey(key) {
  await open(findChat(key));
  if (matchMedia("(hover: hover)").matches) composer.focus();
}

async function fetchMessages(chat, topic, before = "") {
  const where = new URLSearchParams({ person: state.person.id, chat: chat.key, before });
  if (chat.topics.length) where.set("topic", topic ?? "");
  const answer = await ask(`/sandbox/messages?${where}`);
  const mine = answer.messages.filter((message) => !chat.topics.length || message.thread === topic);
  return { more: false, ...answer, messages: mine };
}

function empty() {
  if (!state.bots.length) return [h("p", { class: "service quiet-chat" }, `No bot has come yet. Point yours at ${location.origin}`)];
  if (state.chat.kind !== "private") return [h("p", { class: "service quiet-chat" }, "No messages here yet")];
  const { id, descriptions, description, name } = botOf(state.chat);
  const words = descriptions[(state.person.language ?? "").split("-")[0]] || description;
  const face = avatar(h("span", { class: "avatar", "aria-hidden": "true" }), name, id, id === state.bot.id ? BOT_FACE : null);
  return [h("div", { class: "about", dir: "auto" }, face, h("b", {}, "What can this bot do?"), h("p", {}, words || `Press Start to meet ${name}.`))];
}

async function toPrivate(parameter, bot) {
  await open(state.chats.find((one) => botOf(one)?.id === bot));
  await composer.say(`/start ${parameter}`);
}

function editLast(event) {
  const mine = [...document.querySelectorAll("#column article.own")].at(-1);
  const message = mine && log.get(Number(mine.dataset.id));
  if (!message?.text) return;
  event.preventDefault();
  composer.edit(message);
}

// What happens

const LEARN = { setMyCommands: () => learnCommands(), setMyName: () => meet(), setMyDescription: () => meet() };
const HEARD = {
  call: (event) => (curtain.hear(event), LEARN[event.method]?.()),
  cast: () => meet(),
  order: (event) => curtain.hear(event),
  panel: (event) => curtain.hear(event),
  bot: ({ bot }) => hearBot(bot),
  action: ({ chat, action }) => chat === state.chat.key && showSubtitle(state, action),
  answer: (event) => event.person === state.person.id && answered(event),
};

// What is told while a chat is being fetched comes after it: nothing is missed, nothing is shown in the wrong chat.
let waiting = [];
function catchUp() {
  const told = waiting ?? [];
  waiting = null;
  told.forEach(hear);
}

function hear(event) {
  if (waiting) return waiting.push(event);
  if (HEARD[event.kind]) return HEARD[event.kind](event);
  const here = event.chat === state.chat.key;
  if (!forMe(event.message)) return undefined;
  remember(event, here);
  if (!here) return undefined;
  if (event.kind === "delete") return forget(event.message);
  if (!inTopic(event.message)) return undefined;
  return show(event.message, event.kind === "message");
}

const forMe = ({ onlyFor, from }) => [null, undefined, state.person.id].includes(onlyFor) || from.id === state.person.id;

let learning;
function learnCommands() {
  clearTimeout(learning); // they come in every language and scope, one after the other
  learning = setTimeout(async () => {
    const { chat, person, topic } = state;
    const { commands } = await fetchMessages(chat, topic);
    if (state.chat === chat && state.person === person) state.commands = commands;
  }, 300);
}

function remember({ kind, chat: key, message }, here) {
  const chat = findChat(key);
  if (kind === "message" && message.service?.kind === "forum_topic_created" && chat) addTopic(chat, message);
  if (kind === "message" && !here && !message.service && message.from.id !== state.person.id) noteUnread(key, chat);
  if (chat && kind !== "delete" && !message.service && (!chat.last || message.date >= chat.last.date)) chat.last = message;
  if (chat?.kind === "private" && kind === "message" && message.from.id === state.person.id) Object.assign(chat, { opened: true, blocked: false });
  if (chat) later(() => showChats(state, openByKey));
}

function addTopic(chat, message) {
  if (chat.topics.some((topic) => topic.id === message.id)) return;
  chat.topics.push({ id: message.id, name: message.service.name });
  if (chat === state.chat) showHead(state, { open, here: () => state.chat });
}

function noteUnread(key, chat) {
  if (chat) state.unread[key] = (state.unread[key] ?? 0) + 1;
  const [bot, person] = key.split(":");
  if (chat || !person || (state.bot.id && bot !== String(state.bot.id))) return;
  state.unread[person] = 1;
  showPeople(state, become);
}

// A burst of events draws the list once.
let planned = false;
function later(draw) {
  if (planned) return;
  planned = true;
  setTimeout(() => ((planned = false), draw()), 60);
}

function show(message, fresh) {
  const before = log.get(message.id);
  const own = message.from.id === state.person.id;
  if (own && fresh) log.stick();
  log.put(message, fresh);
  if (fresh) showSubtitle(state);
  if (fresh && asksMe(message)) composer.answer(message);
  const drawn = message.photo && !before?.photo;
  if (!own && (fresh || drawn)) speak(`${message.from.name}: ${drawn ? "a picture. " : ""}${message.text.slice(0, 300)}`);
}

async function forget(message) {
  const chat = state.chat;
  log.remove(message);
  composer.forget(message);
  if (chat.last?.id !== message.id) return;
  chat.last = log.last()?.service ? null : (log.last() ?? null);
  showChats(state, openByKey);
}

// Buttons

async function press(node, message, data) {
  if (state.pressed.get(message.id) === data) return;
  state.pressed.set(message.id, data);
  node.setAttribute("aria-busy", "true");
  setTimeout(() => release(message.id, data), PATIENCE);
  if (!(await act("press", { message: message.id, data }))) release(message.id, data);
}

function release(id, data) {
  if (data !== undefined && state.pressed.get(id) !== data) return;
  state.pressed.delete(id);
  for (const node of document.querySelectorAll(`#column [data-id="${id}"] [aria-busy]`)) node.removeAttribute("aria-busy");
}

function answered({ message, answer }) {
  release(message.id);
  if (!answer?.text) return;
  if (answer.show_alert) alertBox(answer.text);
  else toast(answer.text);
}

// The bot

function hearBot(bot) {
  if (!bot) return;
  const fell = state.bot.alive && !bot.alive;
  state.bot = bot;
  if (fell) toast("The bot is down. It starts again by itself.");
  showBot(bot);
  showSubtitle(state);
  curtain.refresh();
}

// Start

function setUpChoices() {
  $("language").replaceChildren(...Object.entries(LANGUAGES).map(([code, name]) => h("option", { value: code, lang: code }, name)));
  $("language").addEventListener("change", async (event) => {
    await ask("/sandbox/language", { person: state.person.id, language: event.target.value });
    await become(state.person.id);
  });
  const worn = () => $("theme").setAttribute("aria-checked", String(root.dataset.theme === "dark"));
  $("theme").addEventListener("click", () => ((root.dataset.theme = kept("theme", root.dataset.theme === "dark" ? "light" : "dark")), worn()));
  addEventListener("theme", worn);
  worn();
}

function setUpButtons() {
  $("back").addEventListener("click", () => (document.body.classList.remove("in-chat"), document.querySelector(".chat[aria-current]")?.focus()));
  $("block").addEventListener("click", async () => {
    const blocked = !state.chat.blocked;
    if (!(await act("block", { blocked }))) return;
    state.chat.blocked = blocked;
    showHead(state, { open, here: () => state.chat });
    composer.refresh(state.chat);
  });
  $("column").addEventListener("dblclick", (event) => {
    const row = event.target.closest(".text, footer")?.closest("article");
    if (row && !event.target.closest("button, a")) context.answer(log.get(Number(row.dataset.id)));
  });
}

// Done once events come: only then is a chat fetched, so that none falls between.
function listen() {
  const source = new EventSource("/sandbox/events");
  let broken = false;
  source.onmessage = (event) => hear(JSON.parse(event.data));
  source.onerror = () => {
    if (!broken) toast("The sandbox does not answer. Is it still running?", true);
    broken = true;
  };
  return new Promise((ready) => {
    source.onopen = () => {
      if (broken && state.person) become(state.person.id);
      broken = false;
      ready();
    };
  });
}

setUpChoices();
setUpButtons();
setUpPeople();
setUpViewer();
setUpMenu($("column"), context.menuOf);
await listen();
await become();
curtain.start();
root.dataset.ready = "true"; // for those who measure
