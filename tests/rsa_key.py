"""A throw-away RSA key for tests of signatures, made anew in each process: no private key stands in the repository.

PKCS #1 (RFC 8017) in PEM. Drawn from a fixed seed, so that a failure can be seen again; never for use.
"""

import base64
import math
import random
import tempfile
from functools import cache
from pathlib import Path

EXPONENT = 65537


@cache
def key_file(bits: int) -> Path:
    """A PEM file with a key of this many bits."""
    draw = random.Random(bits)
    while True:
        p, q = _prime(draw, bits // 2), _prime(draw, bits // 2)
        if p != q and (p * q).bit_length() == bits and math.gcd(EXPONENT, (p - 1) * (q - 1)) == 1:
            break
    private = pow(EXPONENT, -1, (p - 1) * (q - 1))
    numbers = (0, p * q, EXPONENT, private, p, q, private % (p - 1), private % (q - 1), pow(q, -1, p))
    der = _der(0x30, b"".join(_der(0x02, n.to_bytes(n.bit_length() // 8 + 1, "big")) for n in numbers))
    label = "RSA " + "PRIVATE KEY"
    text = base64.encodebytes(der).decode()
    file = Path(tempfile.mkdtemp(prefix="heard-key-")) / f"{bits}.pem"
    file.touch(0o600)
    file.write_text(f"-----BEGIN {label}-----\n{text}-----END {label}-----\n")
    return file


def _prime(draw: random.Random, bits: int) -> int:
    while True:
        n = draw.getrandbits(bits) | 1 | 3 << (bits - 2)
        if all(n % small for small in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)) and _looks_prime(draw, n):
            return n


def _looks_prime(draw: random.Random, n: int) -> bool:
    """Miller and Rabin, 20 rounds."""
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _round in range(20):
        x = pow(draw.randrange(2, n - 1), odd, n)
        if x not in (1, n - 1) and not any((x := x * x % n) == n - 1 for _ in range(twos - 1)):
            return False
    return True


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, size] if size < 0x80 else [tag, 0x80 | len(length), *length]) + content
