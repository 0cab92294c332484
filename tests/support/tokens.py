"""JSON Web Tokens, made by hand so that wrong ones can be made too."""

import base64
import hashlib
import hmac
import json

SECRET = "a-secret-of-at-least-thirty-two-bytes!"


def _part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(claims, secret=SECRET, alg="HS256", header=None):
    """A signed token; `alg="none"` leaves the signature empty."""
    head = {"alg": alg, "typ": "JWT", **(header or {})}
    signed = _part(json.dumps(head).encode()) + "." + _part(json.dumps(claims).encode())
    if alg == "none":
        return signed + "."
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}[alg]
    return signed + "." + _part(hmac.new(secret.encode(), signed.encode(), digest).digest())
