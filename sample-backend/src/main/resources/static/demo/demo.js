'use strict';

// Shows one session from the outside: what a page sees of a gateway that renews tokens is nothing but calls that go on.

const CALLS = ['/api/orders/whoami', '/api/profile/whoami', '/api/orders/visits'];
const PERIOD_MS = 1000;
const PROVIDER = '/api/provider/status';
const PROVIDER_PERIOD_MS = 2000;
const LOG_ROWS = 200;
const STRIP_BARS = 90;
const $ = id => document.getElementById(id);

const state = {
  running: false, calls: 0, failed: 0, rotations: 0,
  expiresAt: 0, life: 0, since: 0, events: null, socket: null, ticks: 0, providerTokens: 0,
};

/* ---- small helpers ---- */

const wait = ms => new Promise(done => setTimeout(done, ms));

/** ISO text, or seconds since 1970. */
function instant(value) {
  return typeof value === 'number' ? value * 1000 : Date.parse(value);
}

/** A delay in seconds or a date; bounded, so that a strange value cannot stop the page. */
function retryAfterMs(response) {
  const value = response.headers.get('Retry-After') || '1';
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Math.min(Math.max(ms || 0, 1000), 30000);
}

async function request(path, options) {
  const started = performance.now();
  const result = { path, ok: false, status: 0, ms: 0, response: null };
  try {
    result.response = await fetch(path, {
      credentials: 'same-origin', cache: 'no-store', headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(15000), ...options,
    });
    result.status = result.response.status;
    result.ok = result.response.ok;
    result.body = result.ok && result.status !== 204 ? await result.response.json() : null;
  } catch (problem) {
    result.ok = false;
    result.problem = problem.name;
  }
  result.ms = Math.round(performance.now() - started);
  return result;
}

function say(text, trouble) {
  // The same words again would be read aloud again.
  if ($('status').textContent !== text) {
    $('status').textContent = text;
  }
  $('status').classList.toggle('trouble', Boolean(trouble));
}

function show(name) {
  for (const id of ['signed-out', 'ended', 'running']) {
    $(id).hidden = id !== name;
  }
  $('who').hidden = name !== 'running';
}

/* ---- the session ---- */

/** Asks the gateway who is signed in until it can tell; `null` when nobody is. */
async function session() {
  for (;;) {
    const answer = await request('/auth/session');
    if (answer.ok) {
      return answer.body;
    }
    if (answer.status === 401) {
      return null;
    }
    const pause = answer.response ? retryAfterMs(answer.response) : 2000;
    say(`The gateway cannot tell right now (${answer.status || answer.problem}); asking again in ` +
      `${Math.round(pause / 1000)} s.`, true);
    await wait(pause);
  }
}

function learn(facts) {
  const expiresAt = instant(facts.expiresAt);
  const rotated = state.expiresAt !== 0 && expiresAt > state.expiresAt;
  if (rotated) {
    state.rotations += 1;
  }
  if (expiresAt !== state.expiresAt) {
    state.life = Math.max(expiresAt - Date.now(), 1);
    state.expiresAt = expiresAt;
  }
  paint();
  $('subject').textContent = facts.name || facts.subject;
  $('roles').textContent = (facts.roles || []).join(', ');
  return rotated;
}

function end(why) {
  if (!state.running) {
    return;
  }
  state.running = false;
  if (state.events) {
    state.events.close();
  }
  if (state.socket) {
    state.socket.close();
  }
  $('ended-why').textContent = `${why} It outlived ${state.rotations} access ` +
    `token${state.rotations === 1 ? '' : 's'} and made ${state.calls} calls, ${state.failed} of which failed.`;
  say('The session has ended.');
  $('copy').hidden = true;
  show('ended');
  $('ended').scrollIntoView({ block: 'nearest' });
}

/* ---- calls ---- */

