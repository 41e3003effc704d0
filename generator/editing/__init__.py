"""The editor in the browser: a local page with a form made from the model and the scheme."""
