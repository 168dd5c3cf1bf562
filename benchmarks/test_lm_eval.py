"""EleutherAI's lm-eval: every document of the tasks that --lm-eval-tasks names."""

import pytest_aibench as aibench


@aibench.lm_eval_tasks()
def test_lm_eval(document):
    document.answer()
