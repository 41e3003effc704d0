/** The texts of a document as search reads them: folded passages, and the place of every character. No DOM. */

const ALIGN = 32

/**
 * A passage as it is stored and as it is searched.
 * @typedef {{field: number, tier: number, text: string, at: number, points: number[], start: number[], end: number[]}} Passage
 *   at: place of its first character in the document
 * @typedef {{number: number, id: string, url: string, texts: string[][], terms: number[][], flags: number[], year: number}} Row
 */

/** Text of a file of texts: a byte for the encoding, then its bytes. @param {Uint8Array} bytes */
export function readText(bytes) {
  return new TextDecoder(bytes[0] ? "gbk" : "utf-8", { fatal: true }).decode(bytes.subarray(1))
}

/** @param {number} number @param {any[]} row @returns {Row} */
export function asRow(number, [id, url, texts, terms, flags, year]) {
  return { number, id, url, texts, terms, flags, year }
}

/**
 * Passages of a document with their places: those of a field with a gap of one, fields at multiples of ALIGN.
 * @param {Row} row @param {any} manifest @param {import("./analyzer.js").Folder} folder
 * @returns {Passage[]}
 */
export function passagesOf(row, manifest, folder) {
  /** @type {Passage[]} */
  const found = []
  let at = 0
  manifest.fields.forEach((/** @type {any[]} */ [key, , , tier], /** @type {number} */ field) => {
    at = Math.ceil(at / ALIGN) * ALIGN
    for (const text of textsOf(row, key, field, manifest)) {
      const mapped = folder.mapped(text)
      found.push({ field, tier, text, at, ...mapped })
      at += mapped.points.length + 1
    }
  })
  return found
}

/** @param {Row} row @param {string} key @param {number} field @param {any} manifest @returns {string[]} */
function textsOf(row, key, field, manifest) {
  if (!key.startsWith("@")) return row.texts[field]
  const facet = manifest.facets.findIndex((/** @type {any} */ f) => f.key === key.slice(1))
  return row.terms[facet].flatMap((n) => {
    const [, label, , , ...aliases] = manifest.facets[facet].terms[n]
    return [label, ...aliases]
  })
}

/**
 * Indices in `points` at which a run of code points begins.
 * @param {number[]} points @param {number[]} run
 */
export function findRun(points, run) {
  /** @type {number[]} */
  const found = []
  for (let at = 0; at + run.length <= points.length; at += 1) {
    let n = 0
    while (n < run.length && points[at + n] === run[n]) n += 1
    if (n === run.length) found.push(at)
  }
  return found
}
