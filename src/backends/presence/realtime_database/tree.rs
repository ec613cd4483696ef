//! What the database holds below our path, kept up by its events.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::backends::presence::Told;
use crate::model::presence::Presence;

/// `put` and `patch`.
#[derive(Deserialize)]
pub(super) struct Change {
    /// Where, from our path.
    pub(super) path: String,
    /// What stands there now; null for nothing.
    pub(super) data: Value,
}

/// What stands at each user's place.
#[derive(Default)]
pub(super) struct Tree {
    /// As JSON text, which needs less memory than its parts.
    nodes: HashMap<String, Box<str>>,
    /// What was told of each.
    told: HashMap<String, Presence>,
}

impl Tree {
    /// Puts `data` in the place of what stands at the path.
    pub(super) fn put(&mut self, change: Change) -> Vec<Told> {
        if parts(&change.path).next().is_none() {
            return self.replace(change.data);
        }
        let user = self.apply(change);
        user.and_then(|user| self.tell(&user)).into_iter().collect()
    }

    /// Puts each child in the place of the one of that name, all at once; names may be paths
    /// themselves.
    pub(super) fn patch(&mut self, change: &Change) -> Vec<Told> {
        let children = change.data.as_object();
        let base = change.path.trim_end_matches('/');
        let mut users = Vec::new();
        for (name, data) in children.into_iter().flatten() {
            let path = format!("{base}/{name}");
            let data = data.clone();
            users.extend(self.apply(Change { path, data }));
        }
        // Whoever is told of is told of once: the second look finds nothing new.
        users.iter().filter_map(|user| self.tell(user)).collect()
    }

    /// Changes what stands at a user's place; returns whose.
    fn apply(&mut self, change: Change) -> Option<String> {
        let mut parts = parts(&change.path);
        let user = parts.next()?;
        let rest: Vec<String> = parts.collect();
        let mut node = self.node(&user);
        set(&mut node, &rest, change.data);
        self.keep(&user, &node);
        Some(user)
    }

    /// The whole state: whatever differs from what was told is told.
    fn replace(&mut self, data: Value) -> Vec<Told> {
        let nodes = match data {
            Value::Object(nodes) => nodes,
            _ => Map::new(),
        };
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
        users.iter().filter_map(|user| self.tell(user)).collect()
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

    fn tell(&mut self, user: &str) -> Option<Told> {
        let now = Presence::read(&self.node(user));
        if self.told.get(user).copied() == now {
            return None;
        }
        match now {
            Some(presence) => drop(self.told.insert(user.to_owned(), presence)),
            None => drop(self.told.remove(user)),
        }
        Some(Told::Person(user.to_owned(), now))
    }
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
    use crate::model::presence::PresenceState;
    use proptest::prelude::*;
    use serde_json::json;

    fn change(path: &str, data: Value) -> Change {
        Change {
            path: path.to_owned(),
            data,
        }
    }

    fn told(all: Vec<Told>) -> Vec<(String, Option<PresenceState>)> {
        all.into_iter()
            .filter_map(|told| match told {
                Told::Person(user, presence) => Some((user, presence.map(|p| p.state))),
                Told::Current => None,
            })
            .collect()
    }

    #[test]
    fn changes_at_any_depth_are_told_once() {
        use PresenceState::{Offline, Online};
        let mut tree = Tree::default();
        let all = json!({ "a": { "state": "online", "last_changed": 1 }, "b": { "connections": { "c": true } } });
        let mut first = told(tree.put(change("/", all.clone())));
        first.sort_by(|one, other| one.0.cmp(&other.0));
        let (a, b) = ("a".to_owned(), "b".to_owned());
        assert_eq!(
            first,
            [(a.clone(), Some(Online)), (b.clone(), Some(Online))]
        );
        assert_eq!(told(tree.put(change("/", all))), [], "nothing changed");
        let off = told(tree.put(change("/a/state", json!("offline"))));
        assert_eq!(off, [(a.clone(), Some(Offline))]);
        let on = told(tree.patch(&change(
            "/a",
            json!({ "state": "online", "last_changed": 2 }),
        )));
        assert_eq!(on, [(a.clone(), Some(Online))], "a patch is one change");
        let gone = told(tree.put(change("/b/connections/c", json!(null))));
        assert_eq!(gone, [(b, None)]);
        let deep = told(tree.patch(&change("/", json!({ "a/state": "offline" }))));
        assert_eq!(deep, [(a.clone(), Some(Offline))]);
        assert_eq!(told(tree.put(change("/", json!(null)))), [(a, None)]);
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
                for told in tree.put(Change { path, data }) {
                    if let Told::Person(user, presence) = told {
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
