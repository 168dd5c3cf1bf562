"""How CRUXEval's problems are put: our own words in the reference's form.

As there, two solved examples (one, where the model is to think first) precede the question, `??`
stands for what is asked, the answer is a whole assertion between `[ANSWER]` and `[/ANSWER]`, and
the prompt ends where the model is to go on. Scores of two models with these prompts compare; with
published ones, which were asked in other words, they compare with care.
"""

from __future__ import annotations

__all__ = ["DIRECT_INPUT", "DIRECT_OUTPUT", "THOUGHT_INPUT", "THOUGHT_OUTPUT"]

DIRECT_OUTPUT = """\
Below is a Python function f and an assertion about one call of it, in which the value is missing. \
Replace ?? by the value that the call returns, even if the function looks wrong. Write it as a \
literal, without calls or arithmetic. Answer with the whole assertion between [ANSWER] and \
[/ANSWER], and with nothing else.

[PYTHON]
def f(x, y):
    return y - x
assert f(4, 9) == ??
[/PYTHON]
[ANSWER]
assert f(4, 9) == 5
[/ANSWER]

[PYTHON]
def f(words):
    return [w.upper() for w in words]
assert f(["no", "Yes"]) == ??
[/PYTHON]
[ANSWER]
assert f(["no", "Yes"]) == ["NO", "YES"]
[/ANSWER]

[PYTHON]
{code}
assert f({input}) == ??
[/PYTHON]
[ANSWER]
"""

THOUGHT_OUTPUT = """\
Below is a Python function f and an assertion about one call of it, in which the value is missing. \
Follow the call step by step, then replace ?? by the value that it returns, even if the function \
looks wrong. Write it as a literal, without calls or arithmetic. Give your thoughts first, then \
the whole assertion between [ANSWER] and [/ANSWER].

[PYTHON]
def f(text):
    half = len(text) // 2
    return text[half:] + "-" + text[:half]
assert f("tiger") == ??
[/PYTHON]
[THOUGHT]
The text "tiger" has 5 characters, so half is 5 // 2 = 2.
text[2:] is "ger", and text[:2] is "ti".
Joined by "-", they are "ger-ti".
[/THOUGHT]
[ANSWER]
assert f("tiger") == "ger-ti"
[/ANSWER]

[PYTHON]
{code}
assert f({input}) == ??
[/PYTHON]
[THOUGHT]
"""

DIRECT_INPUT = """\
Below is a Python function f and an assertion about one call of it, in which the arguments are \
missing. Replace ?? by arguments for which the call returns the given value. If several will do, \
choose one. Answer with the whole assertion between [ANSWER] and [/ANSWER], and with nothing else.

[PYTHON]
def f(x, y):
    return y - x
assert f(??) == 5
[/PYTHON]
[ANSWER]
assert f(4, 9) == 5
[/ANSWER]

[PYTHON]
def f(words):
    return [w.upper() for w in words if len(w) > 1]
assert f(??) == ["NO", "YES"]
[/PYTHON]
[ANSWER]
assert f(["no", "a", "Yes"]) == ["NO", "YES"]
[/ANSWER]

[PYTHON]
{code}
assert f(??) == {output}
[/PYTHON]
[ANSWER]
"""

THOUGHT_INPUT = """\
Below is a Python function f and an assertion about one call of it, in which the arguments are \
missing. Reason step by step, then replace ?? by arguments for which the call returns the given \
value. If several will do, choose one. Give your thoughts first, and then the whole assertion \
between [ANSWER] and [/ANSWER].

[PYTHON]
def f(text):
    half = len(text) // 2
    return text[half:] + "-" + text[:half]
assert f(??) == "ger-ti"
[/PYTHON]
[THOUGHT]
The part before "-" is the second half of the text, "ger", and the part after it the first, "ti".
So the text is "ti" + "ger" = "tiger". Its half is 5 // 2 = 2, which cuts it in these places.
[/THOUGHT]
[ANSWER]
assert f("tiger") == "ger-ti"
[/ANSWER]

[PYTHON]
{code}
assert f(??) == {output}
[/PYTHON]
[THOUGHT]
"""
