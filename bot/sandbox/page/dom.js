// Small helpers. Text always goes in as text, never as markup.

export const $ = (id) => document.getElementById(id);
export const root = document.documentElement;

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "style") for (const [key, each] of Object.entries(value)) node.style.setProperty(key, each);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", body: body instanceof FormData ? body : JSON.stringify(body) };
  if (body !== undefined && !(body instanceof FormData)) options.headers = { "Content-Type": "application/json" };
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || `That did not work (${response.status}).`);
  return answer;
}

let hiding;
export function toast(text, long = false) {
  $("toasts").replaceChildren(h("div", { class: "toast", dir: "auto" }, text));
  clearTimeout(hiding);
  hiding = setTimeout(() => $("toasts").replaceChildren(), long ? 7000 : 4000);
}

export function alertBox(text) {
  $("alert-text").textContent = text;
  $("alert").showModal();
}

// Said to those who do not see the page; what is written there is read out once.
export function speak(text) {
  $("spoken").replaceChildren(h("p", {}, text));
}

const HUES = [265, 210, 150, 22, 335, 42, 185, 300];
export const hue = (seed) => HUES[Math.abs(seed) % HUES.length];

export function avatar(node, name, seed, face = null) {
  node.replaceChildren(face ? h("img", { src: face, alt: "" }) : ([...name.trim()][0]?.toUpperCase() ?? "?"));
  node.style.setProperty("--hue", hue(seed));
  return node;
}

export function kept(name, value) {
  if (value === undefined) return localStorage.getItem(`sandbox.${name}`);
  localStorage.setItem(`sandbox.${name}`, value);
  return value;
}

// Formatting dates anew for each of two thousand messages is what would make the page slow.
const formats = new Map();
export function formatted(seconds, options, language = root.dataset.language) {
  const key = `${language} ${Object.entries(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, options));
  return formats.get(key).format(seconds * 1000);
}
export const exact = (seconds) => formatted(seconds, { hour: "2-digit", minute: "2-digit", second: "2-digit" }, "en-GB");
export const clock = (seconds) => formatted(seconds, { hour: "2-digit", minute: "2-digit" });

// Arrow keys inside a group of buttons of which only one is reached with Tab.
export function roving(parent, selector, choose) {
  parent.addEventListener("keydown", (event) => {
    const all = [...parent.querySelectorAll(selector)].filter((one) => !one.hidden);
    const at = all.indexOf(document.activeElement);
    const step = steps(event.key, at, all.length);
    if (at < 0 || step === null) return;
    event.preventDefault();
    all[step].focus();
    choose?.(all[step]);
  });
}

function steps(key, at, count) {
  const back = getComputedStyle(document.activeElement).direction === "rtl" ? "ArrowRight" : "ArrowLeft";
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (!key.startsWith("Arrow")) return null;
  return (at + (key === "ArrowUp" || key === back ? -1 : 1) + count) % count;
}

// Brings the children of a list in line with `items`: only what has changed is built anew.
export function keyed(parent, items, key, build) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  items.forEach((item, at) => {
    const name = String(key(item));
    const node = current(old.get(name), JSON.stringify(item), () => build(item));
    node.dataset.key = name;
    old.delete(name);
    if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] ?? null);
  });
  for (const node of old.values()) node.remove();
}

function current(node, mark, build) {
  if (node?.mark === mark) return node;
  const fresh = build();
  fresh.mark = mark;
  if (!node) return fresh;
  const focused = node.contains(document.activeElement);
  const opened = node.querySelector("details")?.open;
  node.replaceWith(fresh);
  if (opened) fresh.querySelector("details").open = true;
  if (focused) (fresh.matches("button") ? fresh : fresh.querySelector("button, summary"))?.focus({ preventScroll: true });
  return fresh;
}
