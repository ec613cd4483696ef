//! Tokens of the legacy format `T1`: `T1==` and the base64 of
//! `partner_id=KEY&sig=HMAC-SHA1:DATA`, DATA being a query string.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

const PREFIX: &str = "T1==";

/// Signs the fields, in their order.
pub(super) fn sign(key: &str, secret: &[u8], fields: &[(&str, &str)]) -> String {
    let mut data = String::with_capacity(400);
    for (name, value) in fields {
        if !data.is_empty() {
            data.push('&');
        }
        data.push_str(name);
        data.push('=');
        for part in url::form_urlencoded::byte_serialize(value.as_bytes()) {
            // The vendor's own libraries write a space as %20.
            data.push_str(if part == "+" { "%20" } else { part });
        }
    }
    let sig = hex::encode(signature(secret, &data));
    let text = format!("partner_id={key}&sig={sig}:{data}");
    format!("{PREFIX}{}", BASE64.encode(text))
}

/// The fields of a token, if it was signed with this key and secret; otherwise only the fields.
pub(super) fn read(token: &str, key: &str, secret: &[u8]) -> Option<(Vec<(String, String)>, bool)> {
    let bytes = BASE64.decode(token.strip_prefix(PREFIX)?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (head, data) = text.split_once(':')?;
    let fields = url::form_urlencoded::parse(data.as_bytes()).into_owned();
    let wanted = format!(
        "partner_id={key}&sig={}",
        hex::encode(signature(secret, data))
    );
    let genuine = subtle::ConstantTimeEq::ct_eq(head.as_bytes(), wanted.as_bytes()).into();
    Some((fields.collect(), genuine))
}

fn signature(secret: &[u8], data: &str) -> hmac::Tag {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    hmac::sign(&key, data.as_bytes())
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::hostile;

    const KEY: &str = "123456";
    const SECRET: &[u8] = b"a secret of the project";

    fn inspect(bytes: &[u8]) {
        let Ok(token) = std::str::from_utf8(bytes) else {
            return;
        };
        let token = token.trim_end();
        let Some((fields, _)) = read(token, KEY, SECRET) else {
            return;
        };
        let kept: usize = fields
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        assert!(kept <= token.len(), "more is kept than came");
        // Names are ours when a token is signed, and plain.
        let plain = |name: &str| {
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        if !fields.is_empty()
            && fields
                .iter()
                .all(|(name, _)| !name.is_empty() && plain(name))
        {
            let of: Vec<_> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let signed = sign(KEY, SECRET, &of);
            assert_eq!(read(&signed, KEY, SECRET), Some((fields.clone(), true)));
        }
        let strange = read(token, KEY, b"another secret").expect("reads");
        assert_eq!(strange, (fields, false), "signed with any secret");
    }

    /// A token that was signed is read as it was signed; what was not is not believed.
    #[test]
    fn t1_tokens_are_read_or_refused() {
        hostile!("t1", inspect);
    }

    /// Whatever is done to a good one, nobody believes it.
    #[tokio::test]
    async fn of_many_changed_t1_tokens_none_is_accepted() {
        let signed = |role: &str, until: &str| {
            let fields = [
                ("session_id", "1_MX4xMjM0NTZ-fn4"),
                ("create_time", "1800000000"),
                ("expire_time", until),
                ("role", role),
                ("nonce", "0.5"),
                ("connection_data", "user_id=ada & more"),
            ];
            sign(KEY, SECRET, &fields)
        };
        let tokens = [
            signed("publisher", "1800003600"),
            signed("moderator", "1800000060"),
            signed("subscriber", "1800000060"),
        ];
        let genuine = |token: &str| read(token, KEY, SECRET).is_some_and(|(_, genuine)| genuine);
        assert!(tokens.iter().all(|token| genuine(token)));
        let tried = crate::hostile::tokens::each_changed(&tokens, async |token| {
            assert!(!genuine(token), "{token}");
        })
        .await;
        assert!(tried > 1_000, "{tried}");
    }
}
