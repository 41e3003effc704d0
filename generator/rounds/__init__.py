"""One round judged: what was counted, announced and asked for, and the rules of the scheme."""
