// Opens windows of a Blazor app the way a browser does and keeps them open: signs in, loads the page, starts a circuit,
// acknowledges render batches and answers the calls to JavaScript that MudBlazor and Blazor make.
// Commands on standard input, one answer a line: open COUNT PATH MARK, close, churn COUNT PATH MARK.
// MARK is text that a window's render batches must have brought before the window counts as open.
import { createInterface } from 'node:readline';
import * as signalR from '@microsoft/signalr';
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack';

const [base, person] = process.argv.slice(2);
const ATONCE = 6;
const cookies = new Map();
const unknown = new Set();
let windows = [];

const cookieHeader = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

async function request(path, options = {}) {
  const answer = await fetch(base + path, { redirect: 'manual', ...options, headers: { ...options.headers, cookie: cookieHeader() } });
  for (const line of answer.headers.getSetCookie()) {
    const [pair] = line.split(';');
    cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
  }
  return answer;
}

async function signIn() {
  const page = await (await request('/signin')).text();
  const token = /name="__RequestVerificationToken"[^>]*value="([^"]+)"/.exec(page)[1];
  const answer = await request('/signin/demo', { method: 'POST', body: new URLSearchParams({ __RequestVerificationToken: token, person, returnUrl: '/' }) });
  if (answer.status !== 302 || answer.headers.get('location') !== '/') throw new Error(`sign-in: ${answer.status} ${answer.headers.get('location')}`);
}

const rectangle = { x: 0, y: 0, width: 1400, height: 900, top: 0, left: 0, right: 1400, bottom: 900, scrollX: 0, scrollY: 0, windowWidth: 1400, windowHeight: 900 };

function answerTo(name, kind) {
  if (kind === 1) return { __jsObjectId: 1 };
  if (kind === 3) return null;
  if (/hasOwnProperty$/.test(name)) return true;
  if (/countProviders$/.test(name)) return 1;
  if (/[bB]oundingClientRect$/.test(name)) return rectangle;
  if (/BrowserWindowSize$/.test(name)) return { width: 1400, height: 900 };
  if (/matchMedia$/.test(name)) return true;
  if (name === 'supportConsole.facts') return { timeZone: 'Europe/Berlin', dark: false };
  if (/DarkMode|isDark/i.test(name)) return false;
  unknown.add(name);
  return null;
}

async function openWindow(path, mark) {
  const html = await (await request(path)).text();
  const markers = [...html.matchAll(/<!--Blazor:(\{.*?\})-->/g)].map((m) => JSON.parse(m[1])).filter((m) => m.descriptor);
  if (markers.length === 0) throw new Error(`no component on ${path}: ${html.slice(0, 300)}`);
  const state = /<!--Blazor-Server-Component-State:(.*?)-->/.exec(html)?.[1] ?? '';
  const protocol = new MessagePackHubProtocol();
  Object.defineProperty(protocol, 'name', { value: 'blazorpack' });
  const hub = new signalR.HubConnectionBuilder()
    .withUrl(`${base}/_blazor`, { transport: signalR.HttpTransportType.WebSockets, headers: { cookie: cookieHeader() } })
    .withHubProtocol(protocol).configureLogging(signalR.LogLevel.None).build();
  const wanted = Buffer.from(mark);
  const shown = Promise.withResolvers?.() ?? (() => { const p = {}; p.promise = new Promise((resolve, reject) => Object.assign(p, { resolve, reject })); return p; })();
  let quiet;
  let seen = false;
  hub.on('JS.RenderBatch', (id, data) => {
    hub.send('OnRenderCompleted', id, null).catch(() => {});
    seen ||= Buffer.from(data).includes(wanted);
    if (seen) { clearTimeout(quiet); quiet = setTimeout(shown.resolve, 300); }
  });
  hub.on('JS.BeginInvokeJS', (handle, name, args, kind) => {
    if (name === 'Blazor._internal.Virtualize.init') {
      const list = JSON.parse(args)[0].__dotNetObject;
      hub.send('BeginInvokeDotNetFromJS', '1', null, 'OnSpacerAfterVisible', list, '[0,0,900]').catch(() => {});
    }
    if (handle !== 0) hub.send('EndInvokeJSFromDotNet', handle, true, JSON.stringify([handle, true, answerTo(name, kind)])).catch(() => {});
  });
  for (const name of ['JS.AttachComponent', 'JS.EndInvokeDotNet', 'JS.EndUpdateRootComponents', 'JS.SavePersistedState', 'JS.BeginTransmitStream']) hub.on(name, () => {});
  hub.on('JS.Error', (text) => shown.reject(new Error(text)));
  hub.onclose((cause) => shown.reject(cause ?? new Error('closed')));
  await hub.start();
  const circuit = await hub.invoke('StartCircuit', `${base}/`, base + path, '[]', state);
  await hub.send('UpdateRootComponents', JSON.stringify({ batchId: 1, operations: markers.map((marker, k) => ({ type: 'add', ssrComponentId: k + 1, marker })) }), state);
  const late = setTimeout(() => shown.reject(new Error(`"${mark}" didn't appear on ${path}`)), 30_000);
  try { await shown.promise; } finally { clearTimeout(late); }
  return { hub, circuit };
}

// As a tab that is closed: the browser's beacon, then the end of the connection.
async function closeWindow({ hub, circuit }) {
  const form = new FormData();
  form.append('circuitId', circuit);
  await request('/_blazor/disconnect', { method: 'POST', body: form });
  await hub.stop();
}

async function many(count, act) {
  let next = 0;
  await Promise.all(Array.from({ length: ATONCE }, async () => { while (next < count) await act(next++); }));
}

const commands = {
  open: async (count, path, mark) => { await many(Number(count), async () => { windows.push(await openWindow(path, mark)); }); return { open: windows.length }; },
  close: async () => { const all = windows; windows = []; await many(all.length, (n) => closeWindow(all[n])); return { open: 0 }; },
  churn: async (count, path, mark) => { await many(Number(count), async () => closeWindow(await openWindow(path, mark))); return { open: windows.length }; },
};

if (person) await signIn();
console.log(JSON.stringify({ ready: true }));
for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...args] = line.split(' ');
  try {
    console.log(JSON.stringify({ ...(await commands[name](...args)), unknown: [...unknown] }));
  } catch (failure) {
    console.log(JSON.stringify({ failed: String(failure?.message ?? failure) }));
  }
}
process.exit(0);
