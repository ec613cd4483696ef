// How well the line to somebody is, from what the browser counts of it.

/**
 * What was counted of a call until a moment.
 * @typedef {object} Sample
 * @property {number} at in milliseconds
 * @property {number} received packets that arrived
 * @property {number} lost packets that did not
 * @property {number} frames of the camera
 * @property {number} roundTrip in seconds; 0 if nobody knows
 * @property {number} sentLost the part of what is sent from here that does not arrive, of 1
 * @property {number} sentRoundTrip as the other end measures it, in seconds
 */
/** @typedef {"" | "weak" | "noPicture"} Verdict nothing if all is well */
/**
 * What the browser counted of the way to somebody.
 * @typedef {object} Report
 * @property {any[]} counts as `getStats` gives them; those of a way by the server say of what `source` they are
 * @property {boolean} due whether the picture of their camera is to come by this way
 */

// Of so many lost packets speech is hard to follow.
const MUCH_LOST = 0.08;
// From so long a round trip people speak at once, in seconds.
const LONG_TRIP = 0.6;
// Of fewer packets no part can be told.
const FEW = 20;
// How long no frame may come until a picture counts as missing, in milliseconds.
const STILL = 4000;
// How often in a row a line must be found so until it is said, and until it is not said any more.
const BAD = 2;
const WELL = 3;
// The line of the camera in a call from one to the other.
const CAMERA = "1";

/**
 * What a report of the browser says.
 * @param {Iterable<any>} report
 * @param {number} at
 * @returns {Sample}
 */
export function sampleOf(report, at) {
  const sample = { at, received: 0, lost: 0, frames: 0, roundTrip: 0, sentLost: 0, sentRoundTrip: 0 };
  for (const of of report) {
    if (of.type === "inbound-rtp") {
      sample.received += of.packetsReceived ?? 0;
      // Packets that came twice make it less than nothing.
      sample.lost += Math.max(0, of.packetsLost ?? 0);
      const isCamera = of.source ? of.source === "camera" : (of.mid ?? CAMERA) === CAMERA;
      if (of.kind === "video" && isCamera) sample.frames += of.framesReceived ?? of.framesDecoded ?? 0;
    } else if (of.type === "candidate-pair" && of.nominated && of.state === "succeeded") {
      sample.roundTrip = of.currentRoundTripTime ?? 0;
    } else if (of.type === "remote-inbound-rtp") {
      sample.sentLost = Math.max(sample.sentLost, of.fractionLost ?? 0);
      sample.sentRoundTrip = Math.max(sample.sentRoundTrip, of.roundTripTime ?? 0);
    }
  }
  return sample;
}

/** @param {number} lost @param {number} roundTrip */
const isWeak = (lost, roundTrip) => lost > MUCH_LOST || roundTrip > LONG_TRIP;

/**
 * What is wrong with what comes from somebody, from one sample to the next.
 * @param {Sample} before
 * @param {Sample} now
 * @returns {Verdict}
 */
export function heardOf(before, now) {
  const [received, lost] = [now.received - before.received, now.lost - before.lost];
  const packets = received + lost;
  return isWeak(packets < FEW ? 0 : lost / packets, now.roundTrip) ? "weak" : "";
}

/**
 * Whether what is sent from here arrives badly: at most of the others, not only at one of them.
 * @param {Sample[]} samples the last ones of all calls
 * @returns {Verdict}
 */
export function sentOf(samples) {
  const weak = samples.filter(({ sentLost, sentRoundTrip }) => isWeak(sentLost, sentRoundTrip));
  return samples.length > 0 && weak.length * 2 > samples.length ? "weak" : "";
}

/** What is told of a line: what was found of it several times in a row. */
class Standing {
  /** @type {Verdict} */
  told = "";
  /** @type {Verdict} */
  #found = "";
  #times = 0;

  /** @param {Verdict} verdict */
  put(verdict) {
    this.#times = verdict === this.#found ? this.#times + 1 : 1;
    this.#found = verdict;
    if (this.#times >= (verdict ? BAD : WELL)) this.told = verdict;
    return this.told;
  }
}

/** The lines to all of the others, and the own one. */
export class Quality {
  /** @type {Map<string, {sample: Sample, moved: number, standing: Standing}>} */
  #lines = new Map();
  #own = new Standing();

  /**
   * Takes what was counted of the call with somebody, and whether their camera is on. Says what is wrong.
   * @param {string} id
   * @param {Sample} sample
   * @param {boolean} picture
   * @returns {Verdict}
   */
  hear(id, sample, picture) {
    const line = this.#lines.get(id);
    // A call that was begun anew counts from nothing.
    if (!line || sample.received < line.sample.received) {
      this.#lines.set(id, { sample, moved: sample.at, standing: line?.standing ?? new Standing() });
      return line?.standing.told ?? "";
    }
    const { sample: before, standing } = line;
    if (!picture || sample.frames !== before.frames) line.moved = sample.at;
    line.sample = sample;
    const still = sample.at - line.moved >= STILL;
    return standing.put(still ? "noPicture" : heardOf(before, sample));
  }

  /** Says what is wrong with the own line. */
  own() {
    return this.#own.put(sentOf([...this.#lines.values()].map(({ sample }) => sample)));
  }

  /**
   * Forgets all with whom there is no call.
   * @param {Iterable<string>} ids
   */
  keep(ids) {
    const known = new Set(ids);
    for (const id of [...this.#lines.keys()]) if (!known.has(id)) this.#lines.delete(id);
  }
}
