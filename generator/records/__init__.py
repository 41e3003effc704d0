"""Records of cases: checked, kept, written in one form, moved, and the library of them."""
