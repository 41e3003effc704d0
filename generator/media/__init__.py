"""Pictures and videos: of the library, their copies, and how one is added."""
