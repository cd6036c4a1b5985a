"""The Train page: its form, and the runs below it."""
