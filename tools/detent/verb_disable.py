# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent disable`: applications of an image."""
from .apps import flag_main


def main(argv):
    """Runs the verb."""
    return flag_main(argv, "disable", False)
