/**
 * <case-search index="…/manifest.json" root="">: the search page. Holds a form.case-find with input[name=q], and an
 * element [data-browse] with the ways on without search, which hides while there is a question. Fires `case-search-shown`.
 */
import "./case-suggest.js"
import { make, painted } from "./dom.js"
import { engineFor } from "./engines.js"
import { numbered } from "./numbers.js"
import { readState, switched, writeState } from "./state.js"
import { IndexFault } from "./store.js"
import { titleOf } from "./suggestions.js"
import { chips, filterForm, hitItem, labelOf, pageLinks, showFilters } from "./view.js"
import { say } from "./say.js"

const PAGE = 10
const SORT_LABELS = { relevance: say("相关度"), newest: say("最新"), award: say("奖项"), title: say("名称拼音") }
const FAULTS = {
  network: say("检索文件没有取到，可能是网络断了。已经显示的内容仍可使用。"),
  damaged: say("检索文件有一份损坏，重新读取也没有成功。"),
  changed: say("网站正在更新，检索文件还不齐。请稍等再试。"),
}

export class CaseSearch extends HTMLElement {
  /** @type {import("./state.js").State} */
  state = { text: "", filters: {}, sort: "relevance", page: 1, unknown: [] }
  run = 0
  busy = false
  again = false

  connectedCallback() {
    if (this.engine) return
    this.engine = engineFor(this.getAttribute("index") ?? "")
    this.root = this.getAttribute("root") ?? ""
    this.find = /** @type {HTMLFormElement} */ (this.querySelector("form.case-find"))
    this.input = /** @type {HTMLInputElement} */ (this.find.querySelector("[name=q]"))
    this.build()
    this.find.addEventListener("submit", (event) => {
      event.preventDefault()
      this.ask({ text: this.input.value, page: 1 }, "push")
    })
    this.input.addEventListener("input", (event) => {
      if (/** @type {InputEvent} */ (event).isComposing) return
      this.typed()
    })
    this.addEventListener("case-suggest-pick", (event) => this.picked(/** @type {CustomEvent} */ (event)))
    addEventListener("popstate", () => this.restore())
    this.restore()
  }

  /** The page's parts, empty. */
  build() {
    this.status = make("p", { role: "status", "aria-live": "polite" })
    this.notice = make("p", { class: "case-note", hidden: true })
    this.fault = make("div", { class: "case-fault", role: "alert", hidden: true })
    this.chips = make("div", { class: "case-chips" })
    this.hits = make("ol", { class: "case-hits", lang: "zh-CN" })
    this.none = make("div", { class: "case-none", hidden: true })
    this.pages = make("nav", { class: "case-pages", "aria-label": say("结果分页") })
    this.sort = /** @type {HTMLSelectElement} */ (make("select", { name: "sort" },
      ...Object.entries(SORT_LABELS).map(([value, label]) => make("option", { value }, label))))
    const opener = make("button", { type: "button", class: "case-btn case-filter-open", "aria-expanded": "false", "aria-controls": "case-filter" }, say("筛选"))
    this.save = make("button", { type: "button", class: "case-btn" }, say("导出表格"))
    const print = make("button", { type: "button", class: "case-btn" }, say("打印"))
    this.side = make("div", {})
    this.panel = make("div", { class: "case-search" }, this.side,
      make("section", { "aria-labelledby": "case-results" }, make("h2", { class: "case-hide", id: "case-results" }, say("检索结果")),
        make("div", { class: "case-count" }, this.status,
          make("label", { class: "case-sort" }, say("排序"), this.sort),
          make("div", { class: "case-acts" }, opener, this.save, print)),
        this.notice, this.chips, this.fault, this.hits, this.none, this.pages))
    const before = this.find.closest("case-suggest") ?? this.find
    before.after(this.panel)
    this.sort.addEventListener("change", () => this.ask({ sort: this.sort.value, page: 1 }, "push"))
    opener.addEventListener("click", () => {
      const open = this.form?.classList.toggle("open") ?? false
      opener.setAttribute("aria-expanded", String(open))
    })
    print.addEventListener("click", () => window.print())
    this.save.addEventListener("click", () => this.exportTable())
    this.pages.addEventListener("click", (event) => {
      const link = /** @type {HTMLElement} */ (event.target).closest("a")
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      this.ask({ page: Number(link.dataset.page) }, "push").then(() => this.hits.querySelector("a")?.focus())
    })
  }

