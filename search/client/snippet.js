/** Why a document was found: texts cut to what matched, with the match apart. No DOM. */

const BEFORE = 24
const LENGTH = 96

/** @typedef {{text: string, mark: boolean}[]} Segments */

/**
 * A text in pieces, marked or not; `from` and `to` cut it.
 * @param {string} text @param {{start: number, end: number}[]} marks @returns {Segments}
 */
export function segments(text, marks, from = 0, to = text.length) {
  /** @type {Segments} */
  const out = []
  let at = from
  for (const { start, end } of [...marks].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const first = Math.max(start, at), last = Math.min(end, to)
    if (first >= last) continue
    if (first > at) out.push({ text: text.slice(at, first), mark: false })
    const before = out[out.length - 1]
    if (before?.mark && first === at) before.text += text.slice(first, last)
    else out.push({ text: text.slice(first, last), mark: true })
    at = last
  }
  if (at < to) out.push({ text: text.slice(at, to), mark: false })
  return out
}

/**
 * What to show of a hit: every passage of the head (title, unit, people) in segments, and one other passage that matched.
 * @param {{row: any, passages: import("./texts.js").Passage[], marks: import("./matcher.js").Mark[]}} hit @param {any} manifest
 */
export function excerpt({ row, passages, marks }, manifest) {
  const byPassage = passages.map((_, n) => marks.filter((mark) => mark.passage === n))
  /** @type {Record<string, Segments[]>} */
  const head = {}
  let best = -1
  passages.forEach((passage, n) => {
    const [key, , role] = manifest.fields[passage.field]
    if (["title", "unit", "people"].includes(role)) (head[key] ??= []).push(segments(passage.text, byPassage[n]))
    else if (byPassage[n].length && (best < 0 || kinds(byPassage[n]) > kinds(byPassage[best]))) best = n
  })
  if (best < 0) best = passages.findIndex((passage) => manifest.fields[passage.field][2] === "summary")
  if (best < 0) return { row, head, label: "", why: [] }
  const { text, field } = passages[best]
  const first = Math.min(...byPassage[best].map((mark) => mark.start), text.length)
  let from = byPassage[best].length ? Math.max(0, first - BEFORE) : 0
  let to = Math.min(text.length, from + LENGTH)
  from = safe(text, Math.max(0, Math.min(from, to - LENGTH)))
  to = safe(text, to)
  const why = segments(text, byPassage[best], from, to)
  if (from > 0) why.unshift({ text: "…", mark: false })
  if (to < text.length) why.push({ text: "…", mark: false })
  return { row, head, label: byPassage[best].length ? manifest.fields[field][1] : "", why }
}

/** How many different places are marked. @param {{start: number}[]} marks */
function kinds(marks) {
  return new Set(marks.map((mark) => mark.start)).size
}

/** An index that does not split a surrogate pair. @param {string} text @param {number} at */
function safe(text, at) {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code < 0xe000 ? at - 1 : at
}
