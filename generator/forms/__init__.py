"""Forms of a scheme, blank or with what a record says, which `caselib import` reads back."""
