# SPDX-License-Identifier: Apache-2.0 OR MIT
"""One violation: where, which rule, why."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    place: str  # file:line, or file
    rule: int
    reason: str

    def __str__(self):
        return f"{self.place}: rule {self.rule}: {self.reason}"
