"""What the agent does by itself: one job, one file."""
