// Blocking, before the first paint: what the reader chose on this device. reading.js keeps it. A classic script on purpose.
(function () {
  var root = document.documentElement
  root.dataset.theme = "auto"
  root.dataset.size = "normal"
  try {
    var theme = localStorage.getItem("case-theme")
    if (/^(light|dark|contrast|contrast-dark)$/.test(theme)) root.dataset.theme = theme
    if (localStorage.getItem("case-size") === "large") root.dataset.size = "large"
  } catch (error) { /* no storage: the defaults hold */ }
})()
