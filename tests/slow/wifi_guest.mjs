// Runs inside the virtual machine of wifi.test.mjs: bayward-site, hostapd on one simulated radio, wpa_supplicant on two
// others. Prints a line "GUEST ok <what>" a step; ends with 1 at the first that fails.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises'; // poll

const siteProgram = process.argv[2];
const work = process.env.WORK;
const sh = (...command) => {
  try {
    return execFileSync(command[0], command.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    return `${error.stdout ?? ''}${error.stderr ?? ''}`;
  }
};
async function until(what, ask, seconds = 60) {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const got = await ask();
    if (got) {
      console.log(`GUEST ok ${what}`);
      return got;
    }
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await pause(250); // poll
  }
}
const background = (name, ...args) => {
  const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.log = '';
  child.stdout.on('data', (data) => (child.log += data));
  child.stderr.on('data', (data) => (child.log += data));
  return child;
};

async function startSite() {
  const messages = [];
  const gateway = createServer((request, response) => {
    messages.push(new URL(request.url, 'http://x').searchParams.get('text'));
    response.writeHead(202).end('0: Accepted for delivery');
  }).listen(13013, '127.0.0.1');
  writeFileSync(`${work}/key`, 'k'.repeat(40));
  writeFileSync(`${work}/token`, 'token-of-the-field');
  writeFileSync(
    `${work}/site.toml`,
    `[site]\ndata_directory = "${work}/data"\nport = 8090\n[upstream]\nurl = "ws://127.0.0.1:9/ocpp"\n` +
      `[garage]\nsite = "site-1"\nkey_file = "${work}/key"\nfield_token_file = "${work}/token"\npage_url = "http://192.168.77.1"\n` +
      `poles = ["lamp-1"]\nfence = [[48.134, 11.580], [48.136, 11.580], [48.136, 11.584]]\n` +
      `[garage.sms]\nurl = "http://127.0.0.1:13013/cgi-bin/sendsms"\n` +
      `[[garage.pod]]\nname = "pod-7"\nnetwork = "Bayward pod 7"\npsk_file = "${work}/psk"\ncontrol = "/run/hostapd/wlan0"\n`,
  );
  sh('mkdir', '-p', `${work}/data`, `${work}/codes`);
  const site = background(siteProgram, '--config', `${work}/site.toml`);
  const url = (await until('bayward-site listens', () => /"http.listening".*"port":(\d+)/.exec(site.log) ?? (site.exitCode !== null && Promise.reject(new Error(site.log)))))[1];
  return { site, messages, gateway, url: `http://127.0.0.1:${url}` };
}

async function passwordFor(station) {
  const codes = sh(siteProgram, '--config', `${work}/site.toml`, 'qr', `${work}/codes`);
  const code = /\/q\/(p\.\S+)/.exec(codes)[1];
  let cookie;
  const post = async (target, body) => {
    const answer = await fetch(station.url + target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(cookie && { cookie }) },
      body: JSON.stringify(body),
    });
    cookie ??= answer.headers.get('set-cookie')?.split(';')[0];
    return answer.json();
  };
  await post('/lan/v1/session', {});
  await post('/lan/v1/phone', { phone: '+4915112345678' });
  await post('/lan/v1/phone/code', { code: /: (\d{6}) /.exec(station.messages.at(-1))[1] });
  const given = await post('/lan/v1/wifi', { code });
  if (!given.password) throw new Error(JSON.stringify(given));
  console.log(`GUEST ok a password is given until ${given.until}`);
  return given.password;
}

function client(radio, password) {
  writeFileSync(
    `${work}/${radio}.conf`,
    `ctrl_interface=/run/wpa_supplicant\nnetwork={\n ssid="Bayward pod 7"\n psk="${password}"\n key_mgmt=WPA-PSK\n scan_freq=2412\n}\n`,
  );
  return background('wpa_supplicant', '-i', radio, '-D', 'nl80211', '-c', `${work}/${radio}.conf`);
}
const connected = (radio) => sh('wpa_cli', '-i', radio, 'status').includes('wpa_state=COMPLETED');
const stations = () => sh('hostapd_cli', '-i', 'wlan0', 'all_sta');

async function main() {
  const site = await startSite();
  await until('the PSK file is there before hostapd', () => existsSync(`${work}/psk`));
  writeFileSync(
    `${work}/hostapd.conf`,
    `interface=wlan0\ndriver=nl80211\nssid=Bayward pod 7\nhw_mode=g\nchannel=1\nwpa=2\nwpa_key_mgmt=WPA-PSK\nrsn_pairwise=CCMP\n` +
      `wpa_psk_file=${work}/psk\nctrl_interface=/run/hostapd\n`,
  );
  const hostapd = background('hostapd', `${work}/hostapd.conf`);
  await until('hostapd runs', () => hostapd.log.includes('AP-ENABLED'));
  const password = await passwordFor(site);
  await until('the password is in the PSK file', () => readFileSync(`${work}/psk`, 'utf8').includes(password));

  const wrong = client('wlan1', 'ABCDEFGHIJKLMNOP');
  await until('the wrong key is refused', () => wrong.log.includes('reason=WRONG_KEY') || wrong.log.includes('pre-shared key may be incorrect'));
  if (connected('wlan1')) throw new Error('the wrong key is in');
  wrong.kill();
  await until('its supplicant has ended', () => wrong.exitCode !== null);

  client('wlan1', password);
  await until('the right key is in', () => connected('wlan1'));
  await until('hostapd names the booking (keyid=)', () => /keyid=visit-\w+/.test(stations()));
  const mac = sh('cat', '/sys/class/net/wlan1/address').trim();
  await until('the password belongs to this device now', () => readFileSync(`${work}/psk`, 'utf8').includes(mac));
  if (!connected('wlan1')) throw new Error('binding threw it off');
  const thief = client('wlan2', password);
  // hostapd has no password for this address: it doesn't even begin the handshake.
  await until('the same password from another device is refused', () =>
    /WRONG_KEY|CTRL-EVENT-DISCONNECTED|Authentication with .* timed out|ASSOC-REJECT/.test(thief.log));
  if (connected('wlan2') || /CTRL-EVENT-CONNECTED/.test(thief.log)) throw new Error('a copied password is in');
  thief.kill();

  sh('date', '-s', `@${Math.floor(Date.now() / 1000) + 3 * 3600}`);
  await until('its time is over: not in the PSK file', () => !readFileSync(`${work}/psk`, 'utf8').includes(password));
  await until('its time is over: thrown off', () => !connected('wlan1'));
  await until('hostapd has nobody', () => !stations().includes(mac) || !/\[AUTHORIZED\]/.test(stations()));
}

main().then(
  () => process.exit(0),
  (error) => {
    console.log(`GUEST error ${error.stack}\n${sh('hostapd_cli', '-i', 'wlan0', 'all_sta')}`);
    process.exit(1);
  },
);
