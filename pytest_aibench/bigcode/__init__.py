"""The BigCode evaluation harness's tasks as pytest items.

Documents, prompts, stop words and post-processing are the harness's own code; what its scoring
would execute is caught on the way (`capture`) and runs in our sandbox instead. Tasks that this
project carries itself (`carried`) need no harness.

`bigcode_eval` is imported by `harness` alone, and only where `--bigcode-tasks` is given.
"""
