/** Small helpers that make elements; text is only ever set as text. */

const SVG = "http://www.w3.org/2000/svg"

/**
 * An element with attributes and children; null children are left out.
 * @param {string} name @param {Record<string, string | boolean | undefined>} [attributes] @param {...(Node | string | null)} children
 * @returns {HTMLElement}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "")
    else if (value !== false && value !== undefined) element.setAttribute(key, value)
  }
  element.append(...children.filter((child) => child !== null))
  return element
}

/** Done when the page has been painted as it is now. @returns {Promise<void>} */
export function painted() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
}

/** Segments as text and marks. @param {import("./snippet.js").Segments} parts @returns {(Node | string)[]} */
export function marked(parts) {
  return parts.map(({ text, mark }) => (mark ? make("mark", {}, text) : text))
}

/** A symbol of the page or of a sprite, for show only. @param {string} reference */
export function symbol(reference) {
  const svg = document.createElementNS(SVG, "svg")
  svg.setAttribute("class", "case-icon")
  svg.setAttribute("aria-hidden", "true")
  const use = document.createElementNS(SVG, "use")
  use.setAttribute("href", reference)
  svg.append(use)
  return svg
}
