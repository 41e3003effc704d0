/** What a reader typed, as words and the patterns that each may match: search/query.py in JavaScript. No DOM. */
import { INITIAL_BASE, SYLLABLE_BASE } from "./analyzer.js"

export const MAX_TEXT = 1000
const MAX_WORDS = 16
const MAX_PARSES = 6
const MAX_PATTERNS = 24
const SPACE = "\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200b\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
const IS_SPACE = new RegExp(`[${SPACE}]`)
const NOT_SPACE = new RegExp(`[^${SPACE}]`)
const AFTER_MINUS = new RegExp(`[${SPACE}0-9０-９]`)
const QUOTES = new Map([['"', '"'], ["＂", "＂"], ["“", "”"]])

/**
 * @typedef {number[][]} Pattern what may stand at each place: code points of grams
 * @typedef {{text: string, patterns: Pattern[]}} Word
 * @typedef {{words: Word[], without: Word[], joined: Word | null, whole: string, cut: boolean, empty: boolean}} Query
 */

/**
 * The query in a text; never an error.
 * @param {string} text @param {import("./analyzer.js").Folder} folder @param {string[]} syllables
 * @returns {Query}
 */
export function parseQuery(text, folder, syllables) {
  const points = Array.from(text)
  let cut = points.length > MAX_TEXT
  const kept = cut ? points.slice(0, MAX_TEXT).join("") : text
  /** @type {string[]} */
  let plus = []
  /** @type {string[]} */
  let minus = []
  let quoted = false
  for (const [raw, negative, inQuotes] of tokens(kept)) {
    const word = folder.fold(raw)
    if (!word) continue
    if (negative) minus.push(word)
    else plus.push(word)
    quoted ||= inQuotes
  }
  if (!plus.length) [plus, minus] = [minus, []]
  const whole = plus.join("")
  const joins = plus.length > 1 && !minus.length && !quoted && plus.some((word) => Array.from(word).length === 1)
  plus = [...new Set(plus)]
  minus = [...new Set(minus)]
  if (plus.length + minus.length > MAX_WORDS) {
    cut = true
    plus = plus.slice(0, MAX_WORDS)
    minus = minus.slice(0, MAX_WORDS - plus.length)
  }
  return {
    words: plus.map((word) => asWord(word, syllables)),
    without: minus.map((word) => asWord(word, syllables)),
    joined: joins ? asWord(whole, syllables) : null,
    whole, cut, empty: !plus.length && NOT_SPACE.test(kept),
  }
}

/** [raw word, whether it excludes, whether it stood in quotes], in order. @param {string} text @returns {[string, boolean, boolean][]} */
export function tokens(text) {
  /** @type {[string, boolean, boolean][]} */
  const found = []
  let at = 0
  while (at < text.length) {
    if (IS_SPACE.test(text[at])) {
      at += 1
      continue
    }
    const negative = "-－".includes(text[at]) && at + 1 < text.length && !AFTER_MINUS.test(text[at + 1])
    if (negative) at += 1
    const mark = QUOTES.get(text[at])
    const close = mark ? closing(text, at + 1, mark) : -1
    if (close >= 0) {
      found.push([text.slice(at + 1, close), negative, true])
      at = close + 1
    } else {
      let end = at
      while (end < text.length && !IS_SPACE.test(text[end])) end += 1
      found.push([text.slice(at, end), negative, false])
      at = end
    }
  }
  return found
}

/** @param {string} text @param {number} start @param {string} mark */
function closing(text, start, mark) {
  let at = text.indexOf(mark, start)
  while (at >= 0 && at + 1 < text.length && !IS_SPACE.test(text[at + 1])) at = text.indexOf(mark, at + 1)
  return at
}

/** A folded word with its patterns. @param {string} text @param {string[]} syllables @returns {Word} */
export function asWord(text, syllables) {
  /** @param {string} part @returns {Pattern} */
  const literal = (part) => Array.from(part, (c) => [c.codePointAt(0)])
  /** @type {Pattern[]} */
  let ways = [[]]
  let at = 0
  for (const run of text.matchAll(/[a-z]{2,}/g)) {
    const before = literal(text.slice(at, run.index))
    const choices = [literal(run[0]), ...readings(run[0], syllables)]
    ways = ways.flatMap((way) => choices.map((choice) => [...way, ...before, ...choice])).slice(0, MAX_PATTERNS)
    at = run.index + run[0].length
  }
  const rest = literal(text.slice(at))
  /** @type {Map<string, Pattern>} */
  const patterns = new Map()
  for (const pattern of [literal(text), ...ways.map((way) => [...way, ...rest])]) patterns.set(pattern.join(";"), pattern)
  return { text, patterns: [...patterns.values()] }
}

/** Ways to read letters as the sounds of consecutive characters. @param {string} run @param {string[]} syllables @returns {Pattern[]} */
export function readings(run, syllables) {
  /** @type {Pattern[]} */
  const found = []
  /** @param {number} start @param {Pattern} units */
  const cut = (start, units) => {
    if (found.length >= MAX_PARSES) return
    const rest = run.slice(start)
    if (units.length) {
      const last = numbers(syllables, rest, true)
      if (last.length) found.push([...units, last])
    } else if (numbers(syllables, rest, false).length) {
      found.push([numbers(syllables, rest, false)])
    }
    for (let size = Math.min(6, rest.length - 1); size > 0; size -= 1) {
      const same = numbers(syllables, rest.slice(0, size), false)
      if (same.length) cut(start + size, [...units, same])
    }
  }
  if (run.length <= 64) {
    cut(0, [])
    if (!/[iuv]/.test(run) && run.length <= 16) found.push(Array.from(run, (c) => [INITIAL_BASE + c.charCodeAt(0) - 97]))
  }
  return found
}

/** Grams of the syllables that are written so; ü may be typed v or u. @param {string[]} names @param {string} text @param {boolean} prefix */
function numbers(names, text, prefix) {
  if (text.length > 6) return []
  /** @type {number[]} */
  const found = []
  names.forEach((name, n) => {
    const forms = [name, name.replace("v", "u")]
    if (forms.some((form) => (prefix ? form.startsWith(text) : form === text))) found.push(SYLLABLE_BASE + n)
  })
  return found
}
