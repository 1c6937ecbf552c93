// Where messages are written: text, commands, pictures, answers to others, changes to own ones.

import { $, ask, toast } from "./dom.js";
import { commandsFor, setUpList } from "./hints.js";
import { setUpInline } from "./inline.js";

const PHOTO = 10 * 1024 * 1024;
const PLACEHOLDER = "Message";
const PICTURES = ["image/jpeg", "image/png", "image/webp"];
const TALLEST = 180;
const MOST = 10;

const isPhoto = (file) => PICTURES.includes(file.type) && file.size <= PHOTO;

export function setUpComposer({ act, place, commands, bots, editLast, toPrivate }) {
  const field = $("text");
  const drafts = new Map();
  let draft = "";
  let chat = null;
  let target = null;
  let picked = [];

  const hints = setUpList($("hints"), field, choose);
  const inline = setUpInline(field, { act, bots, done: (parameter, bot) => (grow(), parameter && toPrivate(parameter, bot)) });
  const draftKey = () => `${place().person} ${chat?.key} ${place().topic}`;

  function grow() {
    field.style.height = "auto";
    if (field.scrollHeight) field.style.height = `${Math.min(field.scrollHeight, TALLEST)}px`; // nothing is measured while hidden
  }

  function typed() {
    grow();
    hints.show(commandsFor(field.value, commands()));
    inline.typed();
  }

  function write(words) {
    field.value = words;
    typed();
    field.focus();
  }

  function aim(message, editing = false) {
    target = message && { message, editing };
    $("target").hidden = !message;
    $("send-icon").setAttribute("href", editing ? "#i-check" : "#i-send");
    $("send").setAttribute("aria-label", editing ? "Save" : "Send");
    field.placeholder = (!editing && message?.forceReply?.placeholder) || PLACEHOLDER;
    if (!message) return;
    $("target-icon").setAttribute("href", editing ? "#i-pen" : "#i-reply");
    $("target-name").textContent = editing ? "Edit" : message.from.name;
    $("target-text").textContent = message.text || (message.photo ? "Photo" : (message.document?.name ?? ""));
    $("target-stop").setAttribute("aria-label", editing ? "Do not change it" : "Not as an answer");
    field.focus();
  }

  async function send() {
    if (picked.length) return sendPicked();
    const text = field.value.trim();
    if (!text || inline.waits()) return undefined;
    const aimed = target;
    clear();
    if (aimed?.editing) return act("edit", { message: aimed.message.id, text });
    return say(text, aimed?.message.id);
  }

  async function say(text, reply) {
    const said = await act("say", { text, reply });
    if (said === null && !field.value) write(text); // nothing that was typed gets lost
    else started();
  }

  function clear() {
    field.value = "";
    drafts.delete(draftKey());
    aim(null);
    typed();
  }

  function pick(files) {
    if (!files.length || $("write").hidden) return;
    drop();
    const [file] = files;
    const photo = isPhoto(file);
    // Several photos become an album; of anything else the first is taken.
    picked = photo ? files.filter(isPhoto).slice(0, MOST) : [file];
    $("picked").hidden = false;
    $("picked-name").textContent = picked.length > 1 ? `${picked.length} pictures` : file.name || "Picture";
    $("picked-img").hidden = !photo;
    if (photo) $("picked-img").src = URL.createObjectURL(file);
    Object.assign($("picked-as"), { checked: !photo, disabled: !photo || picked.length > 1 });
    field.placeholder = "Caption";
    field.focus();
  }

  function drop() {
    if ($("picked-img").src) URL.revokeObjectURL($("picked-img").src);
    $("picked-img").removeAttribute("src");
    $("picked").hidden = true;
    picked = [];
    field.placeholder = PLACEHOLDER;
  }

  async function sendPicked() {
    const form = new FormData();
    const reply = target?.editing ? undefined : target?.message.id;
    const values = { ...place(), text: field.value.trim(), as: $("picked-as").checked ? "file" : "photo", reply };
    for (const [name, value] of Object.entries(values)) if (value !== null && value !== undefined) form.append(name, value);
    for (const file of picked) form.append("file", file);
    clear();
    drop();
    await ask("/sandbox/send", form).catch((error) => toast(error.message, true));
  }

  function choose(command) {
    field.value = `/${command} `;
    typed();
    field.focus();
  }

  function edit(message) {
    aim(message, true);
    write(message.text);
  }

  function forget(message) {
    if (target?.message.id === message.id) (target.editing ? clear : aim)(null);
  }

  // Another chat, another person: each has a draft of its own.
  function reset(next) {
    if (chat && !target?.editing && field.value) drafts.set(draft, field.value);
    else if (chat) drafts.delete(draft);
    chat = next;
    draft = draftKey();
    drop();
    aim(null);
    field.value = drafts.get(draft) ?? "";
    typed();
    refresh(next);
  }

  function refresh(next) {
    const asleep = next.kind === "private" && (!next.opened || next.blocked);
    $("start").hidden = !asleep;
    $("readonly").hidden = next.writes !== false;
    $("write").parentElement.hidden = asleep || next.writes === false;
    $("write").hidden = $("write").parentElement.hidden;
    $("start").textContent = next.blocked ? "Unblock and say hello" : "Start";
    grow();
  }

  function started() {
    if ($("start").hidden) return;
    refresh({ kind: "private", opened: true, blocked: false, writes: true });
    field.focus();
  }

  function key(event) {
    if (hints.key(event) || inline.key(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) return event.preventDefault(), send();
    if (event.key === "Escape") return target?.editing ? clear() : (drop(), aim(null));
    if (event.key === "ArrowUp" && !field.value && !picked.length) return editLast(event);
    return undefined;
  }

  $("write").addEventListener("submit", (event) => (event.preventDefault(), send()));
  $("start").addEventListener("click", () => say("/start"));
  $("picked-stop").addEventListener("click", () => (drop(), field.focus()));
  $("target-stop").addEventListener("click", () => (target?.editing ? clear() : aim(null), field.focus()));
  $("commands").addEventListener("click", () => write(field.value === "/" ? "" : "/"));
  field.addEventListener("input", typed);
  field.addEventListener("keydown", key);
  field.addEventListener("blur", () => hints.hide());
  setUpFiles(field, pick);
  return { say: (words) => act("say", { text: words }), answer: (message) => aim(message), write, edit, forget, reset, refresh, focus: () => field.focus() };
}

// A file comes by the button, by dragging, or by pasting.
function setUpFiles(field, pick) {
  let depth = 0;
  const cover = (change) => {
    depth = Math.max(0, depth + change);
    $("drop").hidden = !depth;
  };
  const hasFiles = (event) => [...event.dataTransfer.types].includes("Files");
  $("attach").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", (event) => (pick([...event.target.files]), (event.target.value = "")));
  field.addEventListener("paste", (event) => event.clipboardData.files.length && (event.preventDefault(), pick([...event.clipboardData.files])));
  $("pane").addEventListener("dragenter", (event) => hasFiles(event) && cover(1));
  $("pane").addEventListener("dragleave", (event) => hasFiles(event) && cover(-1));
  $("pane").addEventListener("dragover", (event) => event.preventDefault());
  $("pane").addEventListener("drop", (event) => (event.preventDefault(), cover(-depth), pick([...event.dataTransfer.files])));
}
