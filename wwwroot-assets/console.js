// The few things only a browser can do: keep the colours, jump to the search box, move through rows, mark a view-as window,
// copy a text, save a file.
'use strict';
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const chosen = () => document.documentElement.dataset.theme;

  const show = theme => { document.documentElement.dataset.theme = theme; };

  // A circuit can answer only after it is up, so until then a key press in the wrong place must do nothing.
  const typing = target => target.closest('input, textarea, select, [contenteditable="true"]') !== null;

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.altKey && event.shiftKey && event.code === 'KeyE') {
        document.querySelector('[data-end-session]')?.click();
        event.preventDefault();
      }
      return;
    }
    if (event.key === '/' && !typing(event.target)) {
      const box = document.querySelector('[data-search], [data-search] input');
      if (box) {
        box.focus();
        event.preventDefault();
      }
      return;
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      moveRow(event);
    }
  });

  // Rows that can be walked with the arrows carry data-row; the search box leads into the first one and back.
  function moveRow(event) {
    const rows = [...document.querySelectorAll('[data-row]')];
    const search = event.target.closest('[data-search]');
    const here = rows.indexOf(event.target.closest('[data-row]'));
    if (rows.length === 0 || (here < 0 && !search)) {
      return;
    }
    const next = search ? (event.key === 'ArrowDown' ? 0 : -1) : here + (event.key === 'ArrowDown' ? 1 : -1);
    if (next < 0) {
      document.querySelector('input[data-search], [data-search] input')?.focus();
    } else {
      const row = rows[Math.min(next, rows.length - 1)];
      (row.querySelector('[data-row-focus]') ?? row).focus();
    }
    event.preventDefault();
  }

  // The tab of a view-as window carries another sign for exactly as long as the frame is drawn.
  const icon = document.getElementById('favicon');
  new MutationObserver(() => {
    const wanted = document.querySelector('.view-frame') ? 'favicon-view-as.svg' : 'favicon.svg';
    if (icon.getAttribute('href') !== wanted) {
      icon.setAttribute('href', wanted);
    }
  }).observe(document.body, { childList: true, subtree: true });

  // Copies a field's text without asking the server, which may have forgotten it already.
  document.addEventListener('click', async event => {
    const button = event.target.closest('[data-copy]');
    if (!button) {
      return;
    }
    const field = document.getElementById(button.dataset.copy);
    const said = document.querySelector(`[data-copied="${button.dataset.copy}"]`);
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = 'Copied';
      button.dataset.state = 'copied';
      setTimeout(() => { delete button.dataset.state; said.textContent = ''; }, 2000);
    } catch {
      // No clipboard without HTTPS, or not allowed: selected, it can be copied by hand.
      field.select();
      said.textContent = 'Selected; press Ctrl+C to copy';
    }
  });

  window.supportConsole = {
    facts: () => {
      const isDark = chosen() ? chosen() === 'dark' : dark.matches;
      show(isDark ? 'dark' : 'light');
      return { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, dark: isDark };
    },
    keepTheme: theme => {
      show(theme);
      document.cookie = `theme=${theme}; path=${new URL(document.baseURI).pathname}; max-age=31536000; samesite=strict`;
    },
    save: async (name, type, stream) => {
      const url = URL.createObjectURL(new Blob([await stream.arrayBuffer()], { type }));
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    },
    isScrolled: selector => (document.querySelector(selector)?.scrollTop ?? 0) > 0,
    focus: selector => document.querySelector(selector)?.focus(),
  };
})();
