// An OpenID Connect provider that poses as one tenant of Microsoft Entra ID: panva's certified oidc-provider behind HTTPS on
// loopback. It reads commands as JSON lines from stdin and answers each with a line; without them it behaves as it should.
//   node entra-tenant.mjs CERTIFICATE KEY TENANT
import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import Provider from 'oidc-provider';

const [certificate, key, tenant] = process.argv.slice(2);
const mount = `/${tenant}/v2.0`;
const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const stranger = await generateKeyPair('RS256');
const keyId = 'tenant-key';

let people = new Map();
let forgery = null;
let provider = null;
let respond = null;

const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
  if (!provider || !request.url.startsWith(mount)) {
    response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
    return;
  }

  request.originalUrl = request.url;
  request.url = request.url.slice(mount.length) || '/';
  (request.url.startsWith('/interaction/') ? interact(request, response) : respond(request, response));
});

await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const { port } = server.address();
// Another site than the console's 127.0.0.1, as the real one is: browsers keep cookies apart by it.
const issuer = `https://localhost:${port}${mount}`;
console.log(JSON.stringify({ port }));

const commands = {
  // Registers the console and everybody who has an account.
  open: async ({ client, accounts }) => {
    people = new Map(accounts.map((account) => [account.oid, account]));
    provider = await newProvider(client);
    respond = provider.callback();
  },
  // Changes what the directory knows of a person.
  change: ({ account }) => people.set(account.oid, account),
  // How the next id token is falsified: claims set or, with null, left out; signed by a key the tenant doesn't have.
  forge: (how) => { forgery = how; },
  down: () => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }),
  up: () => server.listening || new Promise((listening) => server.listen(port, '127.0.0.1', listening)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...rest } = JSON.parse(line);
  await commands[command](rest);
  console.log(JSON.stringify({ done: command }));
}
process.exit(0);

async function newProvider({ id, secret, root }) {
  const made = new Provider(issuer, {
    clients: [{
      client_id: id,
      client_secret: secret,
      redirect_uris: [`${root}signin-oidc`],
      post_logout_redirect_uris: [`${root}signout-callback-oidc`],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'client_secret_post',
      // As the optional claim auth_time of an app registration.
      require_auth_time: true,
    }],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: keyId, use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['only for tests'] },
    claims: { openid: ['sub', 'tid', 'oid', 'ver'], profile: ['name', 'preferred_username', 'roles'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => {
          context.body = page('Sign out', `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out of the tenant</button>`);
        },
      },
    },
    interactions: { url: (_, interaction) => `${mount}/interaction/${interaction.uid}` },
    findAccount: (_, oid) => people.has(oid) && {
      accountId: oid,
      claims: () => ({ sub: oid, tid: tenant, ver: '2.0', ...people.get(oid) }),
    },
    // An administrator has consented for everybody.
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
      grant.addOIDCScope('openid profile offline_access');
      await grant.save();
      return grant;
    },
    renderError: (context, out) => { context.body = page('Error', `<p>${out.error}</p>`); },
  });
  made.use(async (context, next) => {
    await next();
    if (forgery && context.body?.id_token) {
      context.body.id_token = await forged(context.body.id_token);
    }
  });
  return made;
}

async function forged(idToken) {
  const claims = { ...decodeJwt(idToken), ...forgery.claims };
  for (const [name, value] of Object.entries(claims)) {
    if (value === null) {
      delete claims[name];
    }
  }

  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: keyId, typ: 'JWT' })
    .sign(forgery.otherKey ? stranger.privateKey : privateKey);
}

async function interact(request, response) {
  const chosen = new URL(request.originalUrl, issuer).searchParams;
  const details = await provider.interactionDetails(request, response);
  if (chosen.has('oid')) {
    await provider.interactionFinished(request, response, { login: { accountId: chosen.get('oid') } }, { mergeWithLastSubmission: false });
  } else if (chosen.has('cancel')) {
    await provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'turned back' }, { mergeWithLastSubmission: false });
  } else {
    const here = `${mount}/interaction/${details.uid}`;
    const links = [...people.values()].map((account) =>
      `<li><a href="${here}?oid=${account.oid}">${account.name}</a> ${account.preferred_username}</li>`);
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page('Pick an account', `<ul>${links.join('')}</ul>
      <p id="asked">prompt ${details.params.prompt ?? 'none'}, hint ${details.params.login_hint ?? 'none'}</p>
      <p><a href="${here}?cancel=true">Cancel</a></p>`));
  }
}

function page(title, body) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>${title}</title>
    <style>body{font:16px/1.5 sans-serif;max-width:30rem;margin:10vh auto}</style></head><body><h1>${title}</h1>${body}</body></html>`;
}
