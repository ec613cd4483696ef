//! Notes who comes and goes, for vendors that tell it and forget it.

use jiff::Timestamp;

use crate::context::Context;
use crate::error::Result;
use crate::model::BackendName;
use crate::model::callback::CallbackEvent;
use crate::model::session::{Session, Stay};
use crate::records::documents::{Precondition, Write};
use crate::records::{SESSIONS, SessionKey};

/// Where and when.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct News {
    /// Where.
    pub(crate) backend: BackendName,
    /// The vendor's session.
    pub(crate) session: String,
    /// The room, by the name or id that its backend knows it by.
    pub(crate) room: String,
    /// When.
    pub(crate) at: Timestamp,
    /// What.
    pub(crate) what: CallbackEvent,
}

/// The writes that note it; the whole commit fails if the session changes meanwhile.
///
/// Some vendors keep one id for all meetings in a room. What begins after the end of the meeting
/// that is noted under it is another one, and the earlier moves to an id with its beginning.
///
/// # Errors
/// Those of the store.
pub(crate) async fn writes(context: &Context, news: &News) -> Result<Vec<Write>> {
    let key = SessionKey::new(news.backend, &news.session);
    let Some(found) = SESSIONS.get(context.documents.as_ref(), &key).await? else {
        let session = fresh(news);
        let write = SESSIONS.put(&key, &session)?;
        return Ok(vec![write.only_if(Precondition::Missing)]);
    };
    let unchanged = found.unchanged();
    let mut session = found.record;
    if is_another(&session, news) {
        session.id = format!("{}@{}", session.id, session.started_at.as_millisecond());
        let earlier = SessionKey::new(news.backend, &session.id);
        return Ok(vec![
            SESSIONS.put(&earlier, &session)?,
            SESSIONS.put(&key, &fresh(news))?.only_if(unchanged),
        ]);
    }
    apply(&mut session, news);
    Ok(vec![SESSIONS.put(&key, &session)?.only_if(unchanged)])
}

fn fresh(news: &News) -> Session {
    let mut session = Session {
        id: news.session.clone(),
        room: news.room.clone(),
        backend: news.backend,
        started_at: news.at,
        ended_at: None,
        legs: Vec::new(),
        locks: Vec::new(),
        vendor: None,
    };
    apply(&mut session, news);
    session
}

/// Whether news are of a meeting after the one that is noted.
fn is_another(session: &Session, news: &News) -> bool {
    let begins = match &news.what {
        CallbackEvent::Began => true,
        CallbackEvent::Joined(leg) => {
            let known = |of: &Stay| of.participant_id == leg.participant_id;
            !session.legs.iter().any(known)
        }
        CallbackEvent::Left(_) | CallbackEvent::Ended => false,
    };
    begins && session.ended_at.is_some_and(|end| news.at > end)
}

fn apply(session: &mut Session, news: &News) {
    match &news.what {
        CallbackEvent::Began => session.started_at = session.started_at.min(news.at),
        CallbackEvent::Joined(leg) | CallbackEvent::Left(leg) => {
            session.started_at = session.started_at.min(leg.joined_at);
            record_stay(&mut session.legs, leg);
        }
        CallbackEvent::Ended => {
            // When those left who are still there is not known better; their stays stay open, and
            // count to the end of the session.
            session.ended_at = session.ended_at.max(Some(news.at));
        }
    }
}

fn record_stay(legs: &mut Vec<Stay>, news: &Stay) {
    let known = legs
        .iter_mut()
        .find(|leg| leg.participant_id == news.participant_id);
    let Some(leg) = known else {
        legs.push(news.clone());
        legs.sort_by_key(|leg| leg.joined_at);
        return;
    };
    leg.joined_at = leg.joined_at.min(news.joined_at);
    leg.left_at = leg.left_at.max(news.left_at);
    leg.user_id = leg.user_id.take().or_else(|| news.user_id.clone());
    leg.user_name = news.user_name.clone().or_else(|| leg.user_name.take());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    fn leg(id: &str, from: i64, to: Option<i64>) -> Stay {
        Stay {
            participant_id: id.to_owned(),
            user_id: None,
            user_name: None,
            joined_at: at(from),
            left_at: to.map(at),
            node: None,
            why: None,
        }
    }

    #[test]
    fn the_order_of_news_does_not_matter() {
        let news = [
            (0, CallbackEvent::Began),
            (10, CallbackEvent::Joined(leg("a", 10, None))),
            (20, CallbackEvent::Joined(leg("b", 20, None))),
            (30, CallbackEvent::Left(leg("a", 10, Some(30)))),
            (40, CallbackEvent::Left(leg("b", 20, Some(40)))),
            (50, CallbackEvent::Ended),
        ];
        let mut outcomes = Vec::new();
        for turn in 0..news.len() {
            let mut order: Vec<_> = news.to_vec();
            order.rotate_left(turn);
            if turn % 2 == 1 {
                order.reverse();
            }
            let mut session = Session {
                id: "s".to_owned(),
                room: "r".to_owned(),
                backend: BackendName::Opentok,
                started_at: at(order[0].0),
                ended_at: None,
                legs: Vec::new(),
                locks: Vec::new(),
                vendor: None,
            };
            for (when, what) in order {
                let news = News {
                    backend: BackendName::Opentok,
                    session: "s".to_owned(),
                    room: "r".to_owned(),
                    at: at(when),
                    what,
                };
                apply(&mut session, &news);
            }
            outcomes.push(session);
        }
        let first = outcomes[0].clone();
        assert_eq!(first.legs, [leg("a", 10, Some(30)), leg("b", 20, Some(40))]);
        assert_eq!((first.started_at, first.ended_at), (at(0), Some(at(50))));
        assert!(
            outcomes.iter().all(|outcome| *outcome == first),
            "{outcomes:#?}"
        );
    }
}
