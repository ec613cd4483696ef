//! What stands side by side in a folder, files and folders, imports each other in one direction only:
//! whoever reads one need not read all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::layers::{code, root, sources};

/// A module, as the parts of its path below the crate.
pub type Module = Vec<String>;

/// The module that a file is.
fn module_of(path: &Path) -> Module {
    let below = path.strip_prefix(root()).expect("below src");
    let below = below.with_extension("");
    let mut parts: Module = below
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

/// Every path that begins so in a piece of code, with braces opened: `a::{b, c::d}` is two.
pub fn paths(text: &str, begin: &str) -> Vec<Module> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices(begin) {
        let before = text[..at].chars().next_back().unwrap_or(' ');
        if !before.is_alphanumeric() && before != '_' && before != ':' {
            expand(&text[at..], &mut Vec::new(), &mut out);
        }
    }
    out
}

/// Reads one tree of paths; returns what stands behind it.
fn expand<'a>(text: &'a str, before: &mut Module, out: &mut Vec<Module>) -> &'a str {
    let depth = before.len();
    let mut rest = text.trim_start();
    loop {
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        before.push(rest[..end].to_owned());
        rest = &rest[end..];
        match rest.strip_prefix("::") {
            Some(inner) if inner.trim_start().starts_with('{') => {
                rest = inner.trim_start().strip_prefix('{').unwrap_or(inner);
                while !rest.trim_start().starts_with('}') && !rest.is_empty() {
                    rest = expand(rest, before, out);
                    rest = rest.trim_start_matches(|c| c != ',' && c != '}');
                    rest = rest.strip_prefix(',').unwrap_or(rest);
                }
                rest = rest.trim_start().strip_prefix('}').unwrap_or(rest);
                break;
            }
            Some(inner) => rest = inner,
            None => {
                out.push(before.clone());
                break;
            }
        }
    }
    before.truncate(depth);
    rest
}

/// Where a path leads that stands in this module.
fn absolute(module: &Module, path: &[String]) -> Module {
    let mut place = match path.first().map(String::as_str) {
        Some("crate") => Vec::new(),
        _ => module.clone(),
    };
    for part in path {
        match part.as_str() {
            "crate" | "self" => {}
            "super" => drop(place.pop()),
            other => place.push(other.to_owned()),
        }
    }
    place
}

/// What each file or folder imports of those beside it, and an import that says so.
type Imports = BTreeMap<Module, BTreeMap<Module, String>>;

/// The two that stand side by side where the ways to two modules part, unless one is above the other.
fn parting(from: &Module, to: &Module) -> Option<(Module, Module)> {
    let same = from.iter().zip(to).take_while(|(one, other)| one == other);
    let until = same.count() + 1;
    let two = (from.get(..until)?, to.get(..until)?);
    Some((two.0.to_vec(), two.1.to_vec()))
}

/// Every import, at the level where it crosses from one file or folder to another.
fn imports(files: &BTreeMap<Module, String>) -> Imports {
    let mut out = Imports::new();
    for (module, text) in files {
        let said = ["crate::", "super::", "self::"]
            .into_iter()
            .flat_map(|begin| paths(text, begin));
        for path in said {
            let place = absolute(module, &path);
            let file = (1..=place.len())
                .rev()
                .find_map(|length| files.get_key_value(&place[..length]));
            if let Some((from, to)) = file.and_then(|(file, _)| parting(module, file)) {
                let said = format!("{} says {}", module.join("/"), path.join("::"));
                out.entry(from).or_default().entry(to).or_insert(said);
            }
        }
    }
    out
}

/// The imports from which a walk along imports comes back to where it began.
fn in_circles(files: &BTreeMap<Module, String>) -> Vec<String> {
    let imports = imports(files);
    let leads_to = |start: &Module, end: &Module| {
        let mut seen = BTreeSet::new();
        let mut next = vec![start];
        while let Some(module) = next.pop() {
            if module == end {
                return true;
            }
            if seen.insert(module) {
                next.extend(imports.get(module).into_iter().flat_map(BTreeMap::keys));
            }
        }
        false
    };
    let mut found = Vec::new();
    for (from, to, said) in imports
        .iter()
        .flat_map(|(from, all)| all.iter().map(move |(to, said)| (from, to, said)))
    {
        if leads_to(to, from) {
            let (from, to) = (from.join("/"), to.join("/"));
            found.push(format!("{from} -> {to}: {said}"));
        }
    }
    found
}

#[test]
fn nothing_in_a_folder_imports_each_other_in_a_circle() {
    let files = sources(&root())
        .iter()
        .map(|path| (module_of(path), code(path)))
        .filter(|(module, _)| !module.iter().any(|part| part == "tests"))
        .collect();
    let found = in_circles(&files);
    assert!(found.is_empty(), "{found:#?}");
}

fn written(files: &[(&str, &str)]) -> BTreeMap<Module, String> {
    let module = |path: &str| path.split('/').map(str::to_owned).collect();
    let files = files.iter();
    files
        .map(|(path, text)| (module(path), (*text).to_owned()))
        .collect()
}

#[test]
fn a_circle_is_found() {
    let files = written(&[
        ("a", ""),
        ("a/one", "use super::{three::Three, two::{self, Two}};"),
        ("a/two", "fn f() { crate::a::one::f() }"),
        ("a/three", "use crate::a::four::Four;"),
        ("a/four", "use std::one;"),
    ]);
    let expected = [
        "a/one -> a/two: a/one says super::two::self",
        "a/two -> a/one: a/two says crate::a::one::f",
    ];
    assert_eq!(in_circles(&files), expected);
}

/// No two of these files import each other; what a reader of the folder has to read does.
#[test]
fn a_circle_through_a_folder_is_found() {
    let files = written(&[
        ("a", "mod one; mod two;"),
        ("a/one", "mod inner;"),
        ("a/one/inner", "mod deep;"),
        ("a/one/inner/deep", "use crate::a::two::Two;"),
        ("a/one/other", "use super::inner::deep::Deep;"),
        ("a/two", "use super::three::Three;"),
        ("a/three", "use super::one::other::Other;"),
        ("b", "use crate::a::one::other::Other;"),
    ]);
    let expected = [
        "a/one -> a/two: a/one/inner/deep says crate::a::two::Two",
        "a/three -> a/one: a/three says super::one::other::Other",
        "a/two -> a/three: a/two says super::three::Three",
    ];
    assert_eq!(in_circles(&files), expected);
}

/// Whole layers are looked at as well.
#[test]
fn a_circle_at_the_top_is_found() {
    let files = written(&[
        ("a", ""),
        ("a/one", "use crate::b::two;"),
        ("b", ""),
        ("b/two", ""),
        ("b/three", "use crate::a::one;"),
    ]);
    let expected = [
        "a -> b: a/one says crate::b::two",
        "b -> a: b/three says crate::a::one",
    ];
    assert_eq!(in_circles(&files), expected);
}