/** A new identity token is a reason to look whether the access token is a new one, too. */
function identityExpiry(answer) {
  return answer.body && answer.body.expiresAt ? instant(answer.body.expiresAt) : 0;
}

function count(answer) {
  state.calls += 1;
  if (!answer.ok) {
    state.failed += 1;
  }
  paint();
}

function record(answer, rotated) {
  const kind = rotated ? 'rotated' : answer.ok ? '' : 'failed';
  const row = $('log').insertRow(0);
  row.className = kind;
  row.dataset.status = String(answer.status);
  const remark = rotated ? 'rotated' : answer.ok ? '' : answer.problem || 'refused';
  const cells = [new Date().toLocaleTimeString(), answer.path, answer.status || '–', `${answer.ms} ms`, remark];
  cells.forEach(text => { row.insertCell().textContent = text; });
  while ($('log').rows.length > LOG_ROWS) {
    $('log').deleteRow(-1);
  }
  const bar = document.createElement('li');
  bar.className = kind;
  bar.style.height = `${Math.min(100, 8 + answer.ms)}%`;
  $('strip').append(bar);
  while ($('strip').children.length > STRIP_BARS) {
    $('strip').firstChild.remove();
  }
}

/** What a refusal means; true when the loop may go on. */
async function afterRefusal(answer) {
  if (answer.status === 401) {
    const facts = await session();
    if (!facts) {
      const problem = await answer.response.json().catch(() => ({}));
      end(problem.reason
        ? `The gateway has ended the session (${problem.reason}).`
        : 'The gateway refused a call, and nobody is signed in any more.');
    } else if (state.running) {
      learn(facts);
    }
    return;
  }
  const pause = answer.status === 503 ? retryAfterMs(answer.response) : PERIOD_MS;
  say(`A call failed (${answer.status || answer.problem}); going on in ${Math.round(pause / 1000)} s.`, true);
  await wait(pause);
}

async function callForever() {
  let known = 0;
  for (let turn = 0; state.running; turn += 1) {
    const answer = await request(CALLS[turn % CALLS.length]);
    if (!state.running) {
      return;
    }
    count(answer);
    if (!answer.ok) {
      record(answer, false);
      await afterRefusal(answer);
      continue;
    }
    const expiry = identityExpiry(answer);
    const jumped = known !== 0 && expiry > known;
    known = Math.max(known, expiry);
    const due = Date.now() >= state.expiresAt;
    const facts = jumped || due ? await session() : null;
    const rotated = state.running && facts !== null && learn(facts);
    if ((jumped || due) && facts === null) {
      end('Nobody is signed in any more.');
      return;
    }
    record(answer, rotated);
    say(rotated ? `Token renewed (number ${state.rotations}); no call noticed.` : 'Calls are going through.');
    await wait(Math.max(0, PERIOD_MS - answer.ms));
  }
}

async function burst() {
  $('burst').disabled = true;
  $('burst-result').textContent = 'Calling…';
  const started = performance.now();
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => request(`/api/orders/whoami?burst=${i}`)));
  answers.forEach(count);
  const bad = answers.filter(answer => !answer.ok);
  bad.forEach(answer => record(answer, false));
  $('burst-result').textContent =
    `${answers.length - bad.length} of 50 answered 200 in ${Math.round(performance.now() - started)} ms.`;
  $('burst').disabled = false;
}

/* ---- streams ---- */

function listen() {
  const events = new EventSource('/api/orders/clock');
  state.events = events;
  const showState = () => { $('sse-state').textContent = ['connecting', 'open', 'closed'][events.readyState]; };
  events.onopen = showState;
  events.onerror = () => {
    showState();
    // A refusal or a 503 closes the source for good; other losses it recovers from by itself.
    if (events.readyState === EventSource.CLOSED && state.running) {
      setTimeout(() => state.running && listen(), 3000);
    }
  };
  events.addEventListener('tick', event => {
    const tick = JSON.parse(event.data);
    state.ticks += 1;
    showState();
    $('sse-time').textContent = new Date(tick.time).toLocaleTimeString();
    $('sse-count').textContent = String(state.ticks);
    $('sse-caller').textContent = tick.caller;
  });
}

