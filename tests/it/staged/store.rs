//! The store: whose it is, what is left of it, who has it, and how much room there is.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use nix::unistd::geteuid;
use rusqlite::Connection;

use super::{Met, Staged, all_are_told, run, with};
use crate::support::Binary;
use crate::support::binary::Run;

fn data(binary: &Binary) -> PathBuf {
    binary.dir().join(".local/share/tok")
}

/// A store with a room and a user.
fn filled() -> Binary {
    let binary = Binary::new();
    run(&binary, "room create standup").ok();
    run(&binary, "user create --id ada --name Ada").ok();
    binary
}

/// Somebody without any rights.
const NOBODY: u32 = 65534;

/// What `command` says to somebody without any rights; `None` where nobody can become another user.
fn by_nobody(binary: &Binary, command: &str) -> Option<Run> {
    if !geteuid().is_root() {
        return None;
    }
    let open = |path: &std::path::Path| {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("changed");
    };
    fs::create_dir_all(binary.dir().join(".local/share")).expect("made");
    for path in ["", ".local", ".local/share"] {
        open(&binary.dir().join(path));
    }
    let words: Vec<&str> = command.split_whitespace().collect();
    // Where it was built nobody else may look.
    let tok = binary.dir().join("tok-for-all");
    fs::copy(env!("CARGO_BIN_EXE_tok"), &tok).expect("copied");
    open(&tok);
    let mut command = Command::new(tok);
    command.args(words).env_clear().env("HOME", binary.dir());
    command.uid(NOBODY).gid(NOBODY).current_dir(binary.dir());
    Some(Run::of(&command.output().expect("runs")))
}

/// Gives a place and all below it to a user.
fn give(path: PathBuf, to: &str) {
    let done = Command::new("chown").args(["-R", to]).arg(path).status();
    assert!(done.expect("runs").success());
}

#[test]
fn whose_the_store_is_is_told() {
    all_are_told(&[
        Staged {
            name: "somebody else than the owner",
            stage: || {
                let binary = filled();
                let run = by_nobody(&binary, "room list")?;
                Met::at(data(&binary).display().to_string(), run)
            },
            code: 10,
            cause: &["{at} belongs to the user root"],
            remedy: &["run this as that user", "sudo -u root tok"],
        },
        Staged {
            name: "root at the store of another user",
            stage: || {
                let binary = filled();
                if !geteuid().is_root() {
                    return None;
                }
                give(data(&binary), "nobody");
                Met::by(run(&binary, "search reindex"))
            },
            code: 10,
            cause: &["tok.db belongs to the user nobody"],
            remedy: &["sudo -u nobody tok"],
        },
        Staged {
            name: "an index that root left behind",
            stage: || {
                let binary = filled();
                run(&binary, "search reindex").ok();
                if !geteuid().is_root() {
                    return None;
                }
                give(data(&binary), "nobody");
                let index = data(&binary).join("search");
                give(index.clone(), "root");
                fs::set_permissions(&index, fs::Permissions::from_mode(0o700)).expect("changed");
                let run = by_nobody(&binary, "search query users ada")?;
                Met::at(index.display().to_string(), run)
            },
            code: 10,
            cause: &[
                "{at}: Permission denied",
                "belongs to root (mode 0700)",
                "runs as nobody",
            ],
            remedy: &["chown -R USER {at}"],
        },
        Staged {
            name: "a home that is not one's own",
            stage: || {
                let binary = Binary::new();
                let run = by_nobody(&binary, "room list")?;
                Met::at(data(&binary).display().to_string(), run)
            },
            code: 10,
            cause: &[
                "the data directory {at} cannot be made",
                "belongs to root (mode 0755)",
            ],
            remedy: &["let this user make it there", "--data-dir"],
        },
        Staged {
            name: "a file in the place of the data directory",
            stage: || {
                let binary = Binary::with(&[("TOK_DATA_DIR", "place")]);
                fs::write(binary.dir().join("place"), "").expect("written");
                Met::by(run(&binary, "room list"))
            },
            code: 10,
            cause: &["place cannot be made: there is a file in its place"],
            remedy: &["set data_dir (from environment TOK_DATA_DIR) to another place"],
        },
        Staged {
            name: "a directory in the place of the store",
            stage: || {
                let binary = Binary::new();
                fs::create_dir_all(data(&binary).join("tok.db")).expect("made");
                Met::by(run(&binary, "room list"))
            },
            code: 10,
            cause: &["tok.db is a directory where the file of the store should be"],
            remedy: &["move it away", "data_dir"],
        },
        Staged {
            name: "a room of another store",
            stage: || {
                let binary = filled();
                Met::by(run(&binary, "room show standup --data-dir other"))
            },
            code: 3,
            cause: &[
                "there was no store in ",
                "other, so a new, empty one was made",
            ],
            remedy: &["name yours with --data-dir, or data_dir in tok.toml"],
        },
        Staged {
            name: "a backup of a store that is not there",
            stage: || Met::by(with(&[("TOK_DATA_DIR", "other")], "store backup saved.db")),
            code: 10,
            cause: &["there is no store in ", "other"],
            remedy: &["set data_dir (from environment TOK_DATA_DIR) to where yours is"],
        },
    ]);
}

