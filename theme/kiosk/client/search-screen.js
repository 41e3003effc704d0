/** Search by touch: letters on the screen find Chinese by pinyin or its initials; candidates are large. */
import { byId, icon, make } from "./dom.js"
import { art } from "./pieces.js"
import { Engine } from "./search/engine.js"
import { suggest } from "./search/suggestions.js"
import Keyboard from "./vendor/simple-keyboard.js"
import { say } from "./search/say.js"
import { painted } from "./search/dom.js"

const MOST = 24
// A visit that goes on for hours: decoded files of the index that are kept, in bytes.
const KEPT_BYTES = 12e6
const LAYOUT = { default: ["1 2 3 4 5 6 7 8 9 0", "q w e r t y u i o p", "a s d f g h j k l", "{clear} z x c v b n m {bksp}"] }
const NAMES = { "{bksp}": say("删除"), "{clear}": say("清空") }

export class SearchScreen {
  /**
   * @param {import("./library.js").Library} library
   * @param {{term: (dimension: number, term: number) => void, list: (title: string, numbers: number[]) => void}} go
   */
  constructor(library, go) {
    this.library = library
    this.go = go
    this.text = ""
    this.run = 0
    this.field = byId("k-field")
    this.list = byId("k-candidates")
    this.note = byId("k-found")
    this.best = byId("k-found-art")
    this.engine = new Engine(`${library.start.search}manifest.json`, KEPT_BYTES)
    this.list.addEventListener("click", (event) => this.choose(event))
    addEventListener("keydown", (event) => this.key(event))
  }

  prepare() {
    this.keyboard ??= new Keyboard(byId("k-keyboard"), {
      layout: LAYOUT,
      display: NAMES,
      mergeDisplay: true,
      theme: "k-keys",
      useButtonTag: true,
      buttonAttributes: [{ attribute: "type", value: "button", buttons: Object.values(LAYOUT).flat().join(" ") }],
      onKeyPress: (/** @type {string} */ key) => this.press(key),
    })
  }

  open() {
    this.prepare()
    if (!this.text) this.clear()
    this.library.order().catch(() => {})
    this.engine.open().catch(() => {})
  }

  get shown() {
    return !byId("k-search").hidden
  }

  /** A keyboard of the technician types as well. @param {KeyboardEvent} event */
  key(event) {
    if (!this.shown) return
    if (/^[a-z0-9]$/i.test(event.key)) this.press(event.key.toLowerCase())
    else if (event.key === "Backspace") this.press("{bksp}")
  }

  /** @param {string} key */
  press(key) {
    if (key === "{clear}") return this.clear()
    this.put(key === "{bksp}" ? this.text.slice(0, -1) : this.text.length < MOST ? this.text + key : this.text)
  }

  clear() {
    this.put("")
  }

  /** @param {string} text */
  put(text) {
    this.text = text
    this.field.textContent = text
    this.field.parentElement?.classList.toggle("k-typed", text !== "")
    this.keyboard?.setInput(text)
    this.look()
  }

  async look() {
    const run = ++this.run
    const { text } = this
    await painted()
    if (run !== this.run) return
    if (!text) {
      this.note.textContent = ""
      this.best.replaceChildren()
      this.list.replaceChildren(...this.hints())
      return
    }
    try {
      const [suggestions, answer, order] = await Promise.all([suggest(this.engine, text), this.engine.search({ text }), this.library.order()])
      if (run !== this.run) return
      const numbers = Array.from(answer.documents, (document) => order[document])
      const cards = await Promise.all(numbers.slice(0, 6).map((number) => this.library.card(number)))
      const near = answer.total ? [] : suggestions.filter(({ kind }) => kind === "title")
      if (run !== this.run) return
      this.note.textContent = answer.total ? say("找到 {n} {measure}", { n: answer.total }) : near.length ? say("没有一样的，看看相近的") : say("没有找到，换一个词试试")
      this.best.replaceChildren(...(cards.length ? [art(this.library, cards[0], 960), make("p", {}, cards[0].title)] : []))
      this.found = numbers
      this.near = near
      this.list.replaceChildren(
        ...suggestions.filter(({ kind }) => kind !== "title").slice(0, 3).map((entry) => this.candidate(entry)),
        ...cards.map((card, n) => make("button", { type: "button", class: "k-candidate", "data-open": numbers[n] },
          this.library.award(card)?.mark && icon(this.library.award(card).mark, "k-candidate-mark"), make("span", {}, make("b", {}, card.title), make("small", {}, card.unit)))),
        ...near.map((entry, n) => make("button", { type: "button", class: "k-candidate", "data-near": n }, make("span", {}, make("b", {}, entry.label), make("small", {}, entry.note || say("相近"))))),
      )
      if (answer.total > 1) this.list.prepend(make("button", { type: "button", class: "k-candidate k-candidate-all", "data-all": "" }, make("span", {}, make("b", {}, say("看全部 {n} {measure}", { n: answer.total }))), icon("ui-next")))
    } catch {
      if (run === this.run) this.note.textContent = say("检索暂时用不了，请从首页看")
    }
  }

  /** @param {import("./search/suggestions.js").Suggestion} suggestion */
  candidate({ kind, label, note, facet, term }) {
    const { dimensions } = this.library.start
    const dimension = dimensions.findIndex((/** @type {any} */ entry) => entry.key === facet)
    const place = dimension < 0 ? -1 : dimensions[dimension].terms.findIndex((/** @type {any} */ entry) => entry.slug === term)
    const mark = place < 0 ? "" : dimensions[dimension].terms[place].mark
    if (kind === "term" && place >= 0) {
      return make("button", { type: "button", class: "k-candidate", "data-dimension": dimension, "data-term": place },
        mark && icon(mark, "k-candidate-mark"), make("span", {}, make("b", {}, label), make("small", {}, note)))
    }
    return make("button", { type: "button", class: "k-candidate", "data-words": label }, make("span", {}, make("b", {}, label), make("small", {}, note || say("{unit}"))))
  }

  /** What can be chosen before anything is typed: the sorts with a mark. */
  hints() {
    const { dimensions } = this.library.start
    const at = dimensions.findIndex((/** @type {any} */ d) => !d.role && d.terms.filter((/** @type {any} */ t) => t.mark).length > 3)
    if (at < 0) return []
    return dimensions[at].terms.map((/** @type {any} */ term, /** @type {number} */ place) => term.count > 0 &&
      make("button", { type: "button", class: "k-candidate", "data-dimension": at, "data-term": place }, term.mark && icon(term.mark, "k-candidate-mark"), make("span", {}, make("b", {}, term.name), make("small", {}, say("{n} {measure}", { n: term.count })))))
      .filter(Boolean)
  }

  /** @param {Event} event */
  async choose(event) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"))
    if (!button) return
    const { words, all, near } = button.dataset
    if (all !== undefined) this.go.list(this.text, this.found ?? [])
    else if (near !== undefined) this.openList(this.near?.[Number(near)]?.label ?? "")
    else if (words !== undefined) this.openList(words)
  }

  /** @param {string} words */
  async openList(words) {
    const [answer, order] = await Promise.all([this.engine.search({ text: `"${words}"` }), this.library.order()])
    this.go.list(words, Array.from(answer.documents, (document) => order[document]))
  }

  reset() {
    this.run += 1
    this.engine.forget()
    this.text = ""
    this.found = undefined
    this.near = undefined
    this.field.textContent = ""
    this.field.parentElement?.classList.remove("k-typed")
    this.keyboard?.setInput("")
    this.note.textContent = ""
    this.best.replaceChildren()
    this.list.replaceChildren()
  }
}
