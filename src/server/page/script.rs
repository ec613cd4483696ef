//! The page's one script. Its parts are ES modules; they are put together here, so that a page is one
//! answer: no part of it can be missing, or be of another release on another node.

use std::sync::LazyLock;

/// The parts by their files, each after all that it imports. The first are plain scripts, which stand
/// alone: the worker takes some of them, and all others know their names.
const PARTS: [(&str, &str); 37] = [
    ("socket.js", include_str!("socket.js")),
    ("subscription.js", include_str!("subscription.js")),
    ("peers.js", include_str!("peers.js")),
    ("layout.js", include_str!("layout.js")),
    ("speakers.js", include_str!("speakers.js")),
    ("links.js", include_str!("links.js")),
    ("embedded.js", include_str!("embedded.js")),
    ("texts.js", include_str!("texts.js")),
    ("relay.js", include_str!("relay.js")),
    ("ways.js", include_str!("ways.js")),
    ("elements.js", include_str!("elements.js")),
    ("devices.js", include_str!("devices.js")),
    ("state.js", include_str!("state.js")),
    ("server.js", include_str!("server.js")),
    ("closed.js", include_str!("closed.js")),
    ("choices.js", include_str!("choices.js")),
    ("hands.js", include_str!("hands.js")),
    ("quality.js", include_str!("quality.js")),
    ("list.js", include_str!("list.js")),
    ("leaving.js", include_str!("leaving.js")),
    ("hearing.js", include_str!("hearing.js")),
    ("people.js", include_str!("people.js")),
    ("chat.js", include_str!("chat.js")),
    ("sounds.js", include_str!("sounds.js")),
    ("parts.js", include_str!("parts.js")),
    ("ending.js", include_str!("ending.js")),
    ("locking.js", include_str!("locking.js")),
    ("renaming.js", include_str!("renaming.js")),
    ("ring.js", include_str!("ring.js")),
    ("watching.js", include_str!("watching.js")),
    ("gestures.js", include_str!("gestures.js")),
    ("sending.js", include_str!("sending.js")),
    ("keys.js", include_str!("keys.js")),
    ("entry.js", include_str!("entry.js")),
    ("events.js", include_str!("events.js")),
    ("lobby.js", include_str!("lobby.js")),
    ("attending.js", include_str!("attending.js")),
];
/// What all of them are for.
const ENTRY: &str = include_str!("room.js");

/// The script of the page.
pub(super) static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let parts = PARTS.iter().map(|(_, text)| *text);
    parts.chain([ENTRY]).map(bare).collect()
});

/// The worker behind the page, which shows what comes while no page is open.
pub(super) static WORKER: LazyLock<String> = LazyLock::new(|| {
    let parts = [
        include_str!("socket.js"),
        include_str!("subscription.js"),
        include_str!("texts.js"),
        include_str!("sw.js"),
    ];
    parts.into_iter().map(bare).collect()
});

/// A part without its imports and exports: all stand in one module. That no name is declared twice, the
/// browser sees to.
fn bare(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let mut importing = false;
    for line in part.split_inclusive('\n') {
        importing |= line.starts_with("import ");
        if importing {
            importing = !line.trim_end().ends_with(';');
            continue;
        }
        out.push_str(line.strip_prefix("export ").unwrap_or(line));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files that a part imports.
    fn imports(part: &str) -> Vec<&str> {
        let statements = part.split("\nimport ").skip(1);
        let ended = statements.filter_map(|rest| Some(rest.split_once(';')?.0));
        let files = ended.filter_map(|statement| Some(statement.split_once("\"./")?.1));
        files.map(|file| file.trim_end_matches('"')).collect()
    }

    #[test]
    fn each_part_stands_after_what_it_imports() {
        let mut before: Vec<&str> = Vec::new();
        let mut seen = 0;
        for (name, text) in PARTS.into_iter().chain([("room.js", ENTRY)]) {
            for import in imports(&format!("\n{text}")) {
                assert!(before.contains(&import), "{name} imports {import}");
                seen += 1;
            }
            before.push(name);
        }
        assert!(seen > 30, "{seen} imports");
    }

    #[test]
    fn what_is_put_together_is_whole() {
        let script = SCRIPT.as_str();
        for line in script.lines().chain(WORKER.lines()) {
            for word in ["import ", "export ", "} from \""] {
                assert!(!line.starts_with(word), "{line}");
            }
        }
        for (name, text) in PARTS.into_iter().chain([("room.js", ENTRY)]) {
            let ends = text.ends_with('\n');
            let exports = text.lines().filter(|line| line.starts_with("export "));
            let plain = |line: &&str| {
                let rest = line
                    .trim_start_matches("export ")
                    .trim_start_matches("async ");
                ["const ", "function ", "class "]
                    .iter()
                    .any(|kind| rest.starts_with(kind))
            };
            assert!(ends && exports.clone().all(|line| plain(&line)), "{name}");
        }
        // It stands in a page of HTML.
        for word in ["</script", "<!--"] {
            assert!(!script.to_lowercase().contains(word), "{word}");
        }
        assert_eq!(
            bare("// A\nimport {\n  a,\n} from \"./a.js\";\nexport const b = 1;\n"),
            "// A\nconst b = 1;\n"
        );
    }

    #[test]
    fn no_file_is_forgotten() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/server/page");
        let mut known: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
        known.extend(["room.js", "sw.js"]);
        for file in std::fs::read_dir(folder).expect("a folder") {
            let path = file.expect("a file").path();
            let name = path.file_name().and_then(|name| name.to_str());
            let is_script = path.extension().is_some_and(|kind| kind == "js");
            let is_known = name.is_some_and(|name| known.contains(&name));
            assert!(!is_script || is_known, "{}", path.display());
        }
    }
}
