// Where messages are written: text, commands, pictures, answers to others, changes to own ones.

import { $, h, ask, toast } from "./dom.js";

const PHOTO = 10 * 1024 * 1024;
const PLACEHOLDER = "Message";
const PICTURES = ["image/jpeg", "image/png", "image/webp"];

export function setUpComposer({ act, place, commands }) {
  const field = $("text");
  let target = null;
  let picked = null;

  const grow = () => {
    field.style.height = "auto";
    if (field.scrollHeight) field.style.height = `${Math.min(field.scrollHeight, 180)}px`; // nothing is measured while hidden
  };
  const aim = (message, editing) => {
    target = message && { message, editing };
    $("answering").hidden = !message;
    field.placeholder = (!editing && message?.forceReply?.placeholder) || PLACEHOLDER;
    if (!message) return;
    $("answering-name").textContent = editing ? "Edit" : message.from.name;
    $("answering-text").textContent = message.text || "Photo";
    field.focus();
  };

  async function send(words) {
    if (picked && words === undefined) return sendPicked();
    const text = (words ?? field.value).trim();
    if (!text) return;
    const aimed = words === undefined ? target : null;
    if (words === undefined) field.value = "";
    if (aimed) aim(null);
    grow();
    hint();
    if (aimed?.editing) await act("edit", { message: aimed.message.id, text });
    else await act("say", { text, reply: aimed?.message.id });
    $("start").hidden = true;
    $("write").hidden = false;
    grow();
  }

  function pick(file) {
    if (!file) return;
    drop();
    picked = file;
    const photo = PICTURES.includes(file.type) && file.size <= PHOTO;
    $("picked").hidden = false;
    $("picked-name").textContent = file.name || "Picture";
    $("picked-img").hidden = !photo;
    if (photo) $("picked-img").src = URL.createObjectURL(file);
    Object.assign($("picked-as"), { checked: !photo, disabled: !photo });
    field.placeholder = "Caption";
    field.focus();
  }

  function drop() {
    if ($("picked-img").src) URL.revokeObjectURL($("picked-img").src);
    $("picked-img").removeAttribute("src");
    $("picked").hidden = true;
    picked = null;
    field.placeholder = PLACEHOLDER;
  }

  async function sendPicked() {
    const form = new FormData();
    const reply = target?.editing ? undefined : target?.message.id;
    const values = { ...place(), text: field.value.trim(), as: $("picked-as").checked ? "file" : "photo", reply };
    for (const [name, value] of Object.entries(values)) if (value !== null && value !== undefined) form.append(name, value);
    form.append("file", picked);
    field.value = "";
    drop();
    aim(null);
    hint();
    grow();
    await ask("/sandbox/send", form).catch((error) => toast(error.message, true));
  }

  function hint() {
    const typed = field.value;
    const fitting = /^\/\w*$/.test(typed) ? commands().filter(({ command }) => `/${command}`.startsWith(typed)) : [];
    $("hints").hidden = !fitting.length;
    $("hints").replaceChildren(...fitting.map(({ command, description }) => h("li", { role: "option", tabindex: "0", onclick: () => choose(command), onkeydown: (event) => event.key === "Enter" && choose(command) }, h("b", {}, `/${command}`), h("span", {}, description))));
  }

  function choose(command) {
    field.value = `/${command} `;
    hint();
    field.focus();
    if (command === "start" || command === "help") send();
  }

  function answer(message) {
    aim(message, false);
  }

  function forget(message) {
    if (target?.message.id === message.id) aim(null);
  }

  function edit(message) {
    field.value = message.text;
    aim(message, true);
    grow();
  }

  function reset(chat) {
    drop();
    aim(null);
    field.value = "";
    hint();
    $("start").hidden = chat.kind !== "private" || (chat.opened && !chat.blocked);
    $("write").hidden = !$("start").hidden;
    $("start").textContent = chat.blocked ? "Unblock by saying hello" : "Start";
    grow();
  }

  $("write").addEventListener("submit", (event) => (event.preventDefault(), send()));
  $("start").addEventListener("click", () => send("/start"));
  $("picked-stop").addEventListener("click", drop);
  $("answering-stop").addEventListener("click", () => aim(null));
  $("slash").addEventListener("click", () => ((field.value = field.value ? "" : "/"), hint(), field.focus()));
  $("attach").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", (event) => (pick(event.target.files[0]), (event.target.value = "")));
  field.addEventListener("input", () => (grow(), hint()));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) (event.preventDefault(), send());
    if (event.key === "Escape") (drop(), aim(null));
  });
  field.addEventListener("paste", (event) => pick([...event.clipboardData.files][0]));
  $("pane").addEventListener("dragover", (event) => event.preventDefault());
  $("pane").addEventListener("drop", (event) => (event.preventDefault(), pick(event.dataTransfer.files[0])));
  return { send, answer, edit, forget, reset };
}
