/**
 * <case-portal-search>: one search over the libraries of a portal. Holds a form.case-find with input[name=q] and a list
 * [data-libraries] of the libraries, each item with data-key, data-index (manifest) and data-root; without a script the
 * items lead to the search of each library. The libraries answer by themselves; here the answers are put together.
 */
import { make } from "./dom.js"
import { engineFor } from "./engines.js"
import { merged } from "./portal-merge.js"
import { CasePortalSuggest } from "./portal-suggest.js"
import { say } from "./say.js"
import { hitItem, pageLinks } from "./view.js"

const PAGE = 10
const SORT_NAMES = { relevance: say("相关度"), newest: say("最新") }

export class CasePortalSearch extends HTMLElement {
  run = 0
  state = { text: "", chosen: /** @type {string[]} */ ([]), sort: "relevance", page: 1 }

  connectedCallback() {
    if (this.libraries) return
    this.find = /** @type {HTMLFormElement} */ (this.querySelector("form.case-find"))
    this.input = /** @type {HTMLInputElement} */ (this.find.querySelector("[name=q]"))
    this.libraries = [...this.querySelectorAll("[data-libraries] [data-key]")].map((item) => {
      const { key = "", index = "", root = "", name = "" } = /** @type {HTMLElement} */ (item).dataset
      return { key, root, name, engine: engineFor(index) }
    })
    this.suggest = /** @type {CasePortalSuggest} */ (this.find.closest("case-portal-suggest"))
    this.suggest.libraries = this.libraries
    this.suggest.addEventListener("case-suggest-pick", (event) => {
      const { kind, label } = /** @type {CustomEvent} */ (event).detail
      if (kind !== "unit") return
      event.preventDefault()
      this.input.value = label
      this.ask({ text: label, page: 1 }, "push")
    })
    this.build()
    this.find.addEventListener("submit", (event) => {
      event.preventDefault()
      this.ask({ text: this.input.value, page: 1 }, "push")
    })
    this.input.addEventListener("input", (event) => {
      if (!(/** @type {InputEvent} */ (event).isComposing)) this.ask({ text: this.input.value, page: 1 }, "replace")
    })
    this.sort.addEventListener("change", () => this.ask({ sort: this.sort.value, page: 1 }, "push"))
    this.form.addEventListener("change", () => {
      const chosen = [...this.form.querySelectorAll("input:checked")].map((box) => /** @type {HTMLInputElement} */ (box).value)
      this.ask({ chosen, page: 1 }, "push")
    })
    this.pages.addEventListener("click", (event) => {
      const link = /** @type {HTMLElement} */ (event.target).closest("a")
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      this.ask({ page: Number(link.dataset.page) }, "push").then(() => this.hits.querySelector("a")?.focus())
    })
    addEventListener("popstate", () => this.restore())
    this.restore()
  }

  /** The page's parts, empty; a box for each library. */
  build() {
    this.status = make("p", { role: "status", "aria-live": "polite" })
    this.fault = make("div", { class: "case-fault", role: "alert", hidden: true })
    this.sort = /** @type {HTMLSelectElement} */ (make("select", { name: "sort" },
      ...Object.entries(SORT_NAMES).map(([value, label]) => make("option", { value }, label))))
    this.hits = make("ol", { class: "case-hits", lang: "zh-CN" })
    this.pages = make("nav", { class: "case-pages", "aria-label": say("结果分页") })
    this.ways = make("ul", { class: "case-ways" })
    this.form = make("form", { class: "case-filter open", "aria-label": say("选择案例库") },
      make("fieldset", {}, make("legend", {}, say("案例库")), ...this.libraries.map(({ key, name }) => make("label", {},
        make("input", { type: "checkbox", name: "lib", value: key }), make("span", { class: "t", lang: "zh-CN" }, name), make("span", { class: "case-num" })))))
    this.form.addEventListener("submit", (event) => event.preventDefault())
    this.suggest.after(make("div", { class: "case-search" }, make("div", {}, this.form),
      make("section", { "aria-labelledby": "case-results" }, make("h2", { class: "case-hide", id: "case-results" }, say("检索结果")),
        make("div", { class: "case-count" }, this.status, make("label", { class: "case-sort" }, say("排序"), this.sort)), this.fault, this.ways, this.hits, this.pages)))
  }

  /** The state in the address bar, shown. */
  restore() {
    const given = new URLSearchParams(location.search)
    const page = Number(given.get("page"))
    const keys = this.libraries.map(({ key }) => key)
    this.state = {
      text: given.get("q") ?? "",
      chosen: [...new Set(given.getAll("lib"))].filter((key) => keys.includes(key)),
      sort: given.get("sort") === "newest" ? "newest" : "relevance",
      page: Number.isInteger(page) && page > 1 && page < 1e6 ? page : 1,
    }
    if (this.input.value !== this.state.text) this.input.value = this.state.text
    return this.show()
  }

