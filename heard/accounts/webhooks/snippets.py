"""How a receiver tells that a delivery is ours, in three languages. Shown on a webhook's page; the tests run what they can.

Each looks at the signature over the body as it came, byte for byte, and at the time: five minutes, so that nobody who once
saw a delivery can send it again later.
"""

_PYTHON = """\
import hashlib, hmac, time

def is_ours(secret: str, headers, body: bytes) -> bool:
    sent_at = headers["Heard-Time"]
    signed = hmac.new(secret.encode(), sent_at.encode() + b"." + body, hashlib.sha256).hexdigest()
    fresh = abs(time.time() - int(sent_at)) < 300
    return fresh and hmac.compare_digest("v1=" + signed, headers["Heard-Signature"])
"""

_JAVASCRIPT = """\
const crypto = require("node:crypto")

// headers: names in lower case, as Node has them. body: a Buffer, before any JSON.parse
function isOurs(secret, headers, body) {
  const sentAt = headers["heard-time"]
  const signed = crypto.createHmac("sha256", secret).update(sentAt + ".").update(body).digest("hex")
  const ours = Buffer.from("v1=" + signed), theirs = Buffer.from(headers["heard-signature"])
  const fresh = Math.abs(Date.now() / 1000 - Number(sentAt)) < 300
  return fresh && ours.length === theirs.length && crypto.timingSafeEqual(ours, theirs)
}
"""

_PHP = """\
<?php
function is_ours(string $secret): bool {
    $body = file_get_contents("php://input");
    $sent_at = $_SERVER["HTTP_HEARD_TIME"] ?? "";
    $signed = "v1=" . hash_hmac("sha256", $sent_at . "." . $body, $secret);
    $fresh = abs(time() - (int) $sent_at) < 300;
    return $fresh && hash_equals($signed, $_SERVER["HTTP_HEARD_SIGNATURE"] ?? "");
}
"""

SNIPPETS = {"Python": _PYTHON, "JavaScript": _JAVASCRIPT, "PHP": _PHP}
