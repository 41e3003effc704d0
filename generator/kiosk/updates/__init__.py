"""Updates of the showcase through The Update Framework: the keys and folder of the staff, the check of a screen."""
