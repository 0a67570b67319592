"""Makes the values that templates show."""
