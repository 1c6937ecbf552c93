// The messages of the open chat. Only the newest are in the page; older ones come as one scrolls up.

import { $, formatted, h } from "./dom.js";
import { inherit, row } from "./bubble.js";

const FIRST = 50;
const STEP = 40;
const MOST = 260;
const NEAR = 900;
const TOGETHER = 600;

export function setUpLog(context, { fetchOlder, empty }) {
  const log = $("log");
  const column = $("column");
  let messages = new Map();
  let order = [];
  let from = 0;
  let more = false;
  let stuck = true;
  let loading = null;

  const toBottom = () => (log.scrollTop = log.scrollHeight);
  const nodeOf = (id) => column.querySelector(`[data-id="${unitOf(id)[0]?.id ?? id}"]`);
  const inOrder = (ids) => ids.map((id) => messages.get(id));

  // The messages that stand together with this one.
  function unitOf(id) {
    const message = messages.get(id);
    if (!message?.album) return message ? [message] : [];
    return inOrder(order.filter((other) => messages.get(other).album === message.album));
  }

  function unitsOf(ids) {
    const seen = new Set();
    const units = [];
    for (const id of ids) {
      if (seen.has(id)) continue;
      const unit = unitOf(id);
      unit.forEach((message) => seen.add(message.id));
      units.push(unit);
    }
    return units;
  }

  function open(list, hasMore) {
    messages = new Map(list.map((message) => [message.id, message]));
    order = [...messages.keys()]; // as they came: messages for one person alone have numbers of their own
    more = hasMore;
    from = order.length;
    stuck = true;
    column.replaceChildren();
    if (order.length) older();
    else column.replaceChildren(...empty());
    toBottom();
  }

  function showEmpty() {
    if (!order.length && !more) column.replaceChildren(...empty());
  }

  // Puts a further piece of what is known above what is shown.
  function older(count = FIRST) {
    const until = from;
    from = Math.max(0, from - count);
    while (from > 0 && sameAlbum(order[from], order[from - 1])) from -= 1;
    const rows = unitsOf(order.slice(from, until)).map((unit) => row(unit, context));
    const rest = log.scrollHeight - log.scrollTop;
    column.prepend(...rows);
    rows.forEach(dress);
    if (rows.length && rows.at(-1).nextElementSibling) dress(next(rows.at(-1)));
    if (!stuck) log.scrollTop = log.scrollHeight - rest;
  }

  const sameAlbum = (one, other) => Boolean(messages.get(one)?.album) && messages.get(one).album === messages.get(other)?.album;

  async function reach() {
    if (from > 0) return older(STEP);
    if (more) await (loading ??= load().finally(() => (loading = null)));
    return undefined;
  }

  async function load() {
    const known = messages;
    const answer = await fetchOlder(order[0]);
    if (known !== messages) return; // another chat was opened meanwhile
    const fresh = answer.messages.filter((message) => !messages.has(message.id));
    more = answer.more && fresh.length > 0;
    fresh.forEach((message) => messages.set(message.id, message));
    order = [...fresh.map((message) => message.id), ...order];
    from += fresh.length;
    if (from > 0) older(STEP);
  }

  // What follows from the neighbours: the day above, one tail and one name for all that somebody says in one go.
  function dress(node) {
    if (!node) return;
    const message = messages.get(Number(node.dataset.id));
    const before = messages.get(Number(previous(node)?.dataset.id));
    const after = messages.get(Number(next(node)?.dataset.id));
    node.classList.toggle("first", !close(before, message));
    node.classList.toggle("last", !close(message, after));
    const name = day(message);
    const shown = node.previousElementSibling?.classList.contains("day") ? node.previousElementSibling : null;
    if (before && day(before) === name) shown?.remove();
    else if (!shown) node.before(h("div", { class: "day" }, h("span", { class: "service" }, name)));
  }

  const near = (way) => (node) => {
    let found = node[way];
    while (found && !found.dataset.id) found = found[way];
    return found;
  };
  const previous = near("previousElementSibling");
  const next = near("nextElementSibling");
  const day = (message) => formatted(message.date, { day: "numeric", month: "long" });
  const close = (one, other) => Boolean(one && other) && !one.service && !other.service && one.from.id === other.from.id && other.date - one.date < TOGETHER;

  // Events of one frame are drawn together: a burst of messages costs one layout.
  const changed = new Map();
  function put(message, fresh) {
    messages.set(message.id, message);
    if (fresh && !order.includes(message.id)) order.push(message.id);
    changed.set(message.id, changed.get(message.id) || fresh);
    if (changed.size === 1) requestDraw(draw);
  }

  function draw() {
    const follow = stuck;
    if (column.querySelector(".about, .quiet-chat")) column.replaceChildren();
    for (const [id, fresh] of changed) drawOne(id, fresh);
    changed.clear();
    if (follow) trim();
    if (follow) toBottom();
  }

  function drawOne(id, fresh) {
    const unit = unitOf(id);
    if (!unit.length) return;
    const old = nodeOf(id);
    if (!old && !fresh) return; // older than what is shown: it is drawn when it is reached
    const node = row(unit, context);
    if (old) {
      inherit(node, old);
      old.replaceWith(node);
    } else {
      node.classList.add("fresh");
      column.append(node);
    }
    dress(node);
    dress(previous(node));
  }

  function trim() {
    const rows = column.querySelectorAll(".row");
    if (rows.length <= MOST) return;
    const kept = rows[rows.length - FIRST];
    while (column.firstElementChild !== kept) column.firstElementChild.remove();
    from = order.indexOf(Number(kept.dataset.id));
    dress(kept);
  }

  function remove(message) {
    const node = nodeOf(message.id);
    const rest = unitOf(message.id).filter((one) => one.id !== message.id);
    const neighbours = node ? [previous(node), next(node)] : [];
    const at = order.indexOf(message.id);
    if (at >= 0 && at < from) from -= 1;
    messages.delete(message.id);
    order = order.filter((id) => id !== message.id);
    if (node && rest.length) node.replaceWith(row(rest, context));
    else removeNode(node);
    neighbours.forEach(dress);
    showEmpty();
  }

  function removeNode(node) {
    if (!node) return;
    if (node.contains(document.activeElement)) log.focus({ preventScroll: true });
    const above = node.previousElementSibling;
    if (above?.classList.contains("day")) above.remove(); // the next one gets its own
    node.remove();
  }

  async function jump(id) {
    while (messages.size && !nodeOf(id) && (from > 0 || more)) await reach();
    const node = nodeOf(id);
    if (!node) return false;
    stuck = false;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    node.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    node.focus({ preventScroll: true });
    node.classList.add("lit");
    setTimeout(() => node.classList.remove("lit"), 1600);
    return true;
  }

  function redraw(id) {
    if (messages.has(id)) put(messages.get(id), false);
  }

  let resting;
  log.addEventListener("scroll", () => {
    log.classList.add("moving");
    clearTimeout(resting);
    resting = setTimeout(() => log.classList.remove("moving"), 1200);
    stuck = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    $("down").hidden = stuck;
    if (log.scrollTop < NEAR && (from > 0 || more)) reach();
  }, { passive: true });
  $("down").addEventListener("click", () => ((stuck = true), toBottom(), log.focus()));
  const hold = new ResizeObserver(() => stuck && toBottom());
  hold.observe(column);
  hold.observe(log);
  setUpKeys(log, column, context);

  return { open, put, showEmpty, remove, jump, redraw, last: () => messages.get(order.at(-1)), has: (id) => messages.has(id), get: (id) => messages.get(id), stick: () => ((stuck = true), toBottom()) };
}

// A page in the background gets no frames, and yet must not fall behind without end.
function requestDraw(draw) {
  if (document.hidden) setTimeout(draw, 200);
  else requestAnimationFrame(draw);
}

// From message to message with the arrows; Enter opens the menu of one.
function setUpKeys(log, column, context) {
  const at = () => document.activeElement.closest?.("article.row");
  const moves = {
    ArrowUp: (rows, now) => rows[now < 0 ? rows.length - 1 : now - 1],
    ArrowDown: (rows, now) => rows[now < 0 ? rows.length - 1 : now + 1],
    Home: (rows) => rows[0],
    End: (rows) => rows.at(-1),
  };
  log.addEventListener("keydown", (event) => {
    const plain = document.activeElement === log || document.activeElement.matches("article.row");
    if (event.key === "Escape" && at()) return context.write();
    if (!plain) return undefined;
    if (event.key === "Enter" && at()) return context.menuOf(event, at());
    if (!moves[event.key]) return undefined;
    const rows = [...column.querySelectorAll("article.row")];
    const target = moves[event.key](rows, rows.indexOf(at()));
    event.preventDefault();
    target?.focus({ preventScroll: true });
    return target?.scrollIntoView({ block: "nearest" });
  });
}
