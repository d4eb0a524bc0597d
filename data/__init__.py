"""Where series come from: one catalog, one door."""
