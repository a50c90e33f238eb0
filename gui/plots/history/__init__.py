"""Ki-67 over time and the timeline of therapies."""
