/** Home: the case of the day. All are in the page; the first shows without a script. */

const cases = document.querySelectorAll("#case-day > .case-day")
const today = Math.floor((Date.now() - new Date().getTimezoneOffset() * 60000) / 86400000)
cases.forEach((entry, place) => { entry.hidden = place !== today % cases.length })
