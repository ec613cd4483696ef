//! `server.embed_origins`: pages of other sites that show the room page.

use url::Url;

use super::Config;
use crate::model::loopback::is_loopback;

/// Points out pages in which nobody could have a camera, or that could show nothing of this server.
pub(super) fn warnings(config: &Config) -> Vec<String> {
    let server = config.server.url();
    let open = |url: &Url| url.scheme() == "http" && !is_loopback(url);
    let listed = config.server.embed_origins.iter();
    listed
        .filter_map(|text| {
            let page = Url::parse(text).ok()?;
            if open(&page) {
                return Some(format!(
                    "server.embed_origins: {text} is http: browsers give no camera to what is shown there; use https"
                ));
            }
            let hidden = page.scheme() == "https" && open(&server);
            hidden.then(|| {
                format!(
                    "server.embed_origins: browsers show nothing of {server} in {text}, which is https; set server.public_url to an https address"
                )
            })
        })
        .collect()
}
