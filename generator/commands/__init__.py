"""The commands of `caselib`, one module each: parse, call one function, print."""
