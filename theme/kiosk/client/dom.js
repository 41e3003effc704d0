/** Makes elements. Nothing here knows what is shown. */

const SVG = "http://www.w3.org/2000/svg"

/**
 * An element with attributes and children; false, null and "" children are left out.
 * @param {string} tag @param {Record<string, any>} [attributes] @param {...any} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue
    if (name === "onclick") element.addEventListener("click", value)
    else element.setAttribute(name, value === true ? "" : String(value))
  }
  element.append(...children.flat().filter((child) => child || child === 0))
  return element
}

/** A symbol of the page. @param {string} name @param {string} [kind] class */
export function icon(name, kind = "k-icon") {
  const svg = document.createElementNS(SVG, "svg")
  svg.setAttribute("class", kind)
  svg.setAttribute("aria-hidden", "true")
  svg.setAttribute("focusable", "false")
  const use = document.createElementNS(SVG, "use")
  use.setAttribute("href", `#${name}`)
  svg.append(use)
  return svg
}

/** Elements of a text of HTML or SVG that our own build made. @param {string} html */
export function parsed(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  return template.content
}

/** The element with this id. @param {string} id */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id))
}

/** Whether the visitor's system asks for less motion. */
export function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches
}
