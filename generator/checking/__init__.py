"""Reading what people wrote: YAML with positions, models that describe their keys, and what is wrong with it."""
