"""What this machine changed: written before it is sent, and read again."""
