//! A bad line from the server to a light client: packets are lost, and late.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// A line.
#[derive(Debug)]
pub struct Line {
    lost: u32,
    delay: Duration,
    chance: u32,
    under_way: VecDeque<(Instant, SocketAddr, Vec<u8>)>,
}

impl Line {
    /// One that loses so many packets of a thousand, and takes so long for the others.
    pub fn new(lost: u32, delay: Duration) -> Self {
        Self {
            lost,
            delay,
            chance: 1,
            under_way: VecDeque::new(),
        }
    }

    /// A packet begins its way.
    pub fn put(&mut self, source: SocketAddr, packet: &[u8], now: Instant) {
        self.chance = self
            .chance
            .wrapping_mul(1_664_525)
            .wrapping_add(1_013_904_223);
        if (self.chance >> 8) % 1000 >= self.lost {
            let arrives = now + self.delay;
            self.under_way.push_back((arrives, source, packet.to_vec()));
        }
    }

    /// The next packet that has arrived.
    pub fn next(&mut self, now: Instant) -> Option<(SocketAddr, Vec<u8>)> {
        let (_, source, packet) = self.under_way.pop_front_if(|(at, ..)| *at <= now)?;
        Some((source, packet))
    }
}
