/** A touch is answered at once: its button looks pressed before the work of the touch begins. */

const SEEN = 150

/** Marks the button, or the loop, under a finger; a quick touch is marked long enough to be seen. */
export function markTouches() {
  addEventListener("pointerdown", (event) => {
    const button = /** @type {Element} */ (event.target).closest?.("button, .k-attract")
    if (!button) return
    button.classList.add("k-down")
    const lifted = new AbortController()
    const end = (/** @type {number} */ later) => {
      lifted.abort()
      setTimeout(() => button.classList.remove("k-down"), later)
    }
    addEventListener("pointerup", () => end(SEEN), { signal: lifted.signal, capture: true })
    addEventListener("pointercancel", () => end(0), { signal: lifted.signal, capture: true })
  }, { capture: true, passive: true })
}

