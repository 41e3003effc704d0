/** A case in three short screens, pictures first; the whole text, the way home and related cases on request. */
import { lengthOf } from "./attract.js"
import { byId, icon, make, parsed, still } from "./dom.js"
import { art, awardLine, caseCard, labelLine } from "./pieces.js"
import { say } from "./search/say.js"

const PARTS = { problem: say("遇到的问题"), idea: say("想到的办法"), effect: say("带来的变化") }

export class CaseScreen {
  /** @param {import("./library.js").Library} library */
  constructor(library) {
    this.library = library
    this.box = byId("k-case")
    this.sheet = byId("k-sheet")
    this.run = 0
    this.step = 0
    /** @type {HTMLVideoElement | null} */
    this.video = null
    this.box.parentElement?.addEventListener("click", (event) => this.click(event))
  }

  get playing() {
    return Boolean(this.video && !this.video.paused && !this.video.ended)
  }

  /** @param {number} number @param {number[]} list that it stands in, perhaps none @param {(id: string) => void} opened */
  async open(number, list, opened) {
    const run = ++this.run
    this.leave()
    this.box.replaceChildren()
    const [card, story] = await Promise.all([this.library.card(number), this.library.story(number)])
    if (run !== this.run) return
    opened(card.id)
    this.card = card
    this.story = story
    this.step = 0
    const at = list.indexOf(number)
    const following = at >= 0 ? list[(at + 1) % list.length] : (number + 1) % this.library.start.total
    this.box.className = `k-case${story.parts.length ? "" : " k-case-bare"}`
    const steps = story.parts.length > 1 ? this.steps(story) : []
    this.box.replaceChildren(
      make("div", { class: "k-case-art", id: "k-case-art" }),
      make("header", { class: "k-case-head" }, awardLine(this.library.award(card), say("{year} 年", { year: card.year })),
        make("h2", { class: `k-case-title k-long-${lengthOf(card.title)}` }, card.title),
        card.second && make("p", { class: "k-case-second", lang: this.library.start.second }, card.second),
        make("p", { class: "k-case-by" }, [card.unit, card.people].filter(Boolean).map((text) => make("span", {}, text))),
        labelLine(this.library, card)),
      make("div", { class: "k-case-say", id: "k-case-say", "aria-live": "polite" }),
      ...steps,
      make("div", { class: "k-case-acts" },
        story.parts.some((part) => part.full.length) && act("text", "k-read", say("看全文")),
        act("home", "k-take", say("带回家")),
        (story.related.length > 0) && act("related", "k-alike", say("相似的")),
        make("button", { type: "button", class: "k-act k-act-next", "data-open": following, "data-following": "" }, make("span", {}, say("下一个")), icon("ui-next"))))
    this.show(0)
  }

  /** @param {import("./library.js").Story} story */
  steps(story) {
    return [make("div", { class: "k-case-steps", role: "group", "aria-label": say("三步看懂") }, story.parts.map((part, place) =>
      make("button", { type: "button", class: "k-step", "data-step": place }, make("i", { "aria-hidden": "true" }, place + 1), make("span", {}, PARTS[/** @type {keyof typeof PARTS} */ (part.key)]))))]
  }

