# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The capsule gate: what a driver can reach is decided at build time.

docs/reference/capsule-gate.md describes the rules; each has a module here.
"""
