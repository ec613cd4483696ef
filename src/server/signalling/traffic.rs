//! What waits for one client: what was handed over to be sent, less what went out.

use std::collections::VecDeque;

use super::backlog::Backlog;
use crate::server::stream::SentBytes;

/// What is to go over a line, and what went.
#[derive(Default)]
pub(super) struct Traffic {
    /// Bytes handed over to be sent.
    handed: u64,
    /// Bytes that went out before the present stream did its part.
    pub(super) before: u64,
    /// The present stream, and what had gone over it before it was this client's.
    stream: Option<(SentBytes, u64)>,
    /// Where what waits ends, of all that was handed over.
    ends: VecDeque<u64>,
    /// What counts of it among what waits for all.
    pub(super) counted: u64,
    /// Whether its client was given up: what waits for it goes with it.
    pub(super) is_over: bool,
}

impl Traffic {
    /// Bytes that went out; with what the protocols put around them, it is more than was handed over.
    pub(super) fn gone(&self) -> u64 {
        let stream = self.stream.as_ref();
        self.before + stream.map_or(0, |(sent, base)| sent.bytes().saturating_sub(*base))
    }

    pub(super) fn change(&mut self, stream: SentBytes) {
        self.before = self.gone();
        let base = stream.bytes();
        self.stream = Some((stream, base));
    }

    /// A whole message came in.
    pub(super) fn heard(&self) {
        if let Some((stream, _)) = &self.stream {
            stream.heard(true);
        }
    }

    /// Its client is there: nobody takes its connection away.
    pub(super) fn keep(&self) {
        if let Some((stream, _)) = &self.stream {
            stream.keep();
        }
    }

    /// Its client is not served any more, and need not have a connection.
    pub(super) fn yields(&self) {
        if let Some((stream, _)) = &self.stream {
            stream.yields();
        }
    }

    /// Nothing more comes from its client, or goes there.
    pub(super) fn cut(&self) {
        if let Some((stream, _)) = &self.stream {
            stream.cut();
        }
    }

    /// Counts `bytes` as handed over, unless more than `most` wait already.
    pub(super) fn takes(&mut self, bytes: u64, most: u64) -> bool {
        let gone = self.gone();
        let handed = self.handed.max(gone);
        if handed - gone > most {
            return false;
        }
        self.handed = handed + bytes;
        self.forget(gone);
        self.ends.push_back(self.handed);
        true
    }

    /// What went out does not wait.
    pub(super) fn forget(&mut self, gone: u64) {
        while self.ends.front().is_some_and(|end| *end <= gone) {
            self.ends.pop_front();
        }
    }

    /// Counts anew what waits. Says what counted before, and what does now.
    pub(super) fn recount(&mut self) -> (u64, u64) {
        let now = if self.is_over {
            0
        } else {
            Backlog::counted(self.handed.saturating_sub(self.gone()))
        };
        (std::mem::replace(&mut self.counted, now), now)
    }

    /// Bytes that wait, and events.
    pub(super) fn waits(&mut self) -> (u64, usize) {
        let gone = self.gone();
        self.forget(gone);
        (self.handed.saturating_sub(gone), self.ends.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_what_was_handed_over_and_did_not_go_out() {
        let stream = SentBytes::default();
        stream.add(5000);
        let mut traffic = Traffic::default();
        traffic.change(stream.clone());
        assert!(traffic.takes(80, 100));
        assert!(traffic.takes(80, 100), "80 wait, which is not too much");
        assert!(!traffic.takes(1, 100), "160 wait");
        stream.add(70);
        assert!(
            traffic.takes(500, 100),
            "90 wait: one more goes, however large"
        );
        assert!(!traffic.takes(1, 100));
        // More goes out than was handed over: heads of frames, signs of life.
        stream.add(1000);
        assert!(traffic.takes(101, 100));
        assert!(
            !traffic.takes(1, 100),
            "what went out too much does not count later"
        );
    }
}
