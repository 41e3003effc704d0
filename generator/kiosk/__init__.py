"""The museum showcase: a folder that one screen shows all day, offline."""
