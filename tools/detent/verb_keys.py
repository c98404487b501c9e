# SPDX-License-Identifier: Apache-2.0 OR MIT
"""`detent keys`: shows keys, and writes a board's trust set."""
from . import keys
from .args import Parser
from .errors import EXIT_OK, ToolError

EXAMPLES = [
    "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out release.pem",
    "openssl pkey -in release.pem -pubout -out release.pub.pem",
    "detent keys release.pub.pem",
    "detent keys --policy keys release.pub.pem=1 vendor.pub.pem=2 old.pub.pem:revoked",
]
DESCRIPTION = """Shows the kind and the fingerprint of keys in PEM files. With --policy, writes the C
source of a board's policy with its trust set to standard output, as make POLICY=... does."""
_POLICIES = {
    "hash": "credentials_hash_required",
    "names": "credentials_by_name",
    "accept": "credentials_accept_all",
    "key": "CREDENTIALS_ONE_KEY(keys)",
    "keys": "CREDENTIALS_KEY_SET(keys, sizeof(keys) / sizeof(keys[0]))",
}


def main(argv):
    """Runs the verb."""
    parser = Parser("keys", DESCRIPTION, EXAMPLES)
    parser.add_argument("--policy", choices=sorted(_POLICIES))
    parser.add_argument("key", nargs="*", metavar="FILE[=ROLE][:revoked]")
    options = parser.parse_args(argv)
    if not options.key and options.policy not in ("hash", "names", "accept"):
        parser.error("give the PEM file of at least one key")
    trusted = [_Trusted(text) for text in options.key]
    if options.policy is None:
        for item in trusted:
            print(f"{item.key.path}: {keys.NAMES[item.key.format]}, "
                  f"{'private' if item.key.private else 'public'}, fingerprint {item.key.fingerprint.hex()}")
        return EXIT_OK
    if options.policy == "key" and len(trusted) != 1:
        raise ToolError(f"the policy 'key' takes one key, and {len(trusted)} were given; use --policy keys")
    if len({item.key.fingerprint for item in trusted}) != len(trusted):
        raise ToolError("a key was given twice; name each one once")
    if len(trusted) > 255:
        raise ToolError("more than 255 keys; a board has no numbers for them")
    print(_source(options.policy, trusted), end="")
    return EXIT_OK


class _Trusted:
    """A key with what the board makes of it."""

    def __init__(self, text):
        path = text[:-len(":revoked")] if text.endswith(":revoked") else text
        self.revoked = path != text
        path, equals, role = path.rpartition("=")
        if not equals:
            path, role = role, "0"
        if not role.isdecimal() or int(role) > 255:
            raise ToolError(f"{text}: the role '{role}' is no number from 0 to 255")
        self.role = int(role)
        self.key = keys.load(path)


def _bytes(data):
    return ", ".join(f"{byte:#04x}" for byte in data)


def _source(policy, trusted):
    """The C source."""
    out = ["/* SPDX-License-Identifier: Apache-2.0 OR MIT */",
           "/* Written by `detent keys --policy`. */",
           '#include "capsules/credentials.h"', '#include "hil/public_key.h"', ""]
    for number, item in enumerate(trusted):
        out.append(f"static const uint8_t key_{number}[] = {{{_bytes(item.key.raw)}}};")
    if policy in ("key", "keys"):
        out += ["", "static const struct trusted_key keys[] = {"]
        for number, item in enumerate(trusted):
            out += ["\t{", f"\t\t.key = key_{number},", f"\t\t.length = {len(item.key.raw)},",
                    f"\t\t.kind = {keys.KINDS[item.key.format][0]},", f"\t\t.role = {item.role},",
                    f"\t\t.revoked = {'true' if item.revoked else 'false'},",
                    f"\t\t.fingerprint = {{{_bytes(item.key.fingerprint)}}},", "\t},"]
        out += ["};", "", f"static const struct credential_policy policy = {_POLICIES[policy]};", ""]
        name = "&policy"
    else:
        name = "&" + _POLICIES[policy]
    out += ["extern const struct credential_policy *const board_policy;",
            f"const struct credential_policy *const board_policy = {name};"]
    return "\n".join(out) + "\n"
