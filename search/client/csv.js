/** Results as a table for spreadsheets. No DOM. */

import { say } from "./say.js"

/** Rows of results that are exported at most. */
export const MOST_ROWS = 2000

/**
 * Text of a CSV file with a byte-order mark, as spreadsheets want it.
 * @param {import("./texts.js").Row[]} rows @param {any} manifest @param {(url: string) => string} absolute
 */
export function csvOf(rows, manifest, absolute) {
  const heads = manifest.fields.flatMap((/** @type {any[]} */ [, label, role], /** @type {number} */ n) =>
    (["title", "unit", "people"].includes(role) ? [[n, label]] : []))
  const head = [say("编号"), ...heads.map(([, label]) => label), ...manifest.facets.map((/** @type {any} */ f) => f.label), say("地址")]
  const lines = rows.map((row) => [
    row.id, ...heads.map(([n]) => row.texts[n].join("、")),
    ...manifest.facets.map((/** @type {any} */ facet, /** @type {number} */ n) => row.terms[n].map((t) => facet.terms[t][1]).join("、")),
    absolute(row.url),
  ])
  return "\ufeff" + [head, ...lines].map((line) => line.map(cell).join(",") + "\r\n").join("")
}

/** A cell in quotes; one that a spreadsheet would calculate begins with an apostrophe. @param {string} text */
function cell(text) {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${plain.replaceAll('"', '""')}"`
}
