// Inline mode: `@bot words` in the input line asks the bot, what it answers is shown above the line.

import { $, h } from "./dom.js";
import { setUpList } from "./hints.js";

const PAUSE = 350;

export function setUpInline(field, { act, bots, done }) {
  let asked = 0;
  let timer;
  let asking = false;
  let answer = null;
  const list = setUpList($("results"), field, (id, node) => (node.dataset.switch ? switchTo(node.dataset.switch) : choose(id, node.dataset.query)));
  $("results").addEventListener("scroll", () => $("results").scrollTop + 1.5 * $("results").clientHeight > $("results").scrollHeight && more());

  const queryIn = (typed) => {
    const found = /^@(\w+)\s(.*)$/s.exec(typed);
    const bot = found && bots().find((one) => one.inline && one.username.toLowerCase() === found[1].toLowerCase());
    return bot ? { bot: bot.id, query: found[2], name: bot.name } : null;
  };

  // Words in the place of results; they are not to be chosen.
  function say(words) {
    $("results").classList.remove("grid");
    list.show([h("div", { class: "result-none", role: "option", "aria-disabled": "true", "aria-selected": "false", dir: "auto" }, words)]);
  }

  function typed() {
    const question = queryIn(field.value);
    clearTimeout(timer);
    asked += 1;
    asking = question !== null;
    answer = null;
    if (!question) return list.hide();
    say(`Asking ${question.name} …`);
    timer = setTimeout(() => look(question, asked), PAUSE);
    return undefined;
  }

  async function look({ bot, query, name }, number) {
    const found = await act("inline", { bot, query });
    if (number !== asked) return; // more has been typed meanwhile
    asking = false;
    answer = found?.result.id ? { ...found.result, bot, words: query } : null;
    if (answer) show();
    else say(`${name} has not answered. Enter sends this as a message.`);
  }

  // What follows, once somebody comes near the end; nothing while it is asked for, and after the last page.
  async function more() {
    const before = answer;
    const offset = before?.next;
    if (!offset) return;
    before.next = "";
    const found = await act("inline", { bot: before.bot, query: before.words, offset });
    if (answer !== before) return; // something else has been typed meanwhile
    before.next = found?.result.next ?? "";
    list.add((found?.result.results ?? []).map((one) => option(one, found.result.id)));
  }

  function show() {
    const { results } = answer;
    const pictures = results.length > 0 && results.every((one) => one.picture && one.type !== "article");
    $("results").classList.toggle("grid", pictures);
    const nodes = results.map((one) => option(one, answer.id));
    if (answer.button) nodes.unshift(h("div", { class: "result result-button", role: "option", "aria-selected": "false", data: { value: "", switch: answer.button.start_parameter ?? "start" } }, answer.button.text));
    if (nodes.length) list.show(nodes);
    else say("Nothing was found. Enter sends this as a message.");
  }

  async function choose(id, query) {
    if (!id) return;
    field.value = "";
    list.hide();
    await act("choose", { query, result: id });
    done();
  }

  async function switchTo(parameter) {
    field.value = "";
    list.hide();
    done(parameter, answer.bot);
  }

  return { typed, key: list.key, hide: list.hide, waits: () => asking };
}

function option({ id, title, description, picture }, query) {
  const name = title || description || "Picture";
  const face = picture ? h("img", { src: picture, alt: "" }) : h("span", { class: "face", "aria-hidden": "true" }, [...name][0]);
  return h("div", { class: "result", role: "option", "aria-selected": "false", "aria-label": [title, description].filter(Boolean).join(", ") || name, data: { value: String(id), query } }, face, h("span", {}, h("b", { dir: "auto" }, title ?? ""), h("small", { dir: "auto" }, description ?? "")));
}
