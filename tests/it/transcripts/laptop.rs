//! The same commands once more, from an empty home to a server that has a store of its own.

use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::LazyLock;

use super::{CHANGING, Patterns, masked, patterns, words};
use crate::support::Binary;
use crate::support::binary::{Run, Served};

/// Commands that no server carries out.
const ON_STORE: [&str; 1] = ["doctor"];

/// What differs by right between a store and a server.
static BY_PLACE: LazyLock<Patterns> = LazyLock::new(|| {
    patterns(&[
        // Only where the store is does anybody know what set a setting.
        (r" \(from environment [A-Z_]+\)", ""),
        // A server may be waited for, a store is not.
        (r"waiting for .* …\n", ""),
        // Who is at the server's store for the first time is the server.
        (r"warning: there was no store in .*\n", ""),
        // What is said with a key is noted so.
        (r"\bkey [0-9a-f]{12}\b", "command line"),
        // A join token names the key that minted it.
        (r"claims\.key: +[0-9a-f]{12}\n", ""),
        (r#""key":"[0-9a-f]{12}","#, ""),
    ])
});

/// The command of a line that no server carries out.
fn on_store(line: &str) -> Option<&'static str> {
    let is = |command: &&str| {
        line.strip_prefix(*command)
            .is_some_and(|rest| !rest.starts_with('-'))
    };
    ON_STORE.into_iter().find(is)
}

/// Somebody who has the address of a server and a key, and nothing else.
pub(super) struct Laptop {
    /// What they type.
    pub(super) binary: Binary,
    /// The home of the server.
    pub(super) server: Binary,
    served: Served,
    /// What was made here and there: the same but for its id.
    same: RefCell<Vec<(String, String)>>,
}

impl Laptop {
    /// A server that insists on keys, and a laptop with one that may do everything.
    pub(super) fn new(variables: &[(&str, &str)]) -> Self {
        let mut settings = vec![("TOK_AUTH__MODE", "keys")];
        settings.extend_from_slice(variables);
        let server = Binary::with(&settings);
        let key = server.key(&[]);
        let served = server.serve();
        let binary = Binary::with(&[("TOK_SERVER", &served.url), ("TOK_KEY_FILE", "laptop.key")]);
        let file = binary.dir().join("laptop.key");
        fs::write(&file, key).expect("written");
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("changed");
        Self {
            binary,
            server,
            served,
            same: RefCell::default(),
        }
    }

    /// Types what must succeed; what it made is another thing than here, with another id.
    pub(super) fn does(&self, line: &str, here: &str) {
        if on_store(line).is_some() {
            return;
        }
        let there = self.binary.run(&words(&self.there(line))).ok().stdout;
        let (here, there) = (here.trim_end(), there.trim_end());
        let mut same = self.same.borrow_mut();
        if here.starts_with('{') {
            let id = |text: &str| {
                let made: serde_json::Value = serde_json::from_str(text).expect("JSON");
                made["id"].as_str().expect("an id").to_owned()
            };
            same.push((id(here), id(there)));
        } else if here != there && !here.contains('\n') {
            same.push((here.to_owned(), there.to_owned()));
        }
    }

    /// A text with the ids of what is there.
    pub(super) fn there(&self, text: &str) -> String {
        let same = self.same.borrow();
        let replace = |text: String, (here, there): &(String, String)| text.replace(here, there);
        same.iter().fold(text.to_owned(), replace)
    }

    /// Types a line that was typed here, and insists on the same output and exit code.
    #[track_caller]
    pub(super) fn compare(&self, line: &str, here: &Run, home: &Path, run: impl Fn(&str) -> Run) {
        let there = run(&self.there(line));
        if let Some(command) = on_store(line) {
            there.refused(2, &format!("`tok {command}` works on the store itself"));
            return;
        }
        let (own, home) = (self.binary.dir().display().to_string(), home.display());
        let here = told(here, &home.to_string());
        let there = told(&there, &own).replace(&self.served.url, "http://127.0.0.1:8080");
        assert_eq!(there, here, "`tok {line}` over a server, and over a store");
    }
}

