//! Numbers with the words that agree with them.

/// `1 room matches`, `2 rooms match`.
pub fn agreed(count: u64, one: &str, many: &str) -> String {
    let words = if count == 1 { one } else { many };
    format!("{count} {words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_agree_with_their_number() {
        let told = |count| agreed(count, "room matches", "rooms match");
        assert_eq!(told(0), "0 rooms match");
        assert_eq!(told(1), "1 room matches");
        assert_eq!(told(2), "2 rooms match");
    }
}