#[test]
fn what_became_of_the_store_is_told() {
    all_are_told(&[
        Staged {
            name: "garbage at its beginning",
            stage: || {
                let binary = filled();
                let path = data(&binary).join("tok.db");
                let mut bytes = fs::read(&path).expect("reads");
                bytes[..64].fill(0x55);
                fs::write(&path, bytes).expect("written");
                Met::at(path.display().to_string(), run(&binary, "user list"))
            },
            code: 10,
            cause: &["{at} is not a database of tok, or is damaged"],
            remedy: &[
                "restore the last backup: tok store restore FILE",
                "data_dir",
            ],
        },
        Staged {
            name: "garbage after its beginning",
            stage: || {
                let binary = filled();
                let path = data(&binary).join("tok.db");
                let opened = Connection::open(&path).expect("opens");
                let fold = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
                opened
                    .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], fold)
                    .expect("folds");
                drop(opened);
                let mut bytes = fs::read(&path).expect("reads");
                bytes[4096..].fill(0x55);
                fs::write(&path, bytes).expect("written");
                Met::at(path.display().to_string(), run(&binary, "doctor"))
            },
            code: 10,
            cause: &["{at} is not a database of tok, or is damaged"],
            remedy: &["restore the last backup: tok store restore FILE"],
        },
        Staged {
            name: "what was written when the clock was ahead",
            stage: || {
                let binary = filled();
                let opened = Connection::open(data(&binary).join("tok.db")).expect("opens");
                let later = "UPDATE documents SET written = written + 3600000 WHERE collection = 'tok_rooms'";
                assert!(opened.execute(later, []).expect("changed") > 0);
                drop(opened);
                Met::by(run(&binary, "doctor"))
            },
            code: 0,
            cause: &[
                "store clock",
                "something in tok_rooms was written at 20",
                "it is behind, or was ahead then",
            ],
            remedy: &["set the clock by NTP"],
        },
        Staged {
            name: "a store of a later release",
            stage: || {
                let binary = filled();
                let path = data(&binary).join("tok.db");
                let opened = Connection::open(&path).expect("opens");
                opened.pragma_update(None, "user_version", 77).expect("set");
                drop(opened);
                Met::at(path.display().to_string(), run(&binary, "status"))
            },
            code: 10,
            cause: &["{at} was written by a newer version of tok", "schema is 77"],
            remedy: &["install that version, or restore the backup made before it"],
        },
        Staged {
            name: "a backup that is none",
            stage: || {
                let binary = filled();
                fs::write(binary.dir().join("saved.db"), "no database".repeat(900))
                    .expect("written");
                Met::by(run(&binary, "store restore saved.db --yes"))
            },
            code: 2,
            cause: &["saved.db cannot be restored: it is no store of tok"],
            remedy: &["nothing was changed"],
        },
    ]);
}

/// Somebody holds the store for as long as a command waits.
fn held(command: &str) -> Option<Met> {
    held_by("BEGIN EXCLUSIVE", command)
}

