//! A small load generator: keep-alive connections that send and read with as little work as
//! possible, so that the server is what is measured.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Writes the request with this number.
pub type Request = dyn Fn(u64) -> String + Send + Sync;

/// Sends `total` requests over `clients` connections; every answer must have a status of 2xx.
pub async fn run(
    address: SocketAddr,
    clients: usize,
    total: u64,
    request: Arc<Request>,
) -> Duration {
    let next = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let (next, request) = (next.clone(), request.clone());
        tasks.spawn(async move {
            let mut stream = TcpStream::connect(address).await.expect("connects");
            stream.set_nodelay(true).expect("settable");
            let mut buffer = vec![0; 16 * 1024];
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= total {
                    return;
                }
                stream
                    .write_all(request(number).as_bytes())
                    .await
                    .expect("writes");
                read_answer(&mut stream, &mut buffer).await;
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("no panic");
    }
    began.elapsed()
}

/// Sends `total` times the same request over `clients` connections, and never sleeps: waking the
/// load would be the server's work, the more of it the slower the server is.
pub fn spin(address: SocketAddr, clients: usize, total: u32, request: &[u8]) {
    let connect = |_| {
        let stream = std::net::TcpStream::connect(address).expect("connects");
        stream.set_nodelay(true).expect("settable");
        stream.set_nonblocking(true).expect("settable");
        (stream, Vec::with_capacity(4096), false)
    };
    let mut lines: Vec<_> = (0..clients).map(connect).collect();
    let (mut sent, mut answered) = (0, 0);
    let mut buffer = [0; 16 * 1024];
    while answered < total {
        for (stream, read, asked) in &mut lines {
            if !*asked && sent < total {
                // It fits into what the system takes.
                assert_eq!(stream.write(request).expect("writes"), request.len());
                (*asked, sent) = (true, sent + 1);
                continue;
            }
            match stream.read(&mut buffer) {
                Ok(0) => panic!("the server closed: {}", String::from_utf8_lossy(read)),
                Ok(more) => read.extend_from_slice(&buffer[..more]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
                Err(error) => panic!("{error}"),
            }
            if head_and_length(read).is_some_and(|whole| read.len() >= whole) {
                assert!(
                    read.starts_with(b"HTTP/1.1 2"),
                    "{}",
                    String::from_utf8_lossy(read)
                );
                read.clear();
                (*asked, answered) = (false, answered + 1);
            }
        }
    }
}

async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) {
    let mut filled = 0;
    let mut whole = None;
    while whole.is_none_or(|whole| filled < whole) {
        let read = stream.read(&mut buffer[filled..]).await.expect("reads");
        assert!(
            read > 0,
            "the server closed: {}",
            String::from_utf8_lossy(&buffer[..filled])
        );
        filled += read;
        if whole.is_none() {
            whole = head_and_length(&buffer[..filled]);
        }
    }
    let fine = buffer.starts_with(b"HTTP/1.1 2");
    assert!(fine, "{}", String::from_utf8_lossy(&buffer[..filled]));
}

/// The length of head and body together, once the head is complete.
fn head_and_length(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))?;
    Some(end + length.trim().parse::<usize>().expect("a number"))
}

/// CPU time of this process (or of its finished children), in seconds.
#[allow(clippy::cast_precision_loss, reason = "microseconds of one run")]
pub fn cpu(who: UsageWho) -> f64 {
    let usage = getrusage(who).expect("usage");
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    micros as f64 / 1e6
}