/// Everything that a run says, without what differs from run to run.
fn told(run: &Run, home: &str) -> String {
    let all = format!("{:?}\n{}\n{}", run.code, run.stdout, run.stderr);
    let all = all.replace(home, "<home>");
    masked(masked(all, &CHANGING), &BY_PLACE)
}

/// Types lines both ways; what each says is told elsewhere.
fn same(shell: &super::Shell, lines: &[&str]) {
    let told = shell.shows(lines);
    assert_eq!(told.matches("$ tok ").count(), lines.len());
}

#[test]
#[should_panic(expected = "over a server, and over a store")]
fn a_difference_is_seen() {
    let shell = super::Shell::twice();
    shell.binary.run(&["room", "create", "only-here"]).ok();
    same(&shell, &["room list -o name"]);
}

#[test]
fn rooms_with_all_their_flags() {
    let shell = super::Shell::twice();
    same(
        &shell,
        &[
            "room create x --dry-run",
            "room create --json --dry-run x --expires 24h",
            "room create a b c",
            "room create a d b -o jsonl",
            "room create a --exist-ok",
            "room create a --exist-ok --privacy private",
            "room create e --expires 24h --max-participants 3 --property lang=de --json",
            "room create f --expires 1h --not-before 2h",
            "room create f --max-participants 0",
            "room create f --expires 2020-01-01T00:00:00Z",
            "room create f --property exp=1",
            "room create f --backend daily",
            "room list -o csv",
            "room list --limit 2 -o name",
            "room show a nope b",
            "room show ''",
            "room show a/b",
            "room show ..",
            "room update e --unset max-participants --unset lang --json",
            "room update e --unset expires --privacy public --dry-run",
            "room update e --max-participants 0",
            "room end a b --dry-run",
            "room end a nope --yes",
            "room lock a b --lift --dry-run",
            "room lock a nope --lift -o csv",
            "room lock a",
            "room lock a --backend daily",
            "room participants a --backend opentok",
            "room history a --since 14:00",
            "room delete a nope --yes",
            "room delete a nope --yes --ignore-not-found --json",
            "room delete b '' --yes",
            "room delete b b c --dry-run --json",
            "room delete b c",
            "room delete nope -q --yes",
            "room delete b -q --yes",
            "room prune --older-than 30d --empty --dry-run --json",
            "room prune --match '[' --yes",
            "room prune --match '*' --max-delete-percent 10 --dry-run",
            "room prune --match '*' --max-delete-percent 10 --yes",
            "room prune --never-joined --unused-for 1ms --yes --report report.json --json",
            "room list",
        ],
    );
    let ways = [
        &shell.binary,
        &shell.laptop.as_ref().expect("a laptop").binary,
    ];
    let reports = ways.map(|desk| {
        let text = fs::read_to_string(desk.dir().join("report.json")).expect("a report");
        let mut report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let all = report.as_object_mut().expect("an object");
        for time in ["began_at", "ended_at"] {
            assert!(all.remove(time).expect("a time").is_string());
        }
        report
    });
    assert_eq!(reports[0], reports[1]);
    // Many are made at once: a name that stands twice could be refused at either place.
    shell.reads("g\nh\n\n", "room create - -o name");
    shell.reads("g\ni\n", "room create - -o name");
    shell.reads("g\nnope\n", "room delete - --yes");
    shell.reads("", "room delete - --yes");
    shell.reads("h", "room delete - --dry-run");
}

