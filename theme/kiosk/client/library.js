/** The cases as the build wrote them: cards and stories in chunks that are read when they are looked at. No DOM. */

const KEPT = 24

/**
 * @typedef {{alt: string, caption: string, w: number, h: number, sizes: [number, string][]}} Picture
 * @typedef {{id: string, title: string, second?: string, unit: string, people: string, year: number, terms: number[],
 *   picture?: Picture, figure?: string, summary?: string}} Card terms: place of the term in each dimension, -1 for none
 * @typedef {{key: string, short: string, full: [string, string][]}} Part
 * @typedef {{parts: Part[], summary: string, people: [string, string, boolean][], pictures: Picture[],
 *   videos: {src: string, alt: string}[], patents: string[], related: number[], address: string, qr: string}} Story
 */

export class Library {
  /** @param {any} start content of the start file */
  constructor(start) {
    this.start = start
    /** @type {Map<string, Promise<any>>} */
    this.kept = new Map()
  }

  /** @param {string} name */
  async file(name) {
    const response = await fetch(this.start.data + name)
    if (!response.ok) throw new Error(`${name}: ${response.status}`)
    return response
  }

  /** A chunk of cases; those that were not used for longest are forgotten. @param {string} name @returns {Promise<any[]>} */
  chunk(name) {
    let found = this.kept.get(name)
    this.kept.delete(name)
    found ??= this.file(name).then((response) => response.json())
    this.kept.set(name, found)
    found.catch(() => this.kept.get(name) === found && this.kept.delete(name))
    if (this.kept.size > KEPT) this.kept.delete([...this.kept.keys()][0])
    return found
  }

  /** @param {number} number @returns {Promise<Card>} */
  async card(number) {
    const { cards } = this.start
    return (await this.chunk(`cards/${Math.floor(number / cards)}.json`))[number % cards]
  }

  /** @param {number} number @returns {Promise<Story>} */
  async story(number) {
    const { stories } = this.start
    return (await this.chunk(`stories/${Math.floor(number / stories)}.json`))[number % stories]
  }

  /** Forgets the chunks. What is read once for all cases stays. */
  forget() {
    this.kept.clear()
  }

  /** Terms of all cases, a column for each dimension and one for the rounds. @returns {Promise<Uint16Array[]>} */
  columns() {
    this.columnsRead ??= this.file("columns.bin").then(async (response) => {
      const all = new Uint16Array(await response.arrayBuffer())
      const { total, dimensions } = this.start
      return [...dimensions, null].map((_, place) => all.subarray(place * total, (place + 1) * total))
    })
    this.columnsRead.catch(() => (this.columnsRead = undefined))
    return this.columnsRead
  }

  /** Numbers of the cases of documents of the search. @returns {Promise<Uint32Array>} */
  order() {
    this.orderRead ??= this.file("order.bin").then(async (response) => new Uint32Array(await response.arrayBuffer()))
    this.orderRead.catch(() => (this.orderRead = undefined))
    return this.orderRead
  }

  /** Cases that have a term or one below it, best first. @param {number} dimension @param {number} term @returns {Promise<number[]>} */
  async withTerm(dimension, term) {
    const column = (await this.columns())[dimension]
    const terms = this.start.dimensions[dimension]?.terms ?? []
    const wanted = new Set([term])
    for (let grown = true; grown;) {
      grown = false
      terms.forEach((/** @type {any} */ entry, /** @type {number} */ place) => {
        if (wanted.has(entry.parent) && !wanted.has(place)) grown = Boolean(wanted.add(place))
      })
    }
    const found = []
    for (let number = 0; number < column.length; number += 1) if (wanted.has(column[number] - 1)) found.push(number)
    return found
  }

  /** Cases of a round, best first. @param {number} place of the round in the start file @returns {Promise<number[]>} */
  ofRound(place) {
    return this.withTerm(this.start.dimensions.length, place)
  }

  /** The terms of a card that have a mark or stand for a place: what a label shows. @param {Card} card */
  terms(card) {
    return this.start.dimensions.map((/** @type {any} */ dimension, /** @type {number} */ place) =>
      ({ dimension, term: dimension.terms[card.terms[place]] })).filter((/** @type {any} */ entry) => entry.term)
  }

  /** @param {Card} card */
  award(card) {
    return this.terms(card).find(({ dimension }) => dimension.role === "award")?.term
  }

  /** What a case is of, in the order of the scheme, without its award and methods. @param {Card} card */
  labels(card) {
    return this.terms(card).filter(({ dimension }) => !["award", "method"].includes(dimension.role))
  }

  /** A case that has no picture and no figure is shown by this mark. @param {Card} card */
  mark(card) {
    const plain = this.terms(card).filter(({ dimension, term }) => !dimension.role && term.mark)
    return plain[plain.length - 1]?.term.mark ?? "cat-none"
  }
}
