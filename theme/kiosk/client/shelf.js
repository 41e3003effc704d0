/** A list of cases, page by page: cards that stand on a shelf. Only the page that is shown is made. */
import { byId, icon, make } from "./dom.js"
import { caseCard } from "./pieces.js"
import { say } from "./search/say.js"

/** @typedef {{title: string, mark: string, numbers: number[] | Promise<number[]>, kind: string, about: string, page: number, turned: (page: number) => void}} List */

const SWIPE = 60

export class Shelf {
  /** @param {import("./library.js").Library} library */
  constructor(library) {
    this.library = library
    this.box = byId("k-shelf")
    /** @type {number[]} */
    this.numbers = []
    this.page = 0
    this.run = 0
    /** @type {List | null} */
    this.list = null
    byId("k-page-back").addEventListener("click", () => this.turn(-1))
    byId("k-page-next").addEventListener("click", () => this.turn(1))
    let from = 0
    this.box.addEventListener("pointerdown", (event) => (from = event.clientX))
    this.box.addEventListener("pointerup", (event) => {
      const moved = event.clientX - from
      if (Math.abs(moved) > SWIPE) this.turn(moved < 0 ? 1 : -1)
    })
    // A swipe is no tap on the card under the finger.
    this.box.addEventListener("click", (event) => {
      if (event.detail && Math.abs(event.clientX - from) > SWIPE) event.stopPropagation()
    }, { capture: true })
  }

  /** Cards that fit: two columns and two rows in portrait, one row of four in landscape; fewer when letters are large. */
  get size() {
    const large = document.documentElement.dataset.size === "large"
    return innerWidth > innerHeight ? (large ? 3 : 4) : 4
  }

  get pages() {
    return Math.max(1, Math.ceil(this.numbers.length / this.size))
  }

  /** @param {List} list */
  async open(list) {
    const run = ++this.run
    this.list = list
    byId("k-shelf-kind").textContent = list.kind
    byId("k-shelf-title").textContent = list.title
    byId("k-shelf-about").textContent = list.about
    byId("k-shelf-mark").replaceChildren(...(list.mark ? [icon(list.mark, "k-shelf-sign")] : []))
    byId("k-shelf-count").textContent = ""
    this.box.replaceChildren()
    this.page = list.page
    this.numbers = await list.numbers
    if (run !== this.run) return
    byId("k-shelf-count").textContent = String(this.numbers.length)
    await this.show(0)
  }

  /** @param {number} step */
  turn(step) {
    const page = Math.min(Math.max(this.page + step, 0), this.pages - 1)
    if (page === this.page) return
    this.page = page
    this.list?.turned(page)
    this.show(step)
  }

  resize() {
    if (this.list) this.show(0)
  }

  /** @param {number} step direction of the turn, 0 for none */
  async show(step) {
    const run = ++this.run
    this.page = Math.min(this.page, this.pages - 1)
    byId("k-page-now").textContent = this.numbers.length ? `${this.page + 1} / ${this.pages}` : ""
    byId("k-page-back").setAttribute("aria-disabled", String(this.page === 0))
    byId("k-page-next").setAttribute("aria-disabled", String(this.page >= this.pages - 1))
    const here = this.numbers.slice(this.page * this.size, (this.page + 1) * this.size)
    const cards = await Promise.all(here.map((number) => this.library.card(number)))
    if (run !== this.run) return
    this.box.replaceChildren(...(here.length
      ? cards.map((card, n) => caseCard(this.library, here[n], card))
      : [make("p", { class: "k-empty" }, say("还没有{case}"))]))
    if (step) {
      ;[...this.box.children].forEach((card, n) => card.animate(
        [{ opacity: 0, transform: `translateX(${step * 5}vmin)` }, { opacity: 1, transform: "none" }],
        { duration: 260, delay: n * 30, easing: "cubic-bezier(.2, .7, .2, 1)", fill: "backwards" }))
    }
    // The next page is on its way while this one is looked at.
    for (const number of this.numbers.slice((this.page + 1) * this.size, (this.page + 2) * this.size)) this.library.card(number).catch(() => {})
  }

  reset() {
    this.run += 1
    this.list = null
    this.numbers = []
    this.page = 0
    this.box.replaceChildren()
  }
}
