//! What to do next after an error: a command that works here and now, for what was asked.

use std::borrow::Cow;
use std::path::PathBuf;

use clap::ArgMatches;

use crate::config::{Faulty, Mistake, Origin};
use crate::error::{Error, Kind, Reason};

/// What somebody asked for, as far as hints need it.
#[derive(Debug, Default)]
pub(super) struct AskedCommand {
    /// The words of the command, as `room delete`.
    words: Vec<String>,
    /// The room it is about.
    room: Option<String>,
    /// Where `--backend` looks.
    backend: Option<String>,
    /// Where its report goes.
    report: Option<PathBuf>,
    /// Whether rooms to be made may be there already.
    exist_ok: bool,
}

impl AskedCommand {
    /// What these arguments ask for.
    pub(super) fn of(matches: &ArgMatches) -> Self {
        let mut asked = Self::default();
        let mut at = matches;
        while let Some((word, deeper)) = at.subcommand() {
            asked.words.push(word.to_owned());
            at = deeper;
        }
        let given = |name: &str| {
            let mut raw = at.try_get_raw(name).ok().flatten()?;
            raw.next()?.to_str().map(str::to_owned)
        };
        asked.room = given("room");
        asked.backend = given("backend");
        let report = at.try_get_one::<PathBuf>("report").ok().flatten();
        asked.report = report.cloned();
        let exist_ok = at.try_get_one::<bool>("exist_ok").ok().flatten();
        asked.exist_ok = exist_ok.copied().unwrap_or_default();
        asked
    }

    /// The file that its report goes to, if one is asked for.
    pub(super) fn report(&self) -> Option<PathBuf> {
        self.report.clone()
    }

    /// All its words.
    pub(super) fn command(&self) -> String {
        self.words.join(" ")
    }

    /// The last word of the command.
    pub(super) fn verb(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    fn noun(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// The command that lists what there is of what was not found.
    fn list(&self, error: &Error) -> Option<String> {
        let of_room = |command: &str| {
            let room = self.room.as_deref()?;
            Some(format!("tok {command} {room}"))
        };
        let rooms = || self.at_backend("room list");
        let found = match (self.noun(), self.verb()) {
            ("participant" | "chat", verb) if error.why().is_some() => {
                return match error.why()? {
                    Reason::NoParticipant if verb == "unban" => of_room("participant bans"),
                    Reason::NoParticipant | Reason::NoReceiver => of_room("participant list"),
                    Reason::NoMessage => of_room("chat history"),
                    _ => Some(rooms()),
                };
            }
            ("session", "list" | "attendance")
            | ("recording", "start" | "list")
            | ("room" | "token" | "participant" | "chat", _) => rooms(),
            (noun @ ("session" | "recording" | "webhook"), _) => {
                self.at_backend(&format!("{noun} list"))
            }
            ("call", "start") | ("device", "register") => "tok user list".to_owned(),
            ("call", _) => "tok call list`, with --past also `tok call list --past".to_owned(),
            ("notify", "retry") => "tok notify list --parked".to_owned(),
            (noun @ ("device" | "user" | "notify" | "presence" | "key"), _) => {
                format!("tok {noun} list")
            }
            ("search", _) => "tok search status".to_owned(),
            ("store", _) => "tok store check".to_owned(),
            _ => return None,
        };
        Some(found)
    }

    fn at_backend(&self, command: &str) -> String {
        match &self.backend {
            Some(backend) => format!("tok {command} --backend {backend}"),
            None => format!("tok {command}"),
        }
    }

    /// What to do about what a run left undone.
    fn rest(&self) -> Option<&'static str> {
        match (self.noun(), self.verb()) {
            ("notify", "flush") => Some(
                "mend what is said, then `tok notify retry ID`, or --all; `tok notify list --parked` names them all",
            ),
            _ if self.makes_new_rooms() => Some(
                "the warnings say why; with `--exist-ok` rooms that are there already are no failure",
            ),
            ("room", "delete" | "prune") => {
                Some("mend what is said, and run the same command again; it goes on with the rest")
            }
            ("search", _) => {
                Some("`tok search parked` says why; each is tried again when its document changes")
            }
            _ => None,
        }
    }

    /// What to do after an interruption.
    fn again(&self) -> &'static str {
        if self.makes_new_rooms() {
            "run the same command again with `--exist-ok`; rooms that were made already are no failure then"
        } else {
            "run the same command again"
        }
    }

