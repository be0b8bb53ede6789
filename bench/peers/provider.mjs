// A strict OpenID Provider: panva's oidc-provider, which rotates refresh tokens and revokes the grant when one comes twice.
// usage: node provider.mjs PORT CLIENT=REDIRECT_URI...   GET /counts tells of each client what its refreshes came to.
import Provider from 'oidc-provider';

const [port, ...clients] = process.argv.slice(2);
const counts = {};

function count(client, what) {
  counts[client] ??= {};
  counts[client][what] = (counts[client][what] ?? 0) + 1;
}

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: clients.map((client) => {
    const at = client.indexOf('=');
    return {
      client_id: client.slice(0, at),
      client_secret: `secret-of-${client.slice(0, at)}`,
      redirect_uris: [client.slice(at + 1)],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    };
  }),
  claims: { openid: ['sub'], profile: ['name'] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, name: id }) }),
  features: { devInteractions: { enabled: true } },
  issueRefreshToken: () => true,
  pkce: { required: () => false },
  rotateRefreshToken: true,
  ttl: { AccessToken: 70, IdToken: 3600, RefreshToken: 86400, Session: 86400, Grant: 86400 },
  cookies: { keys: ['of-a-benchmark'] },
});

provider.use(async (context, next) => {
  if (context.path === '/counts') {
    context.body = counts;
    return;
  }
  await next();
  const asked = context.oidc?.params;
  if (context.path === '/token' && asked?.grant_type === 'refresh_token') {
    const client = context.oidc.client.clientId;
    count(client, 'requests');
    count(client, context.status === 200 ? 'granted' : 'refused');
  }
});
provider.listen(Number(port), '127.0.0.1');
