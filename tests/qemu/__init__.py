# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The one list of QEMU tests: TESTS of every module in this folder. A test says what it needs of a
board, and never names one."""
import importlib
import pkgutil

TESTS = [test for module in sorted(m.name for m in pkgutil.iter_modules(__path__))
         for test in getattr(importlib.import_module(f"{__name__}.{module}"), "TESTS", [])]
