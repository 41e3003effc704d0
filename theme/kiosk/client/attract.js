/** The loop: cases, and between them the numbers, the sorts and the map. Moves by transform and opacity only. */
import { byId, icon, make, still } from "./dom.js"
import { art, awardLine, copyFor, labelLine } from "./pieces.js"
import { say } from "./search/say.js"

const WIPE = 900
const EASE = "cubic-bezier(.3, .7, .1, 1)"
const SETTLE = "cubic-bezier(.2, .7, .2, 1)"
const CASES_BETWEEN = 3

/** @typedef {{make: () => HTMLElement, number: number, ready?: () => Promise<unknown>}} Slide number of its case, -1 for none */

export class Attract {
  /** @param {import("./library.js").Library} library */
  constructor(library) {
    this.library = library
    this.stage = byId("k-slides")
    this.bar = byId("k-sweep")
    this.slides = sequence(library)
    this.place = -1
    this.timer = 0
    this.running = false
  }

  /** The case that is shown, -1 where it is something else. */
  get shown() {
    return this.slides[this.place]?.number ?? -1
  }

  start() {
    if (this.running) return
    this.running = true
    this.next()
  }

  /** Ends the loop; what is shown stays as it is, so that a visit opens at once. */
  stop() {
    this.running = false
    clearTimeout(this.timer)
  }

  async next() {
    clearTimeout(this.timer)
    if (!this.slides.length) return
    const place = (this.place + 1) % this.slides.length
    const slide = this.slides[place]
    await slide.ready?.().catch(() => {})
    if (!this.running) return
    this.place = place
    this.show(slide.make())
    this.timer = window.setTimeout(() => this.next(), this.library.start.seconds * 1000)
    // What comes next is decoded while this one is looked at.
    this.slides[(place + 1) % this.slides.length].ready?.().catch(() => {})
  }

  /** @param {HTMLElement} slide */
  show(slide) {
    const before = [...this.stage.children]
    const inner = make("div", { class: "k-wipe-in" }, slide)
    const outer = make("div", { class: "k-wipe" }, inner)
    this.stage.append(outer)
    if (still() || !before.length) {
      for (const old of before) old.remove()
      enter(slide, 0, this.library.start.seconds)
      return
    }
    const timing = { duration: WIPE, easing: EASE, fill: /** @type {FillMode} */ ("backwards") }
    outer.animate([{ transform: "translateX(100%)" }, { transform: "none" }], timing)
    inner.animate([{ transform: "translateX(-100%)" }, { transform: "none" }], timing)
    this.bar.animate([{ transform: "translateX(100vw)" }, { transform: "translateX(-100%)" }], timing)
    for (const old of before) {
      old.firstElementChild?.animate([{ transform: "none" }, { transform: "translateX(-9%)" }], { duration: WIPE, easing: EASE, fill: "forwards" })
        .finished.then(() => old.remove(), () => old.remove())
    }
    enter(slide, WIPE * 0.45, this.library.start.seconds)
  }
}

/** What the loop shows, in order. @param {import("./library.js").Library} library @returns {Slide[]} */
function sequence(library) {
  const { start } = library
  /** @type {Slide[]} */
  const between = !start.interlude ? [] : [numbersSlide(library), ...start.dimensions.flatMap((/** @type {any} */ d) => sortSlide(d)), ...mapSlide(start)]
  /** @type {Slide[]} */
  const slides = []
  let turn = 0
  start.playlist.forEach((/** @type {any} */ card, /** @type {number} */ place) => {
    if (between.length && place && place % CASES_BETWEEN === 0) slides.push(between[turn++ % between.length])
    slides.push(caseSlide(library, card))
  })
  return slides.length ? slides : between
}

