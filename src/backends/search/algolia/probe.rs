//! What the key may do, for `tok doctor` and readiness.

use async_trait::async_trait;
use reqwest::Method;
use secrecy::ExposeSecret;

use super::AlgoliaSearch;
use super::client::{AlgoliaClient, Want, not_algolia};
use crate::error::{Error, Kind, Result};
use crate::model::health::{Depth, Finding, Health, Probe};

/// What the key must be allowed.
const RIGHTS: [&str; 8] = [
    "addObject",
    "browse",
    "deleteIndex",
    "deleteObject",
    "editSettings",
    "listIndexes",
    "search",
    "settings",
];

fn failed(check: &str, error: &Error) -> Finding {
    let rights = format!(
        "check algolia.app_id and algolia.api_key; the key needs {}",
        RIGHTS.join(", ")
    );
    let advice = match error.kind() {
        Kind::Refused => &rights,
        _ => "check the network and algolia.base_url; changes wait meanwhile",
    };
    Finding::failed(check, error, advice)
}

/// What a key may do, by its own word: only an admin's key is told of others.
async fn rights_of(client: &AlgoliaClient) -> Result<Vec<String>> {
    let path = ["1", "keys", client.key().expose_secret()];
    let answer = client.call(Want::Read, Method::GET, &path, None).await?;
    let rights = answer["acl"].as_array().into_iter().flatten();
    let names = rights.filter_map(|right| right.as_str().map(str::to_owned));
    Ok(names.collect())
}

impl AlgoliaSearch {
    /// Asks what the key may do: trying it would write into somebody's index.
    async fn look_at_key(&self, check: &str) -> Finding {
        let rights = match rights_of(&self.client).await {
            Ok(rights) => rights,
            Err(error) => return failed(check, &error),
        };
        let may = |right: &&str| rights.iter().any(|has| has == right);
        let lacks: Vec<_> = RIGHTS.into_iter().filter(|right| !may(right)).collect();
        if lacks.is_empty() {
            return Finding::ok(check, "the key may do everything that is needed");
        }
        let what = format!("the key may not {}", lacks.join(", "));
        let advice = "give algolia.api_key these rights in Algolia's dashboard";
        Finding::bad(check, Health::Fail, what, advice)
    }

    /// Whether the key that apps get theirs from may search, and no more: what it may, theirs may.
    async fn look_at_search_key(&self) -> Option<Finding> {
        let check = "search key (Algolia)";
        let rights = match rights_of(self.searcher.as_ref()?).await {
            Ok(rights) => rights,
            Err(error) => {
                let advice = "check algolia.search_key; it needs the right search";
                return Some(Finding::failed(check, &error, advice));
            }
        };
        let (search, more): (Vec<_>, Vec<_>) =
            rights.into_iter().partition(|right| right == "search");
        Some(if search.is_empty() {
            let advice = "give algolia.search_key the right search in Algolia's dashboard";
            Finding::bad(check, Health::Fail, "the key may not search", advice)
        } else if more.is_empty() {
            Finding::ok(check, "the key may search, and no more")
        } else {
            let what = format!(
                "the key may not only search but also {}, and so may the keys of apps",
                more.join(", ")
            );
            let advice = "make a key with the right search alone in Algolia's dashboard, and put it into algolia.search_key";
            Finding::bad(check, Health::Warn, what, advice)
        })
    }
}

#[async_trait]
impl Probe for AlgoliaSearch {
    async fn probe(&self, depth: Depth) -> Vec<Finding> {
        let check = "search (Algolia)";
        if depth == Depth::Full {
            let own = self.look_at_key(check).await;
            let of_apps = self.look_at_search_key().await;
            return std::iter::once(own).chain(of_apps).collect();
        }
        let path = ["1", "indexes"];
        let answer = self.client.call(Want::Read, Method::GET, &path, None).await;
        vec![match answer {
            Ok(answer) if answer["items"].is_array() => {
                Finding::ok(check, "the key may list indexes")
            }
            Ok(_) => failed(check, &not_algolia(200)),
            Err(error) => failed(check, &error),
        }]
    }

    fn prepare(&self) -> Result<()> {
        self.client.prepare()
    }
}