  /** The state in the address bar, shown. */
  async restore() {
    try {
      const manifest = await this.engine.open()
      this.state = readState(location.search, manifest)
      if (this.input.value !== this.state.text) this.input.value = this.state.text
      await this.show()
    } catch (error) {
      this.fail(error)
    }
  }

  /** Answers what is typed: at once, or as soon as the answer under way is there. */
  async typed() {
    this.again = this.busy
    if (this.busy) return
    this.busy = true
    await this.ask({ text: this.input.value, page: 1 }, "replace").finally(() => {
      this.busy = false
    })
    if (this.again) this.typed()
  }

  /** A changed state: into the address bar, and shown. @param {Partial<import("./state.js").State>} change @param {"push" | "replace"} way */
  async ask(change, way) {
    this.state = { ...this.state, unknown: [], ...change }
    history[way === "push" ? "pushState" : "replaceState"](null, "", writeState(this.state) || location.pathname)
    await this.show()
  }

  /** Answers the state. A later question makes an earlier one drop its answer. */
  async show() {
    const run = ++this.run
    const { state, engine } = this
    try {
      const answer = await engine.search(state)
      const manifest = engine.manifest
      const pages = Math.max(1, Math.ceil(answer.total / PAGE))
      const page = Math.min(state.page, pages)
      const shown = answer.documents.slice((page - 1) * PAGE, page * PAGE)
      const hits = await engine.healed(() => Promise.all(Array.from(shown, (number) => engine.hit(number, answer.query))))
      if (run !== this.run) return
      if (this.formBuild !== manifest.build) this.buildFilters(manifest)
      this.fault.hidden = true
      this.answer = answer
      this.sort.value = state.sort
      this.hits.replaceChildren(...hits.map((hit) => hitItem(hit, manifest, this.root)))
      this.hits.setAttribute("start", String((page - 1) * PAGE + 1))
      this.pages.replaceChildren(...pageLinks(page, pages, (n) => writeState({ ...state, page: n }) || location.pathname))
      this.chips.replaceChildren(...chips(state.filters, manifest,
        (key, value) => this.ask(switched(this.state, key, value), "push"), () => this.ask({ filters: {}, page: 1 }, "push")))
      this.save.toggleAttribute("disabled", !answer.total)
      this.say(answer, state)
      showFilters(this.form, state.filters, null)
      const browse = /** @type {HTMLElement | null} */ (this.querySelector("[data-browse]"))
      if (browse) browse.hidden = Boolean(state.text.trim() || Object.keys(state.filters).length)
      this.none.hidden = answer.total > 0
      if (answer.total) this.none.replaceChildren()
      else await this.showNone(answer, run)
      this.dispatchEvent(new CustomEvent("case-search-shown", { bubbles: true, detail: { total: answer.total } }))
      const counts = await engine.counts(answer, state.filters)
      if (run === this.run) showFilters(this.form, state.filters, counts)
    } catch (error) {
      if (run === this.run) this.fail(error)
    }
  }

  /** @param {any} manifest */
  buildFilters(manifest) {
    this.form = filterForm(manifest)
    this.formBuild = manifest.build
    this.form.addEventListener("change", (event) => {
      const { name, value } = /** @type {HTMLInputElement} */ (event.target)
      this.ask(switched(this.state, name, value), "push")
    })
    this.form.addEventListener("submit", (event) => event.preventDefault())
    this.side.replaceChildren(this.form)
  }

  /** @param {import("./engine.js").Answer} answer @param {import("./state.js").State} state */
  say(answer, state) {
    this.status.replaceChildren(make("span", {}, answer.total ? say("共 ") : say("没有找到")),
      ...(answer.total ? [make("b", { class: "case-num" }, String(answer.total)), make("span", {}, say(" {measure}"))] : []))
    const notes = []
    if (answer.query.cut) notes.push(say("查询太长，只用了前面一部分。"))
    if (answer.query.empty) notes.push(say("输入里没有可检索的文字：标点、符号和表情会被忽略。"))
    if (state.unknown.length) notes.push(say("没有这样的筛选值，已忽略：{values}", { values: state.unknown.slice(0, 3).map((value) => value.slice(0, 40)).join("、") }))
    this.notice.textContent = notes.join("")
    this.notice.hidden = !notes.length
  }

