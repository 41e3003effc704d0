/** What a reader may mean while typing: titles, units, terms of facets. No DOM. */

import { numbered } from "./numbers.js"
import { say } from "./say.js"

/** How many of each kind are offered. */
export const MOST = { term: 4, unit: 3, title: 5 }
const LOOKED_AT_HITS = 12

/** @typedef {{kind: "title" | "unit" | "term", label: string, note: string, url?: string, facet?: string, term?: string, near?: boolean}} Suggestion
 *   near: the text itself was not found */

/**
 * Suggestions for a text, terms first; empty for a text of nothing.
 * @param {import("./engine.js").Engine} engine @param {string} text @returns {Promise<Suggestion[]>}
 */
export async function suggest(engine, text) {
  const manifest = await engine.open()
  const { query, documents } = await engine.search({ text })
  if (!query.words.length) return []
  const named = await numbered(engine, text)
  if (named) return [{ kind: "title", label: titleOf(named, manifest), note: named.id, url: named.url }]
  const terms = termsLike(manifest, engine, text)
  const hits = await Promise.all(Array.from(documents.slice(0, LOOKED_AT_HITS), (number) => engine.hit(number, query)))
  /** @type {Suggestion[]} */
  const titles = []
  /** @type {Map<string, Suggestion>} */
  const units = new Map()
  for (const { row, passages, marks } of hits) {
    const roles = new Set(marks.map((mark) => manifest.fields[mark.field][2]))
    const unit = passages.find((p) => manifest.fields[p.field][2] === "unit")?.text ?? ""
    const title = passages.find((p) => manifest.fields[p.field][2] === "title")?.text ?? ""
    if (roles.has("title")) titles.push({ kind: "title", label: title, note: unit, url: row.url })
    if (roles.has("unit")) units.set(unit, { kind: "unit", label: unit, note: "" })
  }
  if (!hits.length && !terms.length) {
    const { nearest } = await import("./nearest.js")
    for (const { row, text: label } of await nearest(engine, query.whole, 3)) titles.push({ kind: "title", label, note: say("相近"), url: row.url, near: true })
  }
  return [...terms, ...[...units.values()].slice(0, MOST.unit), ...titles.slice(0, MOST.title)]
}

/** @param {import("./texts.js").Row} row @param {any} manifest */
export function titleOf(row, manifest) {
  return row.texts[manifest.fields.findIndex((/** @type {string[]} */ [, , role]) => role === "title")][0] ?? row.id
}

/** Terms whose label, alias or pinyin has the text. @param {any} manifest @param {import("./engine.js").Engine} engine @param {string} text @returns {Suggestion[]} */
function termsLike(manifest, engine, text) {
  const asked = engine.folder.fold(text)
  if (!asked) return []
  /** @type {(Suggestion & {rank: number})[]} */
  const found = []
  for (const facet of manifest.facets) {
    for (const [term, label, , sound, ...aliases] of facet.terms) {
      const names = [label, ...aliases].map((name) => engine.folder.fold(name))
      const letters = sound.replaceAll(" ", ""), initials = sound.split(" ").map((/** @type {string} */ s) => s[0]).join("")
      const at = Math.min(...names.map((name) => name.indexOf(asked)).filter((n) => n >= 0), Infinity)
      const heard = /^[a-z]{2,}$/.test(asked) && (letters.startsWith(asked) || initials.startsWith(asked))
      if (at < Infinity || heard) found.push({ kind: "term", label, note: facet.label, facet: facet.key, term, rank: heard ? 0 : at })
    }
  }
  return found.sort((a, b) => a.rank - b.rank).slice(0, MOST.term).map(({ rank, ...suggestion }) => suggestion)
}
