/** Texts of the interface. They are written in Chinese; names in braces stand for values and for words of the scheme. */

/** What the site says otherwise; the line is replaced when the scripts are put together (search/bundle.py).
 * @type {{ messages: Record<string, string>, words: Record<string, string> }} */
const TEXTS = { messages: {}, words: { case: "案例", item: "项目", measure: "项" } }

/** `message` in the language of the site, with `values` and the scheme's words in it. */
export function say(/** @type {string} */ message, /** @type {Record<string, string | number>} */ values = {}) {
  /** @type {Record<string, string | number>} */
  const known = { ...TEXTS.words, ...values }
  return (TEXTS.messages[message] ?? message).replace(/\{([a-z_]+)\}/g, (found, name) => String(known[name] ?? found))
}
