'use strict';

// Shows what a copy of the cookies opens. The thief is another program of this machine; this page asks it what to do.

/** More than the grace of the demo, within which an old token counts as a late one. */
const AFTER_END_MS = 8000;
/** More than twice the grace: an old token that comes again after that is a copy's. */
const AFTER_REFUSAL_MS = 12000;
const MOST_USES = 8;

const theft = { address: '' };

async function ask(path) {
  try {
    const response = await fetch(theft.address + path, {
      method: 'POST', credentials: 'include', signal: AbortSignal.timeout(20000),
    });
    return response.ok ? await response.json() : { failure: `The thief answered ${response.status}.` };
  } catch (problem) {
    return { failure: `The thief does not answer (${problem.name}).` };
  }
}

function tell(name, kind, what, means) {
  const row = document.createElement('li');
  const head = document.createElement('b');
  row.className = kind;
  row.dataset.kind = kind;
  head.textContent = `${new Date().toLocaleTimeString()} ${what}`;
  row.append(head, means);
  $(`${name}-tale`).append(row);
}

function tellFailure(name, failure) {
  tell(name, 'refused', 'No answer', failure);
}

/** Every second how long it takes, so that nobody thinks it is over. */
async function waitAloud(name, until, why) {
  for (let left = until - Date.now(); left > 0; left = until - Date.now()) {
    $(`${name}-next`).textContent = `The thief comes again in ${Math.ceil(left / 1000)} s, ${why}.`;
    await wait(Math.min(1000, left));
  }
  $(`${name}-next`).textContent = '';
}

/* ---- what an answer to the thief means ---- */

function entered(use, first) {
  return first
    ? `The backend takes the thief for ${use.subject}. A copied access token opens everything until it ends, here within ` +
      `${Math.max(0, Math.round((instant(use.expiresAt) - Date.now()) / 1000))} s.`
    : `The backend takes the thief for ${use.subject}: the copy was renewed. From now on, one of you comes with an old token.`;
}

function tellUse(name, use, first) {
  if (use.status === 200) {
    tell(name, 'entered', 'Thief: 200', entered(use, first));
  } else if (use.problem === 'proof-missing') {
    tell(name, 'refused', 'Thief: 401 proof-missing',
      'The access token has ended, and to renew it takes a signature by the key. Nothing has changed for the owner.');
  } else if (use.reason === 'revoked') {
    tell(name, 'found', `Thief: ${use.status} ${use.problem}, ${use.reason}`,
      'The old token came a second time: a copy. The gateway has ended the session for both, and its user signs in again.');
  } else if (use.reason) {
    tell(name, 'refused', `Thief: ${use.status} ${use.problem}, ${use.reason}`, 'The session has ended for another reason.');
  } else if (use.status === 401) {
    tell(name, 'refused', `Thief: 401 ${use.problem}`,
      'You have renewed since, so this token is an old one. Once may be an accident: nothing has ended yet.');
  } else {
    tell(name, 'refused', `Thief: ${use.status} ${use.problem || ''}`, 'The gateway cannot tell right now.');
  }
}

/* ---- the stories ---- */

/** The thief comes back until the copy is worth nothing; what it was refused with, or nothing if that did not happen. */
async function useUntilRefused(name, copy) {
  for (let count = 0; count < MOST_USES; count += 1) {
    const use = await ask(`/thief/copies/${copy.id}/uses`);
    if (use.failure) {
      tellFailure(name, use.failure);
      return null;
    }
    tellUse(name, use, count === 0);
    if (use.reason || use.problem === 'proof-missing') {
      return use;
    }
    if (use.status === 200) {
      await waitAloud(name, instant(use.expiresAt) + AFTER_END_MS, 'after the access token has ended');
    } else {
      await waitAloud(name, Date.now() + AFTER_REFUSAL_MS, 'with the same cookies');
    }
  }
  return null;
}

async function copied(name, path) {
  $(`${name}-tale`).replaceChildren();
  const copy = await ask(path);
  if (copy.failure) {
    tellFailure(name, copy.failure);
    return null;
  }
  tell(name, 'copied', 'Copied', copy.cookies.join(', '));
  return copy;
}

async function plainStory() {
  const copy = await copied('plain', '/thief/copies');
  if (copy) {
    await useUntilRefused('plain', copy);
  }
}

async function boundStory() {
  const copy = await copied('bound', '/thief/bound-copies');
  if (copy && await useUntilRefused('bound', copy)) {
    const use = await ask(`/thief/copies/${copy.id}/owner-uses`);
    if (use.status === 200) {
      tell('bound', 'owner', 'Owner: 200', `Its browser has signed, and goes on as ${use.subject}. The copy stays worthless.`);
    } else {
      tell('bound', 'found', `Owner: ${use.status || 'no answer'}`, use.failure || `Refused as ${use.problem}.`);
    }
  }
}

async function copyCookies() {
  $('copy').disabled = true;
  await Promise.all([plainStory(), boundStory()]);
  $('copy').disabled = false;
}

/** Only the demo has a thief. */
async function offerTheft(facts) {
  const answer = await request('/demo/thief');
  if (!answer.ok) {
    return;
  }
  theft.address = `http://${location.hostname}:${answer.body.port}`;
  $('thief-port').textContent = String(answer.body.port);
  if (facts.deviceBound) {
    $('plain-kind').textContent = 'which is bound to this device';
    $('plain-why').textContent = 'This browser has registered a key for it.';
  }
  $('copy').addEventListener('click', copyCookies);
  $('theft').hidden = false;
}
