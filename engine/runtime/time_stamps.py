"""Time stamps (RFC 3161) over HTTP, by the library of the extra ``timestamps``.

The answer is checked before it is kept: it must be of what was asked, and signed by an authority whose certificate leads to
one of those given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from engine import __version__
from engine.app.audit.signed_heads.time_stamp import MAX_BYTES
from engine.app.ports.audit.heads import TimeStampError
from engine.files.reading import read_file
from engine.kernel.budget import CERTIFICATES
from engine.language import Message, say

#: What asking can end in. ValueError: a host name that cannot be written as the protocol asks.
_HTTP_ERRORS = (OSError, HTTPException, ValueError)


@dataclass(frozen=True, slots=True)
class HttpTimeStampAuthority:
    """An authority at one address. No redirect is followed: it would ask a host nobody configured."""

    url: str = field(repr=False)
    ca_file: Path
    timeout_seconds: int

    def stamp(self, content: bytes) -> bytes:
        """Return the response for `content`, checked. Raises TimeStampError."""
        try:
            import rfc3161_client as tsp
        except ImportError:
            raise TimeStampError(
                say("盖时间戳需要附加组件 timestamps，现在没有安装：pip install 'shuangsuiji[timestamps]'")
            ) from None
        asked = (
            tsp.TimestampRequestBuilder()
            .data(content)
            .nonce(nonce=True)
            .cert_request(cert_request=True)
            .build()
        )
        answer = self._post(asked.as_bytes())
        from engine.app.draws.anchors import timestamp_errors

        try:
            response = tsp.decode_timestamp_response(answer)
            self._verify(tsp, asked, response, content)
        except timestamp_errors() as problem:
            raise TimeStampError(say("时间戳核验不过：{why}", why=str(problem))) from None
        except OSError as problem:
            raise TimeStampError(
                say("不能读取“{file}”：{problem}", file=self.ca_file, problem=problem.strerror)
            ) from None
        return answer

    def _verify(self, tsp: Any, asked: Any, response: Any, content: bytes) -> None:
        from cryptography import x509

        builder = tsp.VerifierBuilder.from_request(asked)
        for certificate in x509.load_pem_x509_certificates(read_file(self.ca_file, CERTIFICATES)):
            builder = builder.add_root_certificate(certificate)
        builder.build().verify_message(response, content)

    def _post(self, asked: bytes) -> bytes:
        request = Request(  # noqa: S310 - the settings let http and https through, and the opener has no other
            self.url,
            data=asked,
            headers={
                "Content-Type": "application/timestamp-query",
                "User-Agent": f"shuangsuiji/{__version__}",
            },
            method="POST",
        )
        opener = OpenerDirector()
        for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor):
            opener.add_handler(handler())
        try:
            with opener.open(request, timeout=self.timeout_seconds) as answer:
                content: bytes = answer.read(MAX_BYTES + 1)
                status = int(answer.status)
        except HTTPError as problem:
            with problem:
                raise TimeStampError(_unusable(problem.code)) from None
        except _HTTP_ERRORS as problem:
            raise TimeStampError(say("时间戳机构联系不上：{problem}", problem=problem)) from None
        if len(content) > MAX_BYTES:
            raise TimeStampError(_unusable(status))
        return content


def _unusable(status: int) -> Message:
    return say("时间戳机构的答复不能用（HTTP {status}）", status=status)
