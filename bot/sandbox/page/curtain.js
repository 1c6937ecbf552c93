// Behind the curtain: the side panel, its parts, and what keeps them fresh.

import { $, ask, h, kept, roving, speak, toast } from "./dom.js";
import { addCall, showCalls } from "./calls.js";
import { showCredits, showPictures, showQueue } from "./books.js";
import { showFaults } from "./faults.js";

const PARTS = { calls: "Calls", pictures: "Pictures", credits: "Credits", queue: "Queue", faults: "Faults" };
// What only a bot that runs here has.
const OWN = ["pictures", "credits"];
// Not more often than this, however much happens.
const PAUSE = 400;

export function setUpCurtain({ person }) {
  let due = null;
  let busy = false;

  for (const [part, name] of Object.entries(PARTS)) {
    $("tabs").append(h("button", { role: "tab", id: `tab-${part}`, "aria-controls": `part-${part}`, data: { testid: "tab", part }, onclick: () => choose(part) }, name));
    $("parts").append(h("div", { class: "part", role: "tabpanel", id: `part-${part}`, "aria-labelledby": `tab-${part}`, tabindex: "0", hidden: true }));
  }
  roving($("tabs"), "[role=tab]", (node) => node.click());

  function choose(part) {
    for (const one of Object.keys(PARTS)) {
      const chosen = one === part;
      $(`tab-${one}`).setAttribute("aria-selected", String(chosen));
      $(`tab-${one}`).tabIndex = chosen ? 0 : -1;
      $(`part-${one}`).hidden = !chosen;
    }
    kept("part", part);
  }

  // Whether a bot of ours runs here: of others neither the process nor the books are known.
  function own(ours) {
    document.querySelector(".life").hidden = !ours;
    for (const one of OWN) $(`tab-${one}`).hidden = !ours;
    if (!ours && OWN.includes(kept("part"))) choose("calls");
  }

  async function fetchAll() {
    due = null;
    busy = true;
    try {
      show(await ask(`/sandbox/panel?person=${person().id}`));
    } catch (error) {
      toast(error.message);
    } finally {
      busy = false;
    }
  }

  function show(panel) {
    showCalls(panel, $("part-calls"));
    showPictures(panel, $("part-pictures"));
    showCredits(panel, person(), $("part-credits"));
    showQueue(panel, $("part-queue"));
    showFaults(panel, $("part-faults"), refresh);
  }

  const isOpen = () => !$("curtain").hidden;

  function refresh() {
    if (!isOpen() || due) return;
    due = setTimeout(() => (busy ? ((due = null), refresh()) : fetchAll()), PAUSE);
  }

  function turn(open = !isOpen()) {
    $("curtain").hidden = !open;
    $("curtain-open").setAttribute("aria-expanded", String(open));
    kept("curtain", open ? "open" : "closed");
    if (open) fetchAll();
  }

  function hear(event) {
    if (event.kind === "call" && isOpen()) addCall(event, $("part-calls"));
    refresh();
  }

  async function kill() {
    if ($("kill").getAttribute("aria-disabled") === "true") return;
    const { killed } = await ask("/sandbox/kill", {});
    speak(killed ? "The bot was killed. It starts again by itself." : "There is no bot to kill right now.");
  }

  $("curtain-open").addEventListener("click", () => (turn(), isOpen() && $("curtain-close").focus()));
  $("curtain-close").addEventListener("click", () => (turn(false), $("curtain-open").focus()));
  $("curtain").addEventListener("keydown", (event) => event.key === "Escape" && (turn(false), $("curtain-open").focus()));
  $("kill").addEventListener("click", kill);
  choose(PARTS[kept("part")] ? kept("part") : "calls");
  return { hear, refresh, own, start: () => kept("curtain") === "open" && innerWidth > 1200 && turn(true) };
}
