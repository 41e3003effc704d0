"""Blank forms of a scheme, which `caselib import` reads back."""
