"""Small lm-eval tasks of every output type, with data of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["ALL", "GENERATED", "SCORED", "write_tasks"]

GENERATED = ("t_words", "t_votes", "t_bleu")
SCORED = ("t_choice", "t_last", "t_rolling")
ALL = (*GENERATED, *SCORED)

ROWS = [
    {
        "q": f"What is {i} and {i * 7 % 5}?",
        "a": "47"[i % 2],
        "choices": ["yes", "no", "blue sky"],
        "gold": i % 3,
        "text": f"the sky {i} is blue and the grass\n number {i * i} is no yes.",
    }
    for i in range(12)
]

_SHARED = """\
dataset_path: json
dataset_kwargs: {{data_files: {{test: "{data}"}}}}
test_split: test
metadata: {{version: 1.5}}
"""

_TASKS = {
    "t_words": """
output_type: generate_until
num_fewshot: 2
fewshot_split: test
doc_to_text: "Q: {{q}}\\nA:"
doc_to_target: "{{a}}"
generation_kwargs: {until: ["\\n", "Q:"], max_gen_toks: 6, do_sample: false}
filter_list:
  - name: strict
    filter: [{function: regex, regex_pattern: "^ (\\\\d)"}, {function: take_first}]
  - name: flexible
    filter: [{function: regex, regex_pattern: "(\\\\d)", group_select: -1}, {function: take_first}]
metric_list:
  - {metric: exact_match, aggregation: mean, higher_is_better: true}
""",
    "t_votes": """
output_type: generate_until
repeats: 3
doc_to_text: "{{q}}"
doc_to_target: "{{a}}"
generation_kwargs: {until: ["."], max_gen_toks: 8, do_sample: true, temperature: 0.7}
filter_list:
  - name: first
    filter: [{function: take_first}]
  - name: vote
    filter:
      - {function: regex, regex_pattern: "(\\\\d)"}
      - {function: majority_vote}
      - {function: take_first}
metric_list:
  - {metric: exact_match, aggregation: mean, higher_is_better: true}
""",
    "t_bleu": """
output_type: generate_until
doc_to_text: "{{q}} Say it:"
doc_to_target: "{{text}}"
generation_kwargs: {until: ["\\n\\n"], max_gen_toks: 12}
metric_list:
  - {metric: bleu, aggregation: bleu, higher_is_better: true}
  - {metric: chrf, aggregation: chrf, higher_is_better: true}
""",
    "t_choice": """
output_type: multiple_choice
num_fewshot: 1
fewshot_split: test
doc_to_text: "{{q}}"
doc_to_choice: "{{choices}}"
doc_to_target: gold
metric_list:
  - {metric: acc, aggregation: mean, higher_is_better: true}
  - {metric: acc_norm, aggregation: mean, higher_is_better: true}
  - {metric: acc_mutual_info, aggregation: mean, higher_is_better: true}
  - {metric: brier_score, aggregation: brier_score, higher_is_better: false}
""",
    "t_last": """
output_type: loglikelihood
doc_to_text: "{{q}} "
doc_to_target: "{{text.split()[-1]}}"
metric_list:
  - {metric: perplexity, aggregation: perplexity, higher_is_better: false}
  - {metric: acc, aggregation: mean, higher_is_better: true}
""",
    "t_rolling": """
output_type: loglikelihood_rolling
doc_to_text: ""
doc_to_target: "{{text}}"
metric_list:
  - {metric: word_perplexity}
  - {metric: byte_perplexity}
  - {metric: bits_per_byte}
""",
}

_GROUP = """
group: t_group
task: [t_words, t_votes]
aggregate_metric_list:
  - {metric: exact_match, aggregation: mean, weight_by_size: true, filter_list: [strict, first]}
metadata: {version: 2.0}
"""


def write_tasks(folder: Path, rows: list[dict[str, Any]] | None = None) -> Path:
    """Write all tasks and the group `t_group` to `folder`; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "rows.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows or ROWS))
    for name, text in _TASKS.items():
        head = f"task: {name}\n" + _SHARED.format(data=data)
        (folder / f"{name}.yaml").write_text(head + text.lstrip("\n"))
    (folder / "group.yaml").write_text(_GROUP.lstrip("\n"))
    return folder
