"""Releases: what was published when, signed and packed; what differs since; putting it live and taking it back."""
