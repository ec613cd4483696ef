//! What one command needs: configuration, context, output.

use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::output::{Output, print_line};
use super::report::PendingReport;
use super::terminal::is_interactive;
use super::workplace::{ChosenServer, OpenedStore, Workplace, chosen, only_on_store};
use super::{Global, confirm, log, progress, signals};
use crate::client::Server;
use crate::commands::store;
use crate::config::{self, Environment, Loaded, Overrides, Store};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::counted::agreed;
use crate::records::unreadable;

/// A command at work.
pub(super) struct Invocation<'a> {
    /// Where it works; operations are carried out there by [`perform`](super::workplace::perform).
    pub(super) workplace: Workplace,
    /// Whether that is the context in use, and nobody said so for this command.
    by_habit: bool,
    pub(super) output: &'a Output,
    /// The file of its report, until the run takes it over.
    pub(super) report: &'a PendingReport,
    /// How many of several could not be done.
    failed: Cell<usize>,
    /// Of what kind the last failure among them was.
    failed_by: Cell<Option<Kind>>,
    /// What ended work on several before its end.
    ended_by: Cell<Option<Error>>,
}

/// Keys set by a command's own flags: path, text, flag.
pub(super) type FlagValues<'a> = &'a [(&'static str, Option<String>, &'static str)];

impl<'a> Invocation<'a> {
    /// Finds out where to work: at a server, or on the configured store, which is opened with everything
    /// else that the configuration names, if `check` likes that.
    fn open(within: &Within<'a>, check: fn(&Loaded) -> Result<()>) -> Result<Self> {
        let Within {
            global,
            environment,
            output,
            needed,
            report,
            ..
        } = *within;
        log::start(environment, output);
        let server = chosen(global, environment)?;
        let by_habit = server.as_ref().is_some_and(|server| server.by_habit);
        let progress = progress::choose(global);
        let workplace = if let Some(server) = server {
            let ChosenServer {
                address,
                key,
                exposed,
                ..
            } = server;
            if let Some(exposed) = exposed {
                output.warn_early(&exposed);
            }
            if let Some(wrong) = environment.wrong_certificates() {
                output.warn_early(&wrong);
            }
            let server = Server::new(address, key, progress)?;
            Workplace::Server(Box::new(if global.quiet {
                server
            } else {
                server.telling_slow(slow_after(), Box::new(tell_slow))
            }))
        } else {
            let loaded = load_and_warn(global, environment, output, (&[], needed))?;
            check(&loaded)?;
            let mut context = Context::open(&loaded.config, &loaded.data_dir)?;
            context.progress = progress;
            let data_dir = loaded.data_dir;
            Workplace::Store(Box::new(OpenedStore { context, data_dir }))
        };
        Ok(Self {
            workplace,
            by_habit,
            output,
            report,
            failed: Cell::default(),
            failed_by: Cell::default(),
            ended_by: Cell::default(),
        })
    }

    /// Tells of what could not be read, wherever that was.
    async fn tell_unreadable(&self) {
        let unreadable = match &self.workplace {
            Workplace::Store(_) => unreadable::count(),
            Workplace::Server(server) => server.unreadable(),
        };
        if unreadable == 0 {
            return;
        }
        if let Workplace::Store(store) = &self.workplace
            && let Err(error) = unreadable::flush(store.context.documents.as_ref()).await
        {
            tracing::warn!(%error, "documents that cannot be read could not be noted");
        }
        let what = agreed(
            unreadable,
            "stored document cannot be read and was left out; tok doctor names it",
            "stored documents cannot be read and were left out; tok doctor names them",
        );
        self.output.warn(&what);
    }
}

/// When somebody who waits for a server is told so: soon who sits there, later a log.
fn slow_after() -> Duration {
    Duration::from_secs(if is_interactive() { 1 } else { 10 })
}

fn tell_slow(place: &str) {
    print_line(&format!("waiting for {place} …"));
}

/// Where and how a command runs.
pub(super) struct Within<'a> {
    pub(super) global: &'a Global,
    pub(super) environment: &'a Environment,
    pub(super) output: &'a Output,
    /// Whether the command may be the first one on a store.
    pub(super) may_begin: bool,
    /// The file of its report, if it leaves one.
    pub(super) report: &'a PendingReport,
    /// The sections of the configuration that it needs; see [`needed`](super::needed).
    pub(super) needed: Option<&'static [&'static str]>,
}

