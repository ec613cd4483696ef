//! Who has a file locked, where the system tells.

use std::fmt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::beside;

/// How much of the name of a program is told.
const LONGEST_NAME: usize = 40;

/// Another process that has a file locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LockHolder {
    pub(super) pid: u32,
    /// What it is, if it can be seen.
    command: Option<String>,
}

impl fmt::Display for LockHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.command {
            Some(command) => write!(f, "process {} ({command})", self.pid),
            None => write!(f, "process {}", self.pid),
        }
    }
}

/// Which locks count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LockKind {
    /// Those that keep everybody else out.
    Write,
    All,
}

/// Another process that holds a lock for writing on a database.
pub(super) fn of_database(path: &Path) -> Option<LockHolder> {
    let files = [path.to_path_buf(), beside(path, "-shm")];
    let files: Vec<_> = files.iter().map(AsRef::as_ref).collect();
    holders(&files, LockKind::Write).into_iter().next()
}

/// All other processes with a lock on one of these files.
pub(super) fn of_any(files: &[&Path]) -> Vec<LockHolder> {
    holders(files, LockKind::All)
}

fn holders(files: &[&Path], kind: LockKind) -> Vec<LockHolder> {
    let inode = |file: &&Path| Some(std::fs::metadata(file).ok()?.ino());
    let inodes: Vec<u64> = files.iter().filter_map(inode).collect();
    let locks = std::fs::read_to_string("/proc/locks").unwrap_or_default();
    let found = holders_in(&locks, &inodes, kind).into_iter();
    found
        .filter(|pid| *pid != std::process::id())
        .map(|pid| LockHolder {
            pid,
            command: command(pid),
        })
        .collect()
}

/// The processes with a lock on one of these files, by the system's list of locks. One of another
/// container has no number there.
fn holders_in(locks: &str, inodes: &[u64], kind: LockKind) -> Vec<u32> {
    let mut found: Vec<u32> = locks
        .lines()
        .filter_map(|line| {
            let words: Vec<_> = line.split_whitespace().collect();
            let counts = |word: &&str| match kind {
                LockKind::Write => *word == "WRITE",
                LockKind::All => ["READ", "WRITE"].contains(word),
            };
            let at = words.iter().position(counts)?;
            let pid = words.get(at + 1)?.parse().ok().filter(|pid| *pid != 0)?;
            let inode = words.get(at + 2)?.rsplit(':').next()?.parse().ok()?;
            inodes.contains(&inode).then_some(pid)
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The program of a process; of one of ours the words of the command, and nothing that somebody gave it.
fn command(pid: u32) -> Option<String> {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    command_in(&String::from_utf8_lossy(&line))
}

fn command_in(line: &str) -> Option<String> {
    let mut words = line.split('\0');
    let program = Path::new(words.next()?).file_name()?.to_str()?;
    let mut told: String = program.chars().take(LONGEST_NAME).collect();
    if program != "tok" {
        return Some(told);
    }
    // A noun and a verb; `serve` and `work` stand alone.
    let is_word =
        |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    for word in words.take_while(is_word).take(2) {
        told.push(' ');
        told.push_str(word);
        if ["serve", "work", "doctor", "status"].contains(&word) {
            break;
        }
    }
    Some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKS: &str = "\
1: POSIX  ADVISORY  READ 311 fd:00:77 124 124
2: POSIX  ADVISORY  WRITE 4711 fd:00:77 120 120
3: FLOCK  ADVISORY  READ 42 fd:00:90 0 EOF
4: FLOCK  ADVISORY  READ 43 fd:00:90 0 EOF
5: FLOCK  ADVISORY  READ 42 fd:00:90 0 EOF
6: OFDLCK ADVISORY  READ -1 fd:00:90 0 EOF
7: FLOCK  ADVISORY  READ 0 fd:00:90 0 EOF
";

    #[test]
    fn who_holds_a_file_is_found_in_the_list_of_locks() {
        use LockKind::{All, Write};
        assert_eq!(holders_in(LOCKS, &[12, 77], Write), [4711]);
        assert_eq!(holders_in(LOCKS, &[77], All), [311, 4711]);
        assert_eq!(holders_in(LOCKS, &[90], All), [42, 43]);
        assert_eq!(holders_in(LOCKS, &[12], All), [0; 0]);
        assert_eq!(holders_in("nonsense", &[12], All), [0; 0]);
    }

    #[test]
    fn a_command_is_told_without_what_it_was_given() {
        let told = |line: &str| command_in(line).expect("a program");
        assert_eq!(told("/usr/bin/tok\0serve\0--bind\0[::]:1\0"), "tok serve");
        assert_eq!(told("tok\0room\0delete\0standup\0"), "tok room delete");
        assert_eq!(told("tok\0status\0x\0"), "tok status");
        assert_eq!(told("tok\0--config\0a\0work\0"), "tok");
        assert_eq!(told("/usr/bin/sqlite3\0tok.db\0secret\0"), "sqlite3");
        assert_eq!(command_in(""), None);
    }
}
