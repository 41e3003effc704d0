/** The document whose number somebody typed: documents stand in the order of their ids, so a few looks find it. No DOM. */

const NUMBER = /^\s*(\d{4})[-－—\s]?(\d{5,7})\s*$/

/**
 * The row of the document with the id in a text; null where the text is no id, or none has it.
 * @param {import("./engine.js").Engine} engine @param {string} text @returns {Promise<import("./texts.js").Row | null>}
 */
export async function numbered(engine, text) {
  const [, year, serial] = NUMBER.exec(text.normalize("NFKC")) ?? []
  if (!year) return null
  const wanted = `${year}-${serial}`
  let low = 0, high = engine.manifest.documents - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const row = await engine.matcher.row(middle)
    if (row.id === wanted) return row
    if (row.id < wanted) low = middle + 1
    else high = middle - 1
  }
  return null
}
