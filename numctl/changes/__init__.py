"""Every change of a number: planned, carried out, looked for, recorded."""
