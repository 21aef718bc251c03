"""What `numctl doctor` looks at: this machine, its configuration, the credentials, and the way to the service."""

__all__ = ["examine", "finding", "service"]