  /** @param {Event} event */
  click(event) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"))
    if (!button) return
    if (button.dataset.step) this.show(Number(button.dataset.step))
    else if (button.dataset.sheet) this.openSheet(button.dataset.sheet)
    else if (button.dataset.act === "close") this.closeSheet()
    else if (button.dataset.act === "play") this.play(button)
    else if (button.dataset.act === "sound" && this.video) {
      this.video.muted = !this.video.muted
      button.setAttribute("aria-pressed", String(!this.video.muted))
    } else if (button.dataset.scroll) {
      byId("k-sheet-body").scrollBy({ top: Number(button.dataset.scroll) * innerHeight * 0.3, behavior: still() ? "auto" : "smooth" })
    }
  }

  /** @param {number} step */
  show(step) {
    const { card, story } = this
    if (!card || !story) return
    const forward = step >= this.step
    this.step = step
    this.endVideo()
    const part = story.parts[step]
    const say = byId("k-case-say")
    const words = part
      ? [make("h3", { class: "k-say-head" }, PARTS[/** @type {keyof typeof PARTS} */ (part.key)]), make("p", { class: "k-say-text" }, part.short)]
      : this.bare()
    say.replaceChildren(...words)
    const box = byId("k-case-art")
    const pictures = story.pictures
    const picture = pictures[step % Math.max(1, pictures.length)] ?? card.picture
    const wide = Math.max(innerWidth, innerHeight) * 0.6
    const shown = story.videos.length && step === story.parts.length - 1 ? this.film(story.videos[0]) : art(this.library, card, wide, picture)
    const before = box.firstElementChild
    const same = before && /** @type {HTMLElement} */ (before).dataset.key === keyOf(picture, story, step)
    if (!same) {
      ;/** @type {HTMLElement} */ (shown).dataset.key = keyOf(picture, story, step)
      box.replaceChildren(shown)
    }
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.box.querySelectorAll("[data-step]"))) {
      const here = Number(button.dataset.step) === step
      button.setAttribute("aria-current", here ? "step" : "false")
    }
    if (still()) return
    const from = forward ? 5 : -5
    for (const element of say.children) {
      element.animate([{ opacity: 0, transform: `translateX(${from}vmin)` }, { opacity: 1, transform: "none" }], { duration: 300, easing: "cubic-bezier(.2, .7, .2, 1)" })
    }
    if (!same) shown.animate([{ opacity: 0, transform: "scale(1.05)" }, { opacity: 1, transform: "none" }], { duration: 420, easing: "cubic-bezier(.2, .7, .2, 1)" })
  }

  /** What is said of a case with a title alone: who, where, when, and that more may come. */
  bare() {
    const { card, story } = this
    if (!card || !story) return []
    const people = story.people.map(([name, post, lead]) =>
      make("li", { class: lead ? "k-lead" : "" }, make("b", {}, name), post && make("span", {}, post)))
    const place = this.library.terms(card).find(({ dimension }) => dimension.role === "place")
    return [
      people.length > 0 && make("div", { class: "k-bare-people" }, make("h3", { class: "k-say-head" }, people.length > 1 ? say("他们做的") : say("做出来的人")), make("ul", {}, people)),
      place && make("div", { class: "k-bare-place" }, make("h3", { class: "k-say-head" }, say("在这里")), this.smallMap(place)),
      make("p", { class: "k-bare-more" }, say("只公布了名单，故事还在整理。")),
    ].filter(Boolean)
  }

  /** @param {{dimension: any, term: any}} place */
  smallMap({ dimension, term }) {
    const tiles = dimension.terms.filter((/** @type {any} */ t) => t.tile)
    if (!term.tile) return make("p", { class: "k-bare-name" }, term.name)
    const map = make("div", { class: "k-small-map", "aria-hidden": "true" }, tiles.map((/** @type {any} */ t) => {
      const tile = make("i", { class: t === term ? "k-here" : "" })
      tile.style.gridArea = `${t.tile[1] + 1} / ${t.tile[0] + 1}`
      return tile
    }))
    return make("div", { class: "k-bare-where" }, map, make("p", { class: "k-bare-name" }, term.name))
  }

  /** @param {{src: string, alt: string}} video */
  film(video) {
    this.video = /** @type {HTMLVideoElement} */ (make("video", { src: video.src, preload: "metadata", playsinline: true, "aria-label": video.alt, disablepictureinpicture: true }))
    this.video.muted = true
    return make("div", { class: "k-art k-film" }, this.video,
      make("div", { class: "k-film-acts" },
        make("button", { type: "button", class: "k-act", "data-act": "play" }, icon("k-play"), make("span", {}, say("播放"))),
        make("button", { type: "button", class: "k-act", "data-act": "sound", "aria-pressed": "false" }, icon("k-sound"), make("span", {}, say("声音")))))
  }

  /** @param {HTMLElement} button */
  play(button) {
    const { video } = this
    if (!video) return
    if (video.paused) video.play().catch(() => {})
    else video.pause()
    const label = /** @type {HTMLElement} */ (button.lastElementChild)
    video.onplay = video.onpause = video.onended = () => (label.textContent = video.paused || video.ended ? say("播放") : say("暂停"))
  }

  endVideo() {
    this.video?.pause()
    this.video?.removeAttribute("src")
    this.video = null
  }

  /** @param {string} what */
  async openSheet(what) {
    const { story, card } = this
    if (!story || !card) return
    const run = this.run
    const head = byId("k-sheet-head"), body = byId("k-sheet-body")
    if (what === "text") {
      head.textContent = card.title
      body.replaceChildren(...story.parts.flatMap((part) => part.full.flatMap(([label, html]) => [make("h4", {}, label), parsed(html)])),
        make("h4", {}, say("{people}")), make("p", {}, story.people.map(([name, post]) => [name, post].filter(Boolean).join("，")).join("；") || say("未公布")))
      if (story.patents.length) body.append(make("h4", {}, say("专利")), ...story.patents.map((patent) => make("p", {}, patent)))
    } else if (what === "home") {
      head.textContent = say("带回家看")
      body.replaceChildren(...this.takeHome(card, story))
    } else {
      head.textContent = say("相似的{case}")
      const cards = await Promise.all(story.related.slice(0, 4).map((number) => this.library.card(number)))
      if (run !== this.run) return
      body.replaceChildren(make("div", { class: "k-shelf" }, cards.map((other, n) => caseCard(this.library, story.related[n], other))))
    }
    this.sheet.dataset.what = what
    this.sheet.hidden = false
    body.scrollTop = 0
    byId("k-sheet-scroll").hidden = what !== "text" || body.scrollHeight <= body.clientHeight + 4
    if (!still()) this.sheet.animate([{ transform: "translateY(12vmin)", opacity: 0.4 }, { transform: "none", opacity: 1 }], { duration: 280, easing: "cubic-bezier(.2, .7, .2, 1)" })
  }

  /** @param {import("./library.js").Card} card @param {import("./library.js").Story} story */
  takeHome(card, story) {
    const { start } = this.library
    const site = story.address.replace(/^https?:\/\//, "").replace(/\/cases\/[^/]*$/, "")
    return [
      story.qr ? make("div", { class: "k-qr" }, parsed(story.qr)) : null,
      make("div", { class: "k-take" },
        story.qr && make("p", { class: "k-take-how" }, say("用手机扫一扫，回家接着看")),
        make("p", { class: "k-take-how" }, story.address ? say("或者打开 {site}，输入编号", { site }) : say("在“{name}”网站里输入编号", { name: start.name })),
        make("p", { class: "k-take-code" }, card.id)),
    ].filter(Boolean)
  }

  /** Whether there was a sheet to close. */
  closeSheet() {
    if (this.sheet.hidden) return false
    this.sheet.hidden = true
    byId("k-sheet-body").replaceChildren()
    return true
  }

  leave() {
    this.closeSheet()
    this.endVideo()
  }

  reset() {
    this.run += 1
    this.leave()
    this.card = undefined
    this.story = undefined
    this.box.replaceChildren()
  }
}

/** @param {string} sheet @param {string} sign @param {string} label */
function act(sheet, sign, label) {
  return make("button", { type: "button", class: "k-act", "data-sheet": sheet }, icon(sign), make("span", {}, label))
}

/** What the art of a step is of. @param {any} picture @param {import("./library.js").Story} story @param {number} step */
function keyOf(picture, story, step) {
  return story.videos.length && step === story.parts.length - 1 ? `film ${step}` : picture?.sizes[0]?.[1] ?? "drawn"
}