    /// What to do when a room is there that was to be made.
    fn taken(&self, error: &Error) -> Option<&'static str> {
        let is_taken = matches!(error.why(), None | Some(Reason::AlreadyExists));
        (is_taken && self.makes_new_rooms()).then_some(
            "with `--exist-ok` a room that is there already is taken, if it has the same settings",
        )
    }

    /// Whether rooms are made of which none may be there.
    fn makes_new_rooms(&self) -> bool {
        (self.noun(), self.verb()) == ("room", "create") && !self.exist_ok
    }

    /// What makes true what a check found to differ.
    fn mending(&self) -> Option<&'static str> {
        match (self.noun(), self.verb()) {
            ("search", "verify") => Some(
                "make them true: `tok search verify --repair`, or all of it by `tok search reindex`",
            ),
            ("search", "diff") => Some("give them: `tok search settings push`"),
            ("presence", _) => {
                Some("note it now: `tok presence sync`; a running `tok work` does so by itself")
            }
            _ => None,
        }
    }

    /// The flags that raise the limit which was hit.
    fn limit(&self) -> &'static str {
        match (self.noun(), self.verb()) {
            ("search", _) => {
                "is this the right store (`tok config show`)? Look with --dry-run, then raise --max-shrink"
            }
            ("work", _) => {
                "is this the right store (`tok config show`)? If it is, run what is said here"
            }
            ("presence", _) => "look with `tok presence audit`, then say --trust-source",
            ("recording", _) => "look with --dry-run, then raise --max-delete",
            _ => "look with --dry-run, then raise --max-delete or --max-delete-percent",
        }
    }
}

/// What to do next, where that is a command, a flag or a setting.
pub(super) fn hint(error: &Error, asked: &AskedCommand) -> Option<Cow<'static, str>> {
    if let Some(mistake) = Mistake::of(error) {
        return Some(put_right(mistake).into());
    }
    if error.why() == Some(Reason::StoredUnreadable) {
        return Some("restore a backup, or remove it: `tok store discard COLLECTION ID`".into());
    }
    if error.why() == Some(Reason::NotSealed) {
        return Some("see what is sealed, and how: `tok store seal --dry-run`, with --old-secret-file if the secret changed; seal what is yours, and revoke or discard the rest".into());
    }
    if let Some(advice) = error.advice() {
        return Some(advice.to_owned().into());
    }
    let hint = match error.kind() {
        Kind::NotFound => {
            let list = asked.list(error)?;
            return Some(format!("see what there is: `{list}`").into());
        }
        Kind::NeedsConfirmation => Some("look first with --dry-run, then repeat with --yes"),
        Kind::Guard => Some(asked.limit()),
        Kind::Config => Some("where each setting comes from: `tok config show`"),
        Kind::Refused if error.vendor().is_some() => Some(
            "make a new key there if this one was revoked, put it in, and restart `tok serve` and `tok work`; `tok doctor` tries it",
        ),
        Kind::Refused => Some(
            "when that is mended, restart `tok serve` and `tok work`, which read it at their start; `tok doctor` tries it",
        ),
        Kind::RateLimited => {
            Some("wait that long, and run it again; others may use the same account")
        }
        Kind::Unauthenticated => Some(
            "make one where the server runs, `tok key create NAME`, and name it by TOK_KEY or --key-file",
        ),
        Kind::Partial => asked.rest(),
        Kind::BadGateway | Kind::Timeout => {
            Some("try again later; `tok doctor` checks every backend")
        }
        Kind::Unavailable => Some("try again; if it lasts, `tok doctor` says what is wrong"),
        Kind::Locked => Some("wait until that one ends, then run it again"),
        Kind::Internal => Some(
            "run it again with TOK_LOG=debug, which tells more, and look at the machine: disk, memory, permissions",
        ),
        Kind::Interrupted => Some(asked.again()),
        Kind::Conflict => asked.taken(error),
        Kind::Drift => asked.mending(),
        _ => None,
    };
    hint.map(Cow::from)
}

/// What to change, and where. No command that reads the configuration helps here: each would stop
/// at the same mistake.
fn put_right(mistake: &Mistake) -> String {
    match mistake {
        Mistake::Settings(faulty) => {
            let each: Vec<_> = faulty.iter().map(|one| to("change", one)).collect();
            each.join(", or ")
        }
        Mistake::NoSuchSetting(faulty) => format!(
            "{}; every setting with its meaning: `tok config init -`",
            to("rename", faulty)
        ),
        Mistake::NoSuchFile(faulty) => format!(
            "{}, or write that file: `tok config init FILE`",
            to("change", faulty)
        ),
        Mistake::File(path) => format!("mend {}", path.display()),
    }
}

/// Doing so to a setting, there where it is set.
fn to(act: &str, faulty: &Faulty) -> String {
    let setting = &faulty.setting;
    match &faulty.origin {
        Origin::Default => format!("set {setting} ({})", faulty.variable()),
        Origin::File(path) => format!("{act} or remove {setting} in {}", path.display()),
        Origin::Profile(name, path) => {
            let path = path.display();
            format!("{act} or remove {setting} in the profile {name} in {path}")
        }
        Origin::DotEnv(variable, line) => {
            format!("{act} or remove {variable} in .env, line {line}")
        }
        Origin::Environment(variable) => format!("{act} or unset {variable}"),
        Origin::Flag(flag) => format!("{act} {flag}"),
    }
}
