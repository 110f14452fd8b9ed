// Serves on a port that the system chooses and that is printed. What a test chooses is in `chosen.json` of the folder that it names.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import Store from './store.mjs';

const chosen = JSON.parse(readFileSync(`${process.argv[2]}/chosen.json`, 'utf8'));

function client({ id, secret, grant }) {
  const code = grant === 'authorization_code';
  return {
    client_id: id,
    ...(secret ? { client_secret: secret } : {}),
    token_endpoint_auth_method: secret ? 'client_secret_basic' : 'none',
    application_type: 'native',
    grant_types: code ? ['authorization_code', 'refresh_token'] : [grant],
    response_types: code ? ['code'] : [],
    redirect_uris: code ? [chosen.redirect_uri] : [],
  };
}

const configuration = {
  adapter: Store,
  clients: chosen.clients.filter(({ grant }) => grant !== 'password').map(client),
  scopes: ['openid', 'read', 'write'],
  features: { clientCredentials: { enabled: true }, revocation: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  ttl: {
    AccessToken: chosen.access_seconds,
    ClientCredentials: chosen.access_seconds,
    RefreshToken: chosen.refresh_seconds,
    AuthorizationCode: 60, Grant: 3_600, IdToken: 3_600, Interaction: 3_600, Session: 3_600,
  },
};

// What a token with this scope opens.
async function resource(provider, scope, request, response) {
  const sent = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const token = await provider.AccessToken.find(sent) ?? await provider.ClientCredentials.find(sent);
  const status = !token?.isValid ? 401 : token.scopes.has(scope) ? 200 : 403;
  const challenge = status === 401 ? { 'www-authenticate': 'Bearer error="invalid_token"' } : {};
  response.writeHead(status, { 'content-type': 'application/json', ...challenge });
  response.end(JSON.stringify({ user: token?.accountId ?? null }));
}

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const provider = new Provider(`http://127.0.0.1:${server.address().port}`, configuration);
  const handle = provider.callback();
  server.on('request', (request, response) => {
    const scope = { '/read': 'read', '/write': 'write' }[request.url];
    return scope ? resource(provider, scope, request, response) : handle(request, response);
  });
  console.log(server.address().port);
});