function talk() {
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/orders/socket`);
  state.socket = socket;
  $('socket-state').textContent = 'connecting';
  socket.onopen = () => { $('socket-state').textContent = 'open'; };
  socket.onmessage = message => {
    const text = String(message.data);
    $('socket-answer').textContent = text.startsWith('{') ? `greeted as ${JSON.parse(text).subject}` : text;
  };
  socket.onclose = () => {
    $('socket-state').textContent = 'closed';
    if (state.running) {
      setTimeout(() => state.running && talk(), 3000);
    }
  };
}

/* ---- the sample provider, where one runs ---- */

/** Only who can sign in there, and how often it replaced this user's tokens: it tells no token. */
async function offerProvider() {
  const answer = await request(PROVIDER);
  $('provider-sign-in').hidden = !answer.ok;
  $('provider-users').hidden = !answer.ok;
}

/** Ends at once for a user of another provider or of none. */
async function watchProvider() {
  while (state.running) {
    const answer = await request(PROVIDER);
    if (answer.status === 404 || (answer.ok && answer.body.rotations === undefined)) {
      return;
    }
    if (answer.ok) {
      state.providerTokens = instant(answer.body.lastTokens);
      $('provider-rotations').textContent = String(answer.body.rotations);
      $('provider').hidden = false;
    }
    await wait(PROVIDER_PERIOD_MS);
  }
}

/* ---- what is seen ---- */

function minutes(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function paint() {
  if (!state.running) {
    return;
  }
  const left = Math.max(0, state.expiresAt - Date.now());
  $('expires-in').textContent = String(Math.ceil(left / 1000));
  $('life').value = Math.min(100, 100 * left / state.life);
  $('calls').textContent = String(state.calls);
  $('failed').textContent = String(state.failed);
  $('failed').classList.toggle('bad', state.failed > 0);
  $('rotations').textContent = String(state.rotations);
  $('watched').textContent = minutes(Date.now() - state.since);
  $('provider-last').textContent = minutes(Date.now() - state.providerTokens);
  $('outlived').textContent = state.rotations === 0
    ? 'This session is still on its first access token.'
    : `This session has outlived ${state.rotations} access token${state.rotations === 1 ? '' : 's'}.`;
}

async function signOut() {
  $('sign-out').disabled = true;
  const answer = await request('/auth/sign-out', { method: 'POST' });
  $('sign-out').disabled = false;
  if (answer.ok || answer.status === 401) {
    end('You signed out.');
    if (answer.body && answer.body.continueAt) {
      // The provider has a session of its own, which would sign in anew without asking.
      location.assign(answer.body.continueAt);
    }
  } else {
    say(`Signing out failed (${answer.status || answer.problem}); you are still signed in.`, true);
  }
}

async function tryCall() {
  const answer = await request(CALLS[0]);
  $('try-result').textContent = `${answer.path} answered ${answer.status || answer.problem}.`;
}

function send(event) {
  event.preventDefault();
  if (state.socket && state.socket.readyState === WebSocket.OPEN) {
    state.socket.send($('socket-text').value);
  }
}

async function start() {
  $('sign-out').addEventListener('click', signOut);
  $('burst').addEventListener('click', burst);
  $('try-call').addEventListener('click', tryCall);
  $('socket-form').addEventListener('submit', send);
  const facts = await session();
  if (!facts) {
    say('');
    show('signed-out');
    offerProvider();
    return;
  }
  state.running = true;
  state.since = Date.now();
  learn(facts);
  show('running');
  listen();
  talk();
  watchProvider();
  offerTheft(facts);
  setInterval(paint, 250);
  callForever();
}

start();
