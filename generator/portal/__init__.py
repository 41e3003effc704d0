"""One site with the libraries of several organisers."""
