"""Pytest items: one per problem and sample."""
