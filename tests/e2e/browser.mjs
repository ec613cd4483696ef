// Headless browsers that ask nobody at home for anything.

import { chromium } from "playwright-core";
import { launch as start } from "puppeteer-core";

export const launch = (...more) => launchAt("/usr/bin/chromium", ...more);

// The same engine with no browser around it, which takes half the time. What a browser keeps or shows by itself is
// not there: names of devices that outlast a reload, notifications.
export const launchShell = (...more) => launchAt("/usr/bin/chromium-headless-shell", ...more);

// The same by another program, which starts it elsewhere.
export function launchAt(executablePath, ...more) {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });
}

// A camera and a microphone that are made up, and that nobody is asked for. Fewer pictures leave the machine to
// others.
export const devices = ({ cameras = 1, rate = 10 } = {}) => [
  `--use-fake-device-for-media-stream=device-count=${cameras},fps=${rate}`,
  "--use-fake-ui-for-media-stream",
];

// A second engine, with a camera and a microphone that are made up. It offers no address of 127.0.0.1.
export function launchFirefox() {
  return start({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    extraPrefsFirefox: {
      "media.navigator.streams.fake": true,
      "media.navigator.permission.disabled": true,
      "media.peerconnection.ice.obfuscate_host_addresses": false,
      "media.autoplay.default": 0,
      "app.update.enabled": false,
      "datareporting.policy.dataSubmissionEnabled": false,
      "toolkit.telemetry.enabled": false,
    },
  });
}
