/** Which documents hold a word, and where: reads the shards that it needs and no more. No DOM. */
import { INITIAL_BASE, SYLLABLE_BASE, isText, shardOf } from "./analyzer.js"
import { Lists, Places, RARE } from "./postings.js"
import { NONE, intersect, unite } from "./sets.js"
import { asRow, findRun, passagesOf, readText } from "./texts.js"

const SINGLE_TIERS = 2

/**
 * @typedef {{lists: Lists, gram: import("./postings.js").Gram, first: number, shard: number}} Part
 * @typedef {{offset: number, parts: Part[]}} Atom grams of which one stands at an offset of the pattern
 * @typedef {{field: number, passage: number, start: number, end: number}} Mark a run of a stored passage
 */

export class Matcher {
  /** @param {import("./store.js").Store} store @param {import("./analyzer.js").Folder} folder */
  constructor(store, folder) {
    this.store = store
    this.folder = folder
    /** Set when a word with characters beyond ASCII was not there: the folding table may have to be whole. */
    this.missed = false
  }

  get manifest() {
    return this.store.manifest
  }

  /** @param {number} first @param {number} second */
  async shard(first, second) {
    const shard = shardOf(first, second, this.manifest.bits)
    return { shard, lists: await this.store.file(`g/${shard}.bin`, (bytes) => new Lists(bytes)) }
  }

  /** The dictionary that texts are packed with. @returns {Promise<Uint8Array>} */
  words() {
    return this.store.file("words.bin", (bytes) => bytes)
  }

  /** A document's texts and terms. @param {number} number @returns {Promise<import("./texts.js").Row>} */
  async row(number) {
    const dictionary = await this.words()
    return asRow(number, await this.store.file(`t/${number}.bin`, (bytes) => JSON.parse(readText(bytes)), dictionary))
  }

  /**
   * The best tier, plus one, in which each document has a word; NONE where it has not, or is not `within`.
   * @param {import("./query.js").Word} word @param {Uint8Array | null} within tiers of documents still asked for
   */
  async word(word, within) {
    const tiers = new Uint8Array(this.manifest.documents).fill(NONE)
    let found = false
    const put = (/** @type {number} */ tier, /** @type {Iterable<number>} */ documents) => {
      for (const document of documents) {
        if (within && within[document] === NONE) continue
        found = true
        if (tier + 1 < tiers[document]) tiers[document] = tier + 1
      }
    }
    await Promise.all(word.patterns.map((pattern) => this.pattern(pattern, within, put)))
    if (!found && /[^\x00-\x7f]/.test(word.text)) this.missed = true
    return tiers
  }

  /**
   * @param {import("./query.js").Pattern} pattern @param {Uint8Array | null} within
   * @param {(tier: number, documents: Iterable<number>) => void} put
   */
  async pattern(pattern, within, put) {
    if (!pattern.every((unit) => isText(unit[0]))) return this.sounded(pattern, within, put)
    const points = pattern.map(([point]) => point)
    const last = points.length - 2
    if (last < 0) return this.single(points[0], put)
    const atoms = await this.pairs(points, last > 0 ? [0, last] : [0])
    let documents = documentsOf(atoms, within)
    if (!last) return each(documents, put)
    const rest = [...points.keys()].filter((n) => n > 0 && n < last && n % 2 === 0).sort((a, b) => Math.abs(a - last / 2) - Math.abs(b - last / 2))
    while (rest.length && size(documents) > RARE) {
      atoms.push(...await this.pairs(points, rest.splice(0, 2)))
      documents = documentsOf(atoms, within)
    }
    atoms.sort((a, b) => weight(a) - weight(b))
    for (let n = 2; n <= atoms.length && size(documents) > RARE; n += 1) {
      documents = await this.placed(atoms.slice(0, n), documents)
      if (n === atoms.length) return each(documents, put)
    }
    await this.verify(points, documents, put)
  }

  /** @param {number} point @param {(tier: number, documents: Iterable<number>) => void} put */
  async single(point, put) {
    const { lists } = await this.shard(point, 0)
    for (const list of lists.gram(point, 0)?.lists ?? []) if (list.tier < SINGLE_TIERS) put(list.tier, lists.documents(list))
  }

  /** Pairs of characters as atoms. @param {number[]} points @param {number[]} offsets @returns {Promise<Atom[]>} */
  pairs(points, offsets) {
    return Promise.all(offsets.map((offset) => this.atom(offset, points[offset], points[offset + 1])))
  }

