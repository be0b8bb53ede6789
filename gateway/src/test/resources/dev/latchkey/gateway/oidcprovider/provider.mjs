// oidc-provider with a token endpoint that fails when a test asks for it. Arguments: a file with the registered clients, in JSON.
// Prints "listening on PORT". Anyone who can reach it controls it, below /test:
//   POST /test/next      the next token request goes wrong so (several in order): {before, after, works, answer, status, headers, body}
//   POST /test/reach     {origin, url}: what is sent to that origin goes to that address, as if a name server said so
//   GET, DELETE /test/seen   what happened since it was forgotten: token requests by grant type, reused tokens, failed logouts
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const SIGN_INS = ['openid', 'offline_access', 'profile', 'email', 'roles'];
const MINUTE = 60;
const DAY = 86_400;

async function signingKey(algorithm) {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: algorithm, use: 'sig', kid: `key-${algorithm}` };
}

const faults = [];
const reachable = new Map();
let seen;
const forget = () => { seen = { grants: {}, reused: 0, errors: [], failedLogouts: [] }; };
forget();

function configuration(clients, keys) {
  return {
    clients,
    jwks: { keys },
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    scopes: SIGN_INS,
    claims: {
      openid: ['sub', 'sid', 'auth_time', 'acr'],
      profile: ['name'],
      email: ['email'],
      roles: ['roles'],
    },
    conformIdTokenClaims: false,
    findAccount: (context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `The user ${id}`, email: `${id}@shop.example`, roles: ['customer'] }),
    }),
    rotateRefreshToken: true,
    issueRefreshToken: async (context, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    ttl: { AccessToken: 5 * MINUTE, IdToken: 60 * MINUTE, RefreshToken: DAY, Session: DAY, Grant: DAY, Interaction: 10 * MINUTE },
    features: {
      devInteractions: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      revocation: { enabled: true },
      introspection: { enabled: true },
      dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: (context, resource) => ({
          audience: resource, scope: 'roles', accessTokenFormat: 'jwt', accessTokenTTL: 5 * MINUTE, jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    // Its own guard against calls to loopback addresses would keep logout tokens from a gateway on this machine.
    fetch: (address, options) => {
      const { origin, pathname } = new URL(address);
      const { dispatcher, ...rest } = options;
      return fetch((reachable.get(origin) ?? origin) + pathname, rest);
    },
  };
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function control(context) {
  const asked = `${context.method} ${context.path}`;
  context.status = 204;
  if (asked === 'POST /test/next') {
    faults.push(JSON.parse(await body(context.req)));
  } else if (asked === 'POST /test/reach') {
    const { origin, url } = JSON.parse(await body(context.req));
    reachable.set(origin, url);
  } else if (asked === 'DELETE /test/seen') {
    faults.length = 0;
    forget();
  } else if (asked === 'GET /test/seen') {
    context.status = 200;
    context.body = seen;
  } else {
    context.status = 404;
  }
}

// The request is read as a whole before it fails: only then has the client sent it.
async function token(context, next) {
  const form = new URLSearchParams(await body(context.req));
  const grant = form.get('grant_type');
  seen.grants[grant] = (seen.grants[grant] ?? 0) + 1;
  context.req.body = Object.fromEntries(form);
  const fault = faults.shift();
  if (!fault) return next();
  await pause(fault.before);
  if (fault.works) await next();
  await pause(fault.after);
  if (fault.answer === 'CLOSED') {
    context.req.socket.destroy();
    context.respond = false;
  } else if (fault.answer === 'OTHER') {
    context.status = fault.status;
    context.set(fault.headers);
    context.body = fault.body;
  }
}

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
const clients = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const provider = new Provider(issuer, configuration(clients, [await signingKey('RS256'), await signingKey('ES256')]));
provider.on('grant.error', (context, error) => {
  seen.errors.push(`${error.error}: ${error.error_detail ?? error.error_description}`);
  if (/already used/.test(error.error_detail)) seen.reused += 1;
});
provider.on('backchannel.error', (context, error, client) => seen.failedLogouts.push(`${client.clientId}: ${error.message}`));
provider.use((context, next) => {
  if (context.path.startsWith('/test/')) return control(context);
  return context.path === '/token' ? token(context, next) : next();
});
server.on('request', provider.callback());
console.log(`listening on ${server.address().port}`);
