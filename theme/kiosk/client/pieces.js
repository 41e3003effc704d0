/** Pieces that several screens show: the art of a case, its award, its labels, a card. */
import { icon, make, parsed } from "./dom.js"

/**
 * The copy of a picture that is as wide as it will be shown.
 * @param {import("./library.js").Picture} picture @param {number} width in pixels
 */
export function copyFor(picture, width) {
  return (picture.sizes.find(([wide]) => wide >= width) ?? picture.sizes[picture.sizes.length - 1])[1]
}

/**
 * The picture of a case, its drawing, or its mark; a picture that does not load becomes the mark.
 * @param {import("./library.js").Library} library @param {import("./library.js").Card} card @param {number} width
 * @param {import("./library.js").Picture} [picture] another one than the first
 */
export function art(library, card, width, picture = card.picture) {
  const mark = () => make("div", { class: "k-art k-art-mark" }, icon(library.mark(card), "k-art-sign"))
  if (picture?.sizes.length) {
    const image = make("img", { src: copyFor(picture, width), alt: picture.alt, width: picture.w, height: picture.h, decoding: "async", draggable: "false" })
    const box = make("div", { class: "k-art k-art-picture" }, image)
    image.addEventListener("error", () => box.replaceWith(mark()))
    return box
  }
  return card.figure ? make("div", { class: "k-art k-art-figure" }, drawing(card.figure)) : mark()
}

/** A drawing whose wall and wainscot run on to both sides of the place where it stands. @param {string} figure */
function drawing(figure) {
  const box = parsed(figure.replaceAll("M-2 ", "M-2400 ").replaceAll("H482", "H2880").replaceAll("H-2Z", "H-2400Z").replace("V302", "V1302"))
  box.firstElementChild?.setAttribute("preserveAspectRatio", "xMidYMax meet")
  return box
}

/** @param {any} term of the award, perhaps none @param {string} [year] */
export function awardLine(term, year = "") {
  return make("p", { class: "k-award" }, term?.mark && icon(term.mark, "k-award-mark"), term && make("b", {}, term.name), year && make("span", {}, year))
}

/** @param {import("./library.js").Library} library @param {import("./library.js").Card} card */
export function labelLine(library, card) {
  return make("ul", { class: "k-labels" }, library.labels(card).map(({ term }) =>
    make("li", {}, term.mark && icon(term.mark), make("span", {}, term.name))))
}

/** A card that opens a case. @param {import("./library.js").Library} library @param {number} number @param {import("./library.js").Card} card */
export function caseCard(library, number, card) {
  const award = library.award(card)
  return make("button", { type: "button", class: "k-card", "data-open": number },
    art(library, card, 480),
    make("span", { class: "k-card-say" },
      make("b", { class: "k-card-title" }, card.title),
      make("span", { class: "k-card-by" }, award?.mark && icon(award.mark, "k-card-award"), make("span", {}, [award?.name, card.unit].filter(Boolean).join("　")))))
}
