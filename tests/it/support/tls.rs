//! Certificates: of a server that nobody trusts, or that somebody does who is told to.

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// For localhost and 127.0.0.1, from 2020 to 2120, signed by itself.
const CERTIFICATE: &str = "\
    MIIBdzCCAR2gAwIBAgIBATAKBggqhkjOPQQDAjAfMR0wGwYDVQQDDBRub2JvZHkgaW4gcGFydGljdWxhcjAgFw0yMD\
    AxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowHzEdMBsGA1UEAwwUbm9ib2R5IGluIHBhcnRpY3VsYXIwWTATBgcq\
    hkjOPQIBBggqhkjOPQMBBwNCAARmQLYBTeAPGXs2nKqRt3tqDU5Ool7V0EVz8ikY4j0r1j0JtEZyBACLr3Q1zOT3J6\
    Gl/9zvauaQ5Li1xCcepCUzo0gwRjAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCQYDVR0TBAIwADAdBgNVHQ4E\
    FgQUYqILssu5MhW7k1YRzOBoZITkhFUwCgYIKoZIzj0EAwIDSAAwRQIgFG2x7loGODuQcjyPKniiZ4xVepNf4nr9eK\
    BZPUYKLqkCIQDZj6mVhSu/QNU/yXEIbvljOmbZ6fSUVPwYIBlynCEyHg==";
/// What belongs to it; it protects nothing.
const KEY: &str = "\
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0jLyX1DNbEVZvC9B4PXaXTsNqd+4IQ/tCSjR+3jwHv\
    2hRANCAARmQLYBTeAPGXs2nKqRt3tqDU5Ool7V0EVz8ikY4j0r1j0JtEZyBACLr3Q1zOT3J6Gl/9zvauaQ5Li1xCce\
    pCUz";

fn bytes(text: &str) -> Vec<u8> {
    STANDARD.decode(text).expect("base64")
}

/// Shakes hands by this certificate, and the key that belongs to it.
pub fn acceptor(certificate: &str, key: &str) -> TlsAcceptor {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(bytes(key)));
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(bytes(certificate))], key);
    TlsAcceptor::from(Arc::new(config.expect("a certificate")))
}

/// Listens, and shakes hands with nobody who wants to know who it is.
pub async fn untrusted() -> SocketAddr {
    let acceptor = acceptor(CERTIFICATE, KEY);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Who does not trust it breaks off.
            drop(acceptor.accept(stream).await);
        }
    });
    address
}
