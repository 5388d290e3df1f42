// Sign in, list and add workouts. Everything from the backend enters the page as text, never as HTML.
const api = document.querySelector('meta[name="gravl-api"]').content;
const element = (id) => document.getElementById(id);
const kinds = { ride: 'Ride', run: 'Run', swim: 'Swim', strength: 'Strength', other: 'Other' };
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** In this tab only: closing it signs out. */
let session = JSON.parse(sessionStorage.getItem('gravl') ?? 'null');
let nextCursor = null;

async function call(method, path, body) {
  const headers = { ...(body && { 'content-type': 'application/json' }), ...(session && { authorization: `Bearer ${session.token}` }) };
  let response;
  try {
    response = await fetch(`${api}/api/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  } catch {
    throw new Error('The service cannot be reached. Try again in a moment.');
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  if (response.status === 401 && session) {
    signOut();
    throw new Error('Your session has ended. Sign in again.');
  }
  throw new Error(answer.error?.message ?? `The service answered ${response.status}.`);
}

function say(text, isError = false) {
  element('message').textContent = text;
  element('message').classList.toggle('error', isError);
}

/** Runs with the button disabled, so that nothing is sent twice, and shows what went wrong. */
async function attempt(button, work) {
  button.disabled = true;
  say('');
  try {
    await work();
  } catch (error) {
    say(error.message, true);
  } finally {
    button.disabled = false;
  }
}

function cell(text, className) {
  const td = document.createElement('td');
  td.textContent = text;
  if (className) td.className = className;
  return td;
}

function duration(seconds) {
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

function row(workout) {
  const tr = document.createElement('tr');
  const title = cell(workout.title);
  if (workout.notes) {
    const notes = document.createElement('span');
    notes.className = 'notes';
    notes.textContent = workout.notes;
    title.append(notes);
  }
  const distance = workout.distanceMeters === null ? '–' : `${(workout.distanceMeters / 1000).toFixed(1)} km`;
  tr.append(
    cell(when.format(new Date(workout.startedAt)), 'when'),
    title,
    cell(kinds[workout.kind] ?? workout.kind),
    cell(duration(workout.durationSeconds), 'number'),
    cell(distance, 'number'),
  );
  return tr;
}

async function loadPage(cursor) {
  const page = await call('GET', `/workouts?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
  nextCursor = page.nextCursor;
  const rows = page.workouts.map(row);
  if (cursor) element('rows').append(...rows);
  else element('rows').replaceChildren(...rows);
  element('empty').hidden = element('rows').childElementCount > 0;
  element('more').hidden = nextCursor === null;
}

function show() {
  element('sign-in').hidden = session !== null;
  element('log').hidden = session === null;
  element('account').hidden = session === null;
  element('who').textContent = session?.name ?? '';
}

function signOut() {
  session = null;
  sessionStorage.removeItem('gravl');
  element('rows').replaceChildren();
  show();
  element('email').focus();
}

async function open() {
  show();
  await loadPage(null);
  element('log-title').focus();
}

element('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  attempt(event.submitter, async () => {
    const { token, name } = await call('POST', '/sessions', { email: form.email.value.trim(), password: form.password.value });
    session = { token, name };
    sessionStorage.setItem('gravl', JSON.stringify(session));
    form.reset();
    await open();
  });
});

element('add-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  attempt(event.submitter, async () => {
    const kilometres = form.kilometres.value;
    await call('POST', '/workouts', {
      kind: form.kind.value,
      title: form.elements.namedItem('title').value.trim(),
      startedAt: new Date(form.started.value).toISOString(),
      durationSeconds: Number(form.minutes.value) * 60,
      distanceMeters: kilometres === '' ? null : Math.round(Number(kilometres) * 1000),
      notes: form.notes.value.trim(),
    });
    form.reset();
    await loadPage(null);
    say('Added.');
  });
});

element('more').addEventListener('click', (event) => {
  const shown = element('rows').childElementCount;
  attempt(event.currentTarget, async () => {
    await loadPage(nextCursor);
    say(`${element('rows').childElementCount - shown} more shown.`);
  });
});

element('sign-out').addEventListener('click', () => {
  signOut();
  say('Signed out.');
});

if (session) attempt(element('sign-out'), open);
else show();
