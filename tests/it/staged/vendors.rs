//! Vendors that are away, refuse, or are not who answers.

use jiff::{SignedDuration, Timestamp};

use super::{Met, Staged, all_are_told, answering, begun, closed, http, once_answered, with};
use crate::support::binary::Run;
use crate::support::{FakeAlgolia, borrowed, tls};

pub(super) const JSON: &str = "content-type: application/json\r\n";

/// How long is waited for one who answers, however busy this machine is.
const PATIENT: &str = "10s";

/// `command` with 100ms at this URL.
fn hundred_ms(url: &str, command: &str) -> Run {
    hundred_ms_within(PATIENT, url, command)
}

/// The same with 100ms that does not answer.
fn silent_hundred_ms(url: &str, command: &str) -> Run {
    hundred_ms_within("1s", url, command)
}

fn hundred_ms_within(timeout: &str, url: &str, command: &str) -> Run {
    let variables = [
        ("TOK_ROOMS__BACKEND", "hundred_ms"),
        ("APP_ACCESS_KEY", "key"),
        ("APP_SECRET", "secret"),
        ("TOK_HUNDRED_MS__BASE_URL", url),
        ("TOK_HUNDRED_MS__TIMEOUT", timeout),
    ];
    with(&variables, command)
}

/// The same with OpenTok.
fn opentok(url: &str, command: &str) -> Run {
    let variables = [
        ("TOKBOX_API_KEY", "12345"),
        ("TOKBOX_SECRET", "secret"),
        ("TOK_OPENTOK__BASE_URL", url),
        ("TOK_OPENTOK__TIMEOUT", PATIENT),
    ];
    with(&variables, command)
}

/// The same with Daily, whose key is in a file.
fn daily(url: &str, command: &str) -> Run {
    let binary = crate::support::Binary::with(&[("TOK_DAILY__TIMEOUT", PATIENT)]);
    std::fs::write(binary.dir().join("daily.key"), "key\n").expect("written");
    let text = format!(
        "[rooms]\nbackend = \"daily\"\n[daily]\napi_key_file = \"daily.key\"\nbase_url = \"{url}\"\n"
    );
    std::fs::write(binary.dir().join("tok.toml"), text).expect("written");
    super::run(&binary, command)
}

/// The same with Algolia.
fn algolia(url: &str, command: &str) -> Run {
    let variables = [
        ("TOK_SEARCH__BACKEND", "algolia"),
        ("TOK_ALGOLIA__APP_ID", "APP"),
        ("TOK_ALGOLIA__API_KEY", "key"),
        ("TOK_ALGOLIA__BASE_URL", url),
    ];
    with(&variables, command)
}

/// The same with Realtime Database.
fn presence(url: &str, command: &str) -> Run {
    let url = format!("{url}/?ns=demo");
    let variables = [
        ("TOK_PRESENCE__BACKEND", "realtime_database"),
        ("TOK_REALTIME_DATABASE__URL", &url),
    ];
    with(&variables, command)
}

/// Whatever is asked there gets this answer.
fn at(vendor: fn(&str, &str) -> Run, command: &str, answer: &str) -> Option<Met> {
    let at = answering(answer);
    let run = vendor(&format!("http://{at}"), command);
    Met::at(at, run)
}

#[test]
fn who_is_not_there_is_told_with_the_way_there() {
    all_are_told(&[
        Staged {
            name: "a closed port",
            stage: || {
                let at = closed();
                let run = hundred_ms(&format!("http://{at}/v2"), "room list");
                Met::at(at, run)
            },
            code: 6,
            cause: &["100ms cannot be reached at {at}: connection refused"],
            remedy: &[
                "nobody listens there",
                "hundred_ms.base_url (from environment TOK_HUNDRED_MS__BASE_URL)",
            ],
        },
        Staged {
            name: "a closed port, by doctor",
            stage: || {
                let at = closed();
                let run = opentok(&format!("http://{at}"), "doctor");
                Met::at(at, run)
            },
            code: 8,
            cause: &["OpenTok cannot be reached at {at}: connection refused"],
            remedy: &["opentok.base_url (from environment TOK_OPENTOK__BASE_URL)"],
        },
        Staged {
            name: "a server that says nothing",
            stage: || at(silent_hundred_ms, "room list", ""),
            code: 6,
            cause: &["100ms did not answer in time (at {at})"],
            remedy: &["stopped or overloaded", "hundred_ms.base_url"],
        },
        Staged {
            name: "a name that nobody has",
            stage: || Met::by(daily("http://calls.invalid/v1", "room list")),
            code: 6,
            cause: &["the name calls.invalid is not found"],
            remedy: &["daily.base_url (from ", "tok.toml)", "DNS"],
        },
        Staged {
            name: "a proxy that is away",
            stage: || {
                let proxy = closed();
                let url = format!("http://{proxy}");
                let variables = [
                    ("DAILY_API_KEY", "key"),
                    ("TOK_ROOMS__BACKEND", "daily"),
                    ("TOK_DAILY__BASE_URL", "http://192.0.2.7/v1"),
                    ("HTTP_PROXY", &url),
                    ("http_proxy", &url),
                ];
                Met::at(proxy, with(&variables, "room list"))
            },
            code: 6,
            cause: &["192.0.2.7:80 by the proxy {at} of HTTP_PROXY"],
            remedy: &["NO_PROXY"],
        },
        Staged {
            name: "a certificate of nobody in particular",
            stage: || {
                let at = begun(tls::untrusted()).to_string();
                let run = hundred_ms(&format!("https://{at}"), "room list");
                Met::at(at, run)
            },
            code: 6,
            cause: &[
                "100ms cannot be reached at {at}",
                "not trusted",
                "self-signed",
            ],
            remedy: &["CA store", "SSL_CERT_FILE", "hundred_ms.base_url"],
        },
        Staged {
            name: "http where https is wanted",
            stage: || {
                let at = answering(http("400 Bad Request", "", ""));
                let run = opentok(&format!("https://{at}"), "doctor");
                Met::at(at, run)
            },
            code: 8,
            cause: &["{at}", "does not speak TLS"],
            remedy: &["http:// in opentok.base_url (from environment TOK_OPENTOK__BASE_URL)"],
        },
    ]);
}

