/** Answers queries from an index: which documents, how many, in which order, and what the filters would leave. No DOM. */
import { Folder } from "./analyzer.js"
import { Matcher } from "./matcher.js"
import { readColumn, readFacets, readRank } from "./postings.js"
import { parseQuery } from "./query.js"
import { NONE, inOrder, orderBy } from "./sets.js"
import { IndexFault, Store } from "./store.js"
import { passagesOf } from "./texts.js"

export const SORTS = ["relevance", "newest", "award", "title"]
// What every query reads.
const ALWAYS = ["rank.bin", "words.bin"]

/**
 * @typedef {Record<string, string[]>} Filters facet or flag key -> chosen term keys ("1" for a flag)
 * @typedef {{query: import("./query.js").Query, total: number, documents: Uint32Array, tiers: Uint8Array}} Answer
 *   documents: all that match, in order; tiers: of all documents by the query alone, NONE for those that do not match
 */

export class Engine {
  /** @param {string} url of the manifest @param {number} [most] bytes that are kept of what queries read, roughly */
  constructor(url, most) {
    this.store = new Store(url, most)
    this.build = ""
  }

  /** Reads the manifest and what every query needs. @param {boolean} [again] */
  async open(again = false) {
    const manifest = await this.store.open(again)
    if (this.build !== manifest.build) {
      this.build = manifest.build
      this.manifest = manifest
      this.folder = new Folder(manifest.fold)
      this.whole = false
      this.syllables = manifest.syllables.split(" ")
      this.matcher = new Matcher(this.store, this.folder)
      /** @type {Map<string, Promise<Uint32Array>>} */
      this.orders = new Map()
      /** @type {{text: string, tiers: Uint8Array, query: any} | null} */
      this.last = null
    }
    return manifest
  }

  /** Reads what every query needs, before there is one. */
  async warm() {
    await this.open()
    await Promise.all([this.order("relevance"), this.matcher.words()])
  }

  /** Forgets all queries and what they read, but not what every query needs. */
  forget() {
    this.last = null
    this.folder?.forget()
    this.store.forget(ALWAYS)
  }

  /**
   * The answer to a text with filters. IndexFault where files are missing or damaged; another build is read by itself.
   * @param {{text: string, filters?: Filters, sort?: string}} request @returns {Promise<Answer>}
   */
  async search({ text, filters = {}, sort = "relevance" }) {
    return this.healed(async () => {
      await this.open()
      // Asked for now, needed later: what fails here fails there again.
      for (const early of [this.order(sort), this.matcher.words()]) early.catch(() => {})
      const { tiers, query } = await this.match(text)
      const passing = await this.passing(filters)
      const kept = passing ? tiers.map((tier, n) => (passing[n] ? tier : NONE)) : tiers
      const documents = inOrder(kept, await this.order(sort), sort === "relevance" || !SORTS.includes(sort))
      return { query, total: documents.length, documents, tiers }
    })
  }

