//! What a machine of Google's knows of itself.
//! <https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys>

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::HeldToken;
use super::exchange::{answer, held};
use crate::backends::http_client::HttpClient;
use crate::error::Result;

/// Where it is known, on every such machine.
const USUAL: &str = "169.254.169.254";
/// Elsewhere nobody answers, and nothing should wait for that.
const PATIENCE: Duration = Duration::from_secs(1);
/// The most that is read of an answer.
const LARGEST: u64 = 8 * 1024;

/// A token of the machine's own service account.
pub(super) async fn token(client: &HttpClient, host: &str) -> Result<HeldToken> {
    let url = format!(
        "http://{}/computeMetadata/v1/instance/service-accounts/default/token",
        plain(host)
    );
    let request = client.ready()?.get(url).header("metadata-flavor", "Google");
    let advice = "check GCE_METADATA_HOST (google.metadata_host), and that the machine has a service account";
    held(&answer(request, "this machine", advice).await?)
}

/// The project that the machine belongs to; nothing on others. It waits for the answer: nothing can be
/// opened without.
pub(super) fn project(host: Option<&str>) -> Option<String> {
    let host = plain(host.unwrap_or(USUAL));
    let address = match host.to_socket_addrs() {
        Ok(mut addresses) => addresses.next()?,
        Err(_) => (host, 80).to_socket_addrs().ok()?.next()?,
    };
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    let request = format!(
        "GET /computeMetadata/v1/project/project-id HTTP/1.0\r\nhost: {host}\r\nmetadata-flavor: Google\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut text = String::new();
    stream.take(LARGEST).read_to_string(&mut text).ok()?;
    named(&text)
}

/// The project in an answer, if it is one of a metadata server.
fn named(answer: &str) -> Option<String> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let ok = lines.next()?.split(' ').nth(1)? == "200";
    let is_googles = lines.any(|line| {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        name.eq_ignore_ascii_case("metadata-flavor") && value.trim() == "Google"
    });
    let project = body.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
    let fits = !project.is_empty() && project.len() <= 128 && project.chars().all(plain);
    (ok && is_googles && fits).then(|| project.to_owned())
}

/// A host as it is named with or without `http://`.
fn plain(host: &str) -> &str {
    let host = host.trim().strip_prefix("http://").unwrap_or(host.trim());
    host.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_metadata_server_names_the_project() {
        let answer = |head: &str, body: &str| named(&format!("{head}\r\n\r\n{body}"));
        let good = "HTTP/1.0 200 OK\r\ncontent-length: 4\r\nMetadata-Flavor: Google";
        assert_eq!(answer(good, "demo").as_deref(), Some("demo"));
        assert_eq!(
            answer(good, "domain.example:demo\n").as_deref(),
            Some("domain.example:demo")
        );
        assert_eq!(answer(good, "<html>"), None);
        assert_eq!(answer(good, ""), None);
        assert_eq!(answer("HTTP/1.0 200 OK", "demo"), None);
        assert_eq!(
            answer("HTTP/1.0 404 Not Found\r\nMetadata-Flavor: Google", "demo"),
            None
        );
        assert_eq!(named("demo"), None);
    }
}
