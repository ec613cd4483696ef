//! What the key may do, for `tok doctor` and readiness.

use async_trait::async_trait;
use reqwest::Method;
use secrecy::ExposeSecret;

use super::AlgoliaSearch;
use super::client::Want;
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

impl AlgoliaSearch {
    /// Asks what the key may do: trying it would write into somebody's index.
    async fn look_at_key(&self, check: &str) -> Finding {
        let key = self.client.key();
        let path = ["1", "keys", key.expose_secret()];
        let answer = self.client.call(Want::Read, Method::GET, &path, None).await;
        let rights = match answer {
            Ok(answer) => answer["acl"].as_array().cloned().unwrap_or_default(),
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
}

#[async_trait]
impl Probe for AlgoliaSearch {
    async fn probe(&self, depth: Depth) -> Vec<Finding> {
        let check = "search (Algolia)";
        if depth == Depth::Full {
            return vec![self.look_at_key(check).await];
        }
        let path = ["1", "indexes"];
        let answer = self.client.call(Want::Read, Method::GET, &path, None).await;
        vec![match answer {
            Ok(_) => Finding::ok(check, "the key may list indexes"),
            Err(error) => failed(check, &error),
        }]
    }

    fn prepare(&self) -> Result<()> {
        self.client.prepare()
    }
}
