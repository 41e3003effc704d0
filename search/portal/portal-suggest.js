/**
 * <case-portal-suggest>: the form of a portal's search as a combobox over all its libraries; as <case-suggest> otherwise.
 * A title or a term leads into its library, a unit is asked of all of them. Its `libraries` are set by <case-portal-search>.
 */
import { CaseSuggest } from "./case-suggest.js"
import { inTurn } from "./portal-merge.js"
import { MOST, suggest } from "./suggestions.js"

export class CasePortalSuggest extends CaseSuggest {
  /** @type {{root: string, name: string, engine: import("./engine.js").Engine}[]} */
  libraries = []

  /** Terms first, then units and titles, each library having its turn; one that cannot be asked has none. @param {string} text */
  async suggestions(text) {
    const asked = await Promise.allSettled(this.libraries.map(({ engine }) => suggest(engine, text)))
    const found = asked.map((outcome, n) => (outcome.status === "fulfilled" ? outcome.value : []).map((item) => within(item, this.libraries[n])))
    const exact = found.some((items) => items.some(({ near }) => !near))
    const units = new Set()
    const isNew = (/** @type {import("./suggestions.js").Suggestion} */ { kind, label }) => kind !== "unit" || (!units.has(label) && units.add(label))
    const kept = found.map((items) => items.filter((item) => (!exact || !item.near) && isNew(item)))
    return Object.entries(MOST).flatMap(([kind, most]) => inTurn(kept.map((items) => items.filter((item) => item.kind === kind)), most))
  }
}

/**
 * A suggestion of a library as the portal offers it: with its name, and with the address that leads into it.
 * @param {import("./suggestions.js").Suggestion} item @param {{root: string, name: string}} library
 * @returns {import("./suggestions.js").Suggestion}
 */
function within({ facet, term = "", ...item }, { root, name }) {
  if (item.kind === "unit") return item
  const url = facet ? `search.html?${new URLSearchParams({ [facet]: term })}` : item.url
  return { ...item, note: [item.note, name].filter(Boolean).join("　"), url: `${root}${url}` }
}

customElements.define("case-portal-suggest", CasePortalSuggest)
