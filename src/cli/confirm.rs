//! Questions to the person at the terminal. They block, so they are asked off the runtime.

use std::io;

use dialoguer::{FuzzySelect, Password, Select};
use secrecy::SecretString;

use super::output::{print_line, read_answer};
use super::signals;
use super::terminal::is_interactive;
use crate::error::{Error, Kind, Result};

/// Insists that somebody wants this: by `--yes`, or by an answer on a terminal.
pub(super) async fn confirm(yes: bool, question: String) -> Result<()> {
    if yes {
        return Ok(());
    }
    if !is_interactive() {
        return Err(Error::new(
            Kind::NeedsConfirmation,
            "nobody is there to confirm this; nothing was done",
        ));
    }
    let answer = ask(move || read_answer(&format!("{question} [y/N] "))).await?;
    // The end of input, Ctrl-D, is a no.
    let answer = answer.unwrap_or_default().to_lowercase();
    if ["y", "yes"].contains(&answer.as_str()) {
        Ok(())
    } else {
        Err(Error::new(
            Kind::NeedsConfirmation,
            "not confirmed; nothing was done",
        ))
    }
}

/// Lets somebody pick one of the items; `None` when they leave without picking.
pub(super) async fn pick(prompt: &'static str, items: Vec<String>) -> Result<Option<usize>> {
    let list = move || {
        let list = FuzzySelect::new().with_prompt(prompt).items(&items);
        list.interact_opt().map_err(io::Error::from)
    };
    ask(list).await
}

/// Lets somebody choose one of a few, by Enter alone the first.
pub(super) async fn choose(prompt: &'static str, items: &'static [&'static str]) -> Result<usize> {
    let list = move || {
        let list = Select::new().with_prompt(prompt).items(items).default(0);
        list.interact_opt().map_err(io::Error::from)
    };
    ask(list).await?.ok_or_else(unanswered)
}

/// Lets somebody type something, or nothing; what `check` refuses is asked again.
pub(super) async fn fill_in(
    prompt: &'static str,
    check: impl Fn(&str) -> Result<()> + Send + 'static,
) -> Result<Option<String>> {
    let answer = ask(move || {
        loop {
            let answer = read_answer(&format!("{prompt}: "))?;
            match answer
                .as_deref()
                .filter(|text| !text.is_empty())
                .map(&check)
            {
                Some(Err(refused)) => print_line(&refused.to_string()),
                _ => return Ok(answer),
            }
        }
    });
    let answer = answer.await?.ok_or_else(unanswered)?;
    Ok(Some(answer).filter(|text| !text.is_empty()))
}

/// Lets somebody type a secret, which the terminal does not show.
pub(super) async fn secret(prompt: &'static str) -> Result<SecretString> {
    let answer = ask(move || {
        Password::new()
            .with_prompt(prompt)
            // Ctrl-D hands over nothing as well, and is no reason to ask again.
            .allow_empty_password(true)
            .interact()
            .map_err(io::Error::from)
    });
    match answer.await?.trim() {
        "" => Err(unanswered()),
        secret => Ok(secret.into()),
    }
}

fn unanswered() -> Error {
    Error::new(
        Kind::NeedsConfirmation,
        "the question was not answered; nothing was done",
    )
}

/// Asks, and gives the terminal its cursor back however that ends: lists hide it.
async fn ask<T: Send + 'static>(
    question: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    // Heard before it is asked: whoever reads it may answer by Ctrl-C. It blocks its thread, so that there
    // is no orderly way out.
    signals::end_at_signal(leave)?;
    let answer = tokio::task::spawn_blocking(question).await;
    show_cursor();
    answer
        .map_err(|error| Error::internal("the question was cut short").because(error))?
        .map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => {
                Error::new(Kind::Interrupted, "interrupted; nothing was done")
            }
            _ => unanswered().because(error),
        })
}

/// Leaves the terminal to the shell, whose prompt comes next, on a line of its own.
fn leave() {
    show_cursor();
    print_line("");
}

fn show_cursor() {
    // Without a terminal there is no cursor to show.
    drop(dialoguer::console::Term::stderr().show_cursor());
}
