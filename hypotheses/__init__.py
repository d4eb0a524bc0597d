"""What is claimed: one file per claim, one decision rule."""
