//! Who has a file.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Another process that holds a lock on a database, where the system tells.
pub(super) fn holder(path: &Path) -> Option<u32> {
    let mut beside = path.as_os_str().to_owned();
    beside.push("-shm");
    let files = [path.to_path_buf(), PathBuf::from(beside)];
    let inodes: Vec<u64> = files
        .iter()
        .filter_map(|file| Some(std::fs::metadata(file).ok()?.ino()))
        .collect();
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    holder_in(&locks, &inodes, std::process::id())
}

/// The process with a lock for writing on one of these files, by the system's list of locks.
fn holder_in(locks: &str, inodes: &[u64], own: u32) -> Option<u32> {
    locks.lines().find_map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        let at = words.iter().position(|word| *word == "WRITE")?;
        let pid = words.get(at + 1)?.parse().ok()?;
        let inode = words.get(at + 2)?.rsplit(':').next()?.parse().ok()?;
        (pid != own && inodes.contains(&inode)).then_some(pid)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKS: &str = "\
1: POSIX  ADVISORY  READ 311 fd:00:77 124 124
2: POSIX  ADVISORY  WRITE 4711 fd:00:77 120 120
3: FLOCK  ADVISORY  WRITE 42 fd:00:90 0 EOF
";

    #[test]
    fn who_holds_a_file_is_found_in_the_list_of_locks() {
        assert_eq!(holder_in(LOCKS, &[12, 77], 1), Some(4711));
        assert_eq!(holder_in(LOCKS, &[77], 4711), None, "oneself");
        assert_eq!(holder_in(LOCKS, &[12], 1), None);
        assert_eq!(holder_in("nonsense", &[12], 1), None);
    }
}
