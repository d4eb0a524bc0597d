"""How a run is shown: records in, files out."""
