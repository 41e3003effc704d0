/** What the page draws of numbers: the tiles of the map and the columns that stand on the line. */

/** Puts the tiles where they belong and fills each wall as high as its number. @param {HTMLElement | null} map */
export function layMap(map) {
  if (!map) return
  const tiles = /** @type {HTMLElement[]} */ ([...map.querySelectorAll("button")])
  const most = Math.max(1, ...tiles.map((tile) => Number(tile.dataset.count)))
  map.style.setProperty("--columns", map.dataset.columns ?? "1")
  map.style.setProperty("--rows", map.dataset.rows ?? "1")
  for (const tile of tiles) {
    const place = /** @type {HTMLElement} */ (tile.parentElement)
    place.style.gridArea = place.dataset.at ?? ""
    const level = /** @type {HTMLElement} */ (tile.firstElementChild)
    level.style.height = `${Math.round((100 * Number(tile.dataset.count)) / most)}%`
  }
}

/** Columns of a wall, as high as their numbers. @param {ParentNode} root */
export function layColumns(root) {
  for (const sky of root.querySelectorAll(".k-sky")) {
    const columns = /** @type {HTMLElement[]} */ ([...sky.children])
    const most = Math.max(1, ...columns.map((column) => Number(column.dataset.count)))
    ;/** @type {HTMLElement} */ (sky).dataset.digits = String(String(most).length)
    for (const column of columns) {
      const bar = /** @type {HTMLElement} */ (column.querySelector("i"))
      bar.style.height = `calc(${Number(column.dataset.count) / most} * (100% - var(--tip)))`
    }
  }
}