  /** What to loosen, and the nearest titles. @param {import("./engine.js").Answer} answer @param {number} run */
  async showNone(answer, run) {
    const { engine, state } = this
    const offer = (/** @type {string} */ text, /** @type {Partial<import("./state.js").State>} */ change) => {
      const button = make("button", { type: "button", class: "case-btn" }, text)
      button.addEventListener("click", () => {
        if (change.text !== undefined) this.input.value = change.text
        this.ask({ ...change, page: 1 }, "push")
      })
      return make("li", {}, button)
    }
    const offers = []
    for (const [key, values] of Object.entries(state.filters)) {
      const filters = { ...state.filters }
      delete filters[key]
      const { total } = await engine.search({ text: state.text, filters })
      if (total) offers.push(offer(say("去掉“{values}”：{n} {measure}", { values: values.map((value) => labelOf(engine.manifest, key, value)).join("、"), n: total }), { filters }))
    }
    const words = answer.query.words
    for (const word of words.length > 1 ? words.slice(0, 5) : []) {
      const text = words.filter((other) => other !== word).map((other) => other.text).join(" ")
      const { total } = await engine.search({ text, filters: state.filters })
      if (total) offers.push(offer(say("不要“{word}”：{n} {measure}", { word: word.text, n: total }), { text }))
    }
    const named = await numbered(engine, state.text)
    if (named && run === this.run) {
      const link = make("a", { href: this.root + named.url }, titleOf(named, engine.manifest))
      this.none.replaceChildren(make("h3", {}, say("编号 {id}", { id: named.id })), make("ul", { class: "case-near" }, make("li", {}, link)))
      return
    }
    const { nearest } = await import("./nearest.js")
    const near = words.length && !offers.length ? await nearest(engine, answer.query.whole) : []
    if (run !== this.run) return
    this.none.replaceChildren(
      make("p", {}, words.length ? say("可以少写几个字，换一个说法，或者用拼音。") : say("请输入两个以上的汉字、拼音或字母。")),
      ...(offers.length ? [make("h3", {}, say("放宽条件")), make("ul", { class: "case-acts" }, ...offers)] : []),
      ...(near.length ? [make("h3", {}, say("相近的名称")), make("ul", { class: "case-near" },
        ...near.map(({ row, text }) => make("li", {}, make("a", { href: this.root + row.url }, text))))] : []))
  }

  /** @param {any} error */
  fail(error) {
    if (!(error instanceof IndexFault)) {
      this.fault.replaceChildren(make("p", {}, say("检索出了差错。")))
      this.fault.hidden = false
      throw error
    }
    const retry = make("button", { type: "button", class: "case-btn" }, say("重试"))
    retry.addEventListener("click", () => (this.form ? this.show() : this.restore()))
    this.fault.replaceChildren(make("p", {}, FAULTS[/** @type {keyof typeof FAULTS} */ (error.kind)]), retry)
    this.fault.hidden = false
  }

  /** @param {CustomEvent} event with a suggestion */
  picked(event) {
    const { kind, label, facet, term } = event.detail
    if (kind === "title") return
    event.preventDefault()
    const filters = facet ? { ...this.state.filters, [facet]: [term] } : this.state.filters
    this.input.value = kind === "unit" ? label : ""
    this.ask({ text: this.input.value, filters, page: 1 }, "push")
  }

  async exportTable() {
    const { answer, engine } = this
    if (!answer) return
    await painted() // the button shows first that it was pressed
    try {
      const { MOST_ROWS, csvOf } = await import("./csv.js")
      const rows = await engine.rows(answer.documents.slice(0, MOST_ROWS))
      const text = csvOf(rows, engine.manifest, (url) => new URL(this.root + url, document.baseURI).href)
      const link = make("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: "cases.csv" })
      link.click()
      setTimeout(() => URL.revokeObjectURL(/** @type {HTMLAnchorElement} */ (link).href), 10000)
      if (answer.total > MOST_ROWS) {
        this.notice.textContent = say("表格里只有前 {n} {measure}；全部数据见网站的数据文件。", { n: MOST_ROWS })
        this.notice.hidden = false
      }
    } catch (error) {
      this.fail(error)
    }
  }
}

customElements.define("case-search", CaseSearch)
