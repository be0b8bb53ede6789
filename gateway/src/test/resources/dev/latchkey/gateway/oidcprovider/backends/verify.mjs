// The backend behind /orders: node verify.mjs ISSUER TOKEN
import { createRemoteJWKSet, jwtVerify } from 'jose';

const [issuer, token] = process.argv.slice(2);
const metadata = await (await fetch(issuer.replace(/\/$/, '') + '/.well-known/openid-configuration')).json();
const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
try {
  const { payload } = await jwtVerify(token, keys, { issuer, audience: 'orders', algorithms: ['ES256', 'RS256'] });
  console.log(payload.sub);
} catch (refused) {
  console.error('refused:', refused.message);
  process.exitCode = 1;
}
