"""Makes the generated files: man pages, completion scripts and reference tables."""