#[test]
fn who_refuses_is_told_with_the_key() {
    all_are_told(&[
        Staged {
            name: "a key from the environment that was revoked",
            stage: || {
                at(
                    hundred_ms,
                    "room list",
                    &http("401 Unauthorized", JSON, "{}"),
                )
            },
            code: 5,
            cause: &[
                "100ms refused the credential (401)",
                "hundred_ms.access_key (from environment APP_ACCESS_KEY)",
            ],
            remedy: &["make a new key", "restart"],
        },
        Staged {
            name: "a key from a file that was revoked",
            stage: || at(daily, "room list", &http("401 Unauthorized", JSON, "{}")),
            code: 5,
            cause: &[
                "Daily refused the credential (401); check daily.api_key (from ",
                "tok.toml)",
            ],
            remedy: &["make a new key", "restart"],
        },
        Staged {
            name: "a vendor that wants to be left alone for an hour",
            stage: || {
                let head = format!("{JSON}retry-after: 3600\r\n");
                at(
                    hundred_ms,
                    "room list",
                    &http("429 Too Many Requests", &head, "{}"),
                )
            },
            code: 6,
            cause: &[
                "100ms says that there are too many calls",
                "60 min, until 20",
            ],
            remedy: &["wait that long"],
        },
        Staged {
            name: "an index that asks to wait",
            stage: || {
                let head = format!("{JSON}retry-after: 900\r\n");
                let answer = http("429 Too Many Requests", &head, "{}");
                at(algolia, "search query users ada", &answer)
            },
            code: 6,
            cause: &[
                "Algolia says that there are too many calls",
                "15 min, until 20",
            ],
            remedy: &["wait that long"],
        },
        Staged {
            name: "a key of the index that was revoked",
            stage: || {
                let answer = http("403 Forbidden", JSON, r#"{"message":"Invalid API key"}"#);
                at(algolia, "search query users ada", &answer)
            },
            code: 5,
            cause: &[
                "Algolia refused (403): Invalid API key",
                "algolia.api_key (from environment TOK_ALGOLIA__API_KEY)",
            ],
            remedy: &["restart", "tok doctor"],
        },
        Staged {
            name: "a key of the index without the right to delete",
            stage: || {
                let algolia = begun(FakeAlgolia::start());
                algolia.forbid("deleteObject");
                let variables = algolia.variables();
                Met::by(with(&borrowed(&variables), "doctor"))
            },
            code: 8,
            cause: &["the key may not deleteObject"],
            remedy: &["give algolia.api_key (from environment TOK_ALGOLIA__API_KEY) these rights"],
        },
        Staged {
            name: "an index that is not there",
            stage: || {
                let algolia = begun(FakeAlgolia::start());
                let variables = algolia.variables();
                Met::by(with(&borrowed(&variables), "search query rooms standup"))
            },
            code: 3,
            cause: &["there is no index `rooms` at Algolia"],
            remedy: &["tok search reindex"],
        },
        Staged {
            name: "a database of presence that lets nobody in",
            stage: || {
                at(
                    presence,
                    "presence audit",
                    &http("401 Unauthorized", JSON, "{}"),
                )
            },
            code: 5,
            cause: &["Realtime Database refused the credential (401"],
            remedy: &[
                "google.credentials_file",
                "Firebase Realtime Database Viewer",
            ],
        },
    ]);
}

#[test]
fn who_answers_in_a_vendors_place_is_told() {
    all_are_told(&[
        Staged {
            name: "a portal that wants a log-in",
            stage: || {
                let page = "<!doctype html><title>Hotel</title>";
                let answer = http("200 OK", "content-type: text/html\r\n", page);
                at(daily, "room list", &answer)
            },
            code: 6,
            cause: &[
                "Daily answered something that is not JSON: text/html",
                "<title>Hotel",
            ],
            remedy: &["no proxy or portal", "daily.base_url (from ", "tok.toml)"],
        },
        Staged {
            name: "a portal in the place of the index",
            stage: || {
                let answer = http("200 OK", "content-type: text/html\r\n", "<p>Hotel");
                at(algolia, "search query users ada", &answer)
            },
            code: 6,
            cause: &["something that is not Algolia answered in its place (200)"],
            remedy: &[
                "algolia.base_url (from environment TOK_ALGOLIA__BASE_URL)",
                "portal",
            ],
        },
        Staged {
            name: "a portal in the place of presence",
            stage: || {
                let answer = http("200 OK", "content-type: text/html\r\n", "<p>Hotel");
                at(presence, "presence audit", &answer)
            },
            code: 6,
            cause: &[
                "Realtime Database answered something that is not JSON: text/html",
                "<p>Hotel",
            ],
            remedy: &["portal", "realtime_database.url (from environment"],
        },
        Staged {
            name: "a portal that sends everybody on",
            stage: || {
                let head = "location: https://login.hotel.example/\r\n";
                at(hundred_ms, "room list", &http("302 Found", head, ""))
            },
            code: 6,
            cause: &["status 302", "https://login.hotel.example/"],
            remedy: &["proxy or portal", "hundred_ms.base_url (from environment"],
        },
        Staged {
            name: "another server",
            stage: || {
                let answer = http("404 Not Found", "content-type: text/plain\r\n", "no page");
                at(daily, "room list", &answer)
            },
            code: 3,
            cause: &["Daily answered 404", "text/plain", "no page"],
            remedy: &["daily.base_url (from ", "tok.toml)", "proxy or portal"],
        },
        Staged {
            name: "a vendor in trouble",
            stage: || at(opentok, "doctor", &http("503 Service Unavailable", "", "")),
            code: 8,
            cause: &["OpenTok failed (503)"],
            remedy: &[
                "status page",
                "opentok.base_url (from environment TOK_OPENTOK__BASE_URL)",
            ],
        },
        Staged {
            name: "another shape",
            stage: || at(daily, "room list", &http("200 OK", JSON, r#"{"rooms":7}"#)),
            code: 6,
            cause: &["Daily's answer does not have the documented shape"],
            remedy: &["base URL", "newer release"],
        },
    ]);
}

/// Tokens and signatures are good for minutes.
#[test]
fn a_clock_that_is_wrong_is_told_by_doctor() {
    all_are_told(&[Staged {
        name: "a clock an hour ahead",
        stage: || {
            let date = Timestamp::now() - SignedDuration::from_hours(1);
            let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT");
            let head = format!("{JSON}date: {date}\r\n");
            let body =
                r#"{"domain_name":"d","domain_id":"i","config":{},"data":[],"total_count":0}"#;
            at(daily, "doctor", &http("200 OK", &head, body))
        },
        code: 0,
        cause: &["this machine's clock is 3", "s ahead of Daily's"],
        remedy: &["set the clock by NTP"],
    }]);
}

/// Redis connects servers; one that is away or refuses is a warning.
#[test]
fn redis_is_told_by_doctor() {
    all_are_told(&[
        Staged {
            name: "a Redis that is away",
            stage: || {
                let at = closed();
                let url = format!("redis://{at}");
                let run = with(&[("TOK_REDIS__URL", &url)], "doctor");
                Met::at(at, run)
            },
            code: 0,
            cause: &["{at} cannot be reached: Connection refused"],
            remedy: &[
                "redis.url (from environment TOK_REDIS__URL)",
                "that the server runs",
            ],
        },
        Staged {
            name: "a Redis that wants another password",
            stage: || {
                let at = answering("-WRONGPASS invalid username-password pair\r\n".repeat(4));
                let url = format!("redis://:guess@{at}");
                let run = once_answered(|| with(&[("TOK_REDIS__URL", &url)], "doctor"));
                assert!(!run.stdout.contains("guess"), "{run:#?}");
                Met::at(at, run)
            },
            code: 0,
            cause: &["{at} refuses the user or the password"],
            remedy: &["redis.url (from environment TOK_REDIS__URL): redis://USER:PASSWORD@host"],
        },
    ]);
}
