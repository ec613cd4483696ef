//! What is kept of what is said.

use super::*;

/// A message without a name.
pub(super) fn send(to: &str) -> Change {
    Change::Send {
        to: to.to_owned(),
        content: "hello".to_owned(),
        client_id: None,
    }
}

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
            client_id: None,
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
            client_id: None,
        };
        let (answer, draft) = table.act(&host, &say);
        answer.expect("is sent");
        assert!(
            draft.messages.values().all(Option::is_some) && draft.messages.len() == 1,
            "after {number}"
        );
    }
}

/// A message that its sender gives a name.
fn named(name: &str, content: &str) -> Change {
    Change::Send {
        to: EVERYONE.to_owned(),
        content: content.to_owned(),
        client_id: Some(name.to_owned()),
    }
}

fn message_of(answer: Result<ChangeAnswer>) -> Message {
    match answer {
        Ok(ChangeAnswer::Message(message)) => message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_sent_again_by_its_name_is_there_once() {
    let mut table = Table::new(|_| {});
    let (ada, bob) = (table.enter().1, table.enter().1);
    let first = message_of(table.act(&ada, &named("one", "hello")).0);
    let (again, draft) = table.act(&ada, &named("one", "hello"));
    assert_eq!(message_of(again), first);
    assert!(!draft.dirty, "nothing is written, and nobody is told twice");
    // A name is its sender's own, and another name is another message.
    let others = [
        table.act(&bob, &named("one", "hello")),
        table.act(&ada, &named("two", "hello")),
        table.act(&ada, &send(EVERYONE)),
        table.act(&ada, &send(EVERYONE)),
    ];
    let mut ids: Vec<_> = others
        .into_iter()
        .map(|(answer, _)| message_of(answer).id)
        .chain([first.id.clone()])
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
    // It is told as it is now, and not written anew when it is gone.
    let edit = Change::Edit {
        message: first.id.clone(),
        content: "good morning".to_owned(),
    };
    message_of(table.act(&ada, &edit).0);
    let told = message_of(table.act(&ada, &named("one", "hello")).0);
    assert_eq!(
        (told.id.as_str(), told.content.as_str()),
        (first.id.as_str(), "good morning")
    );
    let delete = Change::Delete {
        message: first.id.clone(),
    };
    message_of(table.act(&ada, &delete).0);
    assert_eq!(
        kind(table.act(&ada, &named("one", "hello"))),
        Some(Kind::NotFound)
    );
}

#[test]
fn of_a_senders_names_the_last_are_known_also_when_they_come_back() {
    let mut table = Table::new(|_| {});
    let (admission, ada) = table.enter();
    for number in 1..=100 {
        message_of(table.act(&ada, &named(&number.to_string(), "hello")).0);
    }
    let sent = &table.meeting.people[&admission.id].sent;
    assert_eq!(sent.len(), 32);
    let last = sent.last().expect("some").message.clone();
    table.act(&ada, &Change::Leave).0.expect("they may leave");
    let (back, seat) = table.join(&returning(&admission)).expect("they come back");
    let ada = Actor::Seated { id: back.id, seat };
    assert_eq!(
        message_of(table.act(&ada, &named("100", "hello")).0).id,
        last
    );
}
