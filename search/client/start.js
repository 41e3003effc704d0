// Starts the elements: as modules from a server, as one script (search.js beside the manifest) from a disk. A classic script on purpose.
(function () {
  var own = document.currentScript
  if (location.protocol !== "file:") {
    import(new URL("case-search.js", own.src).href)
    return
  }
  var script = document.createElement("script")
  script.src = new URL("search.js", new URL(own.dataset.index, document.baseURI)).href
  document.head.append(script)
})()
