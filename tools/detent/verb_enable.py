# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent enable`: applications of an image, or of a running device."""
from .apps import flag_main


def main(argv):
    """Runs the verb."""
    return flag_main(argv, "enable", True)
