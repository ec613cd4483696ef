//! Frames of WebSocket that no browser sends: whoever sends them is cut off, and the others in the room
//! notice nothing.
//!
//! <https://www.rfc-editor.org/rfc/rfc6455#section-5.2>

use std::io::Write as _;
use std::net::SocketAddr;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::{Watched, told_over};
use crate::support::PATIENCE;

const END: u8 = 0x80;
const COMPRESSED: u8 = 0x40;
const MORE: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;
/// More than a server may keep of one message.
const MUCH: usize = 64 * 1024 * 1024;

/// A frame that begins with `first` and says that it has `length` bytes, as its shortest form has it.
fn promised(first: u8, length: u64, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ ..126), _) => frame.push(END | short),
        (_, Ok(medium)) => {
            frame.push(END | 0x7e);
            frame.extend(medium.to_be_bytes());
        }
        _ => {
            frame.push(END | 0x7f);
            frame.extend(length.to_be_bytes());
        }
    }
    // The mask of a client, which changes nothing.
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    promised(first, payload.len() as u64, payload)
}

/// Opens a socket by hand, offering what browsers offer, and goes into the hall.
async fn intrude(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    let head = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n\
        Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("taken");
    let mut heard = Vec::new();
    hears(&mut stream, &mut heard, "0{\"sid\"").await;
    let head = String::from_utf8_lossy(&heard).to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 101 "), "{head}");
    assert!(
        !head.contains("sec-websocket-extensions"),
        "nothing is packed: {head}"
    );
    stream
        .write_all(&frame(END | TEXT, b"40"))
        .await
        .expect("taken");
    hears(&mut stream, &mut heard, "40{\"sid\"").await;
    let join = br#"427["join-room","hall","Mallory"]"#;
    stream
        .write_all(&frame(END | TEXT, join))
        .await
        .expect("taken");
    hears(&mut stream, &mut heard, "437[{\"success\":true").await;
    stream
}

/// Reads until something comes.
async fn hears(stream: &mut TcpStream, heard: &mut Vec<u8>, part: &str) {
    let hearing = async {
        while !String::from_utf8_lossy(heard).contains(part) {
            let read = stream.read_buf(heard).await.expect("readable");
            assert!(read > 0, "no {part} in {}", String::from_utf8_lossy(heard));
        }
    };
    timeout(PATIENCE, hearing).await.expect("in time");
}

/// Somebody who is in the hall and does no harm.
struct Guest(WebSocketStream<TcpStream>);

impl Guest {
    async fn enter(address: SocketAddr, name: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("connects");
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
        let (socket, _) = tokio_tungstenite::client_async(url, stream)
            .await
            .expect("opens");
        let mut guest = Self(socket);
        guest.say("40").await;
        guest.hears("40{").await;
        let told = guest.ask(json!(["join-room", "hall", name])).await;
        assert_eq!(told["success"], true, "{told}");
        guest
    }

    async fn say(&mut self, packet: &str) {
        self.0.send(Message::text(packet)).await.expect("taken");
    }

    /// The next packet that has this in it.
    async fn hears(&mut self, part: &str) -> String {
        let hearing = async {
            loop {
                let packet = self.0.next().await.expect("goes on").expect("readable");
                let packet = packet.into_text().expect("a text").to_string();
                if packet == "2" {
                    self.say("3").await;
                }
                if packet.contains(part) {
                    return packet;
                }
            }
        };
        timeout(PATIENCE, hearing)
            .await
            .unwrap_or_else(|_| panic!("no {part}"))
    }

    async fn ask(&mut self, event: Value) -> Value {
        self.say(&format!("421{event}")).await;
        let told = self.hears("431[").await;
        let told: Value = serde_json::from_str(&told[3..]).expect("JSON");
        told[0].clone()
    }
}

/// A few bytes that would be very many.
fn bomb() -> Vec<u8> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
    let begin = br#"42["send-message","everyone",""#;
    packed.write_all(begin).expect("packs");
    packed.write_all(&vec![b'a'; MUCH]).expect("packs");
    packed.flush().expect("packs");
    let mut bytes = packed.finish().expect("packs");
    // RFC 7692, 7.2.1.
    bytes.truncate(bytes.len() - 4);
    assert!(bytes.len() < 128 * 1024, "{}", bytes.len());
    bytes
}

/// A message in pieces that never ends, or ends after all of them.
fn pieces(piece: &[u8], much: usize) -> Vec<u8> {
    let more = frame(MORE, piece);
    [frame(TEXT, b"42[\""), more.repeat(much / more.len())].concat()
}

