"""Python programs that end, though the names in their loops look as if they would not."""

from __future__ import annotations

ENDING: dict[str, str] = {
    "it only takes long": "n = 0\nwhile n < 3000:\n    n += 1\n",
    "a sum that the test reads": "n, s = 1, 0.0\nwhile s < 300:\n    s += n\n    n = -n + 2\n",
    "a sum read by a function": """
        total = 0
        def enough():
            return total > 300
        while not enough():
            total += 1
        """,
    "a sum read by a comprehension": """
        total = 0
        while not any(total > n for n in [300]):
            total += 1
        """,
    "an iterator": """
        it = iter(range(300))
        x = 0
        while x is not None:
            x = next(it, None) and 0
        """,
    "a generator": """
        g = (n > 300 for n in range(400))
        while True not in [next(g)]:
            pass
        """,
    "for that uses up an iterator": """
        it = iter(range(300))
        x = 0
        while x < 299:
            for x in it:
                break
        """,
    "for around it": """
        for i in range(300):
            n = 2
            while n:
                n -= 1
        """,
    "while in for on both sides": """
        k = 0
        while k < 3:
            k = k + 1
            for i in range(100):
                n = 1
                while n:
                    n -= 1
        """,
    "a list under another name": """
        a = [1]
        box = [a]
        while len(box[0]) < 300:
            a.append(1)
        """,
    "a list changed by a function": """
        a = []
        def grow():
            a.append(1)
        while len(a) < 300:
            grow()
        """,
    "a default that remembers": """
        def f(seen=[]):
            seen.append(1)
            return len(seen) < 300
        while f():
            pass
        """,
    "a closure that remembers": """
        def counter():
            n = 0
            def count():
                nonlocal n
                n += 1
                return n
            return count
        count = counter()
        while count() < 300:
            pass
        """,
    "a function with an attribute": """
        def f():
            f.n += 1
            return f.n
        f.n = 0
        while f() < 300:
            pass
        """,
    "an object": """
        class A:
            n = 0
            def __bool__(self):
                A.n += 1
                return A.n < 300
        a = A()
        while a:
            pass
        """,
    "an object that compares": """
        class A:
            n = 0
            def __eq__(self, other):
                A.n += 1
                return A.n > 300
        a = A()
        while not a == 1:
            pass
        """,
    "an object in a list": """
        class A:
            n = 0
            def __eq__(self, other):
                A.n += 1
                return A.n > 300
        a = [A()]
        while 1 not in a:
            pass
        """,
    "a subclass of int": """
        class A(int):
            n = 0
            def __lt__(self, other):
                A.n += 1
                return A.n < 300
        a = A(1)
        while a < 5:
            pass
        """,
    "a property": """
        class A:
            n = 0
            @property
            def left(self):
                A.n += 1
                return A.n < 300
        a = A()
        while a.left:
            pass
        """,
    "an index that counts": """
        class A:
            n = 0
            def __index__(self):
                A.n += 1
                return A.n // 300
        a = A()
        while [True, False][a]:
            pass
        """,
    "a len of its own": """
        n = 0
        def len(x):
            global n
            n += 1
            return n
        while len([]) < 300:
            pass
        """,
    "a len of its own, as a local name": """
        def f(len):
            while len([]) < 300:
                pass
        def g(x, n=[]):
            n.append(1)
            return sum(n)
        f(g)
        """,
    "a len that the loop replaces": """
        n, k = 0, 0
        while len([]) < 1:
            k = k + 1
            if k == 300:
                len = lambda x: 5
        """,
    "map that calls the program": """
        n = [0]
        def f(x):
            n[0] += 1
            return n[0]
        while sum(map(f, [1])) < 300:
            pass
        """,
    "key that calls the program": """
        n = [0]
        def f(x):
            n[0] += 1
            return n[0]
        while max([1], key=f) and n[0] < 300:
            pass
        """,
    "identity of equal numbers": """
        a, n, k = 1000, 1, [0]
        def same():
            k[0] += 1
            return a if k[0] == 300 else a + n - n
        while same() is not a:
            pass
        """,
    "addresses": """
        k = [0]
        class A:
            def __init__(self):
                k[0] += 1
        while A() and k[0] < 300:
            pass
        """,
    "random": "import random\nn = 1\nwhile random.random() < 0.99:\n    n = 1\n",
    "time": """
        import time
        end = time.perf_counter() + 0.02
        while time.perf_counter() < end:
            pass
        """,
    "input": """
        n = 300
        def input():
            global n
            n -= 1
            return n
        while input():
            pass
        """,
    "lru_cache": """
        from functools import lru_cache
        n = [0]
        @lru_cache
        def f(x):
            n[0] += 1
            return n[0]
        x = 0
        while f(x) < 300:
            x = f(x)
        """,
    "a default dict": """
        from collections import defaultdict
        d = defaultdict(lambda: len(d))
        x = 0
        while x < 300:
            d[x]
            x = len(d)
        """,
    "a deque": """
        from collections import deque
        d = deque([0] * 300)
        while d:
            d.pop()
        """,
    "a set": "s = set(range(300))\nwhile s:\n    s.pop()\n",
    "a set that orders": "n = 0\nwhile n < 300:\n    n = max({n + 1, 0})\n",
    "a bytearray": "b = bytearray(300)\nwhile b:\n    b.pop()\n",
    "del": "a = list(range(300))\nwhile a:\n    del a[-1]\n",
    "del of a name": """
        n = 0
        while n < 300:
            m = n + 1
            del n
            n = m
        """,
    "the walrus": "n = 300\nwhile (n := n - 1):\n    pass\n",
    "an index error": """
        a, i = [1] * 300, 0
        try:
            while a[i]:
                i += 1
        except IndexError:
            pass
        """,
    "a number too large for float": """
        n, s = 1, 0.0
        try:
            while True:
                n *= 10
                s += n
        except OverflowError:
            pass
        """,
    "integers that a float cannot take the second time": """
        s, n, big = 0, 8, 10 ** 400
        try:
            while True:
                s += big
                s -= big
                if n == 0:
                    s += 1.5
                n = max(n - 1, 0)
        except OverflowError:
            pass
        """,
    "a float that stops growing": "s = 1.0\nwhile s + 1 != s:\n    s *= 2\n",
    "a float that comes to its end": "s = 0.5\nwhile s:\n    s = s / 2\n",
    "minus zero": """
        n, k = 0.0, 0
        while str(n) == '0.0':
            k = k + 1
            if k > 300:
                n = -0.0
        """,
    "true is not one": """
        n = [1, True, 1.0]
        while str(n[0]) != 'True':
            n = n[1:] + n[:1]
        """,
    "one of two equal lists": """
        a = b = [0]
        k = 0
        while len(b) == 1:
            k = k + 1
            if k > 300:
                b = [0]
                b.append(0)
        """,
    "try within it": """
        n = [0] * 300
        while True:
            try:
                n.pop()
            except IndexError:
                break
        """,
    "recursion": """
        def f(n):
            while n:
                n = f(n - 1)
            return 0
        f(300)
        """,
    "left and entered again": """
        k = 0
        def f(n):
            while n:
                n = n - 1
        while k < 100:
            f(2)
            k = k + 1
        """,
    "else": """
        k = 0
        while k < 100:
            n = 2
            while n:
                n = n - 1
            else:
                k = k + 1
        """,
    "one line": "n = 300\nwhile n: n -= 1\n",
    "two on a line": "n = 300\nwhile n:\n    m = n; n = m - 1\n",
    "a line that is reached within a statement": """
        a, c, m = [7], [], 4
        while True:
            x = 1; c = [a.pop(),
                        a.append(0)]
            if m:
                a[0] = 7
                m = m - 1
            if c[0] == 0:
                break
        """,
    "a global name": """
        n = 300
        def f():
            global n
            while n:
                n -= 1
        f()
        """,
    "a nonlocal name": """
        def f():
            n = 300
            def g():
                nonlocal n
                while n:
                    n -= 1
            g()
        f()
        """,
    "a handler of signals": """
        import signal
        n = [1]
        signal.signal(signal.SIGALRM, lambda *_: n.clear())
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        while n:
            pass
        """,
    "a thread": """
        import threading, time
        n = [1]
        def stop():
            time.sleep(0.02)
            n.clear()
        threading.Thread(target=stop).start()
        while n:
            pass
        """,
    "a finalizer": """
        class A:
            def __del__(self):
                n.clear()
        n = [1]
        a = A()
        a.a = a
        del a
        while n:
            x = [[] for i in range(900)]
        """,
    "a generator that is disposed of": """
        def g():
            try:
                yield me
            finally:
                n.clear()
        n, me = [1], []
        me.append(g())
        next(me[0])
        del me
        while n:
            x = [[] for i in range(900)]
        """,
    "a weak reference": """
        import weakref
        class A:
            pass
        n = [1]
        a = A()
        a.a = a
        w = weakref.ref(a, lambda _: n.clear())
        del a
        while n:
            x = [[] for i in range(900)]
        """,
    "exec": "n = 300\nwhile n:\n    exec('n -= 1')\n",
    "locals": "def f():\n    n = 300\n    while n:\n        n = locals()['n'] - 1\nf()\n",
    "globals": """
        n = 300
        def f():
            globals()['n'] -= 1
            return n
        while f():
            pass
        """,
    "format that looks inside": """
        n, k = 'x', 0
        while k < 40:
            m = '{0.__str__}'.format(n + 'y')
            k = k + (m != n)
        """,
    "print": "n = [0]\nprint = n.append\nwhile len(n) < 300:\n    print(1)\n",
    "a counter on its way": "i = 0\nwhile i < 300:\n    i += 1\n",
    "a counter on its way to a number with a point": "i = 0\nwhile i != 300.0:\n    i += 1\n",
    "a counter between two goals": "i = 0\nwhile i < 2 or i != 300:\n    i += 1\n",
    "a counter that falls, too": """
        i, k = 9, 0
        while i > 2:
            i += 1
            k += 1
            if k > 300:
                i -= 300
        """,
    "a counter that is set": """
        i, k = 9, 0
        while i > 2:
            i += 1
            k = k + 1
            if k == 300:
                i = 0
        """,
    "a counter that is read elsewhere": "i = 9\nwhile i > 2 and i not in (300,):\n    i += 1\n",
    "a counter as the beginning of a slice": "i, a = 0, [1] * 300\nwhile a[i:]:\n    i += 1\n",
    "a counter as an end of every other": """
        i, a = 0, [1] * 300
        while len(a[:i:2]) < 150:
            i += 1
        """,
    "a counter as an end on its way": """
        i, a = 0, [1] * 300
        while len(a[:i]) < 300:
            i += 1
        """,
    "a counter less a number as an end": """
        i, a = 0, [1] * 3
        while len(a[:i - 300]) < 3:
            i += 1
        """,
    "a counter with a negative summand": """
        i, a = 0, [1] * 3
        while len(a[:i + -300]) < 3:
            i += 1
        """,
    "a counter that rises by less than nothing": "i = 300\nwhile i > 2:\n    i += -1\n",
    "what is cut is another one meanwhile": """
        i, a = 5, [1]
        while True:
            a = [1] * 300
            if len(a[:i]) == 300:
                break
            a = [1]
            i += 1
        """,
    **{
        f"a counter {n} steps before its goal": f"""
        i = {-n}
        while True:
            if i > 0:
                break
            i += 1
        """
        for n in range(12)
    },
    "a goal that moves": """
        i, goal, k = 5, 1, 0
        while i > goal:
            i += 1
            k = (k + 1) % 2
            goal = goal * 2
        """,
    "a goal that rises faster": """
        i, goal = 300, 0
        while i > goal:
            i += 1
            goal += 2
        """,
    "a goal that falls": """
        i, goal = 0, 300
        while goal > i:
            i += 1
            goal -= 1
        """,
    "a goal that comes and goes": """
        i, goal = 300, 0
        while True:
            goal = 600
            if i == goal:
                break
            goal = 0
            i += 1
        """,
    "what is cut grows": """
        i, a = 5, [1]
        while len(a[:i]) < 300:
            i += 1
            a.append(1)
        """,
    "what is cut grows and shrinks": """
        i, a = 5, [1]
        while True:
            a += [1] * 300
            if len(a[:i]) == 300:
                break
            a[1:] = []
            i += 1
        """,
    "what is cut grows under another name": """
        i, a = 5, [1]
        b = a
        while True:
            b += [1] * 300
            if len(a[:i]) == 300:
                break
            del b[1:]
            i += 1
        """,
    "a goal that compares by itself": """
        class Goal(int):
            turns = 0
            def __lt__(self, other):
                Goal.turns += 1
                return Goal.turns < 300
        i, z = 5, Goal(1)
        while z < i:
            i += 1
        assert i == 304
        """,
    "a counter that a function reads": """
        def late():
            return i > 300
        i = 5
        while i > 2 and not late():
            i += 1
        """,
    "a counter that a comprehension reads": """
        i = 5
        while i > 2 and not any(i == k for k in range(301)[300:]):
            i += 1
        """,
    "a counter of another kind": "i = 5.5\nwhile i > 2 and i != 300.5:\n    i += 1\n",
    "a counter among goals": "i, k = 5, 0\nwhile i > k:\n    i += 1\n    k += 2\n",
    "a chain of comparisons": "i = 5\nwhile 2 < i < 300:\n    i += 1\n",
}
