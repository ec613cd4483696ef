//! Media that is forwarded, packet by packet.

use std::fs;
use std::net::UdpSocket;
use std::time::{Duration, Instant};

use tok::backends::media::{LocalMedia, Media, MediaOffer};

use crate::Bar;
use crate::media_client::{MediaClient, picture, settings};
use crate::media_server::TICKS;

/// How many receive what one sends.
const RECEIVERS: usize = 60;
/// Packets a second, of so many bytes, for so long.
const RATE: u32 = 500;
const BYTES: usize = 1100;
const TIME: Duration = Duration::from_secs(6);

/// The processor's time of the thread that forwards, in seconds.
fn forwarding_time() -> f64 {
    let tasks = fs::read_dir("/proc/self/task").expect("Linux");
    for task in tasks.flatten() {
        let stat = fs::read_to_string(task.path().join("stat")).unwrap_or_default();
        let Some((name, rest)) = stat.split_once(") ") else {
            continue;
        };
        if name.ends_with("(tok-media-0") {
            let fields: Vec<&str> = rest.split(' ').collect();
            let ticks = |at: usize| fields[at].parse::<f64>().expect("a number");
            return (ticks(11) + ticks(12)) / TICKS;
        }
    }
    panic!("no thread forwards")
}

/// One sends a picture to all others, over real UDP.
pub fn forwarding() -> Bar {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let media = LocalMedia::new(settings());
    let mut clients: Vec<Box<MediaClient>> = (0..=RECEIVERS)
        .map(|n| {
            let (mut client, sdp) = MediaClient::new(false, 1);
            let offer = MediaOffer {
                room: "bench".to_owned(),
                participant: n.to_string(),
                sends: n == 0,
                sdp,
            };
            let answer = runtime.block_on(media.offer(offer)).expect("answered");
            client.take_answer(&answer);
            Box::new(client)
        })
        .collect();
    let mut number = 0;
    let ready = |clients: &[Box<MediaClient>]| {
        let mut receivers = clients.iter().skip(1);
        receivers.all(|client| client.from("0", "camera").packets > 0)
    };
    let mut next = Instant::now();
    while !ready(&clients) {
        for client in &mut clients {
            client.turn();
        }
        // Slow enough to be followed by all of them.
        if clients[0].is_ready() && Instant::now() >= next {
            next = Instant::now() + Duration::from_millis(200);
            number += 1;
            clients[0].show(None, &picture(Some(640), number, BYTES));
        }
    }
    let sockets: Vec<UdpSocket> = clients.iter().skip(1).map(|client| client.bare()).collect();
    let (mut sent, mut received) = (0_u32, 0_u64);
    let (began, before) = (Instant::now(), forwarding_time());
    let mut buffer = [0; 2048];
    while began.elapsed() < TIME {
        let due = began.elapsed().as_secs_f64() * f64::from(RATE);
        while f64::from(sent) < due {
            sent += 1;
            number = number.wrapping_add(1);
            clients[0].show(None, &picture(None, number, BYTES));
        }
        clients[0].turn();
        for socket in &sockets {
            while let Ok(length) = socket.recv(&mut buffer) {
                received += u64::from(length > BYTES);
            }
        }
    }
    let took = forwarding_time() - before;
    let forwarded = u32::try_from(received).map_or(f64::MAX, f64::from);
    Bar {
        name: "forwarded packets per second of processor",
        measured: forwarded / took,
        bar: 100_000.0,
        at_least: true,
        note: format!(
            "{sent} packets of {BYTES} bytes to {RECEIVERS}: {received} arrived, {took:.2} s of processor"
        ),
    }
}
