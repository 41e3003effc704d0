/** The state of a search as address-bar parameters: q, one parameter per facet key, sort, page. No DOM. */
import { SORTS } from "./engine.js"

/** @typedef {{text: string, filters: Record<string, string[]>, sort: string, page: number, unknown: string[]}} State unknown: values that no facet has */

/** @param {string} search the part of an address from "?" on @param {any} manifest @returns {State} */
export function readState(search, manifest) {
  const parameters = new URLSearchParams(search)
  /** @type {State} */
  const state = { text: parameters.get("q") ?? "", filters: {}, sort: "relevance", page: 1, unknown: [] }
  for (const { key, terms } of manifest.facets) {
    const known = new Set(terms.map((/** @type {string[]} */ term) => term[0]))
    const chosen = [...new Set(parameters.getAll(key))].filter((value) => value)
    state.unknown.push(...chosen.filter((value) => !known.has(value)))
    const good = chosen.filter((value) => known.has(value))
    if (good.length) state.filters[key] = good
  }
  for (const [key] of manifest.flags) if (parameters.get(key) === "1") state.filters[key] = ["1"]
  const sort = parameters.get("sort") ?? ""
  if (SORTS.includes(sort)) state.sort = sort
  const page = Number(parameters.get("page"))
  if (Number.isInteger(page) && page > 1 && page < 1e6) state.page = page
  return state
}

/** @param {State} state @returns {string} "" or "?…" */
export function writeState(state) {
  const parameters = new URLSearchParams()
  if (state.text.trim()) parameters.set("q", state.text)
  for (const [key, values] of Object.entries(state.filters)) for (const value of values) parameters.append(key, value)
  if (state.sort !== "relevance") parameters.set("sort", state.sort)
  if (state.page > 1) parameters.set("page", String(state.page))
  const text = parameters.toString()
  return text && `?${text}`
}

/** A state with one filter value switched. @param {State} state @param {string} key @param {string} value @returns {State} */
export function switched(state, key, value) {
  const now = state.filters[key] ?? []
  const next = now.includes(value) ? now.filter((v) => v !== value) : [...now, value]
  const filters = { ...state.filters, [key]: next }
  if (!next.length) delete filters[key]
  return { ...state, filters, page: 1 }
}
