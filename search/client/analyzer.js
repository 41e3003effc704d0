/** The normal form of text and the names of grams, as search/analyzer.py and search/postings.py define them. No DOM. */

export const INITIAL_BASE = 0xe000
export const SYLLABLE_BASE = 0xe100

const NOTHING = /[\p{M}\p{P}\p{S}\p{Z}\p{C}]/u

/** @param {string} character one decomposed character */
function isDropped(character) {
  const point = character.codePointAt(0)
  return !(point >= 0x20000 && point < 0x40000) && NOTHING.test(character)
}

/** Folds text with a table given as pairs of characters ("後后它他"). */
export class Folder {
  /** @param {string} pairs */
  constructor(pairs) {
    /** @type {Map<string, string>} */
    this.table = new Map()
    /** @type {Map<string, string>} */
    this.known = new Map()
    this.add(pairs)
  }

  /** Adds pairs to the table. @param {string} pairs */
  add(pairs) {
    const characters = Array.from(pairs)
    for (let n = 0; n + 1 < characters.length; n += 2) this.table.set(characters[n], characters[n + 1])
    this.known.clear()
  }

  /** Forgets what was folded so far; the table stays. */
  forget() {
    this.known.clear()
  }

  /** What one character becomes: nothing, one character, or a few. @param {string} character */
  character(character) {
    let out = this.known.get(character)
    if (out === undefined) {
      out = ""
      for (const part of character.normalize("NFKD")) {
        if (isDropped(part)) continue
        for (const low of part.toLowerCase()) if (!isDropped(low)) out += this.table.get(low) ?? low
      }
      if (this.known.size > 20000) this.known.clear()
      this.known.set(character, out)
    }
    return out
  }

  /** The normal form of a text. @param {string} text */
  fold(text) {
    let out = ""
    for (const character of text) out += this.character(character)
    return out
  }

  /**
   * The code points of the normal form; for each the index in `text` where the character it comes from begins and ends.
   * @param {string} text
   * @returns {{points: number[], start: number[], end: number[]}}
   */
  mapped(text) {
    const points = [], start = [], end = []
    let at = 0
    for (const character of text) {
      for (const folded of this.character(character)) {
        points.push(folded.codePointAt(0))
        start.push(at)
        end.push(at + character.length)
      }
      at += character.length
    }
    return { points, start, end }
  }
}

/** Whether a code point is a character of text, not a gram of pinyin. @param {number} point */
export function isText(point) {
  return point < INITIAL_BASE || point >= 0xf900
}

/** 32 bits of a gram of two code points (the second 0 for a single one). @param {number} first @param {number} second */
export function gramHash(first, second) {
  let h = (Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x85ebca77)) >>> 0
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return (h ^ (h >>> 15)) >>> 0
}

/** 32 bits of a text: FNV-1a over its code points. @param {string} text */
export function textHash(text) {
  let h = 0x811c9dc5
  for (const character of text) h = Math.imul(h ^ character.codePointAt(0), 0x01000193) >>> 0
  return h
}

/** Number of the shard of a gram; syllables by their first one only. @param {number} first @param {number} second @param {number} bits */
export function shardOf(first, second, bits) {
  if (!bits) return 0
  const syllable = first >= SYLLABLE_BASE && first < SYLLABLE_BASE + 0x1000
  return gramHash(first, syllable ? 0 : second) >>> (32 - bits)
}
