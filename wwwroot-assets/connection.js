// What a window does about its connection and about whatever else comes between it and the console: no WebSocket at all, a
// connection lost for a while or for good, a translator that rewrites the page. Works without a circuit: that is when it is needed.
'use strict';
(() => {
  const isUp = () => document.querySelector('main') !== null; // Each layout draws one, and only a circuit draws a layout.
  const failure = document.getElementById('blazor-error-ui');
  const modal = document.getElementById('components-reconnect-modal');
  const hasFailed = () => failure.style.display === 'block';

  const answers = async path => {
    try {
      return (await fetch(path, { cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(3500) })).ok;
    } catch {
      return false;
    }
  };

  // --- No circuit came up. The server hears of it over plain HTTP, which also tells whether it's the WebSocket or everything.
  const notice = document.getElementById('no-socket');
  notice.querySelectorAll('[data-host]').forEach(place => { place.textContent = location.host; });
  let told = false;
  async function tellNoSocket() {
    if (told || isUp()) {
      return;
    }
    told = true;
    notice.dataset.state = await answers('no-socket') ? 'socket' : 'away';
    notice.hidden = false;
    document.title = 'No connection · Support Console';
  }
  setTimeout(tellNoSocket, 6000);
  notice.querySelector('button').addEventListener('click', () => location.reload());

  // --- A connection that was up and is lost.
  let lost = false;
  const forget = [];
  const say = state => {
    modal.dataset.state = state;
    if (state === 'hide') {
      lost = false;
      forget.splice(0).forEach(clearTimeout);
      modal.close();
      return;
    }
    if (!lost) {
      lost = true;
      forget.push(setTimeout(emptySecrets, 60_000)); // As long as the server keeps the window; nobody can hide them from there.
    }
    if (!modal.open) {
      modal.showModal(); // In the top layer, above any dialog of the page.
    }
    if (['failed', 'rejected', 'resume-failed'].includes(state)) {
      emptySecrets();
    }
  };
  modal.addEventListener('components-reconnect-state-changed', event => say(event.detail.state));
  modal.addEventListener('cancel', event => event.preventDefault()); // Escape brings no connection back.

  function emptySecrets() {
    document.querySelectorAll('[data-secret]').forEach(field => {
      field.value = '';
      field.removeAttribute('value');
    });
  }

  // While it retries, Blazor itself hurries when the window is looked at again; once it has given up, this does.
  async function retry() {
    if (modal.dataset.state !== 'failed' || document.visibilityState !== 'visible') {
      return;
    }
    modal.dataset.state = 'retrying';
    try {
      say(await Blazor.reconnect() ? 'hide' : 'rejected');
    } catch {
      modal.dataset.state = 'failed';
    }
  }
  document.addEventListener('visibilitychange', retry);
  addEventListener('online', retry);

  modal.querySelector('[data-resume]').addEventListener('click', async () => {
    try {
      say(await Blazor.resumeCircuit() ? 'hide' : 'resume-failed');
    } catch {
      say('resume-failed');
    }
  });
  // A page that can't be loaded would be the browser's own, with nothing of this one on it.
  const silent = modal.querySelector('[data-silent]');
  modal.querySelector('[data-reload]').addEventListener('click', async () => {
    silent.textContent = 'Asking the console…';
    if (await answers('health/live')) {
      location.reload();
    } else {
      silent.textContent = 'There is still no answer. Check your network and try again in a moment.';
    }
  });

  // --- What was typed survives the reload: in this tab, for the same person, for half an hour, and never a secret.
  const KEPT = 'typed';
  const bar = document.getElementById('typed-before');
  const placeOf = field => field.closest('[role="dialog"]')?.querySelector('h2')?.textContent.trim() ?? '';
  const nameOf = field => field.type === 'radio' ? field.name : field.getAttribute('aria-label')
    ?? (field.labels?.[0]?.querySelector('span') ?? field.labels?.[0])?.textContent.trim() ?? '';
  const isTyped = field => !field.readOnly && !field.disabled && !field.matches('[data-secret], [data-secret] *')
    && !['hidden', 'password', 'file', 'checkbox', 'submit', 'button'].includes(field.type)
    && field.value !== '' && (field.type !== 'radio' || field.checked);
  const fields = () => [...document.querySelectorAll('main input, main textarea, main select, .topbar input, [role="dialog"] :is(input, textarea, select)')];

  addEventListener('pagehide', () => {
    const typed = fields().filter(isTyped).map(field => ({ place: placeOf(field), name: nameOf(field), value: field.value, words: !field.matches('select, [type="radio"]') }));
    if ((lost || hasFailed()) && typed.some(field => field.words)) {
      store({ person: document.body.dataset.person, path: location.pathname, at: Date.now(), typed });
    }
  });

  function store(kept) {
    try {
      if (kept) {
        sessionStorage.setItem(KEPT, JSON.stringify(kept));
      } else {
        sessionStorage.removeItem(KEPT);
      }
    } catch {
      // No storage in this browser: what was typed is gone with the page, as it would be everywhere else.
    }
  }

  function takeUp() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
      if (kept && kept.person === document.body.dataset.person && Date.now() - kept.at < 30 * 60_000) {
        return kept;
      }
    } catch {
      // Not written by this page: nothing of it is used.
    }
    store(null);
    return null;
  }

  let kept = takeUp();
  function bringBack() {
    if (kept.path === location.pathname) {
      const open = fields();
      kept.typed = kept.typed.filter(was => {
        const field = open.find(now => placeOf(now) === was.place && nameOf(now) === was.name && !now.readOnly && !now.matches('[data-secret]')
          && (now.type !== 'radio' || now.value === was.value));
        if (field?.type === 'radio') {
          field.click();
        } else if (field && field.value !== was.value) {
          field.value = was.value;
          field.dispatchEvent(new Event('input', { bubbles: true }));
          field.dispatchEvent(new Event('change', { bubbles: true }));
        }
        return !field;
      });
    }
    const words = kept.typed.filter(was => was.words);
    bar.hidden = words.length === 0;
    if (bar.hidden) {
      kept = null;
      store(null);
    } else if (bar.querySelectorAll('dt').length !== words.length) {
      store(kept);
      bar.querySelector('dl').replaceChildren(...words.flatMap(was => [['dt', was.name], ['dd', was.value]].map(([tag, text]) => {
        const line = document.createElement(tag);
        line.textContent = text;
        return line;
      })));
      const where = words[0].place;
      bar.querySelector('[data-where]').textContent = where ? `It is filled in when you open “${where}” again.` : 'You can copy it from here.';
    }
  }
  bar.querySelector('button').addEventListener('click', () => {
    kept = null;
    store(null);
    bar.hidden = true;
  });

  // --- A translator puts <font> elements with other words in the place of text that Blazor goes on writing to: the countdown would
  // stand still, and the first change of structure would fail the window. So the text comes back before Blazor's next turn.
  const translated = document.getElementById('translated');
  translated.querySelector('button').addEventListener('click', () => { translated.hidden = true; });
  function undoTranslation(records) {
    const texts = new Map(); // What was taken out, by what stood beside it at that moment.
    const fonts = new Set();
    for (const record of records) {
      for (const node of record.addedNodes) {
        if (node.nodeName === 'FONT') {
          fonts.add(node);
        }
      }
      for (const node of record.removedNodes) {
        if (node.nodeType === Node.TEXT_NODE) {
          [...record.addedNodes, record.previousSibling, record.nextSibling].filter(Boolean).forEach(beside => {
            if (beside.nodeName === 'FONT' && !texts.has(beside)) {
              texts.set(beside, node);
            }
          });
        }
      }
    }
    for (const font of fonts) {
      if (font.isConnected && font.parentNode.nodeName !== 'FONT') {
        font.replaceWith(texts.get(font) ?? document.createTextNode(font.textContent));
        translated.hidden = false;
      }
    }
  }

  new MutationObserver(records => {
    if (records.some(record => [...record.addedNodes].some(node => node.nodeName === 'FONT'))) {
      undoTranslation(records);
    }
    if (kept && isUp() && !lost) {
      bringBack();
    }
  }).observe(document.body, { childList: true, subtree: true });
  new MutationObserver(() => {
    if (lost && hasFailed()) {
      // Blazor reports each attempt to reconnect that fails as a failure of the window, which may well come back.
      failure.style.display = 'none';
    } else if (hasFailed()) {
      emptySecrets();
      tellNoSocket();
    }
  }).observe(failure, { attributes: true, attributeFilter: ['style'] });
})();