#[test]
fn people_and_notifications_with_all_their_flags() {
    let shell = super::Shell::twice();
    same(
        &shell,
        &[
            "user create --name Ada --id ada --photo-url https://a.example/p.png --dry-run",
            "user create --name Ada --id ada --photo-url https://a.example/p.png",
            "user create --name '' --id bob",
            "user create --name Bob --id a/b",
            "user create --name Bob --id bob --client-id d1 --json",
            "user update ada --clear photo-url --first-name Ada --dry-run",
            "user update ada --clear photo-url --first-name Ada --json",
            "user update ada",
            "user show ada bob nope -o csv",
            "user show .",
            "user delete ada nope",
            "user delete ada nope --dry-run",
            "user delete ada --dry-run",
            "user delete nope bob nope2 --yes -o name",
            "user list --limit 1",
            "notify send --user ada --title Hi --dry-run",
            "notify send --user ada --title Hi --validate --json",
            "notify send --user ada --title Hi --id 'a b'",
            "notify send --user ada --title Hi --id n1 --call --ttl 30m --data room=a -o name",
            "notify send --user ada --title Hi --id n1",
            "notify send --topic 'a b' --title Hi",
            "notify show n1 nope",
            "notify show a/b",
            "notify list --user ada --json",
            "notify list --since 1h --dead",
            "notify list --limit 0",
            "notify retry n1 --dry-run",
            "notify retry --all",
            "notify flush --max-runtime 30s --json",
            "notify list --user ada --since 1h -o name",
            "notify inbox ada --limit 1 -o name",
            "notify inbox a/b",
            "notify discard n1 --dry-run",
            "notify discard --parked --yes",
        ],
    );
}

#[test]
fn the_rest_with_many_of_its_flags() {
    let shell = super::Shell::twice();
    shell.does("room create a");
    shell.does("user create --name Ada --id ada");
    shell.does("user create --name Bob --id bob");
    shell.file("token", "a-push-token");
    same(
        &shell,
        &[
            "search reindex --dry-run --json",
            "search reindex --max-runtime 1m --json",
            "search reindex users --mode swap --max-shrink 10",
            "search verify --json",
            "search query users ada --limit 1 --json",
            "search query users ada --limit 0",
            "search parked users nope",
            "search status -o csv",
            "call start ada bob --ring-for 99h",
            "call start ada bob --backend daily",
            "call start device:x bob",
            "call list --past",
            "call list --limit 1 --json",
            "call show ..",
            "call end ''",
            "notify show ..",
            "notify discard '' --yes",
            "device delete . --yes",
            "session show ..",
            "recording show ''",
            "webhook show ..",
            "presence show ..",
            "participant kick a .. --yes",
            "chat edit a .. Hello",
            "call end nope nope2",
            "device register --platform gcm --token-file token --user ada --dry-run",
            "device register --platform gcm --token-file token --user ada",
            "device register --platform web --token-file token",
            "device list -o csv",
            "device delete nope --yes",
            "presence list --json",
            "presence set ada online --dry-run --json",
            "presence set ada online --connection 'a b'",
            "presence set ada online --ttl 60m",
            "presence sync --dry-run",
            "presence sync --json",
            "presence audit --json",
            "presence sweep --dry-run",
            "presence sweep",
            "presence show ada nobody",
            "participant list a --all",
            "participant kick a nobody --yes",
            "participant kick nope nobody --yes",
            "participant unban a nobody",
            "participant refuse a nobody",
            "chat send a Hello --dry-run",
            "chat send a ''",
            "chat send nope Hello",
            "chat edit a nope Hello --dry-run",
            "chat delete a nope --yes",
            "chat history a --limit 0",
            "chat export a --json",
            "session list a --limit 1",
            "session show nope",
            "session attendance a --every -o csv",
            "token create a --role host --ttl 1m --user-id ada --dry-run",
            "token create a --role host --user-name '' ",
            "token create a --backend daily",
            "recording list --backend local",
            "webhook list --limit 1",
            "webhook show nope",
            "status -o name",
        ],
    );
}

#[test]
fn all_messages_come_in_the_order_they_were_written() {
    let shell = super::Shell::twice();
    shell.does("room create a");
    for number in 0..5 {
        shell.does(&format!("chat send a 'Number {number}'"));
    }
    let told = shell.shows(&["chat export a -o csv", "chat history a --limit 2 -o csv"]);
    assert!(
        told.contains("Number 0") && told.contains("Number 4"),
        "{told}"
    );
}
