/** Takes away every way out of the page that a page can take away; the rest is the browser's policy. */

const TYPED = /^[\p{L}\p{N}]$/u
const ALLOWED = ["Tab", "Enter", " ", "Backspace", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]

/** @param {Event} event */
const refuse = (event) => event.preventDefault()

/** Keys that may act: letters and digits without modifiers, and those that walk through the page. @param {KeyboardEvent} event */
export function harmless(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  return ALLOWED.includes(event.key) || TYPED.test(event.key)
}

export function guard() {
  for (const name of ["contextmenu", "selectstart", "dragstart", "drop", "dragover", "copy", "cut", "paste", "auxclick", "gesturestart", "submit", "beforeprint"]) {
    document.addEventListener(name, refuse)
  }
  addEventListener("wheel", (event) => event.ctrlKey && event.preventDefault(), { passive: false })
  addEventListener("touchmove", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false })
  addEventListener("keydown", (event) => harmless(event) || (event.preventDefault(), event.stopImmediatePropagation()), { capture: true })
  // Nothing of ours links; a link that slipped into a text leads nowhere.
  addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest?.("a")) event.preventDefault()
  }, { capture: true })
  window.open = () => null
  window.print = () => {}
  history.pushState(null, "")
  addEventListener("popstate", () => history.pushState(null, ""))
}