  /** @param {number} offset @param {number} first @param {number} second @returns {Promise<Atom>} */
  async atom(offset, first, second) {
    const { lists, shard } = await this.shard(first, second)
    const gram = lists.gram(first, second)
    return { offset, parts: gram ? [{ lists, gram, first, shard }] : [] }
  }

  /** Reads texts. @param {number[]} points @param {Map<number, Uint32Array>} documents @param {(tier: number, documents: Iterable<number>) => void} put */
  async verify(points, documents, put) {
    const numbers = [...new Set([...documents.values()].flatMap((list) => [...list]))]
    const rows = await Promise.all(numbers.map((number) => this.row(number)))
    for (const row of rows) {
      for (const passage of passagesOf(row, this.manifest, this.folder)) {
        if (findRun(passage.points, points).length) put(passage.tier, [row.number])
      }
    }
  }

  /**
   * A pattern with pinyin in it.
   * @param {import("./query.js").Pattern} pattern @param {Uint8Array | null} within
   * @param {(tier: number, documents: Iterable<number>) => void} put
   */
  async sounded(pattern, within, put) {
    const atoms = await this.soundAtoms(pattern)
    const documents = documentsOf(atoms, within)
    if (size(documents)) each(atoms.length > 1 ? await this.placed(atoms, documents) : documents, put)
  }

  /** Atoms that together cover a pattern. @param {import("./query.js").Pattern} pattern @returns {Promise<Atom[]>} */
  soundAtoms(pattern) {
    const kind = (/** @type {number} */ n) => (isText(pattern[n][0]) ? 0 : pattern[n][0] >= SYLLABLE_BASE ? 2 : 1)
    /** @type {Promise<Atom>[]} */
    const atoms = []
    for (let at = 0, end = 0; at < pattern.length; at = end) {
      while (end < pattern.length && kind(end) === kind(at)) end += 1
      const offsets = end - at === 1 ? [at] : [...pattern.keys()].filter((n) => n >= at && n < end - 1 && ((n - at) % 2 === 0 || n === end - 2))
      for (const n of offsets) {
        const next = end - at === 1 ? null : pattern[n + 1]
        atoms.push(kind(n) === 2 ? this.syllables(n, pattern[n], next) : this.atom(n, pattern[n][0], next ? next[0] : 0))
      }
    }
    return Promise.all(atoms)
  }

  /** @param {number} offset @param {number[]} firsts @param {number[] | null} seconds any if null @returns {Promise<Atom>} */
  async syllables(offset, firsts, seconds) {
    const parts = await Promise.all(firsts.map(async (first) => {
      const { lists, shard } = await this.shard(first, 0)
      const grams = lists.from(first).filter((gram) => !seconds || seconds.includes(gram.second))
      return grams.map((gram) => ({ lists, gram, first, shard }))
    }))
    return { offset, parts: parts.flat() }
  }

  /**
   * Those of the documents in which the atoms stand at their offsets from one another.
   * @param {Atom[]} atoms @param {Map<number, Uint32Array>} documents by tier
   */
  async placed(atoms, documents) {
    await this.needPlaces(atoms, documents)
    /** @type {Map<number, Uint32Array>} */
    const found = new Map()
    for (const [tier, list] of documents) {
      const places = await Promise.all(atoms.map((atom) => this.reader(atom, tier)))
      found.set(tier, list.filter((document) => starts(atoms, places, document).length > 0))
    }
    return found
  }

  /** Fetches places, and texts where places are not stored. @param {Atom[]} atoms @param {Map<number, Uint32Array>} documents */
  async needPlaces(atoms, documents) {
    const parts = atoms.flatMap((atom) => atom.parts)
    /** @type {Promise<any>[]} */
    const needed = [...new Set(parts.filter((p) => p.gram.stored).map((p) => p.shard))].map((shard) => this.places(shard))
    if (parts.some((part) => !part.gram.stored)) {
      for (const list of documents.values()) for (const number of list) needed.push(this.row(number))
    }
    await Promise.all(needed)
  }

  /** @param {number} shard @returns {Promise<Places>} */
  places(shard) {
    return this.store.file(`p/${shard}.bin`, (bytes) => new Places(bytes))
  }

