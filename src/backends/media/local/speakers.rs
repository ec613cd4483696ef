//! Who speaks, by how loud what they send says it is (RFC 6464).

use std::time::{Duration, Instant};

/// At least so loud is speech, in decibels below the loudest there is.
const LOUD: i8 = -30;
/// How long is listened before anybody is judged.
const WINDOW: Duration = Duration::from_millis(500);
/// At least this share of a window is loud when somebody speaks, in percent.
const SHARE: u32 = 40;
/// How much of the judgement is the last window, one part of so many.
const SMOOTHING: f32 = 4.0;
/// Below this somebody who spoke has ended.
const ENDED: f32 = 0.1;

/// How somebody is heard.
#[derive(Debug)]
pub(super) struct Loudness {
    since: Instant,
    packets: u16,
    loud: u16,
    /// How loud the loud ones were together, 0 to 1 each.
    sum: f32,
    /// From 0, silent, to 1.
    level: f32,
    /// When they were last taken to speak.
    pub(super) spoke: Option<Instant>,
}

impl Loudness {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            since: now,
            packets: 0,
            loud: 0,
            sum: 0.0,
            level: 0.0,
            spoke: None,
        }
    }

    /// A packet that says how loud it is, 0 at most.
    pub(super) fn hear(&mut self, decibels: i8) {
        self.packets = self.packets.saturating_add(1);
        if decibels >= LOUD {
            self.loud = self.loud.saturating_add(1);
            self.sum += 1.0 - f32::from(decibels.min(0)) / f32::from(LOUD) / 2.0;
        }
    }

    /// Judges, once a window is over. Gives how loud they speak, nothing if they do not.
    pub(super) fn judge(&mut self, now: Instant) -> Option<f32> {
        if now.saturating_duration_since(self.since) >= WINDOW {
            let speaks =
                self.loud > 0 && u32::from(self.loud) * 100 >= SHARE * u32::from(self.packets);
            let heard = if speaks {
                self.sum / f32::from(self.loud)
            } else {
                0.0
            };
            self.level += (heard - self.level) / SMOOTHING;
            // Whoever begins is not waited for.
            if speaks && self.level < heard / 2.0 {
                self.level = heard / 2.0;
            }
            if speaks {
                self.spoke = Some(now);
            }
            (self.since, self.packets, self.loud, self.sum) = (now, 0, 0, 0.0);
        }
        (self.level >= ENDED).then_some(self.level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many windows of fifty packets each, some of them loud.
    fn windows(of: &mut Loudness, now: &mut Instant, windows: u32, loud: u32) -> Option<f32> {
        let mut judged = None;
        for _ in 0..windows {
            for n in 0..50 {
                of.hear(if n < loud { -12 } else { -80 });
            }
            *now += WINDOW;
            judged = of.judge(*now);
        }
        judged
    }

    #[test]
    fn who_speaks_is_heard_at_once_and_through_short_pauses() {
        let mut now = Instant::now();
        let mut heard = Loudness::new(now);
        assert_eq!(windows(&mut heard, &mut now, 3, 5), None, "a cough");
        assert!(windows(&mut heard, &mut now, 1, 30).is_some());
        assert!(
            windows(&mut heard, &mut now, 1, 0).is_some(),
            "takes breath"
        );
        assert!(windows(&mut heard, &mut now, 2, 40).is_some());
        assert_eq!(windows(&mut heard, &mut now, 9, 0), None);
        assert_eq!(windows(&mut heard, &mut now, 2, 0), None);
    }

    #[test]
    fn the_louder_one_is_louder() {
        let mut now = Instant::now();
        let (mut low, mut high) = (Loudness::new(now), Loudness::new(now));
        for _ in 0..100 {
            low.hear(-29);
            high.hear(-3);
        }
        now += WINDOW;
        assert!(high.judge(now) > low.judge(now));
    }
}
