//! Manual pages, with the sections that people look for.

use std::io::{self, Write};

use clap::Command;
use clap_mangen::Man;

use super::exit;

/// What every command reads from the environment.
const ENVIRONMENT: [(&str, &str); 13] = [
    (
        "TOK_SECTION__KEY",
        "Any setting, e.g. TOK_SERVER__BIND for server.bind; `tok config init -` prints them all.",
    ),
    ("TOK_CONFIG", "The configuration file, as --config."),
    ("TOK_PROFILE", "The profile of it, as --profile."),
    (
        "TOK_DATA_DIR",
        "The directory of the embedded store, as --data-dir.",
    ),
    ("TOK_SERVER", "The server to work at, as --server."),
    (
        "TOK_KEY_FILE",
        "The file with the API key for TOK_SERVER or --server, as --key-file.",
    ),
    ("TOK_KEY", "That key itself, where there is no file."),
    (
        "TOK_CONTEXT",
        "The name of the server to work at, as --context.",
    ),
    (
        "TOK_LOG",
        "What is logged: error, warn, info, debug or trace, also by module.",
    ),
    ("NO_COLOR", "Any value: no colour."),
    (
        "COLUMNS",
        "How wide help is, where the terminal does not tell.",
    ),
    (
        "HTTPS_PROXY, ALL_PROXY, NO_PROXY",
        "The proxy for requests to vendors, and where none is used.",
    ),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "Certificates that are trusted instead of those of the system.",
    ),
];

/// The files that are read and written.
const FILES: [(&str, &str); 6] = [
    (
        "./tok.toml",
        "The configuration; it is looked for here first,",
    ),
    ("~/.config/tok/tok.toml", "then for this user,"),
    ("/etc/tok/tok.toml", "then for the machine."),
    (
        "~/.config/tok/contexts.toml",
        "The servers that have a name, and which of them is in use.",
    ),
    (
        "./.env",
        "Variables that count where the environment does not have them.",
    ),
    (
        "~/.local/share/tok",
        "The embedded store, where data_dir names no other place.",
    ),
];

/// The longest line of a page's source.
const LONGEST_LINE: usize = 80;

/// Writes the page of a command.
pub(super) fn render(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Vec::new();
    write_all(command, &mut page)?;
    out.write_all(tidied(&String::from_utf8_lossy(&page)).as_bytes())
}

/// The source of a page as tools that check it want it: no blanks at the end of a line, none too long
/// where lines are filled anyway.
fn tidied(page: &str) -> String {
    // An empty line parts paragraphs by itself.
    let page = page.replace("\n.br\n\n.br\n", "\n.sp\n");
    let mut out = String::new();
    let mut filled = true;
    for line in page.lines().map(str::trim_end) {
        match line {
            ".nf" => filled = false,
            ".fi" => filled = true,
            _ => {}
        }
        let mut rest = line;
        let breakable = filled && !line.starts_with(['.', '\'']);
        while breakable
            && rest.len() > LONGEST_LINE
            && let Some(at) = rest
                .match_indices(' ')
                .map(|(at, _)| at)
                .take_while(|at| *at <= LONGEST_LINE)
                .last()
            && !rest[at + 1..].starts_with(['.', '\''])
        {
            out.push_str(&rest[..at]);
            out.push('\n');
            rest = &rest[at + 1..];
        }
        out.push_str(rest);
        out.push('\n');
    }
    out
}

fn write_all(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let after = command.get_after_help().map(ToString::to_string);
    let root = page_name(command) == "tok";
    let man = Man::new(command.clone().mut_args(|flag| {
        let elsewhere = !root && flag.is_global_set();
        flag.hide(elsewhere)
    }))
    .title(page_name(command).to_uppercase())
    .date(option_env!("TOK_DATE").unwrap_or(RELEASED))
    .source(concat!("tok ", env!("CARGO_PKG_VERSION")))
    .manual("tok manual");
    let mut out = out;
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    if !root {
        writeln!(out, ".PP\nOptions that every command takes are in tok(1).")?;
    }
    subcommands(command, out)?;
    if let Some(after) = after {
        explained(&after, out)?;
    }
    list("ENVIRONMENT", &ENVIRONMENT, out)?;
    list("FILES", &FILES, out)?;
    writeln!(out, ".SH \"EXIT STATUS\"")?;
    for (code, meaning) in exit::table() {
        writeln!(out, ".TP\n{code}\n{}", escaped(meaning))?;
    }
    see_also(command, out)
}

/// The day of the release, where the build is told no other.
const RELEASED: &str = "2026-11-29";

fn subcommands(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let mut shown = described(command).peekable();
    if shown.peek().is_none() {
        return Ok(());
    }
    writeln!(out, ".SH COMMANDS")?;
    for sub in shown {
        let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
        let name = page_name(sub);
        writeln!(out, ".TP\n{}(1)\n{}", escaped(name), escaped(&about))?;
    }
    Ok(())
}

/// What stands below the help: examples, and what else there is to say.
fn explained(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut examples = false;
    let (mut notes, mut shown) = (Vec::new(), Vec::new());
    for line in text.lines() {
        if line.starts_with("Example") {
            examples = true;
        } else if examples && (line.starts_with("  ") || line.is_empty()) {
            shown.push(line.trim_start());
        } else {
            examples = false;
            notes.push(line);
        }
    }
    paragraphs(&notes, out)?;
    if shown.is_empty() {
        return Ok(());
    }
    writeln!(out, ".SH EXAMPLES\n.nf")?;
    for line in shown.iter().filter(|line| !line.is_empty()) {
        writeln!(out, "{}", escaped(line))?;
    }
    writeln!(out, ".fi")
}

fn paragraphs(lines: &[&str], out: &mut dyn Write) -> io::Result<()> {
    let said: Vec<_> = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .collect();
    if !said.is_empty() {
        writeln!(out, ".SH NOTES")?;
    }
    for line in said {
        writeln!(out, "{}", escaped(line.trim()))?;
    }
    Ok(())
}

fn list(title: &str, items: &[(&str, &str)], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, ".SH {title}")?;
    for (name, meaning) in items {
        writeln!(out, ".TP\n{}\n{}", escaped(name), escaped(meaning))?;
    }
    Ok(())
}

/// The pages above and beside this one.
fn see_also(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, ".SH \"SEE ALSO\"")?;
    let name = page_name(command);
    let above = name.rsplit_once('-').map_or("tok-room", |(above, _)| above);
    let mut names = vec![above, "tok-config", "tok-doctor"];
    names.retain(|one| *one != name);
    names.dedup();
    let names: Vec<_> = names
        .iter()
        .map(|one| format!("{}(1)", escaped(one)))
        .collect();
    writeln!(out, "{}", names.join(", "))
}

/// The commands below one that have a page.
pub(super) fn described(command: &Command) -> impl Iterator<Item = &Command> {
    let hidden = |sub: &&Command| !sub.is_hide_set() && sub.get_name() != "help";
    command.get_subcommands().filter(hidden)
}

/// What a page is called.
pub(super) fn page_name(command: &Command) -> &str {
    let shown = command.get_display_name();
    shown.unwrap_or_else(|| command.get_name())
}

/// Text that roff prints as it is.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    match text.chars().next() {
        Some('.' | '\'') => format!("\\&{text}"),
        _ => text,
    }
}
