//! Whether a browser would take the TLS of a server that relays.

use std::net::Ipv6Addr;

use url::Url;

use super::{IceAddress, PATIENCE};
use crate::backends::http::{HttpClient, unreached};

/// The setting that says where it is.
const SETTING: &str = "signalling.turn_urls";

/// Opens TLS as our HTTP client does: it trusts whom this machine trusts, and says what is wrong with a certificate.
/// What comes behind the handshake does not matter, as HTTP is not what is spoken there.
///
/// # Errors
/// Where, and why there is none: the end of a sentence.
pub(super) async fn open(address: &IceAddress<'_>) -> Result<(), String> {
    let host = match address.host.parse::<Ipv6Addr>() {
        Ok(ip) => format!("[{ip}]"),
        Err(_) => address.host.to_owned(),
    };
    let url = format!("https://{host}:{}/", address.port);
    let url = Url::parse(&url).map_err(|error| format!("{host}: {error}"))?;
    let client = HttpClient::new(|client| {
        client
            .http1_only()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE * 2)
    });
    let client = client.ready().map_err(|error| error.message().to_owned())?;
    match client.get(url.clone()).send().await {
        Err(error) if error.is_connect() => Err(unreached(&error, &url, SETTING).what),
        _ => Ok(()),
    }
}
