"""What other sites show of a page: facts for machines, pictures for messages."""
