"""The Learn page: the theory, shown on the model that the user picked."""
