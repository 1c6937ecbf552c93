"""Whether the page is in order: by the boxes of what is on it, and by what keeps people out of it."""

from pathlib import Path

from tests.browser.page import Page

AXE = (Path(__file__).with_name("vendor") / "axe-core-4.14.1.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Each sentence is one thing out of order. A pixel of difference is rounding.
FAULTS = """() => {
  const found = [];
  const log = document.querySelector('[role=log]');
  const box = (node) => node.getBoundingClientRect();
  const name = (node) => node.innerText.trim().slice(0, 40) || node.tagName;
  const outside = (inner, outer) => inner.left < outer.left - 1 || inner.right > outer.right + 1;
  const messages = [...log.querySelectorAll('article')];
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push(`the page is ${wide} px too wide`);
  if (log.scrollWidth - log.clientWidth > 1) found.push('the messages scroll sideways');
  messages.forEach((message, at) => {
    if (outside(box(message), box(log))) found.push(`outside of the messages: ${name(message)}`);
    const next = messages[at + 1];
    if (next && box(message).bottom > box(next).top + 1) found.push(`overlaps the next: ${name(message)}`);
    for (const part of message.querySelectorAll('.text, [data-testid=photo], [data-testid=key], [data-testid=file]'))
      if (outside(box(part), box(message))) found.push(`outside of its message: ${name(part)}`);
    for (const key of message.querySelectorAll('[data-testid=key]'))
      if (box(key).height < 24) found.push(`too small to press: ${name(key)}`);
    for (const image of message.querySelectorAll('[data-testid=photo] img:not(.backdrop)')) {
      const is = box(image).width / box(image).height, should = image.naturalWidth / image.naturalHeight;
      const kept = getComputedStyle(image).objectFit === 'contain' || message.dataset.album;
      if (!kept && Math.abs(is / should - 1) > 0.02) found.push(`a photo of ${should} is shown as ${is}`);
    }
  });
  const composer = box(document.querySelector('[data-testid=composer]'));
  if (composer.bottom > innerHeight + 1) found.push('the field to write in is below the window');
  if (box(log).bottom > composer.bottom) found.push('the messages reach below the field to write in');
  return found;
}"""

VIOLATIONS = """async (rules) => (await axe.run(document, { runOnly: rules })).violations.flatMap(
  ({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`))"""


async def faults(page: Page) -> list[str]:
    """What is not in its place, a sentence each."""
    found: list[str] = await page.runs(FAULTS)
    return found


async def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG, levels A and AA."""
    await page.raw.evaluate(AXE)
    found: list[str] = await page.runs(VIOLATIONS, RULES)
    return found
