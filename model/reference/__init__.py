"""Reference data: analytes, units, nuclides, agents."""
