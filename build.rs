//! What `tok version` tells of a release: the commit it is built from, where the build is not told and there
//! is a repository. Other builds do not ask, so that no commit makes them compile anew.

#![allow(clippy::print_stdout, reason = "cargo reads it")]

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=TOK_COMMIT");
    println!("cargo::rerun-if-env-changed=TOK_DATE");
    println!("cargo::rerun-if-changed=build.rs");
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    // Only our own: a copy of these files may be in somebody else's.
    if !is_release || !Path::new(".git").exists() {
        return;
    }
    for (variable, question) in [
        ("TOK_COMMIT", ["rev-parse", "HEAD", "--"]),
        ("TOK_DATE", ["show", "-s", "--format=%cs"]),
    ] {
        if env::var_os(variable).is_some() {
            continue;
        }
        let told = Command::new("git").args(question).output();
        let told = told.ok().filter(|told| told.status.success());
        let told = told.and_then(|told| String::from_utf8(told.stdout).ok());
        if let Some(answer) = told.as_deref().and_then(|told| told.lines().next()) {
            println!("cargo::rustc-env={variable}={answer}");
        }
    }
    // Moves with each commit and each change of branch.
    let log = Command::new("git")
        .args(["rev-parse", "--git-path", "logs/HEAD"])
        .output();
    if let Ok(log) = log
        && log.status.success()
    {
        let path = String::from_utf8_lossy(&log.stdout);
        println!("cargo::rerun-if-changed={}", path.trim());
    }
}
