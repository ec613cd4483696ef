//! The pages for people: what runs here, the API's documentation; a room's is in
//! [`page`](super::page).

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{InfoBuilder, License, OpenApi, PathItem, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::App;
use crate::model::stream_end::StreamEnd;

/// Nothing from elsewhere, nothing that runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// The documentation runs its own scripts, which ask this server.
const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// The documentation page, its description, and the pages of this server.
pub(super) fn routes(openapi: OpenApi) -> Router<App> {
    let ui = SwaggerUi::new("/docs")
        .url("/openapi.json", describe(openapi))
        .config(Config::default().validator_url("none"));
    Router::new()
        .route("/", get(async || home()))
        .route("/r/{name}", get(super::page::room))
        .route("/r/{name}/", get(super::page::with_slash))
        .route("/sw.js", get(super::page::worker))
        .route("/embed.js", get(super::page::element))
        .merge(Router::from(ui).layer(map_response(async |response| guarded(response, DOCS))))
}

/// Most answers tell of people, and many carry tokens: what says nothing else is stored by nobody.
pub(super) fn keep_out_of_caches(mut response: Response) -> Response {
    let value = HeaderValue::from_static("no-store");
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(value);
    response
}

/// Adds what no handler can say by itself.
pub(super) fn describe(mut openapi: OpenApi) -> OpenApi {
    openapi.info = InfoBuilder::new()
        .title("tok")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Rooms and join tokens of a video-calling app. Errors of the native API are \
             application/problem+json with a stable `code`.",
        ))
        .license(Some(License::new("MIT OR Apache-2.0")))
        .build();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "An API key from `tok key create`, or the token of somebody who signed in; needed unless \
             auth.mode is none.",
        ))
        .build();
    let components = openapi.components.get_or_insert_default();
    components.add_security_scheme("key", SecurityScheme::Http(bearer));
    // What the last event of a stream brings stands in no answer by itself.
    let end = (StreamEnd::name().into_owned(), StreamEnd::schema());
    let mut ends = vec![end];
    StreamEnd::schemas(&mut ends);
    components.schemas.extend(ends);
    components.schemas.values_mut().for_each(loosen);
    for (path, item) in &mut openapi.paths.paths {
        tell_operations_apart(path, item);
    }
    openapi
}

/// What is one of several documents may be like more than one of them: an empty page is.
fn loosen(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::OneOf(one)) = schema else {
        return;
    };
    if one.items.iter().all(|item| matches!(item, RefOr::Ref(_))) {
        let any = AnyOfBuilder::new().description(one.description.take());
        let any = one.items.drain(..).fold(any, AnyOfBuilder::item);
        *schema = RefOr::T(Schema::AnyOf(any.build()));
    }
}

/// Handlers of different nouns have the same names; the id of an operation stands for it alone, as generators
/// of clients need it: `rooms_tokens_create`.
fn tell_operations_apart(path: &str, item: &mut PathItem) {
    let words = path.split(['/', ':']).filter(|word| !word.is_empty());
    let nouns = words.filter(|word| *word != "v1" && !word.starts_with('{'));
    let nouns: Vec<String> = nouns.map(|noun| noun.replace('-', "_")).collect();
    let operations = [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.patch,
        &mut item.delete,
    ];
    for operation in operations.into_iter().flatten() {
        let Some(verb) = operation.operation_id.take() else {
            continue;
        };
        let mut id = nouns.clone();
        if id.last() != Some(&verb) {
            id.push(verb);
        }
        operation.operation_id = Some(id.join("_"));
    }
}

const HOME: &str = "<h1>tok</h1><p>The backend of a video-calling app runs here.</p>\
    <p><a href=\"/docs\">API documentation</a></p><p>Clients of the OpenTok learning server find its \
    routes here as well: GET /session, GET /room/:name, POST /archive/start, \
    POST /archive/:archiveId/stop, GET /archive/:archiveId/view, GET /archive/:archiveId, \
    GET /archive.</p>";

/// The page at the root.
pub(super) fn home() -> Response {
    page("tok", "", HOME)
}

/// A page for people; `head` is what it needs there beside its title.
pub(super) fn page(title: &str, head: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>{head}\
         <style>body{{font:1.1rem system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem}}</style>\
         <main>{body}</main></html>\n"
    );
    guarded(Html(html).into_response(), POLICY)
}

/// A page that is shown as it is, within its policy, and in no page of others.
fn guarded(mut response: Response, policy: &'static str) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}
