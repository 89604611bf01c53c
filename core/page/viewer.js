/* viewer.js - the list of episodes with its filters, and one transcript at a time. The
   address after # holds what is shown: #q=TEXT&method=M&outcome=wrong&flipped=1&ep=N. */
'use strict';
(function () {
  var byId = function (id) { return document.getElementById(id); };
  var data = JSON.parse(byId('data').textContent);
  var STEP = 200;
  var limit = STEP;
  var fields = ['q', 'task', 'method', 'outcome', 'flipped', 'talks'];
  var last = null;

  /* [cell, item, outcome, score, tokens, ms, flipped, transcript] */
  var eps = data.eps.map(function (e, i) {
    var cell = data.cells[e[0]];
    var item = data.items[e[1]];
    return {
      at: i, cell: cell, group: e[1], item: item[0], mode: item[1], outcome: data.outcomes[e[2]],
      score: e[3], tokens: e[4], ms: e[5], flipped: e[6], talk: e[7],
      text: (item[0] + ' ' + item[1] + ' ' + cell.method + ' ' + cell.task).toLowerCase()
    };
  });
  var several = new Set(data.cells.map(function (c) { return c.path; })).size > 1;
  var seeds = new Set(data.cells.map(function (c) { return c.seed; })).size > 1;

  function el(name, text, className) {
    var e = document.createElement(name);
    if (text !== undefined && text !== null) e.textContent = text;
    if (className) e.className = className;
    return e;
  }

  function number(x) {
    return typeof x === 'number' ? String(Math.round(x * 1000) / 1000) : String(x);
  }

  function time(ms) {
    return ms < 1000 ? (ms < 10 ? number(ms) : Math.round(ms)) + ' ms' : number(ms / 1000) + ' s';
  }

  function who(e) {
    return e.cell.method + (seeds ? ', seed ' + e.cell.seed : '') +
      (several ? ' of ' + e.cell.run : '') + (e.mode === 'default' ? '' : ' (' + e.mode + ')');
  }

  function fill(select, values) {
    select.append(new Option('all', ''));
    Array.from(new Set(values)).forEach(function (v) { select.append(new Option(v, v)); });
  }

  function state() {
    return new URLSearchParams(location.hash.slice(1));
  }

  function go(change) {
    var s = state();
    Object.keys(change).forEach(function (k) {
      if (change[k] === '') s.delete(k); else s.set(k, change[k]);
    });
    history.replaceState(null, '', '#' + s.toString());
    show();
  }

  function matches(e, s) {
    var words = (s.get('q') || '').toLowerCase().split(/\s+/);
    return words.every(function (w) { return e.text.includes(w); }) &&
      (!s.get('task') || e.cell.task === s.get('task')) &&
      (!s.get('method') || e.cell.method === s.get('method')) &&
      (!s.get('outcome') || e.outcome === s.get('outcome')) &&
      (!s.get('flipped') || e.flipped) && (!s.get('talks') || e.talk);
  }

  function row(e, current) {
    var tr = el('tr');
    var open = el('button', e.item);
    var cell = el('td');
    open.type = 'button';
    tr.dataset.ep = e.at;
    open.addEventListener('click', function () { go({ep: e.at}); byId('talk').focus(); });
    cell.append(open);
    if (e.at === current) tr.setAttribute('aria-current', 'true');
    tr.append(cell, el('td', who(e)), el('td', e.outcome + (e.flipped ? ', flipped' : ''),
      'o-' + e.outcome), el('td', number(e.score), 'n'), el('td', e.tokens, 'n'));
    return tr;
  }

  function list(s) {
    var body = byId('list').tBodies[0];
    var current = s.has('ep') ? Number(s.get('ep')) : -1;
    var found = eps.filter(function (e) { return matches(e, s); });
    body.replaceChildren.apply(body, found.slice(0, limit).map(function (e) {
      return row(e, current);
    }));
    byId('more').hidden = found.length <= limit;
    byId('count').textContent = found.length + ' of ' + eps.length + ' episodes' +
      (found.length > limit ? '; the first ' + limit + ' are shown' : '');
  }

  function quote(word) {
    return /^[\w.,:=@%+\/-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'";
  }

  function command(e) {
    var cell = [e.cell.task, e.cell.method, e.cell.seed].join('/');
    return 'accord show ' + quote(e.cell.path) + ' --cell ' + cell + ' --item ' + quote(e.item) +
      (e.cell.acts ? ' --frames DIR' : '');
  }

  function say(call, said) {
    var box = el('div', null, 'say a' + (call.agent % 7));
    var head = el('header');
    var about = [];
    var asked = el('details');
    head.append(el('b', call.role + ' ' + call.agent + (call.sample ? ', sample ' + call.sample : '')));
    if (call.model) about.push(call.model);
    if (call.temperature !== undefined) about.push('temperature ' + number(call.temperature));
    if (call.prompt !== undefined) about.push('tokens: ' + call.prompt + ' asked, ' +
      call.completion + ' answered');
    if (call.us !== undefined) about.push(time(call.us / 1000));
    if (call.finish && call.finish !== 'stop') about.push('finish: ' + call.finish);
    head.append(' ' + about.join(' · '));
    asked.append(el('summary', 'What it was asked'));
    for (var i = 0; i + 1 < call.asked.length; i += 2) {
      asked.append(el('p', call.asked[i], 'quiet'), el('pre', said[call.asked[i + 1]]));
    }
    box.append(head);
    if (call.error) box.append(el('p', 'failed: ' + call.error + ' ' + (call.message || ''), 'o-wrong'));
    else box.append(el('pre', call.reply === undefined || call.reply === null
      ? '(no text kept)' : call.reply));
    if (call.asked.length) box.append(asked);
    return box;
  }

  function candidate(c) {
    return el('p', (c.kind === 'round' ? 'After round ' : c.kind + ' ') + c.index + ': ' +
      (c.canon || 'no answer') + ' (score ' + number(c.score) + ')', 'quiet');
  }

  function conversation(box, t) {
    var round = null;
    var after = function (r) {
      t.candidates.forEach(function (c) {
        if (c.kind === 'round' && c.index === r) box.append(candidate(c));
      });
    };
    var rounds = t.calls.some(function (c) { return c.round > 0; });
    if (t.calls.length && t.calls[0].asked.length) {
      box.append(el('h4', 'The question'),
        el('pre', t.said[t.calls[0].asked[t.calls[0].asked.length - 1]]));
    }
    if (t.calls.length) box.append(el('h4', rounds ? 'The debate' : 'What was said'));
    t.calls.forEach(function (c) {
      if (c.round !== round) {
        if (round !== null) after(round);
        if (rounds) box.append(el('h4', 'Round ' + c.round));
        round = c.round;
      }
      box.append(say(c, t.said));
    });
    if (round !== null) after(round);
    t.candidates.forEach(function (c) { if (c.kind !== 'round') box.append(candidate(c)); });
  }

  function ending(box, e, t) {
    box.append(el('h4', 'The final answer'));
    if (t.final) box.append(el('pre', t.final));
    var parts = Object.keys(t.parts || {}).map(function (k) { return k + ' ' + number(t.parts[k]); });
    box.append(el('p', 'Read as ' + (t.canon || 'no answer') + (t.note ? ' (' + t.note + ')' : '') +
      ': ' + e.outcome + (parts.length ? ' · ' + parts.join(', ') : ''), 'tag o-' + e.outcome));
    if (t.error) box.append(el('p', t.error, 'o-wrong'));
  }

  function others(box, e) {
    var same = eps.filter(function (o) { return o.group === e.group && o !== e; });
    if (!same.length) return;
    var ul = el('ul');
    same.slice(0, 40).forEach(function (o) {
      var li = el('li');
      var a = el('a', who(o));
      a.href = '#ep=' + o.at;
      a.addEventListener('click', function (event) { event.preventDefault(); go({ep: o.at}); });
      li.append(a, ': ', el('span', o.outcome, 'o-' + o.outcome));
      ul.append(li);
    });
    box.append(el('h4', 'Others on the same item'), ul);
  }

  function talk(e) {
    var box = byId('talk');
    box.replaceChildren();
    box.append(el('h3', e.item), el('p', who(e) + ' on ' + e.cell.task + ': '));
    box.lastChild.append(el('span', e.outcome, 'tag o-' + e.outcome),
      ', score ' + number(e.score) + ', ' + e.tokens + ' tokens, ' + time(e.ms));
    var script = byId('t' + e.at);
    if (e.talk && script) {
      var t = JSON.parse(script.textContent);
      conversation(box, t);
      ending(box, e, t);
    } else {
      box.append(el('p', e.cell.acts ? 'A course of steps has no transcript; this draws it:'
        : 'This transcript is not in the page; this prints it:', 'quiet'));
    }
    box.append(el('pre', command(e)));
    others(box, e);
    box.scrollTop = 0;
  }

  function show() {
    var s = state();
    fields.forEach(function (f) {
      var input = byId(f);
      if (input.type === 'checkbox') input.checked = Boolean(s.get(f));
      else if (document.activeElement !== input) input.value = s.get(f) || '';
    });
    list(s);
    var at = s.has('ep') ? Number(s.get('ep')) : -1;
    if (at !== last && eps[at]) { last = at; talk(eps[at]); }
  }

  function section() {
    var id = location.hash.slice(1);
    return !id.includes('=') && byId(id);
  }

  document.querySelectorAll('main > section').forEach(function (s) {
    var a = el('a', s.querySelector('h2').textContent);
    a.href = '#' + s.id;
    byId('nav').append(a);
  });
  fill(byId('task'), eps.map(function (e) { return e.cell.task; }));
  fill(byId('method'), eps.map(function (e) { return e.cell.method; }));
  fill(byId('outcome'), eps.map(function (e) { return e.outcome; }));
  fields.forEach(function (f) {
    byId(f).addEventListener('input', function (event) {
      var change = {};
      change[f] = event.target.type === 'checkbox' ? (event.target.checked ? '1' : '') :
        event.target.value;
      limit = STEP;
      go(change);
    });
  });
  byId('filter').addEventListener('submit', function (event) { event.preventDefault(); });
  byId('more').addEventListener('click', function () { limit += STEP; show(); });
  window.addEventListener('hashchange', function () {
    if (section()) return;
    show();
    if (state().toString()) byId('episodes').scrollIntoView();
  });
  var wrong = eps.find(function (e) { return e.talk && e.outcome === 'wrong'; });
  if (wrong) {
    byId('start').hidden = false;
    byId('start').firstChild.addEventListener('click', function (event) {
      event.preventDefault();
      go({ep: wrong.at, outcome: 'wrong'});
      byId('episodes').scrollIntoView();
      byId('talk').focus();
    });
  }
  byId('viewer').hidden = false;
  if (section()) list(new URLSearchParams());
  else show();
  if (state().has('ep')) byId('episodes').scrollIntoView();
}());
