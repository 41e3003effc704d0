"""The museum showcase: its content, the machine that shows it, and the updates that the machine accepts."""
