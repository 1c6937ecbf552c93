// Small helpers. Text always goes in as text, never as markup.

export const $ = (id) => document.getElementById(id);

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "style") for (const [key, each] of Object.entries(value)) node.style.setProperty(key, each);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
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
  const node = $("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (node.hidden = true), long ? 6000 : 3000);
}

export function alertBox(text) {
  $("alert-text").textContent = text;
  $("alert").showModal();
}

const HUES = [265, 205, 150, 25, 340, 45, 185, 300];
export function avatar(node, name, seed) {
  const hue = HUES[Math.abs(seed) % HUES.length];
  node.textContent = [...name.trim()][0]?.toUpperCase() ?? "?";
  node.style.setProperty("--hue", hue);
  return node;
}

export function kept(name, value) {
  if (value === undefined) return localStorage.getItem(`sandbox.${name}`);
  localStorage.setItem(`sandbox.${name}`, value);
  return value;
}
