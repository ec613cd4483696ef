//! Where messages may be sent to. An endpoint is a URL given by a stranger: it must not lead into our own
//! network, neither by what it says nor by what its name turns out to mean.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use url::{Host, Url};

use crate::backends::http_client::HttpClient;
use crate::backends::redirects::is_inside;
use crate::error::{Error, Result};

/// The port of push services.
const PORT: u16 = 443;
/// What is said of an endpoint in our own network.
pub(super) const INSIDE: &str =
    "leads into this server's own network; list its host in push.web_hosts if that is meant";

/// A name led into our own network.
#[derive(Debug)]
struct LedInside;

impl fmt::Display for LedInside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(INSIDE)
    }
}

impl std::error::Error for LedInside {}

/// A push service that the operator runs or trusts, wherever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedHost(String);

impl ListedHost {
    /// Reads `ntfy.example.com`, `ntfy.lan:8443`, or an origin like `http://10.0.0.5:2586`.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) for what is none of these.
    pub fn parse(text: &str) -> Result<Self> {
        let whole = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&whole).ok().filter(|url| {
            let bare = matches!(url.path(), "" | "/") && url.query().is_none() && is_anonymous(url);
            url.has_host() && matches!(url.scheme(), "https" | "http") && bare
        });
        let url = url.ok_or_else(|| {
            Error::config(format!(
                "{text:?} is no host like ntfy.example.com, and no origin like https://ntfy.lan:8443"
            ))
        })?;
        Ok(Self(url.origin().ascii_serialization()))
    }
}

/// Looks up what a name means.
#[async_trait]
pub(super) trait NameLookup: Send + Sync {
    async fn look_up(&self, name: &str) -> std::io::Result<Vec<SocketAddr>>;
}

/// By the machine's own resolver.
struct MachineLookup;

#[async_trait]
impl NameLookup for MachineLookup {
    async fn look_up(&self, name: &str) -> std::io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.collect())
    }
}

/// Names of strangers: one that means any address inside means none. What is connected to is what was
/// looked at.
struct StrangersNames(Arc<dyn NameLookup>);

