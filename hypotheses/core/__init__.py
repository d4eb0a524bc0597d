"""The contract every claim keeps, and the rule that judges it."""
