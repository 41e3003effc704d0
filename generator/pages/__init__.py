"""What stands on each page of the site, and which pages there are."""
