"""Printed documents: the list of awards, certificates, the yearbook. `documents` is the way in."""
