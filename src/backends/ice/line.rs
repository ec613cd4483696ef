//! The ways to such a server: datagrams, a stream, and a stream with TLS.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::ServerName;

use super::message::{self, Method, ServerAnswer, TransactionId, request};
use crate::model::Random;

/// A datagram that nobody answers is sent again after these.
const RESENDS: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];
/// An answer over a stream takes no longer than this.
const PATIENCE: Duration = Duration::from_secs(4);

/// What bytes come and go by.
pub(super) trait IceStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> IceStream for T {}

/// The way to a server.
pub(super) enum IceLine {
    Udp(UdpSocket),
    Stream(Box<dyn IceStream>),
}

impl IceLine {
    pub(super) async fn udp(to: SocketAddr) -> io::Result<Self> {
        let any = if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        let socket = UdpSocket::bind(any).await?;
        socket.connect(to).await?;
        Ok(Self::Udp(socket))
    }

    pub(super) async fn tcp(to: SocketAddr) -> io::Result<Self> {
        Ok(Self::Stream(Box::new(connected(to).await?)))
    }

    /// The same, with a server that shows that it is `host` to whoever trusts what this machine does.
    pub(super) async fn tls(to: SocketAddr, host: &str) -> io::Result<Self> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let provider = Arc::new(default_provider());
        let trusting = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(io::Error::other)?
            .with_no_client_auth();
        let connector = TlsConnector::from(Arc::new(trusting));
        let greeting = connector.connect(name, connected(to).await?);
        let greeted = timeout(PATIENCE, greeting).await.map_err(|_| {
            let told = "it took the connection and spoke no TLS";
            io::Error::new(io::ErrorKind::TimedOut, told)
        })?;
        Ok(Self::Stream(Box::new(greeted?)))
    }

    /// Sends a request and waits for its answer.
    pub(super) async fn ask(
        &mut self,
        random: &dyn Random,
        method: Method,
        attributes: &[(u16, Vec<u8>)],
        key: Option<&[u8]>,
    ) -> io::Result<ServerAnswer> {
        let mut id: TransactionId = [0; 12];
        random.fill(&mut id);
        let sent = request(method, id, attributes, key);
        match self {
            Self::Udp(socket) => over_udp(socket, &sent, method, id).await,
            Self::Stream(stream) => {
                let answered = timeout(PATIENCE, over_stream(stream, &sent)).await;
                let bytes = answered.map_err(|_| silence())??;
                let answer = ServerAnswer::read(&bytes, method, id);
                answer.ok_or_else(|| io::Error::other("what answers is no such server"))
            }
        }
    }
}

async fn over_udp(
    socket: &UdpSocket,
    sent: &[u8],
    method: Method,
    id: TransactionId,
) -> io::Result<ServerAnswer> {
    let mut buffer = [0; 1500];
    for patience in RESENDS {
        socket.send(sent).await?;
        let answer = async {
            loop {
                let length = socket.recv(&mut buffer).await?;
                if let Some(answer) = ServerAnswer::read(&buffer[..length], method, id) {
                    return Ok(answer);
                }
            }
        };
        if let Ok(answered) = timeout(patience, answer).await {
            return answered;
        }
    }
    Err(silence())
}

async fn over_stream(stream: &mut Box<dyn IceStream>, sent: &[u8]) -> io::Result<Vec<u8>> {
    stream.write_all(sent).await?;
    let mut head = [0; 20];
    stream.read_exact(&mut head).await?;
    let mut bytes = head.to_vec();
    bytes.resize(message::length(&head), 0);
    stream.read_exact(&mut bytes[20..]).await?;
    Ok(bytes)
}

fn silence() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "nothing came back")
}

async fn connected(to: SocketAddr) -> io::Result<TcpStream> {
    let opened = timeout(PATIENCE, TcpStream::connect(to)).await;
    opened.map_err(|_| silence())?
}
