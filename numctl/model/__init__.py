"""What is valid, what can be set on a number, and what the service returns: pure, without input or output."""
