//! What shells complete: commands and flags as the tree has them, and the names of what is there now. A shell
//! asks at every press of Tab, so that nothing here waits for a vendor, makes a store or says what is wrong.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::Shells;
use clap_complete::{CompleteEnv, Shell};

use super::contexts::SavedContexts;
use super::workplace::is_at_store;
use super::{Global, invocation, tree, usage};
use crate::commands::{call, device, key, notify, room, session, store, user, webhook};
use crate::config::{self, Environment, Store};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::BackendName;
use crate::model::page::LARGEST_PAGE;

/// The variable by which a shell's script asks.
const ASKS: &str = "TOK_COMPLETE";
/// A store that takes longer has no names for whoever waits at a prompt.
const PATIENCE: Duration = Duration::from_millis(300);

/// Answers a shell, if it is one that asks.
pub(super) fn answered(arguments: &[OsString]) -> Option<ExitCode> {
    let factory = || {
        let mut tree = tree();
        // With `--help` everywhere, which is a flag as others are.
        tree.build();
        knowing_names(tree, "", arguments)
    };
    let answered = CompleteEnv::with_factory(factory)
        .var(ASKS)
        .bin("tok")
        .completer("tok")
        .try_complete(arguments.iter().cloned(), Some(Path::new(".")));
    match answered {
        Ok(true) => Some(ExitCode::SUCCESS),
        Ok(false) => None,
        Err(refused) => Some(usage::tell(&refused, arguments)),
    }
}

/// The script that has a shell ask.
pub(super) fn script(shell: Shell) -> Result<Vec<u8>> {
    let shells = Shells::builtins();
    let asking = shells
        .completer(&shell.to_string())
        .ok_or_else(|| Error::internal(format!("{shell} has no script")))?;
    let mut out = Vec::new();
    asking
        .write_registration(ASKS, "tok", "tok", "tok", &mut out)
        .map_err(|error| Error::internal("the script cannot be made").because(error))?;
    if shell == Shell::Zsh {
        // Loaded by its name, the file is the function itself when it is called first.
        out.extend(b"[ \"$funcstack[1]\" = _tok ] && _clap_dynamic_completer_tok \"$@\"\n");
    }
    Ok(out)
}

/// Of what there are names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NamedThing {
    Calls,
    Contexts,
    Deliveries,
    Devices,
    Indexes,
    Keys,
    Notifications,
    Profiles,
    Rooms,
    Sessions,
    Users,
}

/// What an argument of a command below `noun` names, by what it is called in help. Nothing, where something
/// new is named.
fn named_by(noun: &str, verb: &str, argument: &Arg) -> Option<NamedThing> {
    let value = argument.get_value_names().unwrap_or_default();
    let value = value.first().map_or("", |value| value.as_str());
    let flag = argument.get_long().unwrap_or_default();
    Some(match (noun, flag, value) {
        (_, "profile", _) => NamedThing::Profiles,
        (_, "context", _) => NamedThing::Contexts,
        ("context", "", "NAME") if verb != "add" => NamedThing::Contexts,
        (_, "", "ROOM") => NamedThing::Rooms,
        ("room", "", "NAME") if verb != "create" => NamedThing::Rooms,
        (_, "", "CALLER" | "CALLEE" | "USER")
        | (_, "user" | "user-id", _)
        | ("user" | "presence", "", "ID") => NamedThing::Users,
        ("call", "", "ID") => NamedThing::Calls,
        ("key", "", "ID") => NamedThing::Keys,
        ("device", "", "ID") | (_, "device", _) => NamedThing::Devices,
        ("notify", "", "ID") => NamedThing::Notifications,
        ("session", "", "ID") | (_, "session", _) => NamedThing::Sessions,
        ("webhook", "", "ID") => NamedThing::Deliveries,
        ("search", _, "INDEX") => NamedThing::Indexes,
        _ => return None,
    })
}

/// The tree with names where something is named that is there.
fn knowing_names(command: Command, noun: &str, line: &[OsString]) -> Command {
    let verb = command.get_name().to_owned();
    let noun = if noun.is_empty() { &verb } else { noun };
    let below = if verb == "tok" { "" } else { noun };
    // Flags are shown to whoever asks for them, and where there is nothing else.
    let asks_for_flags = line
        .last()
        .is_some_and(|word| word.as_encoded_bytes().starts_with(b"-"));
    let command = command.mut_args(|argument| {
        let hidden = argument.is_hide_set() || !argument.is_positional() && !asks_for_flags;
        argument.hide(hidden)
    });
    let command = command.mut_args(|argument| match named_by(noun, &verb, &argument) {
        Some(named) => {
            let line = line.to_vec();
            argument.add(ArgValueCompleter::new(move |begun: &OsStr| {
                candidates(named, begun, &line)
            }))
        }
        None => argument,
    });
    command.mut_subcommands(|sub| knowing_names(sub, below, line))
}

