"""What `numctl doctor` checks: this machine, its configuration, the credentials and the connection."""

__all__ = ["examine", "finding", "service"]
