"""What an organiser's scheme says: its words, dimensions, rounds, rules, fields, brand."""
