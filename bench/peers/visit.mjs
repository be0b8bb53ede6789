// A user who signs in and stays: usage: node visit.mjs URL REQUESTS SECONDS ROUNDS
// Signs in at the provider that URL leads to; then, in each round, waits and sends so many requests at once. Prints a line of
// JSON: how many of each round were answered with which status, or with what is no answer in HTTP.
import http from 'node:http';

const [url, requests, seconds, rounds] = process.argv.slice(2);
const jar = new Map();

function cookies(to) {
  const origin = new URL(to).host;
  return [...(jar.get(origin) ?? new Map())].map(([name, value]) => `${name}=${value}`).join('; ');
}

function keep(to, lines) {
  const origin = new URL(to).host;
  if (!jar.has(origin)) jar.set(origin, new Map());
  for (const line of lines) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.get(origin).delete(name);
    else jar.get(origin).set(name, value);
  }
}

// Not by fetch, which says of itself what kind of request it is.
function ask(to, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((done, failed) => {
    const length = body ? { 'Content-Length': Buffer.byteLength(body) } : {};
    const request = http.request(to, { method, agent: false, headers: { Cookie: cookies(to), ...length, ...headers } }, (answer) => {
      let page = '';
      answer.setEncoding('utf8').on('data', (part) => (page += part)).on('error', failed);
      answer.on('end', () => {
        keep(to, answer.headers['set-cookie'] ?? []);
        done({ status: answer.statusCode, next: answer.headers.location, page });
      });
    });
    request.on('error', failed).end(body);
  });
}

async function navigate(to, more = {}) {
  const headers = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Site': 'none' };
  for (let hop = 0; hop < 20; hop++) {
    const answer = await ask(to, { ...more, headers: { ...headers, ...more.headers } });
    if (!answer.next) return { at: to, ...answer };
    to = new URL(answer.next, to).href;
    more = {};
  }
  throw new Error('too many redirects');
}

function form(at, page, fields) {
  const action = /<form[^>]*action="([^"]+)"/.exec(page)[1].replaceAll('&amp;', '&');
  const prompt = /name="prompt" value="([^"]+)"/.exec(page)[1];
  return navigate(new URL(action, at).href, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: new URL(at).origin },
    body: new URLSearchParams({ prompt, ...fields }).toString(),
  });
}

async function signIn() {
  let now = await navigate(url);
  for (let page = 0; page < 3 && /name="prompt"/.test(now.page); page++) {
    const isLogin = /name="login"/.test(now.page);
    now = await form(now.at, now.page, isLogin ? { login: 'ada', password: 'ada' } : {});
  }
  if (now.status !== 200) throw new Error(`the sign-in ended at ${now.at} with ${now.status}: ${now.page.slice(0, 300)}`);
}

async function storm() {
  const statuses = {};
  const headers = { Accept: 'application/json', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Site': 'same-origin' };
  await Promise.all(Array.from({ length: Number(requests) }, async () => {
    const status = await ask(url, { headers }).then((answer) => answer.status, () => 'broken');
    statuses[status] = (statuses[status] ?? 0) + 1;
  }));
  return statuses;
}

await signIn();
const answers = [];
for (let round = 0; round < Number(rounds); round++) {
  await new Promise((done) => setTimeout(done, Number(seconds) * 1000));
  answers.push(await storm());
}
console.log(JSON.stringify(answers));
