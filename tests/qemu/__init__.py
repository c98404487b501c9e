# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The one list of QEMU tests. A test says what it needs of a board, and never names one."""
from . import apps, boot, console, damage, isolation

TESTS = boot.TESTS + apps.TESTS + isolation.TESTS + console.TESTS + damage.TESTS