  /** A function that gives the places of an atom in a document. @param {Atom} atom @param {number} tier */
  async reader(atom, tier) {
    const readers = await Promise.all(atom.parts.map(async ({ lists, gram, first, shard }) => {
      const list = gram.lists.find((l) => l.tier === tier)
      if (!list) return () => []
      const documents = lists.documents(list)
      if (gram.stored) {
        const places = await this.places(shard)
        return (/** @type {number} */ document) => {
          const n = indexOf(documents, document)
          return n < 0 ? [] : places.of(list.order + n)
        }
      }
      const run = gram.second ? [first, gram.second] : [first]
      const rows = await Promise.all(Array.from(documents, (number) => this.row(number)))
      const found = new Map(rows.map((row) => [row.number, passagesOf(row, this.manifest, this.folder)
        .filter((passage) => passage.tier === tier)
        .flatMap((passage) => findRun(passage.points, run).map((n) => passage.at + n))]))
      return (/** @type {number} */ document) => found.get(document) ?? []
    }))
    return (/** @type {number} */ document) => readers.flatMap((read) => [...read(document)])
  }

  /**
   * Where a word stands in a document, to be marked.
   * @param {import("./query.js").Word} word @param {import("./texts.js").Row} row @param {import("./texts.js").Passage[]} passages
   * @returns {Promise<Mark[]>}
   */
  async marks(word, row, passages) {
    /** @type {Mark[]} */
    const found = []
    for (const pattern of word.patterns) {
      const size = pattern.length
      if (pattern.every((unit) => isText(unit[0]))) {
        const run = pattern.map(([point]) => point)
        passages.forEach((passage, n) => {
          if (size > 1 || passage.tier < SINGLE_TIERS) for (const at of findRun(passage.points, run)) found.push(markOf(passage, n, at, size))
        })
      } else if (!found.length) {
        const atoms = await this.soundAtoms(pattern)
        for (const tier of new Set(passages.map((passage) => passage.tier))) {
          if (!documentsOf(atoms, null).get(tier)?.includes(row.number)) continue
          await this.needPlaces(atoms, new Map())
          const places = await Promise.all(atoms.map((atom) => this.reader(atom, tier)))
          for (const start of starts(atoms, places, row.number)) {
            const n = passages.findIndex((p) => start >= p.at && start + size <= p.at + p.points.length)
            if (n >= 0) found.push(markOf(passages[n], n, start - passages[n].at, size))
          }
        }
      }
    }
    return found
  }
}

/** How much there is to read of an atom. @param {Atom} atom */
function weight({ parts }) {
  return parts.reduce((sum, { gram }) => gram.lists.reduce((total, list) => total + list.length, sum), 0)
}

/** @param {import("./texts.js").Passage} passage @param {number} n @param {number} at @param {number} size @returns {Mark} */
function markOf(passage, n, at, size) {
  return { field: passage.field, passage: n, start: passage.start[at], end: passage.end[at + size - 1] }
}

/** Places where the pattern begins. @param {Atom[]} atoms @param {((document: number) => number[])[]} places @param {number} document */
function starts(atoms, places, document) {
  let found = places[0](document).map((place) => place - atoms[0].offset)
  for (let n = 1; n < atoms.length && found.length; n += 1) {
    const here = new Set(places[n](document))
    found = found.filter((start) => here.has(start + atoms[n].offset))
  }
  return found
}

/** Documents that have all atoms in one tier, by tier. @param {Atom[]} atoms @param {Uint8Array | null} within */
function documentsOf(atoms, within) {
  /** @type {Map<number, Uint32Array>} */
  const found = new Map()
  for (let tier = 0; tier < 8; tier += 1) {
    const lists = atoms.map((atom) => atom.parts.flatMap(({ lists, gram }) => gram.lists.filter((l) => l.tier === tier).map((l) => lists.documents(l))))
    if (lists.some((parts) => !parts.length)) continue
    let documents = lists.map(unite).sort((a, b) => a.length - b.length).reduce(intersect)
    if (within) documents = documents.filter((document) => within[document] !== NONE)
    if (documents.length) found.set(tier, documents)
  }
  return found
}

/** @param {Map<number, Uint32Array>} documents */
function size(documents) {
  let sum = 0
  for (const list of documents.values()) sum += list.length
  return sum
}

/** @param {Map<number, Uint32Array>} documents @param {(tier: number, documents: Iterable<number>) => void} put */
function each(documents, put) {
  for (const [tier, list] of documents) put(tier, list)
}

/** @param {Uint32Array} list ascending @param {number} value */
function indexOf(list, value) {
  let low = 0, high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle] < value) low = middle + 1
    else high = middle
  }
  return list[low] === value ? low : -1
}