fn attacks() -> Vec<(&'static str, Vec<u8>)> {
    let text = br#"42["send-message","everyone","never heard"]"#;
    let plain = {
        let length = u8::try_from(text.len()).expect("a short text");
        [&[END | TEXT, length], text.as_slice()].concat()
    };
    let split = [frame(TEXT, b"42[\"\xe2\x82"), frame(END | MORE, b"\"]")].concat();
    vec![
        (
            "a bomb that is packed",
            frame(END | COMPRESSED | TEXT, &bomb()),
        ),
        (
            "a packed message",
            frame(END | COMPRESSED | TEXT, b"\xf2\x48\xcd\xc9\xc9\x07\x00"),
        ),
        ("the second reserved bit", frame(END | 0x20 | TEXT, text)),
        ("the third reserved bit", frame(END | 0x10 | TEXT, text)),
        ("all reserved bits", frame(END | 0x70 | BINARY, text)),
        (
            "a reserved bit in a ping",
            frame(END | COMPRESSED | PING, b""),
        ),
        ("a piece of nothing", frame(END | MORE, text)),
        (
            "a message within another",
            [frame(TEXT, text), frame(END | TEXT, text)].concat(),
        ),
        ("pieces without end", pieces(&[b'a'; 60_000], MUCH)),
        ("very many pieces of one byte", pieces(b"a", MUCH / 4)),
        ("a frame of 2^62 bytes", promised(END | TEXT, 1 << 62, text)),
        ("a frame of 2^63 bytes", promised(END | TEXT, 1 << 63, text)),
        (
            "a frame of 2^64 - 1 bytes",
            promised(END | BINARY, u64::MAX, &vec![0; MUCH]),
        ),
        (
            "a frame just too large",
            frame(END | TEXT, &vec![b'a'; 256 * 1024 + 1]),
        ),
        ("a long ping", frame(END | PING, &[b'a'; 126])),
        ("a very long pong", frame(END | PONG, &vec![b'a'; 70_000])),
        ("a long good-bye", frame(END | CLOSE, &[b'a'; 1000])),
        (
            "a ping in pieces",
            [frame(PING, b"a"), frame(END | MORE, b"b")].concat(),
        ),
        ("a good-bye of one byte", frame(END | CLOSE, b"\x03")),
        (
            "a good-bye that is no text",
            frame(END | CLOSE, b"\x03\xe8\xff\xfe"),
        ),
        ("no mask", plain),
        ("no text", frame(END | TEXT, b"42[\"\xff\xfe\"]")),
        (
            "half a surrogate",
            frame(END | TEXT, b"42[\"\xed\xa0\x80\"]"),
        ),
        (
            "too long a form of a letter",
            frame(END | TEXT, b"42[\"\xc0\xaf\"]"),
        ),
        ("a letter cut in two", split),
        ("an unknown kind", frame(END | 0x3, text)),
        ("another unknown kind", frame(END | 0x7, text)),
        ("an unknown control frame", frame(END | 0xb, b"")),
        ("another unknown control frame", frame(END | 0xf, b"")),
        ("no packet at all", frame(END | TEXT, b"")),
        ("a packet of an unknown type", frame(END | TEXT, b"9")),
        ("an upgrade in the middle", frame(END | TEXT, b"5")),
        (
            "another HTTP request",
            b"GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
        ),
    ]
}

/// A server with people in a room.
async fn hall() -> (Watched, Guest, Guest) {
    let watched = Watched::start(&[("TOK_SIGNALLING__MESSAGE_RATE", "off")]).await;
    let make = reqwest::Client::new().post(watched.url("/v1/rooms"));
    let made = make.json(&json!({ "name": "hall" })).send().await;
    assert_eq!(made.expect("an answer").status(), 201);
    let ada = Guest::enter(watched.address, "Ada").await;
    let bob = Guest::enter(watched.address, "Bob").await;
    (watched, ada, bob)
}

/// The people hear each other, and nothing of anybody else.
async fn talk(ada: &mut Guest, bob: &mut Guest, words: &str) {
    let told = ada.ask(json!(["send-message", "everyone", words])).await;
    assert_eq!(told["success"], true, "{told}");
    let heard = bob.hears("42[\"new-room-message\"").await;
    assert!(heard.contains(words), "{words}: {heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_no_browser_sends_end_the_connection_and_concern_nobody_else() {
    let (watched, mut ada, mut bob) = hall().await;
    for (name, bytes) in attacks() {
        let stream = intrude(watched.address).await;
        // Ends, or this fails.
        let heard = told_over(stream, name, &bytes).await;
        assert!(!heard.contains("HTTP/1.1"), "{name}: {heard}");
        talk(&mut ada, &mut bob, name).await;
    }
    watched.stays_well().await;
}

/// Nothing is wrong with these, but that there are so many.
#[tokio::test(flavor = "multi_thread")]
async fn empty_frames_without_end_take_no_memory() {
    let (watched, mut ada, mut bob) = hall().await;
    let begin = frame(TEXT, b"42[\"");
    for (name, begin, more) in [
        ("empty pieces", begin, frame(MORE, b"")),
        ("pings", Vec::new(), frame(END | PING, b"")),
        ("long pings", Vec::new(), frame(END | PING, &[b'a'; 125])),
        ("pongs", Vec::new(), frame(END | PONG, &[b'a'; 125])),
        ("signs of life", Vec::new(), frame(END | TEXT, b"3")),
    ] {
        let mut stream = intrude(watched.address).await;
        let bytes = [begin, more.repeat(MUCH / 8 / more.len())].concat();
        // Nobody reads what comes back; whether it is cut off is up to the server.
        let sending = async { stream.write_all(&bytes).await };
        let talking = async {
            for round in 0..20 {
                talk(&mut ada, &mut bob, &format!("{name} {round}")).await;
            }
        };
        let (sent, ()) = tokio::join!(timeout(PATIENCE, sending), talking);
        drop(sent);
    }
    watched.stays_well().await;
}
