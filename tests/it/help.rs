//! The help of every command, as one committed text.

use crate::support::Binary;

fn collect(binary: &Binary, command: &clap::Command, path: &[String], out: &mut String) {
    let mut arguments = path.to_vec();
    arguments.push("--help".to_owned());
    let run = binary.run(&arguments).ok();
    assert_eq!(run.stderr, "");
    *out += &["$ tok ", &arguments.join(" "), "\n", &run.stdout, "\n"].concat();
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
    {
        let mut path = path.to_vec();
        path.push(sub.get_name().to_owned());
        collect(binary, sub, &path, out);
    }
}

#[test]
fn every_command_explains_itself() {
    let mut out = String::new();
    collect(&Binary::new(), &tok::cli::tree(), &[], &mut out);
    insta::assert_snapshot!("help", out);
}

/// What every command takes stands in one place, and is taken everywhere.
#[test]
fn global_flags_are_listed_once() {
    let binary = Binary::new();
    let of = |words: &[&str]| binary.run(words).ok().stdout;
    for (root, below) in [
        (of(&["--help"]), of(&["room", "list", "--help"])),
        (of(&["help"]), of(&["help", "room", "list"])),
        (of(&["-h"]), of(&["room", "-h"])),
    ] {
        assert!(root.contains("--data-dir <DIR>"), "{root}");
        assert!(!below.contains("--data-dir"), "{below}");
        let line = "\nGlobal options: see `tok --help`\n";
        assert_eq!(below.matches(line).count(), 1, "{below}");
    }
    let missing = binary.run(&["room"]);
    assert!(missing.stderr.contains("see `tok --help`"), "{missing:?}");
    let pages = [of(&["man"]), of(&["man", "room", "list"])];
    assert!(pages[0].contains("\\-\\-data\\-dir"), "{}", pages[0]);
    let options = pages[1].split(".SH ENVIRONMENT").next().expect("a page");
    assert!(!options.contains("\\-\\-data\\-dir"), "{options}");
    assert!(options.contains("\nOptions that every command takes are in tok(1).\n"));
    let elsewhere = binary.dir().join("elsewhere");
    let elsewhere = elsewhere.to_str().expect("a path");
    of(&["room", "create", "there", "--data-dir", elsewhere]);
    assert_eq!(
        of(&["--data-dir", elsewhere, "room", "list", "-o", "name"]),
        "there\n"
    );
}

#[test]
fn the_command_tree_is_sound() {
    tok::cli::tree().debug_assert();
}

#[test]
fn wrong_usage_exits_with_2() {
    let binary = Binary::new();
    binary
        .run(&["room", "crate"])
        .refused(2, "unrecognized subcommand 'crate'");
    binary.run(&["room", "list", "--jsn"]).refused(2, "--json");
    binary.run::<&str>(&[]).refused(2, "Usage: tok");
    assert!(binary.run(&["--version"]).ok().stdout.starts_with("tok "));
}

#[test]
fn help_is_as_wide_as_its_reader_can_see() {
    let widest = |columns: Option<&str>| {
        let variables: Vec<_> = columns
            .iter()
            .map(|columns| ("COLUMNS", *columns))
            .collect();
        let help = Binary::with(&variables)
            .run(&["room", "list", "--help"])
            .ok();
        let widths = help.stdout.lines().map(|line| line.chars().count());
        widths.max().expect("lines")
    };
    assert!((50..=60).contains(&widest(Some("60"))));
    // One that is not known, or is none, is 80; lines longer than 100 are hard to read.
    for (columns, usual) in [(None, 80), (Some("0"), 80), (Some("200"), 100)] {
        let widest = widest(columns);
        assert!(
            widest <= usual && widest > usual - 20,
            "{columns:?}: {widest}"
        );
    }
}

#[test]
fn every_manual_page_has_the_sections_people_look_for() {
    let binary = Binary::new();
    for (words, example) in [
        (&["man"][..], None),
        (&["man", "room"], None),
        (&["man", "room", "create"], Some("tok room create standup")),
        (
            &["man", "store", "seal"],
            Some("tok store seal \\-\\-dry\\-run"),
        ),
    ] {
        let page = binary.run(words).ok().stdout;
        for section in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "ENVIRONMENT",
            "FILES",
            "\"EXIT STATUS\"",
            "\"SEE ALSO\"",
        ] {
            let heading = format!("\n.SH {section}\n");
            assert_eq!(
                page.matches(&heading).count(),
                1,
                "{words:?}: {section} in {page}"
            );
        }
        assert_eq!(
            page.contains("\n.SH EXAMPLES\n"),
            example.is_some(),
            "{page}"
        );
        assert!(
            example.is_none_or(|example| page.contains(example)),
            "{page}"
        );
        let title = page
            .lines()
            .find(|line| line.starts_with(".TH"))
            .expect("a title");
        assert!(title.contains("20"), "the day: {title}");
        assert!(!page.contains("help(1)"), "{page}");
    }
    binary
        .run(&["man", "rooom"])
        .refused(3, "there is no command `tok rooom`");
}

#[test]
fn whoever_names_an_id_that_begins_like_a_flag_is_told_how() {
    let binary = Binary::new();
    binary
        .run(&["user", "show", "-Nx3_a"])
        .refused(2, "`-- -Nx3_a`");
    binary
        .run(&["user", "show", "--", "-Nx3_a"])
        .refused(3, "there is no user `-Nx3_a`");
}

#[test]
fn a_picture_has_an_address() {
    let binary = Binary::new();
    for url in ["nonsense", "/a.png", "javascript:alert(1)"] {
        binary
            .run(&["user", "create", "--name", "Ada", "--photo-url", url])
            .refused(2, "a picture has an address like https://");
    }
    let fine = [
        "user",
        "create",
        "--name",
        "Ada",
        "--photo-url",
        "https://example.com/a.png",
    ];
    binary.run(&fine).ok();
}

/// On a phone, or beside something else.
#[test]
fn help_is_told_whole_where_there_is_little_room() {
    for width in ["1", "20", "25", "30"] {
        for words in [
            &["--help"][..],
            &["room", "create", "--help"],
            &["notify", "--help"],
        ] {
            let binary = Binary::with(&[("COLUMNS", width)]);
            let told = binary.run(words).ok().stdout;
            assert!(told.contains("--output <FORMAT>") || words.len() > 1);
            assert!(told.contains("--help"), "{width}: {told}");
            // A flag stands on a line of its own, with what it does below it.
            let beside = |line: &&str| {
                let line = line.trim_start();
                line.starts_with('-') && line.trim_end().contains("  ")
            };
            let found = told.lines().find(beside);
            assert_eq!(found, None, "{width}: {told}");
        }
    }
}
