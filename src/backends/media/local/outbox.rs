//! What legs give out: packets for the network, and events for the others.

use std::collections::VecDeque;
use std::net::SocketAddr;

use metrics::counter;
use str0m::Event;
use tokio::net::UdpSocket;

/// Where all legs of a thread give out what they have.
pub(super) struct Outbox {
    socket: UdpSocket,
    /// Whose it is what is given out now.
    leg: usize,
    events: VecDeque<(usize, Event)>,
    packets: u64,
    bytes: u64,
    dropped: u64,
}

impl Outbox {
    pub(super) fn new(socket: UdpSocket) -> Self {
        Self {
            socket,
            leg: usize::MAX,
            events: VecDeque::new(),
            packets: 0,
            bytes: 0,
            dropped: 0,
        }
    }

    pub(super) fn socket(&self) -> &UdpSocket {
        &self.socket
    }

    /// What is given out from now on is of this leg.
    pub(super) fn of(&mut self, leg: usize) -> &mut Self {
        self.leg = leg;
        self
    }

    /// Sends a packet. One that does not fit is lost as on any network: it is asked for again, or not
    /// missed.
    pub(super) fn transmit(&mut self, packet: &[u8], to: SocketAddr) {
        match self.socket.try_send_to(packet, to) {
            Ok(bytes) => {
                self.packets += 1;
                self.bytes += bytes as u64;
            }
            Err(_) => self.dropped += 1,
        }
    }

    pub(super) fn tell(&mut self, event: Event) {
        self.events.push_back((self.leg, event));
    }

    /// The next event, and whose it is.
    pub(super) fn next(&mut self) -> Option<(usize, Event)> {
        self.events.pop_front()
    }

    /// What this one gave out is of nobody any more.
    pub(super) fn forget(&mut self, leg: usize) {
        self.events.retain(|(of, _)| *of != leg);
    }

    /// Tells what was counted since it was told last.
    pub(super) fn report(&mut self) {
        counter!("tok_media_packets_total", "dir" => "out")
            .increment(std::mem::take(&mut self.packets));
        counter!("tok_media_bytes_total", "dir" => "out")
            .increment(std::mem::take(&mut self.bytes));
        let dropped = std::mem::take(&mut self.dropped);
        counter!("tok_media_dropped_total", "reason" => "socket").increment(dropped);
    }
}
