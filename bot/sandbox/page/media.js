// Photos, albums and files inside a bubble, and the picture in full.

import { $, h, icon } from "./dom.js";

const SIDE = 430;
const TALL = 440;
// Narrower than this, captions and buttons below a picture have no room.
export const NARROW = 300;
const ROWS = { 2: [2], 3: [1, 2], 4: [2, 2], 5: [2, 3], 6: [3, 3], 7: [2, 2, 3], 8: [2, 3, 3], 9: [3, 3, 3], 10: [3, 3, 4] };

export function photoWidth({ width, height }) {
  return Math.round(width * Math.min(SIDE / width, TALL / height, 1));
}

export function photo(message) {
  const { url, width, height } = message.photo;
  const shown = photoWidth(message.photo);
  const image = h("img", { src: url, alt: "", decoding: "async", width, height });
  const backdrop = shown < NARROW ? h("img", { class: "backdrop", src: url, alt: "", decoding: "async" }) : null;
  const size = { "--ratio": `${width} / ${height}`, "--width": `${shown}px` };
  return framed(message, "photo", size, backdrop, image);
}

function framed(message, name, style, ...images) {
  const node = h("button", { class: name, "aria-label": "Open the picture", style, data: { testid: "photo" } }, images);
  if (message.spoiler) hide(node);
  node.addEventListener("click", () => (node.dataset.hidden === undefined ? view(message) : reveal(node)));
  return node;
}

function hide(node) {
  node.dataset.hidden = "";
  node.setAttribute("aria-label", "Show the hidden picture");
}

export function reveal(node) {
  delete node.dataset.hidden;
  node.setAttribute("aria-label", "Open the picture");
}

// Rows in which every picture keeps its ratio: a row is as high as its pictures together are wide.
export function tiles(messages) {
  const pictures = messages.filter((message) => message.photo);
  const plan = pictures.length === 3 && ratio(pictures[0]) < 0.9 ? [3] : (ROWS[pictures.length] ?? [pictures.length]);
  let at = 0;
  const rows = plan.map((count) => row(pictures.slice(at, (at += count))));
  return h("div", { class: "tiles" }, rows);
}

const ratio = ({ photo: { width, height } }) => Math.min(3, Math.max(0.4, width / height));

function row(messages) {
  const sum = messages.reduce((total, message) => total + ratio(message), 0);
  const cells = messages.map((message) => framed(message, "photo tile", { "--share": ratio(message) }, h("img", { src: message.photo.url, alt: "", decoding: "async" })));
  return h("div", { class: "tile-row", style: { "--sum": Math.max(sum, 0.8) } }, cells);
}

export function file({ name, size, url, width, height }) {
  const words = size > 1e6 ? `${(size / 1e6).toFixed(1)} MB` : `${Math.ceil(size / 1e3)} kB`;
  const shape = width ? `${width} × ${height} · ` : "";
  const face = width ? h("img", { src: url, alt: "", loading: "lazy" }) : icon("file");
  return h("a", { class: "file", href: url, download: name, data: { testid: "file" } },
    h("span", { class: "file-face" }, face, width ? h("span", { class: "file-over" }, icon("file")) : null),
    h("span", { class: "file-words" }, h("span", { class: "unseen" }, "Download "), h("b", { dir: "auto" }, name), h("small", { dir: "auto" }, shape + words)));
}

function view(message) {
  const picture = message.photo;
  Object.assign($("viewer-img"), { src: picture.url, alt: message.text.slice(0, 200) });
  $("viewer-words").textContent = message.text.split("\n")[0].slice(0, 200);
  Object.assign($("viewer-link"), { href: picture.url, download: picture.name || "picture.jpg" });
  $("viewer").showModal();
}

export function setUpViewer() {
  $("viewer").addEventListener("click", (event) => event.target.closest("a") || $("viewer").close());
}
