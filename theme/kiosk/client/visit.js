/** One visit: which screen is shown, the way back, the switches. All of it is forgotten at the end. */
import { CaseScreen } from "./case.js"
import { byId, make, still } from "./dom.js"
import { layColumns, layMap } from "./map.js"
import { SearchScreen } from "./search-screen.js"
import { Shelf } from "./shelf.js"
import { art } from "./pieces.js"
import { say } from "./search/say.js"
import { painted } from "./search/dom.js"

/** @typedef {{view: string, open: () => void}} Step */

const MOST_STEPS = 40

export class Visit {
  /** @param {import("./library.js").Library} library @param {(id: string) => void} opened told of each case that is opened */
  constructor(library, opened) {
    this.library = library
    this.opened = opened
    this.root = byId("k-visit")
    /** @type {Step[]} */
    this.steps = []
    /** @type {number} case that the loop showed when it was touched */
    this.featured = -1
    /** Whether a touch waits for its button to be painted. */
    this.answering = false
    this.shelf = new Shelf(library)
    this.case = new CaseScreen(library)
    this.search = new SearchScreen(library, {
      term: (dimension, term) => this.goTerm(dimension, term),
      list: (title, numbers) => this.goList(title, "ui-search", numbers, say("检索")),
    })
    layMap(document.getElementById("k-map"))
    layColumns(this.root)
    this.root.addEventListener("click", (event) => this.click(event))
    requestIdleCallback(() => this.prepare())
  }

  /** Makes and reads while nobody waits what every visit needs; it is kept from one to the next, and nothing else is. */
  prepare() {
    this.search.prepare()
    for (const read of [this.library.columns(), this.library.order(), this.search.engine.warm()]) read.catch(() => {})
  }

  /** Whether something is in use by itself. */
  get busy() {
    return this.case.playing
  }

  /** @param {number} featured */
  open(featured) {
    this.steps = []
    this.featured = featured
    this.feature()
    this.go({ view: "home", open: () => {} })
  }

  /** Puts the case that drew somebody here first. */
  async feature() {
    const box = byId("k-feature")
    const number = this.featured >= 0 ? this.featured : this.library.start.playlist[0]?.number ?? -1
    const card = this.library.start.playlist.find((/** @type {any} */ entry) => entry.number === number)
    box.hidden = !card
    if (!card) return
    box.dataset.open = String(number)
    box.replaceChildren(art(this.library, card, 480), make("span", { class: "k-feature-say" },
      make("small", {}, this.featured >= 0 ? say("刚才看到的") : say("先看这一个")), make("b", {}, card.title)))
  }

  /** @param {Event} event */
  async click(event) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"))
    if (!button || this.answering) return
    this.answering = true
    await painted()
    this.answering = false
    // The visit may have ended meanwhile.
    if (this.steps.length) this.answer(button)
  }

  /** @param {HTMLElement} button that was touched */
  answer(button) {
    const { open, term, round, go, act } = button.dataset
    if (open !== undefined) this.goCase(Number(open), button.closest("[data-view=shelf]") ? this.shelf.numbers : [])
    else if (term !== undefined) this.goTerm(Number(button.dataset.dimension), Number(term))
    else if (round !== undefined) this.goRound(Number(round))
    else if (go !== undefined) this.go({ view: go, open: () => go === "search" && this.search.open() })
    else if (act === "back") this.back()
    else if (act === "home") this.home()
    else if (act === "large" || act === "contrast") this.toggle(button, act)
  }

  /** @param {HTMLElement} button @param {string} what */
  toggle(button, what) {
    const root = document.documentElement
    const on = button.getAttribute("aria-pressed") !== "true"
    button.setAttribute("aria-pressed", String(on))
    if (what === "large") root.dataset.size = on ? "large" : "normal"
    else root.dataset.theme = on ? "contrast" : "light"
    this.shelf.resize()
  }

  /** @param {Step} step */
  go(step) {
    this.steps.push(step)
    if (this.steps.length > MOST_STEPS) this.steps.splice(1, 1)
    this.show(step)
  }

  back() {
    if (this.case.closeSheet()) return
    if (this.steps.length > 1) this.steps.pop()
    this.show(this.steps[this.steps.length - 1])
  }

  home() {
    this.steps = this.steps.slice(0, 1)
    this.show(this.steps[0])
  }

  /** @param {Step} step */
  show(step) {
    this.case.leave()
    step.open()
    for (const view of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll("[data-view]"))) {
      const here = view.dataset.view === step.view
      if (here && (view.hidden || step.view === "case" || step.view === "shelf") && !still()) arrive(view)
      view.hidden = !here
    }
    const atHome = step.view === "home"
    for (const button of this.root.querySelectorAll("[data-act=back], [data-act=home]")) button.setAttribute("aria-disabled", String(atHome))
    for (const scrolled of this.root.querySelectorAll(`[data-view="${step.view}"] .k-scroll`)) scrolled.scrollTop = 0
  }

  /** @param {number} dimension @param {number} term */
  goTerm(dimension, term) {
    const { label, terms } = this.library.start.dimensions[dimension]
    const { name, mark, about } = terms[term]
    const numbers = this.library.withTerm(dimension, term)
    this.goList(name, mark, numbers, label, about)
  }

  /** @param {number} place */
  goRound(place) {
    const { year, label } = this.library.start.rounds[place]
    this.goList(say("{year} 年", { year }), "", this.library.ofRound(place), say("{rounds}"), label)
  }

  /** @param {string} title @param {string} mark @param {number[] | Promise<number[]>} numbers @param {string} kind @param {string} [about] */
  goList(title, mark, numbers, kind, about = "") {
    let page = 0
    this.go({ view: "shelf", open: () => this.shelf.open({ title, mark, numbers, kind, about, page, turned: (now) => (page = now) }) })
  }

  /** @param {number} number @param {number[]} list that it was chosen from */
  goCase(number, list) {
    this.go({ view: "case", open: () => this.case.open(number, list, this.opened) })
  }

  /** Forgets everything that this visitor did. */
  reset() {
    this.steps = []
    this.featured = -1
    this.case.reset()
    this.shelf.reset()
    this.search.reset()
    this.library.forget()
    const root = document.documentElement
    root.dataset.size = "normal"
    root.dataset.theme = "light"
    for (const button of this.root.querySelectorAll("[aria-pressed]")) button.setAttribute("aria-pressed", "false")
    for (const scrolled of this.root.querySelectorAll(".k-scroll")) scrolled.scrollTop = 0
    for (const view of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll("[data-view]"))) view.hidden = view.dataset.view !== "home"
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)
    focused?.blur()
  }
}

/** A screen comes in: what is looked at from above, what is touched from below. @param {HTMLElement} view */
function arrive(view) {
  const timing = { duration: 320, easing: "cubic-bezier(.2, .7, .2, 1)" }
  view.querySelector(".k-top")?.animate([{ opacity: 0, transform: "translateY(-3vmin)" }, { opacity: 1, transform: "none" }], timing)
  view.querySelectorAll(".k-sky i").forEach((bar, n) => bar.animate([{ transform: "scaleY(0)" }, { transform: "none" }], { ...timing, duration: 520, delay: n * 30, fill: "backwards" }))
  view.querySelector(".k-dado")?.animate([{ opacity: 0.3, transform: "translateY(4vmin)" }, { opacity: 1, transform: "none" }], timing)
}
