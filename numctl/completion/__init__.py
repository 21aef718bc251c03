"""Shell completion: the scripts as shipped, and the cache of numbers that they read."""
