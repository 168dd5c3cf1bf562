"""Python programs with a loop that never ends, each of which can be proven to."""

from __future__ import annotations

ENDLESS: dict[str, str] = {
    "nothing to do": "while True:\n    x = 1\n",
    "nothing at all": "while True:\n    pass\n",
    "one line": "n = 1\nwhile n: n = -n\n",
    "a test that never changes": "n = 5\nwhile n > 3:\n    n = n\n",
    "integer division": "n, odd = -5, 0\nwhile n:\n    n //= 10\n    odd += 1\n",
    "a sum of floats": "n, s = 3.0, 0\nwhile n > 0:\n    n *= 10\n    s = s + n\n    n //= 10\n",
    "a long cycle": "n = 0\nwhile n < 500:\n    n = (n + 7) % 499\n",
    "a function": "def f(n):\n    while n != 1:\n        n = n * 3 % 8\nf(2)\n",
    "a closure": """
        def f(n):
            def g():
                return n
            while n < 9:
                n = sum(n for i in range(2)) % 3
            return g
        f(1)
        """,
    "texts": "s = 'cab'\nwhile len(s) > 2:\n    s = ''.join(sorted(s, reverse=True))\n",
    "the inner of two loops": """
        i = 0
        while i < 3:
            i += 1
            j = 0
            while j < i:
                j = (j + 1) % 2
        """,
    "the outer of two loops": """
        i = 0
        while i < 4:
            j = 0
            while j < 3:
                j += 1
            i = 3 - i
        """,
    "a loop around for": """
        n, seen = 0, [3, 4]
        while n not in seen:
            for i, x in enumerate(seen):
                if x == i:
                    break
            else:
                n = n % 2
        """,
    "within for": "for i in [1, 2]:\n    n = i\n    while n:\n        n = -n\n",
    "a list that rotates": "a = [1, 2, 3]\nwhile a:\n    x = a.pop(0)\n    a.append(x)\n",
    "a list under two names": "a = [1]\nb = a\nwhile a:\n    b.append(b.pop())\n",
    "a dict": """
        d = {'a': 1}
        while 'a' in d:
            d['a'] = -d['a']
            del d['a']
            d['a'] = 2
        """,
    "a slice": "a = [3, 1, 2]\nwhile len(a) > 2:\n    a = a[1:] + a[:1]\n",
    "its own functions": """
        def double(n):
            return n + n
        def is_even(n):
            while n > 1:
                n -= 2
            return n == 0
        def f(n):
            while is_even(n):
                n = double(n) % 8
        f(2)
        """,
    "a recursive function": """
        def gcd(a, b):
            return a if b == 0 else gcd(b, a % b)
        n = 12
        while gcd(n, 8) > 1:
            n = n + 8 - 8
        """,
    "math": "import math\nn = 16.0\nwhile math.sqrt(n) == 4:\n    n = math.floor(n)\n",
    "math's functions": "from math import gcd\nn = 6\nwhile gcd(n, 4) == 2:\n    n = 8 - n\n",
    "digits": "n = 10\nwhile n > 1:\n    n = sum(map(int, str(n))) * 10\n",
    "unbound until it runs": "n = 2\nwhile n:\n    if n > 5:\n        m += 1\n    n = 3\n",
    "what it never comes to": """
        def f(n):
            while n:
                if n > 5:
                    return [f(k) for k in range(n)]
                if n < 0:
                    raise ValueError(print(n))
                n = 3 - n
        f(2)
        """,
    "an exception that is caught outside": """
        def f(n):
            try:
                while n < 9:
                    n = (n + 1) % 3
            except ValueError:
                return n
        f(1)
        """,
    "in a test": "def f(n):\n    while n:\n        n = -n\n",
    "in a class": """
        class A:
            def f(self, n):
                while n:
                    n = -n
        A().f(1)
        """,
    "a counter that has passed its goal": "i = 0\nwhile i != 5:\n    i += 2\n",
    "a counter that rises from zero": "i = 0\nwhile -1 < i:\n    i += 1\n    i += 2\n",
    "a goal that rises no more": """
        i, goal = 0, 0
        while True:
            if i == goal:
                goal += 1
            i += 3
            if i == -2:
                break
        """,
    "an end that ran away": """
        def f(a):
            left = right = 0
            while True:
                if sum(a[left:right + 1]) >= a[0]:
                    right += 1
                else:
                    left += 1
                if left > right:
                    return a[:right]
        f([1, 0, 2])
        """,
    "an end beyond a text": "s, i = 'ab', 0\nwhile s[:i] != 'abc':\n    i += 1\n",
}
