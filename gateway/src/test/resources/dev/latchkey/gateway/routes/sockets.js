// Plays one WebSocket after the other and reports, a line each, what the page sees of it.
const lines = [];

function play(path, code) {
  return new Promise((resolve) => {
    const seen = [];
    const socket = new WebSocket(`ws://${location.host}${path}`, ['graphql-transport-ws', 'graphql-ws']);
    socket.onopen = () => {
      seen.push(`open ${socket.protocol}`);
      if (code !== undefined) {
        socket.send('hello');
      }
    };
    socket.onmessage = (message) => {
      seen.push(`message ${message.data}`);
      code ? socket.close(code) : socket.close();
    };
    socket.onerror = () => seen.push('error');
    socket.onclose = (end) => {
      seen.push(`close ${end.code}${end.wasClean ? ' clean' : ''}`);
      lines.push(`${path}: ${seen.join(', ')}`);
      resolve();
    };
  });
}

async function story() {
  await play('/socket/anonymous');
  const answer = await fetch('/auth/sign-in', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'ada', password: 'ada' }),
  });
  lines.push(`sign-in ${answer.status}`);
  await play('/socket/echo', 0);
  await play('/socket/coded', 4321);
  await play('/socket/left');
  await play('/socket/denied');
  await play('/socket/moved');
}

function report() {
  return fetch('/page/report', { method: 'POST', body: lines.join('\n') });
}

setTimeout(report, 60000);
story()
  .catch((failure) => lines.push(`failed: ${failure}`))
  .then(report);
