// This person's microphone, camera and screen.

import { recall, remember } from "./elements.js";
import { words } from "./texts.js";

/** @typedef {"microphone" | "camera" | "screen"} Line */

/** @import { Key } from "./texts.js" */

/** @type {Record<string, Key>} */
const REFUSALS = {
  NotAllowedError: "refused",
  NotFoundError: "absent",
  NotReadableError: "taken",
};

// The one that was asked for is not there.
const ABSENT = ["OverconstrainedError", "NotFoundError"];
// Pictures of a shown screen, a second.
const SCREEN_RATE = 10;

export class Devices {
  /** @type {MediaStreamTrack | null} */
  microphone = null;
  /** @type {MediaStreamTrack | null} */
  camera = null;
  /** @type {MediaStreamTrack | null} */
  screen = null;
  // What is heard of the screen that is shown.
  /** @type {MediaStreamTrack | null} */
  sound = null;
  // Which microphone and camera are wanted, by their ids.
  /** @type {Record<string, string | null>} */
  #wanted = { microphone: recall("localStorage", "tok:microphone"), camera: recall("localStorage", "tok:camera") };
  // On which side the camera is wanted, if that matters more than which one.
  /** @type {"user" | "environment" | null} */
  #side = null;
  // Why something cannot be had, by its line.
  /** @type {Record<string, string>} */
  problems = {};
  /**
   * Told the line of whatever changes.
   * @type {(line: Line) => void}
   */
  changed = () => {};
  /**
   * Told the line of whatever ends without being turned off here.
   * @type {(line: Line) => void}
   */
  ended = () => {};
  // Whether a host muted the microphone: it cannot be turned on until they let speak.
  barred = false;
  // Told when it should be turned on all the same.
  refused = () => {};
  /** @type {Map<Line, Promise<void>>} */
  #getting = new Map();
  #closed = false;

  /**
   * Asks for both; what is to be off at first is off before anybody could hear or see it.
   * @param {Line[]} off
   */
  async open(off = []) {
    const open = async (/** @type {Line} */ line) => {
      await this.turn(line, true);
      if (off.includes(line)) await this.turn(line, false);
    };
    await Promise.all([open("microphone"), open("camera")]);
  }

  /**
   * What is wrong with these lines, in words.
   * @param {readonly Line[]} lines
   */
  wrong(lines = ["microphone", "camera", "screen"]) {
    /** @type {Record<Line, Key>} */
    const wrong = { microphone: "noMicrophone", camera: "noCamera", screen: "noScreen" };
    const found = lines.filter((line) => this.problems[line]);
    return found.map((line) => words(wrong[line], { why: this.problems[line] ?? "" }));
  }

  get state() {
    return {
      cameraEnabled: Boolean(this.camera),
      microphoneEnabled: this.isOn("microphone"),
      screenEnabled: Boolean(this.screen),
    };
  }

  /** @param {Line} line */
  isOn(line) {
    return line === "microphone" ? !this.barred && Boolean(this.microphone?.enabled) : Boolean(this[line]);
  }

  /** @param {Line} line @param {boolean} on */
  async turn(line, on) {
    if (on === this.isOn(line)) return;
    if (on && line === "microphone" && this.barred) return this.refused();
    if (line === "microphone" && this.microphone) {
      this.microphone.enabled = on;
    } else if (on) {
      await this.#have(line);
    } else {
      this.#drop(line);
    }
    this.changed(line);
  }

  /**
   * A host muted the microphone, or lets speak again; on it is only when its owner turns it on.
   * @param {boolean} barred
   */
  bar(barred) {
    if (this.microphone) this.microphone.enabled = false;
    this.barred = barred;
    this.changed("microphone");
  }

