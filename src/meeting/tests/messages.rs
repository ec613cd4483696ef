//! What is kept of what is said.

use super::*;

/// However much is written in a room, so many messages are kept of it.
#[test]
fn for_each_message_beyond_what_is_kept_the_oldest_goes() {
    let mut table = Table::new(|_| {});
    table.settings.kept_messages = 3;
    let (_, host) = table.enter();
    let mut kept = std::collections::BTreeSet::new();
    for number in 1..=10 {
        let say = Change::Send {
            to: EVERYONE.to_owned(),
            content: format!("message {number}"),
        };
        let (answer, draft) = table.act(&host, &say);
        answer.expect("is sent");
        for (id, message) in &draft.messages {
            match message {
                Some(_) => kept.insert(id.clone()),
                None => kept.remove(id),
            };
        }
        assert_eq!(kept.len(), number.min(3), "after {number}");
    }
    let last: Vec<_> = (8..=10).map(Message::id_of).collect();
    assert_eq!(kept.into_iter().collect::<Vec<_>>(), last);
}

#[test]
fn with_no_limit_every_message_is_kept() {
    let mut table = Table::new(|_| {});
    table.settings.kept_messages = 0;
    let (_, host) = table.enter();
    for number in 1..=3 {
        let say = Change::Send {
            to: EVERYONE.to_owned(),
            content: "hello".to_owned(),
        };
        let (answer, draft) = table.act(&host, &say);
        answer.expect("is sent");
        assert!(
            draft.messages.values().all(Option::is_some) && draft.messages.len() == 1,
            "after {number}"
        );
    }
}
