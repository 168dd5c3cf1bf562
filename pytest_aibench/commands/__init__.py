"""The subcommands of `aibench`, one module each, with `add_arguments(parser)` and `run(args)`."""
