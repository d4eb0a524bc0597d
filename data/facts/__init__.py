"""Dated facts with source and precision."""
