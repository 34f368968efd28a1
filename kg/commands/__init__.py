"""Commands that print reports; `kg.cli` has the command line itself."""
