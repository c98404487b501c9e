# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The errors a user may see, and how they become exit codes."""

EXIT_OK = 0
EXIT_FAILURE = 1
EXIT_USAGE = 2


class ToolError(Exception):
    """A failure that is explained by one line: what is wrong and what to do."""


class UsageError(Exception):
    """A wrong command line; the text says which part."""
