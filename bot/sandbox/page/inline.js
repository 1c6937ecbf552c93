// Inline mode: `@bot words` in the input line asks the bot, what it answers is shown above the line.

import { $, h } from "./dom.js";
import { setUpList } from "./hints.js";

const PAUSE = 350;

export function setUpInline(field, { act, bots, done }) {
  let asked = 0;
  let timer;
  let answer = null;
  const list = setUpList($("results"), field, (id, node) => (node.dataset.switch ? switchTo(node.dataset.switch) : choose(id)));

  const queryIn = (typed) => {
    const found = /^@(\w+)\s(.*)$/s.exec(typed);
    const bot = found && bots().find((one) => one.username.toLowerCase() === found[1].toLowerCase());
    return bot ? { bot: bot.id, query: found[2] } : null;
  };

  function typed() {
    const question = queryIn(field.value);
    clearTimeout(timer);
    asked += 1;
    if (!question) return list.hide();
    timer = setTimeout(() => look(question, asked), PAUSE);
    return undefined;
  }

  async function look(question, number) {
    const found = await act("inline", question);
    if (number !== asked) return; // more has been typed meanwhile
    answer = found?.result ?? null;
    show();
  }

  function show() {
    const results = answer?.results ?? [];
    const pictures = results.length > 0 && results.every((one) => one.picture && one.type !== "article");
    $("results").classList.toggle("grid", pictures);
    const nodes = results.map(option);
    if (answer?.button) nodes.unshift(h("div", { class: "result result-button", role: "option", "aria-selected": "false", data: { value: "", switch: answer.button.start_parameter ?? "start" } }, answer.button.text));
    if (answer && !nodes.length) nodes.push(h("div", { class: "result-none", role: "option", "aria-disabled": "true" }, "The bot has no answer to this."));
    list.show(nodes);
  }

  async function choose(id) {
    if (!id) return;
    const query = answer.id;
    field.value = "";
    list.hide();
    await act("choose", { query, result: id });
    done();
  }

  async function switchTo(parameter) {
    field.value = "";
    list.hide();
    done(parameter);
  }

  return { typed, key: list.key, hide: list.hide, isOne: () => queryIn(field.value) !== null };
}

function option({ id, title, description, picture }) {
  const name = title || description || "Picture";
  const face = picture ? h("img", { src: picture, alt: "" }) : h("span", { class: "face", "aria-hidden": "true" }, [...name][0]);
  return h("div", { class: "result", role: "option", "aria-selected": "false", "aria-label": [title, description].filter(Boolean).join(", ") || name, data: { value: String(id) } }, face, h("span", {}, h("b", { dir: "auto" }, title ?? ""), h("small", { dir: "auto" }, description ?? "")));
}
