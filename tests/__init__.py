"""The tests; their folders mirror those of the program."""

import sys

# Let each process reuse the bytecode of the others: pytest rewrites asserts, which takes as long as
# a thousand tests.
sys.dont_write_bytecode = False