impl Resolve for StrangersNames {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = self.0.clone();
        Box::pin(async move {
            let found = lookup.look_up(name.as_str()).await?;
            if found.iter().any(|at| is_inside(at.ip())) {
                return Err(LedInside.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The ways to push services.
pub(super) struct Endpoints {
    listed: Vec<ListedHost>,
    to_listed: HttpClient,
    to_strangers: HttpClient,
}

impl Endpoints {
    pub(super) fn new(listed: Vec<ListedHost>, timeout: Duration) -> Self {
        Self::with(listed, timeout, Arc::new(MachineLookup))
    }

    fn with(listed: Vec<ListedHost>, timeout: Duration, lookup: Arc<dyn NameLookup>) -> Self {
        let plain = move |client: reqwest::ClientBuilder| {
            client
                .redirect(Policy::none())
                // A proxy would look the name up once more, and elsewhere.
                .no_proxy()
                .connect_timeout(timeout / 2)
                .timeout(timeout)
        };
        Self {
            listed,
            to_listed: HttpClient::new(plain),
            to_strangers: HttpClient::new(move |client| {
                plain(client).dns_resolver(StrangersNames(lookup.clone()))
            }),
        }
    }

    fn is_listed(&self, endpoint: &Url) -> bool {
        let origin = endpoint.origin().ascii_serialization();
        self.listed.iter().any(|listed| listed.0 == origin)
    }

    /// Whether messages may go to this address, as far as it shows. What is wrong is a part of a sentence
    /// that does not repeat it.
    pub(super) fn check(&self, endpoint: &Url) -> Result<(), &'static str> {
        if !is_anonymous(endpoint) {
            return Err("holds a name or password");
        }
        if self.is_listed(endpoint) {
            return Ok(());
        }
        if endpoint.scheme() != "https" {
            return Err("is not https");
        }
        if endpoint.port_or_known_default() != Some(PORT) {
            return Err(
                "names another port than 443; list its host in push.web_hosts if that is meant",
            );
        }
        let inside = match endpoint.host() {
            Some(Host::Ipv4(v4)) => is_inside(v4.into()),
            Some(Host::Ipv6(v6)) => is_inside(v6.into()),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                name == "localhost" || name.ends_with(".localhost")
            }
            None => return Err("names no host"),
        };
        if inside { Err(INSIDE) } else { Ok(()) }
    }

    /// The client that may call a checked address.
    ///
    /// # Errors
    /// When HTTPS cannot be used on this machine.
    pub(super) fn client(&self, endpoint: &Url) -> Result<&reqwest::Client> {
        if self.is_listed(endpoint) {
            self.to_listed.ready()
        } else {
            self.to_strangers.ready()
        }
    }
}

fn is_anonymous(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

/// Whether a call failed because its name leads inside.
pub(super) fn led_inside(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<LedInside>() {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn listed(texts: &[&str]) -> Vec<ListedHost> {
        let read = |text: &&str| ListedHost::parse(text).expect("a host");
        texts.iter().map(read).collect()
    }

    fn checked(endpoint: &str, hosts: &[&str]) -> Result<(), &'static str> {
        let endpoints = Endpoints::new(listed(hosts), Duration::from_secs(1));
        endpoints.check(&Url::parse(endpoint).expect("a URL"))
    }

    #[test]
    fn strangers_are_told_by_https_outside_only() {
        for fine in [
            "https://fcm.googleapis.com/fcm/send/abc",
            "https://updates.push.services.mozilla.com:443/wpush/v2/abc",
            "https://203.1.1.1/abc",
            "https://[2606:4700::1]/abc",
        ] {
            assert_eq!(checked(fine, &[]), Ok(()), "{fine}");
        }
        for refused in [
            "http://push.example.com/abc",
            "ftp://push.example.com/abc",
            "https://push.example.com:8443/abc",
            "https://user@push.example.com/abc",
            "https://user:word@push.example.com/abc",
            "https://localhost/abc",
            "https://localhost./abc",
            "https://a.localhost/abc",
            "https://127.0.0.1/abc",
            "https://127.1/abc",
            "https://0x7f000001/abc",
            "https://2130706433/abc",
            "https://0.0.0.0/abc",
            "https://10.1.2.3/abc",
            "https://172.16.0.1/abc",
            "https://192.168.0.1/abc",
            "https://169.254.169.254/abc",
            "https://100.64.0.1/abc",
            "https://[::1]/abc",
            "https://[::]/abc",
            "https://[::ffff:10.0.0.1]/abc",
            "https://[::ffff:7f00:1]/abc",
            "https://[64:ff9b::a00:1]/abc",
            "https://[fe80::1]/abc",
            "https://[fd00::1]/abc",
        ] {
            assert!(checked(refused, &[]).is_err(), "{refused}");
        }
    }

    #[test]
    fn what_is_listed_may_be_anywhere_but_only_as_it_is_listed() {
        let hosts = ["ntfy.lan", "10.0.0.5:2586", "http://127.0.0.1:9000"];
        for fine in [
            "https://ntfy.lan/up",
            "https://10.0.0.5:2586/up",
            "http://127.0.0.1:9000/up",
        ] {
            assert_eq!(checked(fine, &hosts), Ok(()), "{fine}");
        }
        for refused in [
            "http://ntfy.lan/up",
            "https://ntfy.lan:8443/up",
            "https://10.0.0.5/up",
            "https://127.0.0.1:9000/up",
            "https://me@ntfy.lan/up",
        ] {
            assert!(checked(refused, &hosts).is_err(), "{refused}");
        }
        for wrong in [
            "",
            "a b",
            "https://a/path",
            "ftp://a",
            "https://me@a",
            "a?b",
        ] {
            assert!(ListedHost::parse(wrong).is_err(), "{wrong}");
        }
    }

    /// Answers one after the other, the last for ever.
    struct Answers(Mutex<Vec<Vec<&'static str>>>);

    #[async_trait]
    impl NameLookup for Answers {
        async fn look_up(&self, _name: &str) -> std::io::Result<Vec<SocketAddr>> {
            let mut answers = self.0.lock().expect("whole");
            let next = match answers.len() {
                1 => answers[0].clone(),
                _ => answers.remove(0),
            };
            let read = |text: &str| SocketAddr::new(text.parse().expect("an address"), 0);
            Ok(next.into_iter().map(read).collect())
        }
    }

    #[tokio::test]
    async fn a_name_that_means_an_address_inside_is_not_connected_to() {
        for answers in [
            vec![vec!["127.0.0.1"]],
            vec![vec!["::1"]],
            vec![vec!["::ffff:10.0.0.1"]],
            vec![vec!["169.254.169.254"]],
            vec![vec!["0.0.0.0"]],
            // One outside does not make up for one inside.
            vec![vec!["192.0.2.1", "10.0.0.1"]],
            vec![vec!["203.1.1.1", "fd00::1"]],
        ] {
            let shown = format!("{answers:?}");
            let lookup = Arc::new(Answers(Mutex::new(answers)));
            let endpoints = Endpoints::with(Vec::new(), Duration::from_secs(2), lookup);
            let url = Url::parse("https://push.example.com/secret").expect("a URL");
            endpoints
                .check(&url)
                .expect("by its name it may be outside");
            let client = endpoints.client(&url).expect("a client");
            let failed = client.post(url).send().await.expect_err("refused");
            assert!(led_inside(&failed), "{shown}: {failed:?}");
        }
    }

    /// What is asked for the second time is looked at the second time.
    #[tokio::test]
    async fn a_name_that_turns_inside_later_is_not_connected_to() {
        let answers = vec![vec!["203.0.113.77"], vec!["127.0.0.1"]];
        let names = StrangersNames(Arc::new(Answers(Mutex::new(answers))));
        let name = || "push.example.com".parse().expect("a name");
        assert!(
            names.resolve(name()).await.is_err(),
            "documentation is nobody's"
        );
        let refused = names.resolve(name()).await.err().expect("refused");
        assert!(refused.is::<LedInside>(), "{refused}");
        let answers = vec![vec!["203.1.1.1"], vec!["127.0.0.1"]];
        let names = StrangersNames(Arc::new(Answers(Mutex::new(answers))));
        assert_eq!(names.resolve(name()).await.expect("outside").count(), 1);
        assert!(names.resolve(name()).await.is_err());
    }
}

#[cfg(test)]
mod hostile {
    use std::sync::LazyLock;

    use super::*;
    use crate::hostile::{hostile, refused, sentence};
    use crate::model::subscription::{BrowserSubscription, LONGEST_ENDPOINT, Subscription};

    static ENDPOINTS: LazyLock<Endpoints> =
        LazyLock::new(|| Endpoints::new(Vec::new(), Duration::from_secs(1)));

    /// What is kept is what is read again, no longer than may be; what is shown does not tell it; what may
    /// be called is outside, by HTTPS.
    fn subscribe(bytes: &[u8]) {
        let Ok(given) = serde_json::from_slice::<BrowserSubscription>(bytes) else {
            return;
        };
        let subscription = match Subscription::read(&given, "key") {
            Ok(subscription) => subscription,
            Err(error) => return refused(&error),
        };
        let endpoint = &subscription.endpoint;
        assert!(endpoint.as_str().len() <= LONGEST_ENDPOINT, "{endpoint}");
        let again = Subscription::of_token(&subscription.token());
        assert!(again.as_ref() == Some(&subscription), "{endpoint}");
        let secret = &endpoint[url::Position::BeforePath..];
        let shown = format!("{subscription} {subscription:?}");
        assert!(secret.len() < 16 || !shown.contains(secret), "{endpoint}");
        if let Err(why) = ENDPOINTS.check(endpoint) {
            return sentence(why);
        }
        assert_eq!(endpoint.scheme(), "https");
        assert_eq!(endpoint.port_or_known_default(), Some(PORT));
        assert!(is_anonymous(endpoint) && endpoint.has_host(), "{endpoint}");
        let host = endpoint.host_str().unwrap_or_default();
        let address = host.trim_matches(['[', ']']).parse();
        assert!(!address.is_ok_and(is_inside), "{endpoint}");
    }

    #[test]
    fn web_subscription_is_kept_as_it_was_given_or_refused() {
        hostile!("web_subscription", subscribe);
    }
}
