# The backend behind /orders: python3 verify.py ISSUER TOKEN
import sys

import requests
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.jose.errors import JoseError
from authlib.oidc.discovery import get_well_known_url

issuer, token = sys.argv[1:]
metadata = requests.get(get_well_known_url(issuer, external=True), timeout=5).json()
keys = JsonWebKey.import_key_set(requests.get(metadata["jwks_uri"], timeout=5).json())
expected = {
    "iss": {"essential": True, "value": issuer},
    "aud": {"essential": True, "value": "orders"},
    "exp": {"essential": True},
}
try:
    claims = JsonWebToken(["ES256", "RS256"]).decode(token, keys, claims_options=expected)
    claims.validate()
except (JoseError, ValueError) as refused:  # ValueError: a key that is not in the set
    sys.exit(f"refused: {refused}")
print(claims["sub"])
