//! Where Firebase publishes its keys, reached as from behind a company's proxy: nothing of the product is set
//! otherwise than by those who use it.
//!
//! There are two documents of the same keys: certificates by their names, for Google's own libraries, and a
//! key set for everybody else.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::tls;

/// For www.googleapis.com, from 2020 to 2120, signed by itself.
const CERTIFICATE: &str = "\
    MIIBeTCCAR+gAwIBAgIBATAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJ3d3cuZ29vZ2xlYXBpcy5jb20wIBcNMjAw\
    MTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMB0xGzAZBgNVBAMMEnd3dy5nb29nbGVhcGlzLmNvbTBZMBMGByqG\
    SM49AgEGCCqGSM49AwEHA0IABEavyaQhbI3I2LNq2xOwnmLiSPMlRyU8Y/jfkYvTWYQb5PvZHkTfKW1hACF+D9GE\
    /t5PI3z5IvPdDfV52cNLfiGjTjBMMB0GA1UdEQQWMBSCEnd3dy5nb29nbGVhcGlzLmNvbTAMBgNVHRMBAf8EAjAA\
    MB0GA1UdDgQWBBRADSWKt3n9DlzjT+x7qi/f2hph3zAKBggqhkjOPQQDAgNIADBFAiBuFfuhPw5Bb6l9sEdziMkm\
    XWu5/06JzhBi8qgA//yZmgIhAPnyw5ejOe92XXZTJvHBVs1Ji0GWZQ/LATHLFXlnl5qm";
/// What belongs to it; it protects nothing.
const KEY: &str = "\
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghwyBscIwpbJT8YT1Cz7HqRlIzqg/zJdLz411GRvT\
    QcmhRANCAARGr8mkIWyNyNizatsTsJ5i4kjzJUclPGP435GL01mEG+T72R5E3yltYQAhfg/RhP7eTyN8+SLz3Q31\
    ednDS34h";

/// Where both documents are.
const HOST: &str = "www.googleapis.com:443";
/// The key set.
pub const KEY_SET: &str = "/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com";

/// What is published, if anything, and what was asked for.
struct State {
    published: Option<String>,
    asked: Vec<String>,
}

/// A proxy behind which Google is.
#[derive(Clone)]
pub struct GoogleKeys {
    address: SocketAddr,
    acceptor: TlsAcceptor,
    state: Arc<Mutex<State>>,
    dir: Arc<TempDir>,
}

impl GoogleKeys {
    /// One that publishes these keys.
    pub async fn start(keys: &[Value]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let dir = TempDir::new().expect("a directory");
        let pem =
            format!("-----BEGIN CERTIFICATE-----\n{CERTIFICATE}\n-----END CERTIFICATE-----\n");
        std::fs::write(dir.path().join("google.pem"), pem).expect("written");
        let google = Self {
            address: listener.local_addr().expect("an address"),
            acceptor: tls::acceptor(CERTIFICATE, KEY),
            state: Arc::new(Mutex::new(State {
                published: None,
                asked: Vec::new(),
            })),
            dir: Arc::new(dir),
        };
        google.publish(keys);
        let serving = google.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let google = serving.clone();
                // Whoever does not trust it breaks off.
                tokio::spawn(async move { drop(google.converse(stream).await) });
            }
        });
        google
    }

    /// The file with the certificate that tells that this is Google.
    pub fn certificate(&self) -> PathBuf {
        self.dir.path().join("google.pem")
    }

    /// The proxy.
    pub fn proxy(&self) -> String {
        format!("http://{}", self.address)
    }

    /// These are the keys from now on.
    pub fn publish(&self, keys: &[Value]) {
        self.say(&serde_json::json!({ "keys": keys }).to_string());
    }

    /// This is the answer from now on, whatever it is.
    pub fn say(&self, text: &str) {
        self.state.lock().expect("no panic").published = Some(text.to_owned());
    }

    /// Nothing is answered but 503.
    pub fn go_away(&self) {
        self.state.lock().expect("no panic").published = None;
    }

    /// The paths that were asked for so far.
    pub fn asked(&self) -> Vec<String> {
        self.state.lock().expect("no panic").asked.clone()
    }

    async fn converse(self, mut stream: TcpStream) -> std::io::Result<()> {
        let head = head(&mut stream).await?;
        let connect = format!("CONNECT {HOST} ");
        if !head.starts_with(&connect) {
            let asked = head.lines().next().unwrap_or_default().to_owned();
            self.state.lock().expect("no panic").asked.push(asked);
            return stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").await;
        }
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
        let mut stream = self.acceptor.accept(stream).await?;
        let head = self::head(&mut stream).await?;
        let path = head.split(' ').nth(1).unwrap_or_default();
        let published = {
            let mut state = self.state.lock().expect("no panic");
            state.asked.push(path.to_owned());
            state.published.clone().filter(|_| path == KEY_SET)
        };
        let (status, body) = match published {
            Some(text) => ("200 OK", text),
            None => ("503 Service Unavailable", "<!DOCTYPE html>".to_owned()),
        };
        // As Google answers.
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: {}\r\n\
             Cache-Control: public, max-age=19302, must-revalidate, no-transform\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await
    }
}

/// The head of a request.
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<String> {
    let mut heard = Vec::new();
    while !heard.ends_with(b"\r\n\r\n") {
        heard.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&heard).into_owned())
}
