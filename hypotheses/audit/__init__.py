"""The article's figures, each measured by a small function and judged by how it is worded."""