fn held_by(lock: &str, command: &str) -> Option<Met> {
    let binary = filled();
    let path = data(&binary).join("tok.db");
    let other = Connection::open(&path).expect("opens");
    other.execute_batch(lock).expect("locks");
    let run = run(&binary, command);
    drop(other);
    let (pid, program) = (std::process::id(), program());
    Met::at(
        format!("process {pid} ({program}) holds {}", path.display()),
        run,
    )
}

/// What these tests are called as a process.
fn program() -> String {
    let path = std::env::args().next().expect("a program");
    let name = PathBuf::from(path)
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.expect("a name")
}

/// Somebody changes the store for as long as a command waits, which can read all the while.
fn changed(command: &str) -> Option<Met> {
    held_by("BEGIN IMMEDIATE", command)
}

#[test]
fn who_has_the_store_is_told() {
    let remedy = &["wait until it ends", "ps -fp "];
    all_are_told(&[
        Staged {
            name: "a change while another process holds the store",
            stage: || held("room create retro"),
            code: 6,
            cause: &["the store is busy: {at}"],
            remedy,
        },
        Staged {
            name: "doctor while another process holds the store",
            stage: || held("doctor"),
            code: 6,
            cause: &["the store is busy: {at}"],
            remedy,
        },
        Staged {
            name: "a change while another process makes one",
            stage: || changed("room create retro"),
            code: 6,
            cause: &["the store is busy: {at}"],
            remedy,
        },
        Staged {
            name: "a restore under a server",
            stage: || {
                let binary = filled();
                run(&binary, "store backup saved.db").ok();
                let served = binary.serve();
                let run = run(&binary, "store restore saved.db --yes");
                Met::at(format!("process {} (tok serve)", served.child.id()), run)
            },
            code: 4,
            cause: &["the data directory ", " is in use by {at}"],
            remedy: &["stop every tok serve, tok work and other command on it first"],
        },
    ]);
}

/// A disk of so little room, as long as it is kept.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: PathBuf) -> Option<Self> {
        if !geteuid().is_root() {
            return None;
        }
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=512k", "tmpfs"])
            .arg(&at);
        mount
            .status()
            .is_ok_and(|done| done.success())
            .then_some(Self(at))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // It is told by whoever removes the directory, if it is still there.
        drop(Command::new("umount").arg(&self.0).status());
    }
}

#[test]
fn what_there_is_no_room_for_is_told() {
    all_are_told(&[
        Staged {
            name: "a disk that is full",
            stage: || {
                let binary = Binary::new();
                let place = binary.dir().join("disk");
                fs::create_dir(&place).expect("made");
                let disk = SmallDisk::mount(place.clone())?;
                run(&binary, "room create standup --data-dir disk/tok").ok();
                fs::write(place.join("rest"), vec![0; 1024 * 1024]).expect_err("it is full");
                let run = run(&binary, "room list --data-dir disk/tok");
                drop(disk);
                Met::at(place.display().to_string(), run)
            },
            code: 6,
            cause: &["{at}/tok/tok.db cannot be opened: the disk is full"],
            remedy: &["0 B of {at} are free: make room there, or move the data directory"],
        },
        Staged {
            name: "a store that is as large as it may be",
            stage: || {
                let most = [("TOK_DOCUMENTS__MAX_SIZE", "90KiB")];
                Met::by(with(&most, "room create standup"))
            },
            code: 6,
            cause: &["the store is full"],
            remedy: &[
                "90.0 KiB",
                "raise documents.max_size (from environment TOK_DOCUMENTS__MAX_SIZE)",
            ],
        },
        Staged {
            name: "a limit on the size of files",
            stage: || {
                let binary = Binary::new();
                let create = binary.command(&["room", "create", "-q"]);
                let names: Vec<String> = (0..400).map(|n| format!("room-{n}")).collect();
                let mut shell = Command::new("sh");
                shell
                    .args(["-c", "ulimit -f 400; exec \"$0\" \"$@\""])
                    .arg(create.get_program())
                    .args(create.get_args())
                    .args(&names)
                    .env_clear()
                    .env("HOME", binary.dir())
                    .current_dir(binary.dir());
                Met::by(Run::of(&shell.output().expect("runs")))
            },
            code: 6,
            cause: &["this process may make no larger files"],
            remedy: &["ulimit -f", "LimitFSIZE", "KiB"],
        },
    ]);
}
