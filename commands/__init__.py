"""The commands of `theralog`, each one task without a window."""
