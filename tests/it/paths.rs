//! Files named on the command line, where no shell put the home directory in the place of `~`.

use std::fs;

use crate::support::Binary;

#[test]
fn a_flag_may_begin_a_path_at_home() {
    let binary = Binary::new();
    binary.run(&["room", "create", "old"]).ok();
    let prune = [
        "room",
        "prune",
        "--match=old",
        "--yes",
        "--report=~/prune.json",
    ];
    binary.run(&prune).ok();
    let report = fs::read_to_string(binary.dir().join("prune.json")).expect("a report");
    assert!(report.contains("\"old\""), "{report}");
    binary.run(&["store", "backup", "~/saved.db"]).ok();
    binary
        .run(&["store", "restore", "~/saved.db", "--yes"])
        .ok();
    fs::write(binary.dir().join("push.token"), "t-1\n").expect("written");
    let register = [
        "device",
        "register",
        "--platform=gcm",
        "--token-file=~/push.token",
    ];
    binary.run(&register).ok();
    binary.run(&["completions", "--dir=~/scripts"]).ok();
    assert!(binary.dir().join("scripts/tok.bash").is_file());
    assert!(!binary.dir().join("~").exists(), "a folder of that name");
}

#[test]
fn the_home_of_others_is_written_out() {
    let binary = Binary::new();
    binary
        .run(&["store", "backup", "~eve/saved.db"])
        .refused(2, "only ~/ stands for a home directory");
    binary
        .run(&["recording", "download", "r-1", "--to=~eve/"])
        .refused(2, "write the path out");
    // In the middle it is a letter as others are.
    binary.run(&["completions", "--dir=a~/b"]).ok();
    assert!(binary.dir().join("a~/b/tok.bash").is_file());
}