  /** @param {Partial<CasePortalSearch["state"]>} change @param {"push" | "replace"} way */
  ask(change, way) {
    this.state = { ...this.state, ...change }
    history[way === "push" ? "pushState" : "replaceState"](null, "", this.address(this.state.page))
    return this.show()
  }

  /** @param {number} page */
  address(page) {
    const { text, chosen, sort } = this.state
    const given = new URLSearchParams()
    if (text.trim()) given.set("q", text)
    for (const key of chosen) given.append("lib", key)
    if (sort !== "relevance") given.set("sort", sort)
    if (page > 1) given.set("page", String(page))
    const query = given.toString()
    return query ? `?${query}` : location.pathname
  }

  /** Asks every library; what one of them cannot answer leaves the others. A later question makes an earlier one drop. */
  async show() {
    const run = ++this.run
    const { text, chosen, sort } = this.state
    const asked = await Promise.allSettled(this.libraries.map(async ({ engine }) => {
      const answer = await engine.search({ text, sort })
      return { answer, ranks: sort === "newest" ? Array.from(await engine.years(), (year) => -year) : answer.tiers }
    }))
    if (run !== this.run) return
    this.sort.value = sort
    const found = asked.map((outcome) => (outcome.status === "fulfilled" ? outcome.value : null))
    const answers = found.map((one) => one?.answer ?? null)
    const shown = answers.map((answer, n) => (!chosen.length || chosen.includes(this.libraries[n].key) ? answer : null))
    const total = shown.reduce((sum, answer) => sum + (answer?.total ?? 0), 0)
    const pages = Math.max(1, Math.ceil(total / PAGE))
    const page = Math.min(this.state.page, pages)
    const slice = merged(shown, (page - 1) * PAGE, PAGE, found.map((one) => one?.ranks))
    const hits = await Promise.allSettled(slice.map(async ([n, document]) => {
      const { engine, root, name } = this.libraries[n]
      const answer = /** @type {import("./engine.js").Answer} */ (answers[n])
      const item = hitItem(await engine.healed(() => engine.hit(document, answer.query)), engine.manifest, root)
      item.querySelector(".meta")?.prepend(make("span", { class: "case-from" }, name))
      return item
    }))
    if (run !== this.run) return
    this.hits.replaceChildren(...hits.flatMap((hit) => (hit.status === "fulfilled" ? [hit.value] : [])))
    this.hits.setAttribute("start", String((page - 1) * PAGE + 1))
    this.pages.replaceChildren(...pageLinks(page, pages, (n) => this.address(n)))
    this.status.replaceChildren(...(total
      ? [make("span", {}, say("共 ")), make("b", { class: "case-num" }, String(total)), make("span", {}, say(" {measure}"))]
      : [make("span", {}, say("没有找到"))]))
    for (const [n, box] of [...this.form.querySelectorAll("input")].entries()) {
      box.checked = chosen.includes(box.value)
      const label = /** @type {HTMLElement} */ (box.closest("label"))
      label.classList.toggle("zero", answers[n]?.total === 0)
      const number = /** @type {HTMLElement} */ (label.querySelector(".case-num"))
      number.textContent = answers[n] ? String(answers[n].total) : "—"
    }
    const lost = this.libraries.filter((_, n) => !answers[n]).map(({ name }) => `“${name}”`)
    if (hits.some((hit) => hit.status === "rejected") && !lost.length) lost.push(say("有的结果"))
    this.fault.hidden = !lost.length
    this.fault.replaceChildren(...(lost.length ? [make("p", {}, say("{names}的检索文件没有取到，下面没有它们的结果。请稍后再试。", { names: lost.join("、") }))] : []))
    this.ways.replaceChildren(...(text.trim() ? this.libraries.flatMap(({ root, name }, n) => (shown[n]?.total
      ? [make("li", {}, make("a", { href: `${root}search.html?${new URLSearchParams({ q: text })}` }, wayInto(name)))] : [])) : []))
    const browse = /** @type {HTMLElement | null} */ (this.querySelector("[data-browse]"))
    if (browse) browse.hidden = Boolean(text.trim() || chosen.length)
    this.dispatchEvent(new CustomEvent("case-search-shown", { bubbles: true, detail: { total } }))
  }
}

/** The words of the way into the library `name`, which stays in its own language. @param {string} name */
function wayInto(name) {
  const [before, after = ""] = say("到{name}里筛选").split("{name}")
  return make("span", {}, before, make("span", { lang: "zh-CN" }, name), after)
}

customElements.define("case-portal-search", CasePortalSearch)