  // The browser asks once, however often the button is pressed.
  /** @param {Line} line */
  async #have(line) {
    if (!this.#getting.has(line)) {
      this.#getting.set(line, this.#get(line).finally(() => this.#getting.delete(line)));
    }
    await this.#getting.get(line);
  }

  /**
   * Takes another device in place of the one there is; a microphone that is off stays off.
   * @param {Line} line
   */
  async #replace(line) {
    const on = this.isOn(line);
    this.#drop(line);
    await this.#have(line);
    if (line === "microphone" && this.microphone) this.microphone.enabled = on;
  }

  /** @param {Line} line */
  #drop(line) {
    /** @type {(Line | "sound")[]} */
    const parts = line === "screen" ? ["screen", "sound"] : [line];
    for (const part of parts) {
      this[part]?.stop();
      this[part] = null;
    }
  }

  /**
   * Which one is in use on a line, by its id.
   * @param {Line} line
   */
  used(line) {
    return this[line]?.getSettings().deviceId ?? this.#wanted[line] ?? "";
  }

  /**
   * Takes another microphone or camera, now if one is on; where it cannot be had, the one before again.
   * Gives what is wrong then.
   * @param {Line} line
   * @param {string} id
   */
  async choose(line, id) {
    const before = this.used(line);
    this.#wanted[line] = id;
    let why = "";
    if (this[line]) {
      const on = this.isOn(line);
      await this.#replace(line);
      [why = ""] = this.wrong([line]);
      if (why) {
        this.#wanted[line] = before;
        await this.#have(line);
        if (line === "microphone" && this.microphone) this.microphone.enabled = on;
      }
      this.changed(line);
    }
    remember("localStorage", `tok:${line}`, this.#wanted[line] ?? null);
    return why;
  }

  /** Takes the camera on the other side, if there is one. Gives what is wrong then. */
  async turnAround() {
    this.#side = this.camera?.getSettings().facingMode === "environment" ? "user" : "environment";
    const why = await this.choose("camera", "");
    this.#side = null;
    this.#wanted.camera = this.used("camera");
    remember("localStorage", "tok:camera", this.#wanted.camera);
    return why;
  }

  /**
   * The microphones, cameras or loudspeakers that there are.
   * @param {string} kind
   */
  async all(kind) {
    const found = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    return found.filter((device) => device.kind === kind && device.deviceId);
  }

  /**
   * The one that is wanted, or any if that is not there.
   * @param {Line} line
   */
  async #ask(line) {
    const kind = line === "microphone" ? "audio" : "video";
    const { mediaDevices } = navigator;
    if (line === "screen") return mediaDevices.getDisplayMedia({ video: { frameRate: { max: SCREEN_RATE } }, audio: true });
    const id = this.#wanted[line];
    const side = line === "camera" && this.#side ? { facingMode: { exact: this.#side } } : null;
    const exact = id ? { deviceId: { exact: id } } : side;
    try {
      return await mediaDevices.getUserMedia({ [kind]: exact ?? true });
    } catch (error) {
      if (!exact || !(error instanceof DOMException && ABSENT.includes(error.name))) throw error;
      return mediaDevices.getUserMedia({ [kind]: true });
    }
  }

  /** @param {Line} line */
  async #get(line) {
    delete this.problems[line];
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "InsecureError");
      const stream = await this.#ask(line);
      // They left while the browser asked.
      if (this.#closed) return stream.getTracks().forEach((track) => track.stop());
      this.#take(line, stream);
    } catch (thrown) {
      const { name, message } = /** @type {Error} */ (thrown);
      // Who closes the browser's choice of screens does not want to show one.
      if (line === "screen" && name === "NotAllowedError") return;
      const why = REFUSALS[name] ?? (window.isSecureContext ? null : "insecure");
      this.problems[line] = why ? words(why) : message;
    }
  }

  /** @param {Line} line @param {MediaStream} stream */
  #take(line, stream) {
    const [sound] = stream.getAudioTracks();
    const track = line === "microphone" ? sound : stream.getVideoTracks()[0];
    if (!track) return;
    this[line] = track;
    if (line === "camera") this.#face(track);
    if (line === "microphone") track.enabled = !this.barred;
    if (line === "screen") {
      // Text is to be read, however slowly it moves.
      track.contentHint = "detail";
      this.sound = sound ?? null;
    }
    track.onended = () => this.#lose(line, track);
  }

  /**
   * Only who sees themselves sees a mirror; and of cameras on both sides the other one is a press away.
   * @param {MediaStreamTrack} track
   */
  async #face(track) {
    const { facingMode } = track.getSettings();
    document.body.classList.toggle("away", facingMode === "environment");
    const cameras = await this.all("videoinput");
    document.body.classList.toggle("turns", Boolean(facingMode) && cameras.length > 1);
  }

  /**
   * Unplugged, or stopped by the browser's own button. In place of a microphone that is not there any more
   * another one is taken; which camera shows somebody, they say themselves.
   * @param {Line} line
   * @param {MediaStreamTrack} track
   */
  async #lose(line, track) {
    const { deviceId } = track.getSettings();
    const there = await this.all("audioinput");
    if (this[line] !== track) return;
    if (line === "microphone" && !there.some((device) => device.deviceId === deviceId)) await this.#replace(line);
    else this.#drop(line);
    this.changed(line);
    this.ended(line);
  }

  /**
   * How loud the microphone is, 0 to 1, told until what it gives is called.
   * @param {(loud: number) => void} tell
   */
  meter(tell) {
    if (!this.microphone) return () => {};
    const audio = new AudioContext();
    const analyser = audio.createAnalyser();
    audio.createMediaStreamSource(new MediaStream([this.microphone])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      tell(this.microphone?.enabled ? Math.min(1, Math.max(...samples.map(Math.abs)) * 2) : 0);
    }, 100);
    return () => {
      clearInterval(timer);
      audio.close();
    };
  }

  get showsScreens() {
    return Boolean(navigator.mediaDevices?.getDisplayMedia);
  }

  close() {
    this.#closed = true;
    this.stop();
  }

  stop() {
    this.#drop("microphone");
    this.#drop("camera");
    this.#drop("screen");
  }
}
