/**
 * <case-suggest index="…/manifest.json" root="" search="search.html">: a search form as an ARIA combobox. Its form works
 * without it. Fires cancelable `case-suggest-pick` with a suggestion; if nobody takes it, follows it. "/" goes to the input.
 */
import { make } from "./dom.js"
import { engineFor } from "./engines.js"
import { suggest } from "./suggestions.js"
import { say } from "./say.js"

const WAIT = 150
const KINDS = { title: say("{item}"), unit: say("单位"), term: "" }

export class CaseSuggest extends HTMLElement {
  /** @type {import("./suggestions.js").Suggestion[]} */
  items = []
  active = -1
  run = 0
  timer = 0

  connectedCallback() {
    if (this.list) return
    this.input = /** @type {HTMLInputElement} */ (this.querySelector("input[name=q]"))
    const id = `${this.input.id || "case-q"}-list`
    this.list = make("ul", { id, class: "case-suggest-list", role: "listbox", "aria-label": say("建议"), hidden: true })
    this.voice = make("p", { class: "case-hide", role: "status", "aria-live": "polite" })
    this.append(this.list, this.voice)
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off" })) {
      this.input.setAttribute(name, value)
    }
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer)
      this.timer = window.setTimeout(() => this.look(), WAIT)
    })
    this.input.addEventListener("keydown", (event) => this.key(event))
    this.input.form?.addEventListener("submit", () => this.close())
    this.addEventListener("focusout", (event) => {
      if (!this.contains(/** @type {Node | null} */ (event.relatedTarget))) this.close()
    })
    this.list.addEventListener("mousedown", (event) => event.preventDefault())
    this.list.addEventListener("click", (event) => {
      const option = /** @type {HTMLElement} */ (event.target).closest("[role=option]")
      if (option) this.pick(Number(/** @type {HTMLElement} */ (option).dataset.place))
    })
    document.addEventListener("keydown", (event) => {
      const at = /** @type {HTMLElement} */ (event.target)
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || at.closest("input, textarea, select, [contenteditable]")) return
      event.preventDefault()
      this.input.focus()
      this.input.select()
    })
  }

  /** Looks for suggestions; a fault of the index only means that there are none. */
  async look() {
    const run = ++this.run
    const text = this.input.value
    if (!text.trim()) return this.close()
    try {
      const items = await this.suggestions(text)
      if (run !== this.run || document.activeElement !== this.input) return
      this.open(items)
    } catch {
      this.close()
    }
  }

  /** What to offer for a text. @param {string} text */
  suggestions(text) {
    return suggest(engineFor(this.getAttribute("index") ?? ""), text)
  }

  /** @param {import("./suggestions.js").Suggestion[]} items */
  open(items) {
    this.items = items
    this.active = -1
    this.list.replaceChildren(...items.map(({ kind, label, note }, place) =>
      make("li", { id: `${this.list.id}-${place}`, role: "option", "aria-selected": "false", "data-place": String(place) },
        make("span", { class: "t" }, label), make("small", {}, [KINDS[kind], note].filter(Boolean).join("　")))))
    this.list.hidden = !items.length
    this.input.setAttribute("aria-expanded", String(items.length > 0))
    this.input.removeAttribute("aria-activedescendant")
    this.voice.textContent = items.length ? say("{n} 条建议，用上下键选择", { n: items.length }) : say("没有建议")
  }

  close() {
    clearTimeout(this.timer)
    this.run += 1
    this.items = []
    this.active = -1
    this.list.hidden = true
    this.list.replaceChildren()
    this.voice.textContent = ""
    this.input.setAttribute("aria-expanded", "false")
    this.input.removeAttribute("aria-activedescendant")
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && this.items.length) {
      event.preventDefault()
      this.mark((this.active + step + this.items.length + (this.active < 0 && step < 0 ? 1 : 0)) % this.items.length)
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault()
      this.pick(this.active)
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault()
      this.close()
    }
  }

  /** @param {number} place */
  mark(place) {
    this.active = place
    const options = [...this.list.children]
    options.forEach((option, n) => option.setAttribute("aria-selected", String(n === place)))
    options[place].scrollIntoView({ block: "nearest" })
    this.input.setAttribute("aria-activedescendant", options[place].id)
  }

  /** @param {number} place */
  pick(place) {
    const item = this.items[place]
    const event = new CustomEvent("case-suggest-pick", { bubbles: true, cancelable: true, detail: item })
    this.close()
    if (!this.dispatchEvent(event)) return
    const root = this.getAttribute("root") ?? "", page = this.getAttribute("search") ?? "search.html"
    if (item.url) location.assign(root + item.url)
    else location.assign(`${root}${page}?${new URLSearchParams(item.facet ? { [item.facet]: item.term ?? "" } : { q: item.label })}`)
  }
}

customElements.define("case-suggest", CaseSuggest)
