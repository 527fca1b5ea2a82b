"""The tests, which mirror the program."""

import sys

# What a process has compiled, the others of a run need not: asserts are rewritten, which takes as
# long as to run a thousand tests.
sys.dont_write_bytecode = False
