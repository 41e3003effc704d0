"""What was published in earlier releases; whoever changes it afterwards says so."""
