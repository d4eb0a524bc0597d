"""The series and their manifest that come with the project."""
