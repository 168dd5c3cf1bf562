"""Files of other harnesses, and our own: what a model answered, and how it was judged."""
