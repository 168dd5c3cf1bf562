"""A run of the whole folder needs Python's sandbox image alone.

Benchmarks in other languages are run where their file is named, so that who measures Python does
not wait for the images of Java, JavaScript and C++, and of DS-1000's libraries; so is HumanEval in
its second form.
"""

collect_ignore = [
    "test_basics_languages.py",
    "test_ds1000.py",
    "test_humaneval_unstripped.py",
    "test_humaneval_x.py",
    "test_humanevalpack.py",
    "test_multipl_e.py",
]
