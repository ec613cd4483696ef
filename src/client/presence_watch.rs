//! Watching who is there at a server that tells everybody anew over each connection: what was told over
//! the one before is not told again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::answer::read_text;
use super::follow::{FollowedStream, FollowerNews, too_old};
use super::server::Server;
use crate::commands::presence::list::PresenceChange;
use crate::error::{Error, Kind, Result};
use crate::model::presence::{PresenceState, UserPresence};
use crate::model::stream_end::CURRENT;

/// A watch of everybody.
pub(super) struct PresenceWatch<'a> {
    server: &'a Server,
    /// Nothing before anybody asked.
    stream: Option<FollowedStream<'a>>,
    told: ToldPresence,
    pending: VecDeque<PresenceChange>,
}

impl<'a> PresenceWatch<'a> {
    /// A watch that begins when it is first asked.
    pub(super) fn new(server: &'a Server) -> Self {
        Self {
            server,
            stream: None,
            told: ToldPresence::default(),
            pending: VecDeque::new(),
        }
    }

    /// What is told next.
    pub(super) async fn next(&mut self) -> Result<Option<PresenceChange>> {
        loop {
            if let Some(change) = self.pending.pop_front() {
                return Ok(Some(change));
            }
            let stream = match &mut self.stream {
                Some(stream) => stream,
                none => {
                    let request = self.server.get(&["presence:watch"]);
                    let opened = FollowedStream::open(request, None).await;
                    none.insert(opened.map_err(old_if_unknown)?)
                }
            };
            match stream.next().await? {
                None => return Ok(None),
                Some(FollowerNews::OpenedAgain) => self.told.begin_again(),
                Some(FollowerNews::Event(event)) if event.name == CURRENT => {
                    let now = self.server.clock.now();
                    let gone = self.told.end().map(|gone| UserPresence {
                        state: PresenceState::Offline,
                        last_changed: Some(now),
                        ..gone
                    });
                    self.pending.extend(gone.map(PresenceChange::Person));
                    self.pending.push_back(PresenceChange::Current);
                }
                Some(FollowerNews::Event(event)) => {
                    let news = self.told.news(read_text(&event.data)?);
                    self.pending.extend(news.map(PresenceChange::Person));
                }
            }
        }
    }
}

fn old_if_unknown(error: Error) -> Error {
    match error.kind() {
        Kind::NotFound => too_old(),
        _ => error,
    }
}

/// What was told of everybody.
#[derive(Debug, Default)]
struct ToldPresence {
    people: BTreeMap<String, UserPresence>,
    /// While everybody is told again: those who were not named yet.
    unnamed: Option<BTreeSet<String>>,
}

impl ToldPresence {
    /// Everybody is about to be told again.
    fn begin_again(&mut self) {
        self.unnamed = Some(self.people.keys().cloned().collect());
    }

    /// What is told of somebody, unless it was told before.
    fn news(&mut self, person: UserPresence) -> Option<UserPresence> {
        let before = self.people.insert(person.id.clone(), person.clone());
        let Some(unnamed) = &mut self.unnamed else {
            return Some(person);
        };
        unnamed.remove(&person.id);
        (before.as_ref() != Some(&person)).then_some(person)
    }

    /// Everybody was told. Those who were there and of whom nothing is known any more are gone.
    fn end(&mut self) -> impl Iterator<Item = UserPresence> + use<> {
        let unnamed = self.unnamed.take().unwrap_or_default();
        let gone: Vec<UserPresence> = unnamed
            .iter()
            .filter_map(|id| self.people.remove(id))
            .filter(|person| person.state == PresenceState::Online)
            .collect();
        gone.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_again_is_no_news_and_who_is_missing_is_gone() {
        let person = |id: &str, state| UserPresence {
            id: id.to_owned(),
            state,
            last_changed: None,
        };
        let (on, off) = (PresenceState::Online, PresenceState::Offline);
        let mut told = ToldPresence::default();
        for (id, state) in [("ada", on), ("bob", on), ("eve", off), ("kim", on)] {
            assert!(told.news(person(id, state)).is_some());
        }
        assert_eq!(told.end().count(), 0, "the first time");
        told.begin_again();
        assert_eq!(told.news(person("ada", on)), None, "told before");
        let changed = told.news(person("kim", off));
        assert_eq!(changed.map(|kim| kim.state), Some(off));
        let gone: Vec<_> = told.end().map(|person| person.id).collect();
        assert_eq!(gone, ["bob"], "eve was not there before");
        assert!(told.news(person("ada", on)).is_some(), "a change");
    }
}
