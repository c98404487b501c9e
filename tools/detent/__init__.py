# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The Detent host tool: packs, places, runs and inspects applications and kernels."""
import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
