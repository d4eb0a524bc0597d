"""How a number is found: pure functions with frozen results."""