impl Within<'_> {
    /// Runs one command to its end. What it met that cannot be read is noted and told, however it
    /// ended.
    pub(super) fn run(&self, work: impl AsyncFnOnce(&Invocation<'_>) -> Result<()>) -> Result<()> {
        self.run_if(|_| Ok(()), work)
    }

    /// The same, for what is about a store that is there. It must not begin another one: a backup of
    /// nothing would take the place of a good one.
    pub(super) fn run_on_store(
        &self,
        work: impl AsyncFnOnce(&Invocation<'_>) -> Result<()>,
    ) -> Result<()> {
        self.run_if(has_store, work)
    }

    fn run_if(
        &self,
        check: fn(&Loaded) -> Result<()>,
        work: impl AsyncFnOnce(&Invocation<'_>) -> Result<()>,
    ) -> Result<()> {
        // On the runtime: some backends need one to be opened.
        block_on(async {
            let invocation = Invocation::open(self, check)?;
            if let Workplace::Store(store) = &invocation.workplace
                && store.context.new_store
                && !self.may_begin
            {
                self.output.warn_early(&format!(
                    "there was no store in {}, so a new, empty one was made; name yours with --data-dir, or data_dir in tok.toml",
                    store.data_dir.display()
                ));
            }
            let outcome = work(&invocation).await.and_then(|()| invocation.verdict());
            invocation.tell_unreadable().await;
            outcome
        })
    }

    /// Insists that the command is not sent to a server.
    pub(super) fn insist_on_store(&self) -> Result<()> {
        match chosen(self.global, self.environment)? {
            Some(server) => Err(only_on_store(&self.output.command(), server.by_habit)),
            None => Ok(()),
        }
    }
}

/// Insists that the configured store is there.
fn has_store(loaded: &Loaded) -> Result<()> {
    if loaded.config.documents.backend != Store::Sqlite || store::is_in(&loaded.data_dir) {
        return Ok(());
    }
    Err(Error::config(format!(
        "there is no store in {}",
        loaded.data_dir.display()
    ))
    .advise("set data_dir to where yours is, or name it with --data-dir"))
}

/// Loads the configuration and says its warnings.
pub(super) fn load_and_warn(
    global: &Global,
    environment: &Environment,
    output: &Output,
    (flags, needed): (FlagValues<'_>, Option<&'static [&'static str]>),
) -> Result<Loaded> {
    let loaded = load_needed(global, environment, flags, needed)?;
    output.origins.learn(&loaded.settings);
    for warning in &loaded.warnings {
        output.warn_early(warning);
    }
    let command = output.command();
    let is_look = ["doctor", "config check"].contains(&command.as_str());
    // Other commands may be content without.
    if (is_look || ["serve", "work"].contains(&command.as_str()))
        && let Some(wrong) = environment.wrong_certificates()
    {
        output.warn_early(&wrong);
    }
    for notice in &loaded.notices {
        if is_look || !global.quiet {
            output.warn_early(notice);
        }
    }
    for left_out in &loaded.left_out {
        output.inform_early(left_out);
    }
    Ok(loaded)
}

/// Loads the configuration as the flags say.
pub(super) fn load(
    global: &Global,
    environment: &Environment,
    flags: FlagValues<'_>,
) -> Result<Loaded> {
    load_needed(global, environment, flags, None)
}

fn load_needed(
    global: &Global,
    environment: &Environment,
    flags: FlagValues<'_>,
    needed: Option<&'static [&'static str]>,
) -> Result<Loaded> {
    let given = |(path, text, flag): &(&'static str, Option<String>, &'static str)| {
        text.clone().map(|text| (*path, text, *flag))
    };
    let mut values: Vec<_> = flags.iter().filter_map(given).collect();
    let data_dir = global.data_dir.as_ref();
    values.extend(data_dir.map(|dir| {
        let dir = dir.to_string_lossy().into_owned();
        ("data_dir", dir, "--data-dir")
    }));
    let overrides = Overrides {
        config: global.config.clone(),
        profile: global.profile.clone(),
        values,
        needed,
    };
    config::load(environment, &overrides)
}

/// Runs one command to its end on this thread.
pub(super) fn block_on(work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::internal("the runtime cannot start").because(error))?
        .block_on(work)
}

impl Invocation<'_> {
    /// The store, for what is done there only.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`] when the command is sent to a server.
    pub(super) fn store(&self) -> Result<&OpenedStore> {
        match &self.workplace {
            Workplace::Store(store) => Ok(store),
            Workplace::Server(_) => Err(only_on_store(&self.output.command(), self.by_habit)),
        }
    }

    /// Cancelled when long work is to stop after the item in hand.
    pub(super) fn stop(&self) -> &CancellationToken {
        match &self.workplace {
            Workplace::Store(store) => &store.context.stop,
            Workplace::Server(server) => &server.stop,
        }
    }

    /// The time.
    pub(super) fn now(&self) -> Timestamp {
        match &self.workplace {
            Workplace::Store(store) => store.context.clock.now(),
            Workplace::Server(server) => server.clock.now(),
        }
    }

    /// Insists that somebody wants this; who is asked is told of which server it is.
    pub(super) async fn confirm(&self, yes: bool, question: String) -> Result<()> {
        if !yes {
            self.output.tell_early();
        }
        let question = match &self.workplace {
            Workplace::Store(_) => question,
            Workplace::Server(server) => format!("{}: {question}", server.address().shown()),
        };
        confirm::confirm(yes, question).await
    }

    /// Does something to each of many, one after another, until a signal comes. One of several that
    /// cannot be done stops no other: it is told, and the run ends with [`Kind::Partial`] after what was
    /// done is printed. What ends the run before its end is told after that as well.
    pub(super) async fn each<T>(
        &self,
        names: &[String],
        act: impl AsyncFn(&str) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.each_left((names, names.len()), act).await
    }

    /// The same for those that are left of so many that were asked for.
    pub(super) async fn each_left<T>(
        &self,
        (names, asked): (&[String], usize),
        act: impl AsyncFn(&str) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.stop_on_signal()?;
        let mut done = Vec::with_capacity(names.len());
        for name in names {
            let outcome = if self.stop().is_cancelled() {
                Err(Error::new(
                    Kind::Interrupted,
                    "interrupted; the rest was not touched",
                ))
            } else {
                act(name).await
            };
            let left = match outcome {
                Ok(one) => {
                    done.push(one);
                    Ok(())
                }
                Err(error) => self.go_on_without(name, asked, error),
            };
            if let Err(error) = left {
                if done.is_empty() {
                    return Err(error);
                }
                self.ended_by.set(Some(error));
                break;
            }
        }
        Ok(done)
    }

    /// Tells and counts what is wrong with one of several, if the others may fare better.
    ///
    /// # Errors
    /// What is wrong, if it ends the run.
    pub(super) fn go_on_without(&self, name: &str, asked: usize, error: Error) -> Result<()> {
        if asked < 2 || !concerns_one(&error) {
            return Err(error);
        }
        // What helps the first helps those that fail alike.
        let is_news = self.failed_by.replace(Some(error.kind())) != Some(error.kind());
        self.output.warn_of(name, &error, is_news);
        self.failed.set(self.failed.get() + 1);
        Ok(())
    }

    /// What keeps the command from being a success although it came to its end.
    pub(super) fn verdict(&self) -> Result<()> {
        if let Some(error) = self.ended_by.take() {
            return Err(error);
        }
        match self.failed.get() {
            0 => Ok(()),
            some => Err(Error::new(
                Kind::Partial,
                format!("could not be done: {some}"),
            )
            .advise("the warnings say why; when that is mended, name those that were left once more")),
        }
    }

    /// From here on the first Ctrl-C asks to stop after the item in hand, the second one stops.
    pub(super) fn stop_on_signal(&self) -> Result<()> {
        signals::stop_gently(self.stop().clone())
    }
}

/// Whether the next one may fare better: what is wrong is wrong with this one.
fn concerns_one(error: &Error) -> bool {
    let of_this = [Kind::NotFound, Kind::Conflict, Kind::InvalidInput];
    of_this.contains(&error.kind()) || error.is_unreadable()
}
