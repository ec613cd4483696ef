//! Files of one folder import each other in one direction only: whoever reads one need not read all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::layers::{code, root, sources};

/// A module, as the parts of its path below the crate.
type Module = Vec<String>;

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
fn paths(text: &str, begin: &str) -> Vec<Module> {
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

/// Which modules each module imports, of those in the same folder.
fn imports(files: &BTreeMap<Module, String>) -> BTreeMap<&Module, BTreeSet<&Module>> {
    let mut out = BTreeMap::new();
    for (module, text) in files {
        let said = ["crate::", "super::", "self::"]
            .into_iter()
            .flat_map(|begin| paths(text, begin));
        let mut found = BTreeSet::new();
        for path in said {
            let place = absolute(module, &path);
            let file = (1..=place.len())
                .rev()
                .find_map(|length| files.get_key_value(&place[..length]));
            found.extend(file.map(|(file, _)| file).filter(|file| {
                *file != module
                    && file.len() == module.len()
                    && file[..file.len() - 1] == module[..module.len() - 1]
            }));
        }
        out.insert(module, found);
    }
    out
}

/// The modules from which a walk along imports comes back to where it began.
fn in_circles(files: &BTreeMap<Module, String>) -> Vec<String> {
    let imports = imports(files);
    let leads_back = |start: &Module| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&Module> = imports[start].iter().copied().collect();
        while let Some(module) = next.pop() {
            if module == start {
                return true;
            }
            if seen.insert(module) {
                next.extend(imports[module].iter().copied());
            }
        }
        false
    };
    let found = files.keys().filter(|module| leads_back(module));
    found.map(|module| module.join("/")).collect()
}

#[test]
fn no_files_of_a_folder_import_each_other_in_a_circle() {
    let files = sources(&root())
        .iter()
        .filter(|path| !path.iter().any(|part| part == "tests"))
        .map(|path| (module_of(path), code(path)))
        .collect();
    let found = in_circles(&files);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_circle_is_found() {
    let file = |path: &str, text: &str| {
        let module: Module = path.split('/').map(str::to_owned).collect();
        (module, text.to_owned())
    };
    let files = BTreeMap::from([
        file("a", ""),
        file("a/one", "use super::{three::Three, two::{self, Two}};"),
        file("a/two", "fn f() { crate::a::one::f() }"),
        file("a/three", "use crate::a::four::Four;"),
        file("a/four", "use std::one;"),
    ]);
    assert_eq!(in_circles(&files), ["a/one", "a/two"]);
}
