// This person's microphone, camera and screen.

const REFUSALS = {
  NotAllowedError: "The browser may not use it. Allow it in the address bar, then reload.",
  NotFoundError: "There is none.",
  NotReadableError: "Another program uses it.",
};

class Devices {
  microphone = null;
  camera = null;
  screen = null;
  // Why something cannot be had, by its line.
  problems = {};
  // Told the line of whatever changes.
  changed = () => {};
  // Told the line of whatever ends without being turned off here.
  ended = () => {};
  #getting = new Map();
  #closed = false;

  async open() {
    await Promise.all([this.turn("microphone", true), this.turn("camera", true)]);
  }

  get state() {
    return {
      cameraEnabled: Boolean(this.camera),
      microphoneEnabled: Boolean(this.microphone?.enabled),
      screenEnabled: Boolean(this.screen),
    };
  }

  isOn(line) {
    return line === "microphone" ? Boolean(this.microphone?.enabled) : Boolean(this[line]);
  }

  async turn(line, on) {
    if (on === this.isOn(line)) return;
    if (line === "microphone" && this.microphone) {
      this.microphone.enabled = on;
    } else if (on) {
      // The browser asks once, however often the button is pressed.
      if (!this.#getting.has(line)) {
        this.#getting.set(line, this.#get(line).finally(() => this.#getting.delete(line)));
      }
      await this.#getting.get(line);
    } else {
      this[line].stop();
      this[line] = null;
    }
    this.changed(line);
  }

  async #get(line) {
    delete this.problems[line];
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "InsecureError");
      const kind = line === "microphone" ? "audio" : "video";
      const stream = line === "screen"
        ? await navigator.mediaDevices.getDisplayMedia({ video: true })
        : await navigator.mediaDevices.getUserMedia({ [kind]: true });
      const [track] = stream.getTracks();
      // They left while the browser asked.
      if (this.#closed) return track.stop();
      this[line] = track;
      // Unplugged, or stopped by the browser's own button.
      track.onended = () => {
        this[line] = null;
        this.changed(line);
        this.ended(line);
      };
    } catch (error) {
      // Who closes the browser's choice of screens does not want to show one.
      if (line === "screen" && error.name === "NotAllowedError") return;
      const secure = window.isSecureContext ? error.message : "Browsers allow it over https only.";
      this.problems[line] = REFUSALS[error.name] ?? secure;
    }
  }

  // How loud the microphone is, 0 to 1, told until `stop` is called.
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
    for (const line of ["microphone", "camera", "screen"]) {
      this[line]?.stop();
      this[line] = null;
    }
  }
}
