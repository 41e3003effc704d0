/** Reads the bytes of shards and columns: search/postings.py and search/columns.py say how they are written. No DOM. */
import { isText, textHash } from "./analyzer.js"

export const RARE = 16
const SHIFT = 0x200000

/** Reads varints one after another; throws RangeError past the end. */
class Reading {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes
    this.at = 0
  }

  one() {
    let value = 0, scale = 1
    for (;;) {
      const byte = this.bytes[this.at++]
      if (byte === undefined) throw new RangeError("shard ends early")
      value += (byte & 127) * scale
      if (byte < 128) return value
      scale *= 128
    }
  }

  /** @param {number} count */
  many(count) {
    if (count > this.bytes.length - this.at) throw new RangeError("shard ends early")
    const out = new Uint32Array(count)
    for (let n = 0; n < count; n += 1) out[n] = this.one()
    return out
  }

  /** Skips varints. @param {number} count */
  skip(count) {
    for (let n = count; n > 0; n -= 1) while (this.bytes[this.at++] > 127);
    if (this.at > this.bytes.length) throw new RangeError("shard ends early")
  }
}

/**
 * The documents of one gram in one tier.
 * @typedef {{tier: number, length: number, at: number, order: number}} List at: byte of its first gap; order: number of
 *   its first posting among those with places
 * @typedef {{second: number, lists: List[], stored: boolean}} Gram stored: whether it has places
 */

/** Lists of documents of the grams of one shard. */
export class Lists {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    const reading = new Reading(bytes)
    const [grams, lists, titles] = reading.many(3)
    const steps = reading.many(grams), seconds = reading.many(grams)
    const masks = bytes.subarray(reading.at, reading.at + grams)
    reading.at += grams
    const lengths = reading.many(lists)
    this.bytes = bytes
    /** @type {Map<number, Gram[]>} */
    this.firsts = new Map()
    /** @type {Map<number, Gram>} */
    this.grams = new Map()
    let first = 0, list = 0, order = 0
    for (let n = 0; n < grams; n += 1) {
      first += steps[n]
      /** @type {Gram} */
      const gram = { second: seconds[n], lists: [], stored: false }
      let total = 0
      for (let tier = 0; tier < 8; tier += 1) {
        if (!(masks[n] & (1 << tier))) continue
        const length = lengths[list++]
        gram.lists.push({ tier, length, at: reading.at, order: order + total })
        reading.skip(length)
        total += length
      }
      gram.stored = total > RARE || !isText(first)
      if (gram.stored) order += total
      this.grams.set(first * SHIFT + gram.second, gram)
      const group = this.firsts.get(first)
      if (group) group.push(gram)
      else this.firsts.set(first, [gram])
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset + reading.at, titles * 4)
    this.hashes = Array.from({ length: titles }, (_, n) => view.getUint32(n * 4, true))
    reading.at += titles * 4
    this.titled = reading.many(titles)
  }

  /** @param {number} first @param {number} second */
  gram(first, second) {
    return this.grams.get(first * SHIFT + second)
  }

  /** All grams that begin with a code point. @param {number} first */
  from(first) {
    return this.firsts.get(first) ?? []
  }

  /** Documents of a list, ascending. @param {List} list */
  documents(list) {
    const out = new Uint32Array(list.length), { bytes } = this
    let at = list.at, last = -1
    for (let n = 0; n < list.length; n += 1) {
      let byte = bytes[at++], gap = byte & 127, shift = 7
      while (byte > 127) {
        byte = bytes[at++]
        gap += (byte & 127) * 2 ** shift
        shift += 7
      }
      last += gap + 1
      out[n] = last
    }
    return out
  }

  /** Documents whose whole folded title is `title`. @param {string} title */
  exact(title) {
    const hash = textHash(title)
    return this.hashes.flatMap((h, n) => (h === hash ? [this.titled[n]] : []))
  }
}

/** Where in their documents the grams of one shard stand. */
export class Places {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    const reading = new Reading(bytes)
    const [postings, positions] = reading.many(2)
    const times = reading.many(postings)
    this.before = new Uint32Array(postings + 1)
    for (let n = 0; n < postings; n += 1) this.before[n + 1] = this.before[n] + times[n] + 1
    if (this.before[postings] !== positions) throw new RangeError("shard does not add up")
    this.places = reading.many(positions)
    if (bytes.length - reading.at !== positions) throw new RangeError("shard ends early")
    for (let n = 0; n < positions; n += 1) this.places[n] = this.places[n] * 256 + bytes[reading.at + n]
  }

  /** Places in the n-th posting. @param {number} posting */
  of(posting) {
    return this.places.subarray(this.before[posting], this.before[posting + 1])
  }
}

/** Award and year of every document. @param {Uint8Array} bytes @param {number} count */
export function readRank(bytes, count) {
  const reading = new Reading(bytes)
  const award = reading.many(count), year = reading.many(count)
  let last = 0
  for (let n = 0; n < count; n += 1) {
    last += year[n] & 1 ? -((year[n] + 1) / 2) : year[n] / 2
    year[n] = last
  }
  return { award, year }
}

/**
 * For each facet, then the flags: the sets of places of terms that occur, and the set of every document.
 * @param {Uint8Array} bytes @param {number} count @param {number} columns
 */
export function readFacets(bytes, count, columns) {
  const reading = new Reading(bytes)
  return Array.from({ length: columns }, () => {
    const sets = Array.from({ length: reading.one() }, () => Array.from(reading.many(reading.one())))
    return { sets, of: reading.many(count) }
  })
}

/** A number for each document. @param {Uint8Array} bytes @param {number} count */
export function readColumn(bytes, count) {
  return new Reading(bytes).many(count)
}