/// The names that begin as what was typed; none, if anything is in the way.
fn candidates(named: NamedThing, begun: &OsStr, line: &[OsString]) -> Vec<CompletionCandidate> {
    let Some(begun) = begun.to_str() else {
        return Vec::new();
    };
    let found = found(named, &Global::on(line)).unwrap_or_default();
    let fits = |(name, _): &(String, Option<String>)| name.starts_with(begun) && is_plain(name);
    let shown = |(name, about): (String, Option<String>)| {
        CompletionCandidate::new(name).help(about.map(Into::into))
    };
    found.into_iter().filter(fits).map(shown).collect()
}

/// Whether shells take it as it is: what is inserted is not quoted.
fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "-_.:+@/,".contains(c);
    !name.starts_with('-') && name.chars().all(plain)
}

impl Global {
    /// Those flags of a line in the making that say where things are.
    fn on(line: &[OsString]) -> Self {
        let value = |flag: &str| {
            let given = |(at, word): (usize, &OsString)| {
                let rest = word.to_str()?.strip_prefix(flag)?;
                match rest.strip_prefix('=') {
                    Some(value) => Some(OsString::from(value)),
                    None if rest.is_empty() => line.get(at + 1).cloned(),
                    None => None,
                }
            };
            line.iter().enumerate().filter_map(given).next_back()
        };
        let text = |value: OsString| value.into_string().ok();
        Self {
            config: value("--config").map(Into::into),
            profile: value("--profile").and_then(text),
            data_dir: value("--data-dir").map(Into::into),
            server: value("--server").and_then(text),
            context: value("--context").and_then(text),
            ..Self::default()
        }
    }
}

/// Names, each with what may be said of it.
type KnownNames = Vec<(String, Option<String>)>;

fn found(named: NamedThing, global: &Global) -> Result<KnownNames> {
    let environment = Environment::capture();
    if named == NamedThing::Profiles {
        let names = config::profiles(&environment, global.config.as_deref())?;
        return Ok(names.into_iter().map(|name| (name, None)).collect());
    }
    if named == NamedThing::Contexts {
        let contexts = SavedContexts::load(&environment)?.all.into_iter();
        let known = contexts.map(|(name, saved)| (name, Some(saved.server)));
        return Ok(known.collect());
    }
    // Others are far away, or not there yet.
    if !is_at_store(global, &environment) {
        return Ok(Vec::new());
    }
    let loaded = invocation::load(global, &environment, &[])?;
    if loaded.config.documents.backend != Store::Sqlite || !store::is_in(&loaded.data_dir) {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    invocation::block_on(async {
        let context = Context::open(&loaded.config, &loaded.data_dir)?;
        let asked = tokio::time::timeout(PATIENCE, in_store(named, &context));
        out = asked.await.unwrap_or_else(|_| Ok(Vec::new()))?;
        Ok(())
    })?;
    Ok(out)
}

async fn in_store(named: NamedThing, context: &Context) -> Result<KnownNames> {
    let limit = Some(LARGEST_PAGE);
    let local = Some(BackendName::Local);
    let alone = |name: String| (name, None);
    Ok(match named {
        NamedThing::Calls => {
            let input = call::list::Input {
                limit,
                ..Default::default()
            };
            let page = call::list::run(context, input).await?;
            let found = page.items.into_iter();
            found.map(|call| (call.id, call.callee.name)).collect()
        }
        NamedThing::Deliveries => {
            let found = webhook::list::latest(context, None, limit).await?;
            let found = found.into_iter();
            found.map(|of| (of.id, Some(of.kind))).collect()
        }
        NamedThing::Devices => {
            let input = device::list::Input { limit, after: None };
            let page = device::list::run(context, input).await?;
            let found = page.items.into_iter();
            found.map(|device| alone(device.id)).collect()
        }
        NamedThing::Indexes => {
            let indexes = context.mirrors.indexes.iter();
            indexes.map(|index| alone(index.name.clone())).collect()
        }
        NamedThing::Keys => {
            let found = key::list::run(context).await?.into_iter();
            found.map(|of| (of.key.id, Some(of.key.name))).collect()
        }
        NamedThing::Notifications => {
            let mut found = Vec::new();
            for parked in [false, true] {
                let input = notify::list::Input {
                    parked,
                    limit,
                    after: None,
                };
                let page = notify::list::run(context, input).await?;
                found.extend(page.items.into_iter().map(|of| alone(of.id)));
            }
            found
        }
        NamedThing::Contexts | NamedThing::Profiles => Vec::new(),
        NamedThing::Rooms => {
            let input = room::list::Input {
                backend: local,
                limit,
                after: None,
            };
            let page = room::list::run(context, input).await?;
            let found = page.items.into_iter();
            found.map(|room| alone(room.name.to_string())).collect()
        }
        NamedThing::Sessions => {
            let input = session::list::Input {
                backend: local,
                limit,
                ..Default::default()
            };
            let page = session::list::run(context, input).await?;
            let found = page.items.into_iter();
            found.map(|session| alone(session.id)).collect()
        }
        NamedThing::Users => {
            let input = user::list::Input { limit, after: None };
            let page = user::list::run(context, input).await?;
            let found = page.items.into_iter();
            found.map(|user| (user.id, user.profile.name)).collect()
        }
    })
}
