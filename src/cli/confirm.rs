//! Questions to the person at the terminal. They block, so they are asked off the runtime.

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
    let answer = ask(move || Ok(read_answer(&format!("{question} [y/N] "))?)).await?;
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
    ask(move || {
        FuzzySelect::new()
            .with_prompt(prompt)
            .items(&items)
            .interact_opt()
    })
    .await
}

/// Lets somebody choose one of a few.
pub(super) async fn choose(prompt: &'static str, items: &'static [&'static str]) -> Result<usize> {
    ask(move || {
        Select::new()
            .with_prompt(prompt)
            .items(items)
            .default(0)
            .interact()
    })
    .await
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
    match answer.await? {
        None => Err(Error::new(
            Kind::NeedsConfirmation,
            "the question was not answered; nothing was done",
        )),
        Some(text) => Ok(Some(text).filter(|text| !text.is_empty())),
    }
}

/// Lets somebody type a secret, which the terminal does not show.
pub(super) async fn secret(prompt: &'static str) -> Result<SecretString> {
    let answer = ask(move || Password::new().with_prompt(prompt).interact()).await?;
    Ok(answer.trim().into())
}

/// Asks, and gives the terminal its cursor back however that ends.
async fn ask<T: Send + 'static>(
    question: impl FnOnce() -> dialoguer::Result<T> + Send + 'static,
) -> Result<T> {
    let answer = tokio::select! {
        answer = tokio::task::spawn_blocking(question) => answer,
        () = signals::stopped()? => {
            show_cursor();
            // The question still blocks its thread, so there is no orderly way out.
            std::process::exit(i32::from(signals::exit_code()));
        }
    };
    show_cursor();
    answer
        .map_err(|error| Error::internal("the question was cut short").because(error))?
        .map_err(|error| {
            Error::new(Kind::NeedsConfirmation, "the question was not answered").because(error)
        })
}

fn show_cursor() {
    // Without a terminal there is no cursor to show.
    drop(dialoguer::console::Term::stderr().show_cursor());
}
