//! What the database holds below our path, kept up by its events.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::backends::presence::PresenceEvent;
use crate::error::{Error, Kind, Result};
use crate::model::presence::{Presence, PresenceState};

/// How deep the database is: <https://firebase.google.com/docs/database/usage/limits>.
const DEEPEST: usize = 32;

/// The data of a `put` or `patch` event.
#[derive(Deserialize)]
pub(super) struct TreeChange {
    /// Where, from our path.
    pub(super) path: String,
    /// What stands there now, as [`as_map`] has it; null for nothing, also for single children.
    #[serde(deserialize_with = "map")]
    pub(super) data: Value,
}

impl TreeChange {
    /// Whether the database can hold it; what is deeper could not be kept up here.
    pub(super) fn fits(&self) -> bool {
        let below = |(name, data): (&String, &Value)| parts(name).count() + depth(data);
        let children = self.data.as_object().into_iter().flatten();
        parts(&self.path).count() + children.map(below).max().unwrap_or_default() <= DEEPEST
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// Children that are gone stay in it as null: so a patch says it.
fn map<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let child = |(name, item)| (name, as_map(item));
    Ok(match Value::deserialize(deserializer)? {
        Value::Object(children) => Value::Object(children.into_iter().map(child).collect()),
        other => as_map(other),
    })
}

/// A value of the database without arrays. It knows none: a map whose keys are small numbers comes
/// as an array once more than half of them are there, at every depth, and null stands for a key
/// that is not. <https://firebase.blog/posts/2014/04/best-practices-arrays-in-firebase>
pub(super) fn as_map(value: Value) -> Value {
    let map = |fields: Map<String, Value>| {
        if fields.is_empty() {
            Value::Null
        } else {
            Value::Object(fields)
        }
    };
    match value {
        Value::Array(items) => map(items
            .into_iter()
            .enumerate()
            .map(|(key, item)| (key.to_string(), as_map(item)))
            .filter(|(_, item)| !item.is_null())
            .collect()),
        Value::Object(fields) => map(fields
            .into_iter()
            .map(|(key, item)| (key, as_map(item)))
            .filter(|(_, item)| !item.is_null())
            .collect()),
        plain => plain,
    }
}

/// What stands at each user's place.
#[derive(Default)]
pub(super) struct Tree {
    /// As JSON text, which needs less memory than its parts.
    nodes: HashMap<String, Box<str>>,
    /// What was told of each.
    emitted: HashMap<String, Presence>,
}

impl Tree {
    /// Puts `data` in the place of what stands at the path.
    ///
    /// # Errors
    /// [`Kind::Guard`] when a whole state is no map of people, or knows nobody although somebody
    /// was there: that rather says that the path is wrong or was overwritten.
    pub(super) fn put(&mut self, mut change: TreeChange) -> Result<Vec<PresenceEvent>> {
        if let Value::Object(children) = &mut change.data {
            children.retain(|_, child| !child.is_null());
            if children.is_empty() {
                change.data = Value::Null;
            }
        }
        if parts(&change.path).next().is_none() {
            return self.replace(change.data);
        }
        let user = self.apply(change);
        Ok(user.and_then(|user| self.emit(&user)).into_iter().collect())
    }

    /// Puts each child in the place of the one of that name, all at once; names may be paths
    /// themselves.
    pub(super) fn patch(&mut self, change: &TreeChange) -> Vec<PresenceEvent> {
        let children = change.data.as_object();
        let base = change.path.trim_end_matches('/');
        // Each node is read and kept once, however many of its children change.
        let mut changed: IndexMap<String, Value> = IndexMap::new();
        for (name, data) in children.into_iter().flatten() {
            let mut parts = parts(base).chain(parts(name));
            let Some(user) = parts.next() else { continue };
            let rest: Vec<String> = parts.collect();
            let node = changed
                .entry(user)
                .or_insert_with_key(|user| self.node(user));
            set(node, &rest, data.clone());
        }
        for (user, node) in &changed {
            self.keep(user, node);
        }
        changed.keys().filter_map(|user| self.emit(user)).collect()
    }

    /// Changes what stands at a user's place; returns whose.
    fn apply(&mut self, change: TreeChange) -> Option<String> {
        let mut parts = parts(&change.path);
        let user = parts.next()?;
        let rest: Vec<String> = parts.collect();
        let mut node = self.node(&user);
        set(&mut node, &rest, change.data);
        self.keep(&user, &node);
        Some(user)
    }

