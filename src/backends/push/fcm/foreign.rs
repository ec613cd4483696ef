//! Tokens of other projects. FCM answers the same when the token is of another project than ours and
//! when our project is not the app's: only the company a token keeps tells one from the other.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::notification::Target;

/// How long after the first foreign token one of ours may come.
const GRACE: Duration = Duration::from_secs(3);
/// After so long without a foreign token the next is a first one again: whoever was paused in between
/// has sent nothing, and ours may stand behind those that were met before.
const BREAK: Duration = Duration::from_mins(1);

/// Whose fault a foreign token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blame {
    /// Its own: other tokens are of our project.
    Token,
    /// Nobody knows yet.
    Open,
    /// Rather our project's: all tokens are foreign.
    Project,
}

/// What was learnt of foreign tokens.
#[derive(Default)]
pub(super) struct ForeignTokens(Mutex<Learnt>);

#[derive(Default)]
struct Learnt {
    /// A message to a token was taken: credential and project are those of our app.
    proven: bool,
    /// The first foreign token, as its digest.
    first: Option<u64>,
    /// There was another one.
    several: bool,
    /// When the foreign tokens began that were met last, and when the last was met.
    met: Option<(Instant, Instant)>,
}

impl ForeignTokens {
    /// A token was taken.
    pub(super) fn prove(&self) {
        self.learnt().proven = true;
    }

    /// A foreign token was met.
    pub(super) fn meet(&self, target: &Target) -> Blame {
        let mut learnt = self.learnt();
        if learnt.proven {
            return Blame::Token;
        }
        let now = Instant::now();
        let digest = target.digest();
        learnt.several |= *learnt.first.get_or_insert(digest) != digest;
        let since = match learnt.met {
            Some((since, last)) if now.duration_since(last) < BREAK => since,
            _ => now,
        };
        learnt.met = Some((since, now));
        if learnt.several && now.duration_since(since) >= GRACE {
            Blame::Project
        } else {
            Blame::Open
        }
    }

    /// Whether all tokens up to now, several, were foreign.
    pub(super) fn are_all(&self) -> bool {
        let learnt = self.learnt();
        !learnt.proven && learnt.several
    }

    fn learnt(&self) -> std::sync::MutexGuard<'_, Learnt> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn token(name: &str) -> Target {
        Target::Token(name.to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_of_ours_shortly_after_the_foreign_ones_clears_the_project() {
        let tokens = ForeignTokens::default();
        for n in 0..1000 {
            assert_eq!(tokens.meet(&token(&n.to_string())), Blame::Open);
        }
        assert!(tokens.are_all());
        advance(SECOND * 2).await;
        tokens.prove();
        advance(SECOND * 20).await;
        assert_eq!(tokens.meet(&token("a")), Blame::Token);
        assert!(!tokens.are_all());
    }

    #[tokio::test(start_paused = true)]
    async fn several_foreign_tokens_and_none_of_ours_are_the_projects_fault() {
        let tokens = ForeignTokens::default();
        assert_eq!(tokens.meet(&token("a")), Blame::Open);
        advance(SECOND * 10).await;
        assert_eq!(tokens.meet(&token("a")), Blame::Open, "one says nothing");
        assert!(!tokens.are_all());
        assert_eq!(tokens.meet(&token("b")), Blame::Project);
        assert_eq!(tokens.meet(&token("a")), Blame::Project);
    }

    /// What stands at the head of the queue must not keep what stands behind it from being tried.
    #[tokio::test(start_paused = true)]
    async fn after_a_pause_there_is_time_for_ours_again() {
        let tokens = ForeignTokens::default();
        tokens.meet(&token("a"));
        advance(GRACE).await;
        assert_eq!(tokens.meet(&token("b")), Blame::Project);
        assert_eq!(tokens.meet(&token("c")), Blame::Project, "was in flight");
        advance(BREAK).await;
        assert_eq!(tokens.meet(&token("a")), Blame::Open);
        advance(GRACE).await;
        assert_eq!(tokens.meet(&token("b")), Blame::Project);
    }
}
