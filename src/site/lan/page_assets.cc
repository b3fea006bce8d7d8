// Script and style of the LAN page. Served as files of their own so that the content security policy allows no inline
// code.
#include <map>
#include <string>

#include "site/lan/page.h"

namespace bayward::site {
namespace {

constexpr std::string_view style = R"css(
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:40rem;padding:0 .75rem 2rem}
header{display:flex;justify-content:space-between;align-items:center;gap:.5rem}
h1{font-size:1.15rem;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:1rem 0 .25rem}
button,input{font:inherit;padding:.5rem .75rem;border-radius:.4rem;border:1px solid #888;min-height:2.75rem;box-sizing:border-box}
button{cursor:pointer}
button.main{background:#0b5;color:#fff;border-color:#083;width:100%}
input{width:100%}
ul{list-style:none;padding:0;margin:0}
li{border:1px solid #8886;border-radius:.5rem;padding:.6rem;margin:.6rem 0}
li img{width:100%;border-radius:.3rem;display:block;margin:.4rem 0}
.offer{font-weight:600}
.note{opacity:.8;font-size:.9rem}
.wrong{border-left:.3rem solid #c33;padding-left:.6rem}
.good{border-left:.3rem solid #0b5;padding-left:.6rem}
code{font-size:1.1rem;user-select:all;overflow-wrap:anywhere}
form{display:grid;gap:.5rem;margin:.75rem 0}
)css";

constexpr std::string_view script = R"js('use strict';
const words = {
  zh: {
    free: '在哪里充电？', look: '正在查看空闲车位…', again: '重新查看', hold: '保留 10 分钟',
    seen_free: '✔ 空闲（已看到）', not_seen: '? 空闲（没有画面）', unsure: '? 空闲，请看图确认', seen_taken: '✖ 有东西占用',
    none: '现在没有空闲车位。', taken: '其他车位', phone: '手机号', send: '发送验证码', code: '短信验证码', prove: '确认',
    need_phone: '先用短信确认手机号。', held: '已保留到', age: '查看于', level: '楼层', wifi: '获取 Wi-Fi 密码',
    wifi_key: 'Wi-Fi 密码', wifi_until: '有效至', shortened: '有效时间已缩短：', pod: '充电舱', pole: '灯杆', bay: '车位',
    unlock: '解锁移动', hang: '把充电舱挂上，它会自动锁住。', lock: '锁上', state: '状态', fails: '出错了', offline: '没有连接，请再试。', kw: '千瓦',
    idle: '空闲', reserved: '已预留', charging: '充电中', occupied: '占用', faulted: '故障', unknown: '未知',
    hung: '挂在灯杆上', unlocked: '已解锁', moving: '移动中', locked: '已锁', unusual_place: '不常用的地点', unusual_hour: '不常用的时间',
  },
  en: {
    free: 'Where can I charge?', look: 'Looking at the free bays…', again: 'Look again', hold: 'Hold for 10 minutes',
    seen_free: '✔ free, seen empty', not_seen: '? free, no picture', unsure: '? free; check the picture', seen_taken: '✖ something stands there',
    none: 'No bay is free now.', taken: 'Other bays', phone: 'Phone number', send: 'Send a code', code: 'Code from the SMS', prove: 'Confirm',
    need_phone: 'First confirm your phone number by SMS.', held: 'Held until', age: 'Looked at', level: 'level', wifi: 'Get the Wi-Fi password',
    wifi_key: 'Wi-Fi password', wifi_until: 'Valid until', shortened: 'Its life is shortened: ', pod: 'Pod', pole: 'Pole', bay: 'Bay',
    unlock: 'Unlock to move', hang: 'Hang a pod here: it locks by itself.', lock: 'Lock', state: 'State', fails: 'That failed', offline: 'No connection. Try again.', kw: 'kW',
    idle: 'idle', reserved: 'reserved', charging: 'charging', occupied: 'occupied', faulted: 'faulted', unknown: 'unknown',
    hung: 'hangs on a pole', unlocked: 'unlocked', moving: 'moving', locked: 'locked', unusual_place: 'unusual place', unusual_hour: 'unusual hour',
  },
};
const refusals = {
  zh: { taken: '别人已占用，请选其他车位。', not_free: '有车停着，或充电桩没有应答。', unknown_account: '此号码没有账户，请先注册。',
    not_allowed: '此账户不可使用。', too_many: '此账户已保留了一个车位。', not_ours_now: '请在应用中预订。', unavailable: '现在无法记录，请稍后。',
    too_often: '此号码验证码过多，请一刻钟后再试。', busy: '请求太多，请稍后。', no_code: '没有等待中的验证码，请重新获取。', wrong: '验证码错误。',
    used_up: '验证码错误次数过多，请重新获取。', bad_phone: '请写带国家区号的号码：+86 138 0013 8000', sms: '短信发送失败，请稍后。',
    too_many_requests: '请求过于频繁，请稍等。', unavailable_here: '这里没有此功能。', not_moving: '它现在没有被移动。', in_use: '正在充电，不能移动。' },
  en: {},
};
let language = (navigator.language || '').startsWith('zh') ? 'zh' : 'en';
let session = null;
let view = () => {};
const main = document.getElementById('main');
const t = (key) => words[language][key] || key;

function make(tag, text, attributes) {
  const out = document.createElement(tag);
  if (text !== undefined) out.textContent = text;
  for (const [name, value] of Object.entries(attributes || {})) out.setAttribute(name, value);
  return out;
}
function button(key, act, kind) {
  const out = make('button', t(key), { type: 'button', class: kind || '' });
  out.addEventListener('click', async () => { out.disabled = true; try { await act(); } catch (e) { tell(e); } finally { out.disabled = false; } });
  return out;
}
function tell(error) {
  main.querySelectorAll('.wrong').forEach((old) => old.remove());
  const text = refusals[language][error.code] || error.message || t('offline');
  main.prepend(make('p', `${t('fails')}: ${text}`, { class: 'wrong', role: 'alert' }));
}
async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, { method, headers: body ? { 'content-type': 'application/json' } : {}, body: body ? JSON.stringify(body) : undefined });
  } catch { throw { message: t('offline') }; }
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) throw { code: json.code, message: json.detail || String(answer.status) };
  return json;
}
async function begin() { if (!session) session = await call('POST', '/lan/v1/session', {}); }
const clock = (text) => new Date(text).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });

