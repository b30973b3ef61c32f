"""What keeps others out: headers of every answer, and how a form proves that it is one of ours."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

#: The name of the field of a form that holds its token.
TOKEN_FIELD = "form_token"  # noqa: S105 - a name, no secret
#: Pages load what this server gives and nothing else; nothing is written into them that runs or paints.
CONTENT_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
#: The pages of the public site carry a policy of their own, with the digest of their one script.
PUBLIC_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def form_token(secret: str) -> str:
    """Return what forms of the holder of `secret` have to send back."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest() if secret else ""


def is_ours(headers: Mapping[str, str], token: str, expected: str) -> bool:
    """Tell whether a form was sent from a page of this server, by the one who was given it.

    Browsers that send ``Sec-Fetch-Site`` or ``Origin`` must send them right; older ones prove it by the token alone.
    """
    return is_from_here(headers) and bool(expected) and hmac.compare_digest(token.encode(), expected.encode())


def is_from_here(headers: Mapping[str, str]) -> bool:
    """Tell whether nothing in the headers of a request is against its being sent from a page of this server."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