/** @param {import("./library.js").Library} library @param {any} card @returns {Slide} */
function caseSlide(library, card) {
  const wide = Math.max(innerWidth, innerHeight) * 0.6
  const source = card.picture?.sizes.length ? copyFor(card.picture, wide) : ""
  /** @type {Promise<void> | undefined} */
  let decoding
  return {
    number: card.number,
    ready: () => {
      if (!source) return Promise.resolve()
      const image = new Image()
      image.src = source
      return (decoding ??= image.decode().catch((error) => {
        decoding = undefined
        throw error
      }))
    },
    make: () => {
      const { start } = library
      return make("article", { class: `k-slide ${source ? "k-slide-picture" : "k-slide-drawing"}` },
        make("div", { class: `k-slide-art${source && fits(card.picture) ? "" : " k-slide-whole"}` }, art(library, card, wide)),
        make("div", { class: "k-slide-say" },
          make("div", { class: "k-rise" }, awardLine(library.award(card), say("{year} 年", { year: card.year }))),
          make("h2", { class: `k-slide-title k-long-${lengthOf(card.title)}` }, letters(card.title)),
          card.second && make("p", { class: "k-slide-second k-rise", lang: start.second }, card.second),
          make("p", { class: "k-slide-by k-rise" }, [card.unit, card.people].filter(Boolean).map((text) => make("span", {}, text))),
          card.summary && make("p", { class: "k-slide-summary k-rise" }, card.summary),
          make("div", { class: "k-rise" }, labelLine(library, card))))
    },
  }
}

/** Whether a picture can fill its place without losing much of what it shows. @param {import("./library.js").Picture} picture */
function fits(picture) {
  const place = innerWidth > innerHeight ? (innerWidth * 0.6) / (innerHeight * 0.82) : innerWidth / (innerHeight * 0.45)
  const ratio = picture.w / picture.h / place
  return ratio > 0.8 && ratio < 1.25
}

/** How large a title can be set: 1 for a short one. @param {string} title */
export function lengthOf(title) {
  const size = Array.from(title).length
  return size <= 12 ? 1 : size <= 20 ? 2 : size <= 32 ? 3 : 4
}

/** A title in letters that enter one by one; a reader of the screen hears it whole. @param {string} title */
function letters(title) {
  // A sign of punctuation stays with what it belongs to: no line begins or ends with the wrong one.
  const words = title.match(/[（(《“‘「【[]*(?:[\p{Script=Latin}\p{N}.%℃+-]+|.)[，。、；：！？,;:!?）)》”’」】\]]*/gsu) ?? []
  return [make("span", { class: "k-hide" }, title), make("span", { "aria-hidden": "true", class: "k-letters" }, words.map((word) => make("span", { class: "k-letter" }, word)))]
}

/** @param {import("./library.js").Library} library @returns {Slide} */
function numbersSlide(library) {
  const { numbers, words, programme } = library.start
  const most = Math.max(1, ...numbers.parts.map((/** @type {any[]} */ part) => part[2]))
  return {
    number: -1,
    make: () => make("article", { class: "k-slide k-slide-numbers" },
      make("p", { class: "k-numbers-head k-rise" }, numbers.year ? say("{year} 年", { year: numbers.year }) : words.join("")),
      make("h2", { class: "k-numbers-total" }, make("span", { class: "k-hide" }, say("{n} {measure}", { n: numbers.total })), digits(numbers.total), make("small", { "aria-hidden": "true", class: "k-rise" }, say("{measure}"))),
      make("p", { class: "k-numbers-say k-rise" }, programme),
      make("ul", { class: "k-numbers-parts", "data-digits": String(most).length }, numbers.parts.map((/** @type {any[]} */ [name, mark, count]) => {
        const bar = make("i", { class: "k-grow-x" })
        bar.style.width = `${(100 * count) / most}%`
        return make("li", {}, make("span", { class: "k-numbers-name k-rise" }, mark && icon(mark, "k-award-mark"), name),
          make("span", { class: "k-numbers-bar" }, bar), make("b", { class: "k-rise" }, count))
      }))),
  }
}

/** Digits that roll into place. @param {number} number */
function digits(number) {
  const written = String(number)
  const box = make("span", { class: "k-digits", "aria-hidden": "true" }, [...written].map((digit) => {
    const to = Number(digit)
    const roll = make("span", { class: "k-roll", "data-to": digit }, [...Array(to + 1).keys()].map((n) => make("span", {}, String(n))))
    roll.style.transform = rolled(to)
    return make("span", { class: "k-digit" }, roll)
  }))
  box.style.fontSize = `calc(${Math.min(46, 136 / written.length)} * var(--u))`
  return box
}

/** Where a column of the digits from 0 to `to` stands when it shows the last one. @param {number} to */
function rolled(to) {
  return `translateY(${(-100 * to) / (to + 1)}%)`
}