    /// The whole state: whatever differs from what was told is told.
    fn replace(&mut self, data: Value) -> Result<Vec<PresenceEvent>> {
        let nodes = match data {
            Value::Object(nodes) => nodes,
            Value::Null => Map::new(),
            _ => return Err(guard("is no map of people")),
        };
        let online = |presence: &Presence| presence.state == PresenceState::Online;
        let knows_somebody = nodes.values().any(|node| Presence::read(node).is_some());
        if !knows_somebody && self.emitted.values().any(online) {
            return Err(guard("knows nobody any more, although somebody was there"));
        }
        let mut users: Vec<String> = self
            .nodes
            .keys()
            .filter(|user| !nodes.contains_key(*user))
            .cloned()
            .collect();
        for user in &users {
            self.nodes.remove(user);
        }
        for (user, node) in nodes {
            self.keep(&user, &node);
            users.push(user);
        }
        Ok(users.iter().filter_map(|user| self.emit(user)).collect())
    }

    fn node(&self, user: &str) -> Value {
        let text = self.nodes.get(user);
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    fn keep(&mut self, user: &str, node: &Value) {
        if node.is_null() {
            self.nodes.remove(user);
        } else {
            let text = node.to_string().into_boxed_str();
            self.nodes.insert(user.to_owned(), text);
        }
    }

    fn emit(&mut self, user: &str) -> Option<PresenceEvent> {
        let now = Presence::read(&self.node(user));
        if self.emitted.get(user).copied() == now {
            return None;
        }
        match now {
            Some(presence) => drop(self.emitted.insert(user.to_owned(), presence)),
            None => drop(self.emitted.remove(user)),
        }
        Some(PresenceEvent::Person(user.to_owned(), now))
    }
}

fn guard(what: &str) -> Error {
    let message = format!(
        "what stands at realtime_database.path {what}; nobody was signed off; check realtime_database.url and path"
    );
    Error::new(Kind::Guard, message)
}

fn parts(path: &str) -> impl Iterator<Item = String> {
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

/// Sets what stands at a path; objects that become empty vanish, as they do in the database.
fn set(node: &mut Value, path: &[String], data: Value) {
    let Some((first, rest)) = path.split_first() else {
        *node = data;
        return;
    };
    if !node.is_object() {
        if data.is_null() {
            return;
        }
        *node = Value::Object(Map::new());
    }
    let Value::Object(fields) = node else { return };
    let child = fields.entry(first.clone()).or_insert(Value::Null);
    set(child, rest, data);
    if child.is_null() {
        fields.remove(first);
    }
    if fields.is_empty() {
        *node = Value::Null;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn change(path: &str, data: Value) -> TreeChange {
        TreeChange {
            path: path.to_owned(),
            data,
        }
    }

    fn states(all: Vec<PresenceEvent>) -> Vec<(String, Option<PresenceState>)> {
        all.into_iter()
            .filter_map(|event| match event {
                PresenceEvent::Person(user, presence) => Some((user, presence.map(|p| p.state))),
                PresenceEvent::Current => None,
            })
            .collect()
    }

    #[test]
    fn changes_at_any_depth_are_told_once() {
        use PresenceState::{Offline, Online};
        let mut tree = Tree::default();
        let all = json!({ "a": { "state": "online", "last_changed": 1 }, "b": { "connections": { "c": true } } });
        let put = |tree: &mut Tree, path: &str, data| {
            states(tree.put(change(path, data)).expect("is believed"))
        };
        let mut first = put(&mut tree, "/", all.clone());
        first.sort_by(|one, other| one.0.cmp(&other.0));
        let (a, b) = ("a".to_owned(), "b".to_owned());
        assert_eq!(
            first,
            [(a.clone(), Some(Online)), (b.clone(), Some(Online))]
        );
        assert_eq!(put(&mut tree, "/", all), [], "nothing changed");
        let off = put(&mut tree, "/a/state", json!("offline"));
        assert_eq!(off, [(a.clone(), Some(Offline))]);
        let on = states(tree.patch(&change(
            "/a",
            json!({ "state": "online", "last_changed": 2 }),
        )));
        assert_eq!(on, [(a.clone(), Some(Online))], "a patch is one change");
        let gone = put(&mut tree, "/b/connections/c", json!(null));
        assert_eq!(gone, [(b, None)]);
        let deep = states(tree.patch(&change("/", json!({ "a/state": "offline" }))));
        assert_eq!(deep, [(a.clone(), Some(Offline))]);
        assert_eq!(put(&mut tree, "/", json!(null)), [(a, None)]);
    }

    /// Somebody who is there does not leave because the whole state is gone or is something else.
    #[test]
    fn a_whole_state_that_cannot_be_right_signs_nobody_off() {
        for (wrong, there) in [
            (json!(null), true),
            (json!([]), true),
            (json!({ "a": { "name": "Ada" } }), true),
            (json!("gone"), false),
            (json!(7), false),
            (json!(true), false),
        ] {
            let mut tree = Tree::default();
            if there {
                let people = json!({ "a": { "state": "online" }, "b": { "state": "offline" } });
                tree.put(change("/", people)).expect("is believed");
            }
            let refused = tree.put(change("/", as_map(wrong.clone())));
            let refused = refused.expect_err("guards");
            assert_eq!(refused.kind(), Kind::Guard, "{wrong}");
        }
        let mut tree = Tree::default();
        let nobody = tree.put(change("/", json!(null))).expect("is believed");
        assert_eq!(nobody, [], "nobody was there before");
    }

    #[test]
    fn arrays_are_maps() {
        let text = r#"{"path":"/","data":[null,{"state":"online"},{"connections":[true,null,{"state":"offline"}]},[]]}"#;
        let change: TreeChange = serde_json::from_str(text).expect("reads");
        let expected = json!({
            "1": { "state": "online" },
            "2": { "connections": { "0": true, "2": { "state": "offline" } } },
        });
        assert_eq!(change.data, expected);
    }

    /// What an app updates to nothing is gone.
    #[test]
    fn a_patch_takes_away_as_well() {
        use PresenceState::{Offline, Online};
        let read = |text: &str| serde_json::from_str::<TreeChange>(text).expect("reads");
        let mut tree = Tree::default();
        let all = r#"{"path":"/","data":{"a":{"connections":{"x":true,"y":true}},"b":{"state":"online"},"7":true}}"#;
        tree.put(read(all)).expect("is believed");
        let told = states(tree.patch(&read(
            r#"{"path":"/","data":{"a/connections/x":null,"b":null}}"#,
        )));
        assert_eq!(told, [("b".to_owned(), None)]);
        let told = states(tree.patch(&read(
            r#"{"path":"/a/connections","data":{"y":null,"z":{"state":"offline"}}}"#,
        )));
        assert_eq!(told, [("a".to_owned(), Some(Offline))]);
        // As a list it says nothing of the numbers that are not in it.
        let told = states(tree.patch(&read(r#"{"path":"/","data":[null,{"state":"online"}]}"#)));
        assert_eq!(told, [("1".to_owned(), Some(Online))]);
        let told = states(
            tree.put(read(r#"{"path":"/7","data":{"x":null}}"#))
                .expect("fine"),
        );
        assert_eq!(told, [("7".to_owned(), None)]);
    }

    /// Somebody's own devices cannot keep everybody else's presence waiting.
    #[test]
    fn many_changes_of_one_person_are_quick() {
        let many: Map<String, Value> = (0..5_000)
            .map(|n| (format!("a/connections/{n}"), json!({ "state": "online" })))
            .collect();
        let started = std::time::Instant::now();
        let told = Tree::default().patch(&change("/", Value::Object(many)));
        assert_eq!(told.len(), 1);
        let took = started.elapsed();
        assert!(took < std::time::Duration::from_secs(30), "{took:?}");
    }

    proptest! {
        /// However the changes come, what was told is what stands there.
        #[test]
        fn what_was_told_is_the_truth(steps in prop::collection::vec((0..3_usize, 0..4_usize, 0..4_usize), 1..60)) {
            let mut tree = Tree::default();
            let mut truth = Value::Null;
            let mut known: HashMap<String, Presence> = HashMap::new();
            for (user, place, data) in steps {
                let user = ["a", "b", "c"][user];
                let path = ["", "/state", "/connections/x", "/connections/y"][place];
                let data = match (place, data) {
                    (_, 0) => Value::Null,
                    (0, data) => json!({ "state": "online", "last_changed": data }),
                    (1, 1) => json!("online"),
                    (1, _) => json!("offline"),
                    (_, data) => json!({ "state": if data == 1 { "online" } else { "offline" }, "last_changed": data }),
                };
                let path = format!("/{user}{path}");
                let steps: Vec<String> = parts(&path).collect();
                set(&mut truth, &steps, data.clone());
                for event in tree.put(TreeChange { path, data }).expect("is believed") {
                    if let PresenceEvent::Person(user, presence) = event {
                        match presence {
                            Some(presence) => drop(known.insert(user, presence)),
                            None => drop(known.remove(&user)),
                        }
                    }
                }
                for user in ["a", "b", "c"] {
                    let expected = truth.get(user).and_then(Presence::read);
                    prop_assert_eq!(known.get(user).copied(), expected);
                }
            }
        }
    }
}
