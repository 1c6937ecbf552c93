// What the bot calls, newest first: for those who want to see behind the scenes.

import { $, h } from "./dom.js";

const MOST = 200;

export function setUpCalls() {
  const turn = () => {
    const open = $("calls").toggleAttribute("hidden") === false;
    $("behind").setAttribute("aria-pressed", String(open));
  };
  $("behind").addEventListener("click", turn);
  $("calls-close").addEventListener("click", turn);
}

export function addCall({ method, code, at, description, values, fault, violation }) {
  const time = new Date(at * 1000).toLocaleTimeString(document.documentElement.lang);
  const mark = code === 200 ? "good" : violation ? "bad" : "odd";
  const words = JSON.stringify(values, null, 1);
  const node = h("li", { class: mark }, h("details", {}, h("summary", {}, h("b", {}, method), h("span", {}, code === 200 ? time : `${code} ${time}`)),
    description ? h("p", {}, description) : null, fault ? h("p", {}, `Fault: ${fault}`) : null, h("pre", {}, words)));
  $("call-list").prepend(node);
  while ($("call-list").children.length > MOST) $("call-list").lastChild.remove();
}