/** @param {any} dimension @returns {Slide[]} */
function sortSlide(dimension) {
  const terms = dimension.terms.filter((/** @type {any} */ term) => term.mark)
  if (dimension.role || terms.length < 3 || !terms.some((/** @type {any} */ term) => term.count)) return []
  return [{
    number: -1,
    make: () => make("article", { class: "k-slide k-slide-sorts" },
      make("h2", { class: "k-sorts-head k-rise" }, say("{n} 个{label}", { n: terms.length, label: dimension.label })),
      make("ul", { class: `k-sorts k-sorts-${terms.length > 4 ? "many" : "few"}` }, terms.map((/** @type {any} */ term) =>
        make("li", { class: "k-pop" }, icon(term.mark, "k-sorts-mark"), make("span", {}, term.name), make("b", {}, term.count))))),
  }]
}

/** @param {any} start @returns {Slide[]} */
function mapSlide(start) {
  const place = start.dimensions.find((/** @type {any} */ d) => d.role === "place" && d.terms.some((/** @type {any} */ t) => t.tile))
  if (!place) return []
  const tiles = place.terms.filter((/** @type {any} */ term) => term.tile)
  const most = Math.max(1, ...tiles.map((/** @type {any} */ term) => term.count))
  const columns = 1 + Math.max(...tiles.map((/** @type {any} */ term) => term.tile[0]))
  const rows = 1 + Math.max(...tiles.map((/** @type {any} */ term) => term.tile[1]))
  return [{
    number: -1,
    make: () => {
      const map = make("ul", { class: "k-map" }, tiles.map((/** @type {any} */ term) => {
        const level = make("i", { class: "k-grow-y" })
        level.style.height = `${Math.round((100 * term.count) / most)}%`
        const tile = make("li", { class: `k-tile${Array.from(term.name).length > 4 ? " k-tile-long" : ""}` }, level, make("span", {}, term.name), make("b", {}, term.count || ""))
        tile.style.gridArea = `${term.tile[1] + 1} / ${term.tile[0] + 1}`
        return tile
      }))
      map.style.setProperty("--columns", String(columns))
      map.style.setProperty("--rows", String(rows))
      return make("article", { class: "k-slide k-slide-map" }, make("h2", { class: "k-sorts-head k-rise" }, say("{n} 个{label}", { n: tiles.filter((/** @type {any} */ t) => t.count).length, label: place.label })), map)
    },
  }]
}

/** The parts of a slide arrive: letters rise, digits roll, bars grow, the art settles slowly. @param {HTMLElement} slide @param {number} delay @param {number} seconds */
function enter(slide, delay, seconds) {
  if (still()) return
  /** @param {string} selector @param {Keyframe[]} frames @param {number} duration @param {number} step @param {number} [first] */
  const each = (selector, frames, duration, step, first = 0) => slide.querySelectorAll(selector).forEach((element, n) =>
    element.animate(frames, { duration, delay: delay + first + n * step, easing: SETTLE, fill: "backwards" }))
  each(".k-art-picture img", [{ transform: "scale(1.14)" }, { transform: "scale(1)" }], seconds * 1000 + WIPE, 0, -delay)
  each(".k-art-figure, .k-art-mark", [{ transform: "translateX(7%)" }, { transform: "none" }], seconds * 1000 + WIPE, 0, -delay)
  each(".k-letter", [{ opacity: 0, transform: "translateY(70%)" }, { opacity: 1, transform: "none" }], 620, 34)
  each(".k-rise", [{ opacity: 0, transform: "translateY(2.5vmin)" }, { opacity: 1, transform: "none" }], 640, 110, 180)
  each(".k-pop", [{ opacity: 0, transform: "translateY(5vmin)" }, { opacity: 1, transform: "none" }], 640, 90)
  each(".k-tile", [{ opacity: 0 }, { opacity: 1 }], 500, 24)
  each(".k-grow-y", [{ transform: "scaleY(0)" }, { transform: "none" }], 900, 24, 200)
  each(".k-grow-x", [{ transform: "scaleX(0)" }, { transform: "none" }], 1100, 160, 700)
  slide.querySelectorAll(".k-roll").forEach((roll, n) => {
    const to = Number(/** @type {HTMLElement} */ (roll).dataset.to)
    roll.animate([{ transform: "translateY(0)" }, { transform: rolled(to) }], { duration: 1500 + n * 260, delay, easing: "cubic-bezier(.2, .8, .1, 1)", fill: "backwards" })
  })
}