  /** Runs what reads the index; once more if another build has taken its place. @template T @param {() => Promise<T>} read @returns {Promise<T>} */
  async healed(read) {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof IndexFault) || error.kind !== "changed") throw error
      await this.open(true)
      return read()
    }
  }

  /** Tiers of all documents for a text. @param {string} text */
  async match(text) {
    if (this.last?.text === text) return this.last
    const { manifest, matcher } = this
    matcher.missed = false
    let query = parseQuery(text, this.folder, this.syllables)
    let tiers = await this.evaluate(query)
    if (matcher.missed && !this.whole) {
      this.folder.add(await this.store.file("fold.bin", (bytes) => new TextDecoder().decode(bytes)))
      this.whole = true
      const again = parseQuery(text, this.folder, this.syllables)
      if (again.whole !== query.whole || again.without.some((word, n) => word.text !== query.without[n]?.text)) {
        query = again
        tiers = await this.evaluate(query)
      }
    }
    if (manifest === this.manifest) this.last = { text, tiers, query }
    return { tiers, query }
  }

  /** @param {import("./query.js").Query} query */
  async evaluate(query) {
    const count = this.manifest.documents
    if (!query.words.length) return new Uint8Array(count).fill(query.empty ? NONE : 1)
    const words = [...query.words].sort((a, b) => rarity(a) - rarity(b))
    /** @type {Uint8Array | null} */
    let tiers = null
    for (const word of words) {
      const found = await this.matcher.word(word, tiers)
      tiers = tiers ? tiers.map((tier, n) => Math.max(tier, found[n])) : found
    }
    if (query.joined) {
      const joined = await this.matcher.word(query.joined, null)
      tiers = /** @type {Uint8Array} */ (tiers).map((tier, n) => Math.min(tier, joined[n]))
    }
    const kept = /** @type {Uint8Array} */ (tiers)
    for (const word of query.without) {
      const found = await this.matcher.word(word, kept)
      found.forEach((tier, n) => {
        if (tier !== NONE) kept[n] = NONE
      })
    }
    const [first, second = ""] = Array.from(query.whole)
    const { lists } = await this.matcher.shard(first.codePointAt(0) ?? 0, second.codePointAt(0) ?? 0)
    for (const document of lists.exact(query.whole)) if (kept[document] !== NONE) kept[document] = 0
    return kept
  }

  /** All documents in an order. @param {string} sort @returns {Promise<Uint32Array>} */
  order(sort) {
    const { documents } = this.manifest
    const key = SORTS.includes(sort) && sort !== "relevance" ? sort : "award"
    let order = this.orders.get(key)
    if (!order) {
      order = key === "title"
        ? this.store.file("titles.bin", (bytes) => orderBy(readColumn(bytes, documents)))
        : this.ranks().then(({ award, year }) =>
          orderBy(award.map((a, n) => (key === "award" ? a * 10000 + 9999 - year[n] : (9999 - year[n]) * 10000 + a))))
      order.catch(() => this.orders.delete(key))
      this.orders.set(key, order)
    }
    return order
  }

  /** The round of each document. @returns {Promise<ArrayLike<number>>} */
  years() {
    return this.ranks().then(({ year }) => year)
  }

  /** Award and round of each document. */
  ranks() {
    const { documents } = this.manifest
    return this.store.file("rank.bin", (bytes) => readRank(bytes, documents))
  }

  /** Terms of all documents. */
  columns() {
    const { documents, facets } = this.manifest
    return this.store.file("facets.bin", (bytes) => readFacets(bytes, documents, facets.length + 1))
  }

  /** The chosen filters that exist, a list of places of terms for each facet and one for the flags. @param {Filters} filters */
  chosen(filters) {
    const { facets, flags } = this.manifest
    const rows = facets.map((/** @type {any} */ facet) => facet.terms.flatMap((/** @type {any[]} */ [key], /** @type {number} */ n) =>
      (filters[facet.key]?.includes(key) ? [n] : [])))
    return [...rows, flags.flatMap((/** @type {any[]} */ [key], /** @type {number} */ n) => (filters[key]?.includes("1") ? [n] : []))]
  }

  /** For each document whether it passes, null if nothing is filtered. @param {Filters} filters @param {number} [except] a column left out */
  async passing(filters, except = -1) {
    const chosen = this.chosen(filters)
    if (chosen.every((terms, n) => n === except || !terms.length)) return null
    const columns = await this.columns()
    const passing = new Uint8Array(this.manifest.documents).fill(1)
    chosen.forEach((terms, n) => {
      if (n === except || !terms.length) return
      const last = n === chosen.length - 1
      const good = columns[n].sets.map((set) => (last ? terms.every((t) => set.includes(t)) : terms.some((t) => set.includes(t))))
      columns[n].of.forEach((set, document) => {
        if (!good[set]) passing[document] = 0
      })
    })
    return passing
  }

  /**
   * For each facet and flag the number of documents that each term would leave, the other facets' filters applied.
   * @param {Answer} answer @param {Filters} filters @returns {Promise<Record<string, Record<string, number>>>}
   */
  async counts(answer, filters) {
    const { facets, flags } = this.manifest
    const columns = await this.columns()
    /** @type {Record<string, Record<string, number>>} */
    const found = {}
    const tally = async (/** @type {number} */ n, /** @type {Filters} */ others) => {
      const passing = await this.passing(others, n < facets.length ? n : -1)
      const sums = new Uint32Array(columns[n].sets.length)
      columns[n].of.forEach((set, document) => {
        if (answer.tiers[document] !== NONE && (!passing || passing[document])) sums[set] += 1
      })
      return (/** @type {number} */ term) => columns[n].sets.reduce((sum, set, s) => sum + (set.includes(term) ? sums[s] : 0), 0)
    }
    for (const [n, facet] of facets.entries()) {
      const count = await tally(n, filters)
      found[facet.key] = Object.fromEntries(facet.terms.map((/** @type {any[]} */ [key], /** @type {number} */ t) => [key, count(t)]))
    }
    for (const [n, [key]] of flags.entries()) {
      const count = await tally(facets.length, { ...filters, [key]: [] })
      found[key] = { 1: count(n) }
    }
    return found
  }

  /** Texts and terms of documents. @param {Iterable<number>} documents */
  rows(documents) {
    return Promise.all(Array.from(documents, (number) => this.matcher.row(number)))
  }

  /** A row with its passages and what is to be marked in them. @param {number} number @param {import("./query.js").Query} query */
  async hit(number, query) {
    const row = await this.matcher.row(number)
    const passages = passagesOf(row, this.manifest, this.folder)
    const words = query.joined ? [query.joined, ...query.words] : query.words
    const marks = (await Promise.all(words.map((word) => this.matcher.marks(word, row, passages)))).flat()
    return { row, passages, marks }
  }
}

/** Words that are cheap to answer first. @param {import("./query.js").Word} word */
function rarity(word) {
  const size = Array.from(word.text).length
  return size === 2 ? 0 : size === 1 ? 1 : 2
}
