"""The bin: records that were deleted, and how they are restored."""
