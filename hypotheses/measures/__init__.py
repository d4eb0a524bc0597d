"""Numbers that several claims share: series and event in, estimate out."""
