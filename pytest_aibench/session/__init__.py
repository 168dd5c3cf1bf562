"""A run: what it plans, what each process holds, what the controller counts."""
