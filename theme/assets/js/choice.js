// Blocking, before the first paint: what the reader chose on this device. reading.js keeps it. A classic script on purpose.
(function () {
  try {
    var root = document.documentElement, theme = localStorage.getItem("case-theme"), size = localStorage.getItem("case-size")
    if (/^(light|dark|contrast|contrast-dark)$/.test(theme)) root.dataset.theme = theme
    if (size === "large") root.dataset.size = size
  } catch (error) { /* no storage: the defaults hold */ }
})()
