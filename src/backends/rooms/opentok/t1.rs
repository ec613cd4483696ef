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
