# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What tests/run.py is made of."""
import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
