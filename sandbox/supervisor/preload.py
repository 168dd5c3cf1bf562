"""Modules that programs of benchmarks import often, loaded once before any sample forks."""

# ruff: noqa: F401
import abc
import array
import bisect
import cmath
import collections
import collections.abc
import copy
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import hashlib
import heapq
import io
import itertools
import math
import operator
import random
import re
import shutil
import statistics
import string
import subprocess
import textwrap
import traceback
import typing