function phoneForm(done) {
  const form = make('form');
  const phone = make('input', undefined, { type: 'tel', autocomplete: 'tel', 'aria-label': t('phone'), placeholder: '+86 138 0013 8000' });
  const code = make('input', undefined, { inputmode: 'numeric', autocomplete: 'one-time-code', 'aria-label': t('code'), placeholder: t('code') });
  const prove = button('prove', async () => { session.phone = (await call('POST', '/lan/v1/phone/code', { code: code.value.trim() })).phone; await done(); }, 'main');
  const send = button('send', async () => { await call('POST', '/lan/v1/phone', { phone: phone.value }); form.append(code, prove); code.focus(); }, 'main');
  form.append(make('p', t('need_phone')), phone, send);
  form.addEventListener('submit', (event) => event.preventDefault());
  return form;
}
async function withPhone(act) {
  await begin();
  if (session.phone) return act();
  main.replaceChildren(phoneForm(act));
}
async function hold(bay) {
  const held = await call('POST', '/lan/v1/holds', { bay });
  main.replaceChildren(make('p', `${t('held')} ${clock(held.until)}`, { class: 'good' }), button('again', places));
}
function bayItem(place) {
  const item = make('li');
  item.append(make('h2', `${place.label}${place.level ? ` · ${t('level')} ${place.level}` : ''}`));
  item.append(make('p', t(place.offer), { class: 'offer' }));
  if (place.power_max_w) item.append(make('p', `${place.connector || ''} ${place.power_max_w / 1000} ${t('kw')}`, { class: 'note' }));
  if (place.reason) item.append(make('p', place.reason, { class: 'note' }));
  if (place.picture) item.append(make('img', undefined, { src: place.picture, alt: `${place.label}: ${t(place.offer)}` }));
  if (place.offer !== 'seen_taken') item.append(button('hold', () => withPhone(() => hold(place.bay)), 'main'));
  return item;
}
async function places() {
  main.replaceChildren(make('p', t('look')));
  await begin();
  const answer = await call('GET', '/lan/v1/places');
  view = () => {
    const list = make('ul');
    answer.places.forEach((place) => list.append(bayItem(place)));
    const others = make('ul');
    answer.others.forEach((bay) => others.append(make('li', `${bay.label}: ${t(bay.doing)}${bay.until ? ` – ${clock(bay.until)}` : ''}`)));
    main.replaceChildren(make('h2', t('free')), make('p', `${t('age')} ${new Date(answer.looked_at).toLocaleTimeString(language)}`, { class: 'note' }),
      answer.places.length ? list : make('p', t('none')), button('again', places), make('h2', t('taken')), others);
  };
  view();
}
async function wifi(code) {
  const given = await call('POST', '/lan/v1/wifi', { code });
  const out = [make('p', t('wifi_key')), make('p')];
  out[1].append(make('code', given.password));
  if (given.network) out.unshift(make('h2', given.network));
  out.push(make('p', `${t('wifi_until')} ${clock(given.until)}`));
  if (given.shortened && given.shortened.length) out.push(make('p', t('shortened') + given.shortened.map(t).join(', '), { class: 'note' }));
  main.replaceChildren(...out, button('free', places));
}
function opened({ kind, name, code }) {
  view = () => {
    const parts = [make('h2', `${t(kind)} ${name}`)];
    if (kind === 'pole') parts.push(make('p', t('hang')));
    if (kind === 'pod') {
      parts.push(button('wifi', () => withPhone(() => wifi(code)), 'main'));
      parts.push(button('unlock', () => withPhone(async () => { await call('POST', '/lan/v1/pods/unlock', { code }); view(); })));
      parts.push(button('lock', () => withPhone(async () => { await call('POST', '/lan/v1/pods/lock', { code }); view(); })));
    }
    if (kind === 'bay') parts.push(button('hold', () => withPhone(() => hold(name)), 'main'));
    parts.push(button('free', places, kind === 'pod' ? '' : 'main'));
    main.replaceChildren(...parts);
  };
  view();
}
const switcher = document.getElementById('language');
function label() { switcher.textContent = language === 'zh' ? 'English' : '中文'; document.documentElement.lang = language; }
switcher.addEventListener('click', () => { language = language === 'zh' ? 'en' : 'zh'; label(); view(); });
label();
if (document.body.dataset.kind) opened(document.body.dataset); else places().catch(tell);
)js";

}  // namespace

const PageAsset* page_asset(std::string_view path) {
  static const std::map<std::string, PageAsset, std::less<>> assets{
      {"/lan/page.js", {"text/javascript; charset=utf-8", std::string(script)}},
      {"/lan/page.css", {"text/css; charset=utf-8", std::string(style)}},
  };
  const auto found = assets.find(path);
  return found == assets.end() ? nullptr : &found->second;
}

}  // namespace bayward::site
