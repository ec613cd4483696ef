//! The configuration keys of the vendors of rooms and calls.

use super::schema::Type::{self, OneOf, Secret, Text};
use super::schema::{Key, key};

/// Their keys, in the order they are shown.
pub(super) const VENDORS: &[Key] = &[
    key("daily.api_key", Secret, "", "API key of the Daily domain").also("DAILY_API_KEY"),
    key(
        "daily.base_url",
        Type::Url,
        "'https://api.daily.co/v1'",
        "Daily's REST API",
    ),
    key(
        "daily.timeout",
        Type::Span,
        "'8s'",
        "longest time for one call",
    ),
    key(
        "daily.rate",
        Type::Rate,
        "'100/5s'",
        "Daily's limit for most calls",
    ),
    key(
        "daily.slow_rate",
        Type::Rate,
        "'50/30s'",
        "Daily's limit for deleting a room",
    ),
    key(
        "daily.tokens",
        OneOf(&["self_signed", "rest"]),
        "'self_signed'",
        "sign join tokens here, or ask Daily for each",
    ),
    key(
        "daily.webhook_secret",
        Secret,
        "",
        "the base64 secret that Daily signs its web callbacks with",
    ),
    key("hundred_ms.access_key", Text, "", "app access key of 100ms").also("APP_ACCESS_KEY"),
    key("hundred_ms.secret", Secret, "", "app secret of 100ms").also("APP_SECRET"),
    key(
        "hundred_ms.base_url",
        Type::Url,
        "'https://api.100ms.live/v2'",
        "100ms' REST API",
    ),
    key(
        "hundred_ms.timeout",
        Type::Span,
        "'8s'",
        "longest time for one call",
    ),
    key(
        "hundred_ms.webhook_secret",
        Secret,
        "",
        "what 100ms sends as X-Tok-Secret with its web callbacks",
    ),
    key(
        "opentok.api_key",
        Text,
        "",
        "API key of the OpenTok project",
    )
    .also("TOKBOX_API_KEY"),
    key(
        "opentok.secret",
        Secret,
        "",
        "secret of the OpenTok project",
    )
    .also("TOKBOX_SECRET"),
    key(
        "opentok.application_id",
        Text,
        "",
        "application of the unified Vonage account",
    ),
    key(
        "opentok.private_key",
        Secret,
        "",
        "private key of that application, usually as private_key_file",
    ),
    key(
        "opentok.base_url",
        Type::Url,
        "",
        "the video REST API; default https://api.opentok.com, of Vonage https://video.api.vonage.com",
    ),
    key(
        "opentok.timeout",
        Type::Span,
        "'8s'",
        "longest time for one call",
    ),
    key(
        "opentok.webhook_secret",
        Secret,
        "",
        "signature secret of Vonage, or for OpenTok what its callback URL carries as ?secret=",
    ),
    key("bandwidth.account_id", Text, "", "Bandwidth account").also("BW_ACCOUNT_ID"),
    key("bandwidth.username", Text, "", "API user").also("BW_USERNAME"),
    key("bandwidth.password", Secret, "", "API password").also("BW_PASSWORD"),
    key(
        "bandwidth.base_url",
        Type::Url,
        "'https://api.webrtc.bandwidth.com/v1'",
        "Bandwidth's WebRTC API",
    ),
    key(
        "bandwidth.timeout",
        Type::Span,
        "'8s'",
        "longest time for one call",
    ),
    key(
        "bandwidth.webhook_secret",
        Secret,
        "",
        "what the callback URL of participants carries as ?secret=; without it there are no callbacks",
    ),
    key(
        "bandwidth.answer_url",
        Type::Url,
        "'https://my.app.com/incomingCall'",
        "the deep link in a ring of the Bandwidth surface; the callee's token is added as ?tok=",
    ),
    key("pinpoint.app_id", Text, "", "Pinpoint application").also("PINPOINT_APP_ID"),
    key("pinpoint.region", Text, "", "AWS region").also("AWS_REGION"),
    key(
        "pinpoint.base_url",
        Type::Url,
        "",
        "Pinpoint's API; default the one of the region",
    ),
    key(
        "pinpoint.timeout",
        Type::Span,
        "'8s'",
        "longest time for one call",
    ),
    key("pinpoint.access_key_id", Text, "", "AWS access key").also("AWS_ACCESS_KEY_ID"),
    key(
        "pinpoint.secret_access_key",
        Secret,
        "",
        "secret of that key",
    )
    .also("AWS_SECRET_ACCESS_KEY"),
    key(
        "pinpoint.session_token",
        Secret,
        "",
        "token of a temporary AWS credential",
    )
    .also("AWS_SESSION_TOKEN"),
];
