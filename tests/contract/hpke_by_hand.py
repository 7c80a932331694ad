"""HPKE base mode (RFC 9180) from its parts, to prove that docs/wire.md names every one of them.

DHKEM(X25519, HKDF-SHA256) 0x0020, HKDF-SHA256 0x0001, AES-128-GCM 0x0001, one message, no AAD.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEM = b"KEM" + (0x20).to_bytes(2, "big")
SUITE = b"HPKE" + bytes([0x00, 0x20, 0x00, 0x01, 0x00, 0x01])


def extract(suite, salt, label, secret):
    return hmac.digest(salt, b"HPKE-v1" + suite + label + secret, hashlib.sha256)


def expand(suite, secret, label, about, size):
    # every size here is at most 32 bytes, so HKDF-Expand is a single round
    text = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + about
    return hmac.digest(secret, text + b"\x01", hashlib.sha256)[:size]


def key_and_nonce(dh, enc, public, info):
    """AES key and nonce from the X25519 result, both public keys and `info`."""
    eae = extract(KEM, b"", b"eae_prk", dh)
    shared = expand(KEM, eae, b"shared_secret", enc + public, 32)
    context = b"\x00" + extract(SUITE, b"", b"psk_id_hash", b"") + extract(SUITE, b"", b"info_hash", info)
    secret = extract(SUITE, shared, b"secret", b"")
    return expand(SUITE, secret, b"key", context, 16), expand(SUITE, secret, b"base_nonce", context, 12)


def seal(plain, public, info, ephemeral):
    """enc ‖ ciphertext; `public` 32 bytes of the receiver, `ephemeral` 32 private bytes, used once."""
    once = X25519PrivateKey.from_private_bytes(ephemeral)
    enc = once.public_key().public_bytes_raw()
    key, nonce = key_and_nonce(once.exchange(X25519PublicKey.from_public_bytes(public)), enc, public, info)
    return enc + AESGCM(key).encrypt(nonce, plain, b"")


def unseal(sealed, private, info):
    """The plaintext of enc ‖ ciphertext; `private` 32 bytes of the receiver."""
    own = X25519PrivateKey.from_private_bytes(private)
    enc, public = sealed[:32], own.public_key().public_bytes_raw()
    key, nonce = key_and_nonce(own.exchange(X25519PublicKey.from_public_bytes(enc)), enc, public, info)
    return AESGCM(key).decrypt(nonce, sealed[32:], b"")
