"""EleutherAI's lm-eval: its tasks as pytest items, scored by itself.

The controller *plans* with `simple_evaluate` and a model that stops it at its first request, items
*ask* for what was planned, and when the session ends the recorded answers are *replayed* through
`simple_evaluate`. Prompts, few-shot examples, filters, metrics and aggregation are lm-eval's own.

lm-eval is imported by `evaluation`, `language_model` and `code_eval` alone, in the controller.
"""
