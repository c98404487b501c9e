# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Keys in PEM files, as openssl makes them, and the signatures that go into footers."""
import hashlib

from . import tbf
from .errors import ToolError
from .files import read_file

_ADVICE = "install the package python3-cryptography"
try:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
except ImportError:
    serialization = None

# The kind's number is part of the fingerprint: hil/public_key.h.
KINDS = {tbf.FOOTER_ECDSA_P256: ("PUBLIC_KEY_ECDSA_P256", 0), tbf.FOOTER_RSA3072: ("PUBLIC_KEY_RSA", 1),
         tbf.FOOTER_RSA4096: ("PUBLIC_KEY_RSA", 1), tbf.FOOTER_ED25519: ("PUBLIC_KEY_ED25519", 2)}
NAMES = {tbf.FOOTER_ECDSA_P256: "ECDSA P-256", tbf.FOOTER_RSA3072: "RSA-3072",
         tbf.FOOTER_RSA4096: "RSA-4096", tbf.FOOTER_ED25519: "Ed25519"}
_WANTED = "ECDSA P-256, RSA with 3072 or 4096 bits and exponent 65537, or Ed25519"


class Key:
    """A public key: `format` of the footers it makes, `raw` bytes as the kernel has them; `private`
    is None where the file held none."""

    def __init__(self, path, public, private=None):
        self.path, self.public, self.private = path, public, private
        self.format, self.raw = _form(path, public)

    @property
    def fingerprint(self):
        """16 bytes that name the key: the first ones of SHA-256 of kind and key."""
        return hashlib.sha256(bytes([KINDS[self.format][1]]) + self.raw).digest()[:16]

    def sign(self, covered):
        """The data of a credential over the bytes `covered`."""
        if self.private is None:
            raise ToolError(f"{self.path}: a public key cannot sign; give the private one")
        if self.format == tbf.FOOTER_ECDSA_P256:
            r, s = utils.decode_dss_signature(self.private.sign(covered, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        if self.format == tbf.FOOTER_ED25519:
            return self.raw + self.private.sign(hashlib.sha512(covered).digest())
        return self.raw + self.private.sign(covered, padding.PKCS1v15(), hashes.SHA512())

    def verifies(self, data, covered):
        """Whether `data` is a credential over `covered` by this key."""
        try:
            if self.format == tbf.FOOTER_ECDSA_P256:
                r, s = (int.from_bytes(half, "big") for half in (data[:32], data[32:]))
                self.public.verify(utils.encode_dss_signature(r, s), covered, ec.ECDSA(hashes.SHA256()))
            elif data[:len(self.raw)] != self.raw:
                return False
            elif self.format == tbf.FOOTER_ED25519:
                self.public.verify(data[len(self.raw):], hashlib.sha512(covered).digest())
            else:
                self.public.verify(data[len(self.raw):], covered, padding.PKCS1v15(), hashes.SHA512())
        except InvalidSignature:
            return False
        return True


def _form(path, public):
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        point = public.public_numbers()
        return tbf.FOOTER_ECDSA_P256, point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big")
    if isinstance(public, ed25519.Ed25519PublicKey):
        return tbf.FOOTER_ED25519, public.public_bytes(serialization.Encoding.Raw,
                                                       serialization.PublicFormat.Raw)
    if isinstance(public, rsa.RSAPublicKey) and public.key_size in (3072, 4096) and \
            public.public_numbers().e == 65537:
        form = tbf.FOOTER_RSA3072 if public.key_size == 3072 else tbf.FOOTER_RSA4096
        return form, public.public_numbers().n.to_bytes(public.key_size // 8, "big")
    raise ToolError(f"{path}: a key of a kind that credentials do not have; use {_WANTED}")


def load(path):
    """The Key in a PEM file, public or private."""
    if serialization is None:
        raise ToolError(f"keys need Python's cryptography; {_ADVICE}")
    data = read_file(path)
    try:
        if b"PRIVATE KEY-----" in data:
            private = serialization.load_pem_private_key(data, None)
            return Key(path, private.public_key(), private)
        return Key(path, serialization.load_pem_public_key(data))
    except TypeError:
        raise ToolError(f"{path}: the key has a passphrase; write it without one: "
                        f"openssl pkey -in {path} -out plain.pem") from None
    except (ValueError, UnsupportedAlgorithm, AttributeError):
        raise ToolError(f"{path}: no PEM file with a key; make one with openssl genpkey") from None
