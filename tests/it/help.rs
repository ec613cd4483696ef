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
