/** Titles and units that are nearly what was asked for: a typing slip still leads there. No DOM. */
import { findRun, passagesOf } from "./texts.js"

const HEAD_TIERS = 2
const LOOKED_AT = 24
const MOST_GRAMS = 24

/**
 * Documents whose title or unit is nearest to a text, best first.
 * @param {import("./engine.js").Engine} engine @param {string} whole folded @param {number} limit
 * @returns {Promise<{row: import("./texts.js").Row, text: string}[]>} text: the title or unit that is near
 */
export async function nearest(engine, whole, limit = 5) {
  const points = Array.from(whole, (c) => c.codePointAt(0) ?? 0).slice(0, 64)
  const pairs = await scored(engine, points.slice(0, -1).map((point, n) => [point, points[n + 1]]).slice(0, MOST_GRAMS))
  const scores = pairs.size ? pairs : await scored(engine, points.slice(0, 8).map((point) => [point, 0]))
  const candidates = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, LOOKED_AT)
  const rows = await engine.rows(candidates.map(([document]) => document))
  const found = rows.map((row) => {
    const heads = passagesOf(row, engine.manifest, engine.folder)
      .filter((passage) => ["title", "unit"].includes(engine.manifest.fields[passage.field][2]))
      .map((passage) => ({ text: passage.text, far: distance(points, passage.points) }))
      .sort((a, b) => a.far - b.far)
    return { row, text: heads[0]?.text ?? "", far: heads[0]?.far ?? Infinity }
  })
  /** @type {Set<string>} */
  const seen = new Set()
  return found.sort((a, b) => a.far - b.far || a.row.number - b.row.number)
    .filter(({ text, far }) => far <= Math.max(1, points.length * 0.6) && !seen.has(text) && seen.add(text)).slice(0, limit)
}

/** How many of the grams each document has in its head. @param {import("./engine.js").Engine} engine @param {number[][]} grams */
async function scored(engine, grams) {
  /** @type {Map<number, number>} */
  const scores = new Map()
  await Promise.all(grams.map(async ([first, second]) => {
    const { lists } = await engine.matcher.shard(first, second)
    for (const list of lists.gram(first, second)?.lists ?? []) {
      if (list.tier >= HEAD_TIERS) continue
      const weight = 1 + 1 / list.length
      for (const document of lists.documents(list)) scores.set(document, (scores.get(document) ?? 0) + weight)
    }
  }))
  return scores
}

/**
 * Edits that turn `points` into some run of `text`, or into all of it where that is shorter.
 * @param {number[]} points @param {number[]} text
 */
export function distance(points, text) {
  if (findRun(text, points).length) return 0
  let row = new Array(text.length + 1).fill(0)
  points.forEach((point, n) => {
    const next = [n + 1]
    for (let m = 1; m <= text.length; m += 1) {
      next.push(Math.min(row[m] + 1, next[m - 1] + 1, row[m - 1] + (text[m - 1] === point ? 0 : 1)))
    }
    row = next
  })
  return Math.min(...row)
}
