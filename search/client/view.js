/** The parts of a search page as elements: results, filters, chips, pages. They show what they are given. */
import { make, marked, symbol } from "./dom.js"
import { excerpt } from "./snippet.js"
import { say } from "./say.js"

/** Reference of the symbol of a mark. @param {string} mark */
export function markReference(mark) {
  return mark.startsWith("#") ? mark : `#${mark}`
}

/** One result. @param {any} hit of Engine.hit @param {any} manifest @param {string} root @returns {HTMLElement} */
export function hitItem(hit, manifest, root) {
  const { row, head, label, why } = excerpt(hit, manifest)
  const byRole = (/** @type {string} */ role) => manifest.fields.filter((/** @type {any[]} */ f) => f[2] === role).flatMap((/** @type {any[]} */ f) => head[f[0]] ?? [])
  const [title = [{ text: row.id, mark: false }]] = byRole("title")
  const people = byRole("people").filter((parts) => parts.some((/** @type {any} */ part) => part.mark))
  const by = [...byRole("unit"), ...people]
  const facts = manifest.facets.flatMap((/** @type {any} */ facet, /** @type {number} */ n) =>
    (manifest.facts.includes(facet.key) ? row.terms[n].map((/** @type {number} */ t) => facet.terms[t][1]) : []))
  return make("li", {},
    make("h3", {}, make("a", { href: root + row.url }, ...marked(title))),
    make("p", { class: "meta" }, award(row, manifest),
      ...by.map((parts) => make("span", {}, ...marked(parts))), ...facts.map((fact) => make("span", {}, fact))),
    why.length ? make("p", { class: "why" }, label ? make("small", {}, label) : null, ...marked(why)) : null)
}

/** @param {any} row @param {any} manifest */
function award(row, manifest) {
  const n = manifest.facets.findIndex((/** @type {any} */ facet) => facet.key === manifest.award)
  if (n < 0 || !row.terms[n].length) return null
  const [, label, mark] = manifest.facets[n].terms[row.terms[n][0]]
  return make("span", { class: "case-award" }, mark ? symbol(markReference(mark)) : null, label)
}

/** The filter form: a fieldset for each facet, one for the flags; counts come later. @param {any} manifest @returns {HTMLFormElement} */
export function filterForm(manifest) {
  const box = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ label, /** @type {string} */ mark, lang = "zh-CN", note = "") => make("label", {},
    make("input", { type: "checkbox", name, value }),
    make("span", lang ? { class: "t", lang } : { class: "t" }, mark ? symbol(markReference(mark)) : null, label, note ? make("small", {}, note) : null),
    make("span", { class: "case-num" }))
  const groups = manifest.facets.filter((/** @type {any} */ facet) => facet.terms.length).map((/** @type {any} */ facet) => make("fieldset", {},
    make("legend", {}, facet.label),
    ...facet.terms.map((/** @type {string[]} */ [key, label, mark]) => box(facet.key, key, label, mark, undefined, facet.notes?.[key]))))
  if (manifest.flags.length) {
    groups.push(make("fieldset", {}, make("legend", {}, say("其他")), ...manifest.flags.map((/** @type {string[]} */ [key, label]) => box(key, "1", label, "", ""))))
  }
  return /** @type {HTMLFormElement} */ (make("form", { class: "case-filter", id: "case-filter", "aria-label": say("筛选") }, ...groups))
}

/**
 * Checks and counts of the filter form; terms that would leave nothing are dimmed, those that no document has are hidden.
 * @param {HTMLFormElement} form @param {Record<string, string[]>} filters @param {Record<string, Record<string, number>> | null} counts
 */
export function showFilters(form, filters, counts) {
  for (const input of form.querySelectorAll("input")) {
    input.checked = filters[input.name]?.includes(input.value) ?? false
    if (!counts) continue
    const count = counts[input.name]?.[input.value] ?? 0
    const label = /** @type {HTMLElement} */ (input.closest("label"))
    label.classList.toggle("zero", !count)
    const number = /** @type {HTMLElement} */ (label.querySelector(".case-num"))
    number.textContent = String(count)
  }
}

/**
 * A chip for each chosen filter and one to drop them all.
 * @param {Record<string, string[]>} filters @param {any} manifest @param {(key: string, value: string) => void} drop @param {() => void} clear
 */
export function chips(filters, manifest, drop, clear) {
  const made = Object.entries(filters).flatMap(([key, values]) => values.map((value) => {
    const label = labelOf(manifest, key, value)
    const button = make("button", { type: "button", class: "case-chip", "aria-label": say("去掉筛选：{label}", { label }) }, label, make("span", { "aria-hidden": "true" }, "×"))
    button.addEventListener("click", () => drop(key, value))
    return button
  }))
  if (made.length > 1) {
    const all = make("button", { type: "button", class: "case-chip case-chip-all" }, say("清除全部筛选"))
    all.addEventListener("click", clear)
    made.push(all)
  }
  return made
}

/** What a filter value is called. @param {any} manifest @param {string} key @param {string} value */
export function labelOf(manifest, key, value) {
  const facet = manifest.facets.find((/** @type {any} */ f) => f.key === key)
  if (facet) return facet.terms.find((/** @type {string[]} */ term) => term[0] === value)?.[1] ?? value
  return manifest.flags.find((/** @type {string[]} */ flag) => flag[0] === key)?.[1] ?? value
}

/**
 * Links to pages of the results: first, last, and those around the current one.
 * @param {number} page @param {number} pages @param {(page: number) => string} address
 */
export function pageLinks(page, pages, address) {
  if (pages < 2) return []
  const shown = [...new Set([1, page - 1, page, page + 1, pages])].filter((n) => n >= 1 && n <= pages).sort((a, b) => a - b)
  const link = (/** @type {number} */ n, /** @type {string} */ text, /** @type {string | undefined} */ rel) => make("li", {},
    make("a", { class: n === page ? "case-btn case-btn-on" : "case-btn", href: address(n), rel, "data-page": String(n), "aria-current": n === page && !rel ? "page" : undefined },
      ...(rel ? [text] : [make("span", { class: "case-hide" }, say("第 ")), text, make("span", { class: "case-hide" }, say(" 页"))])))
  const items = shown.flatMap((n, place) => [
    ...(place && n - shown[place - 1] > 1 ? [make("li", { class: "case-pages-gap", "aria-hidden": "true" }, "…")] : []),
    link(n, String(n), undefined),
  ])
  return [make("ul", {}, page > 1 ? link(page - 1, say("上一页"), "prev") : null, ...items, page < pages ? link(page + 1, say("下一页"), "next") : null)]
}
