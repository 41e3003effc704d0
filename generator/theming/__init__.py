"""What templates get and how they are rendered: contexts, frames, texts, drawings, assets."""
