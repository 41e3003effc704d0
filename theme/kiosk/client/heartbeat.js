/** Tells the server of the showcase that the page lives, and hears of new content. Any other server is left alone. */

const EVERY = 5000
const MOST_ERRORS = 5

export class Heartbeat {
  /** @param {string} version of this page @param {() => string} phase @param {() => void} renew loads the new content */
  constructor(version, phase, renew) {
    this.version = version
    this.phase = phase
    this.renew = renew
    this.page = crypto.randomUUID().slice(0, 8)
    /** Whether our server answers; null before it is known. @type {boolean | null} */
    this.heard = null
    /** @type {string[]} */
    this.opened = []
    /** @type {string[]} */
    this.errors = []
    this.slowest = 0
  }

  start() {
    addEventListener("error", (event) => this.fault(event.message || String(/** @type {any} */ (event.target)?.tagName ?? "")))
    addEventListener("unhandledrejection", (event) => this.fault(String(event.reason)))
    this.watchFrames()
    this.beat()
    this.timer = window.setInterval(() => this.beat(), EVERY)
  }

  /** @param {string} text */
  fault(text) {
    if (text && this.errors.length < MOST_ERRORS) this.errors.push(text.slice(0, 200))
  }

  watchFrames() {
    let before = 0
    const frame = (/** @type {number} */ now) => {
      if (before && document.visibilityState === "visible") this.slowest = Math.max(this.slowest, Math.round(now - before))
      before = now
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  }

  async beat() {
    if (this.heard === false) return
    const told = new URLSearchParams({ page: this.page, phase: this.phase(), version: this.version, frame: String(this.slowest) })
    const opened = this.opened.splice(0), errors = this.errors.splice(0)
    for (const id of opened) told.append("opened", id)
    for (const error of errors) told.append("error", error)
    this.slowest = 0
    try {
      const response = await fetch(`/-/alive?${told}`, { cache: "no-store" })
      const state = response.ok && /json/.test(response.headers.get("content-type") ?? "") ? await response.json() : null
      if (typeof state?.version !== "string" || typeof state?.session !== "string") {
        if (this.heard === null) this.stop()
        return
      }
      this.heard = true
      if (state.version !== this.version && this.phase() === "attract") this.renew()
    } catch {
      // A server that restarts; what was to be told is told with the next beat.
      this.opened.unshift(...opened)
      this.errors.unshift(...errors)
    }
  }

  stop() {
    this.heard = false
    clearInterval(this.timer)
  }
}
