// What a test asks a page, whichever engine shows it: by the words that the drivers of both have.

// Lets a test see the page's calls.
export const watched = () => {
  window.calls = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...args) {
      super(...args);
      window.calls.push(this);
    }
  };
};

// Waits until `found(arg)` is something in the page, and gives it.
export async function until(page, found, arg, patience = 30_000) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await page.evaluate(found, arg);
    if (value) return value;
    if (Date.now() > end) throw new Error(`never: ${found} ${JSON.stringify(await page.evaluate(() => document.body.innerText.slice(0, 500)))}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

// Comes in by the page that is open.
export async function joined(page, name) {
  await until(page, () => document.getElementById("devices")?.textContent === "Camera and microphone work.");
  await page.evaluate((name) => {
    document.getElementById("name").value = name;
    document.getElementById("join").requestSubmit();
  }, name);
  await until(page, () => !document.getElementById("call").hidden);
}

// Pictures that lie over each other, or out of their place.
export const overlaps = async () => {
  // A size that just changed is arranged for within the next frame; what the frame after that finds was painted.
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  const place = document.getElementById("grid").getBoundingClientRect();
  const boxes = [...document.querySelectorAll("#grid li:not([hidden])")].map((tile) => tile.getBoundingClientRect());
  const within = (box) => box.left >= place.left - 1 && box.right <= place.right + 1 && box.top >= place.top - 1 && box.bottom <= place.bottom + 1;
  const over = (one, other) => one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1;
  const bad = boxes.filter((box, at) => !within(box) || boxes.slice(at + 1).some((other) => over(box, other)));
  return { count: boxes.length, bad: bad.length, wide: document.documentElement.scrollWidth > innerWidth };
};

// What was decoded of somebody until now: pictures, how wide they are, and sound as its energy.
export const decoded = async (name) => {
  const tile = [...document.querySelectorAll("#grid li:not(.screen)")].find((of) => of.querySelector(".caption").textContent.startsWith(name));
  const ids = tile?.querySelector("video").srcObject?.getTracks().map(({ id }) => id) ?? [];
  const sums = { frames: 0, width: 0, sound: 0 };
  for (const call of window.calls.filter(({ connectionState }) => connectionState === "connected")) {
    for (const of of (await call.getStats()).values()) {
      if (of.type !== "inbound-rtp" || !ids.includes(of.trackIdentifier)) continue;
      sums.frames += of.framesDecoded ?? 0;
      sums.width ||= of.frameWidth ?? 0;
      sums.sound += of.totalAudioEnergy ?? 0;
    }
  }
  return sums;
};

export const says = (page, text) =>
  page.evaluate((text) => {
    document.getElementById("text").value = text;
    document.getElementById("write").requestSubmit();
  }, text);
export const reads = (page, text) => until(page, (text) => [...document.querySelectorAll("#messages li p")].some((line) => line.textContent === text), text);
