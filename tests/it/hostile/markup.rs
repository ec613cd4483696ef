//! What people write, with markup in it: no page of ours takes it for its own.

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::Watched;
use crate::log_lines::Polling;
use crate::support::{Binary, borrowed, hundred_ms, opentok};

/// Texts that a page would take for its own, if it did not look.
const TEXTS: [&str; 22] = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onfocus='alert(1)' autofocus='",
    "\" onfocus=\"alert(1)\" autofocus=\"",
    "<svg/onload=alert(1)>",
    "</style></script></body></html><!--",
    "<!--",
    "-->",
    "]]>",
    "{{room}}",
    "{{title}} {{problem}} {{embedders}} {{script}} {{style}}",
    "{{{room}}}",
    "{{{{room}}",
    "{{ro{{title}}om}}",
    "${alert(1)} #{1} <%= 1 %> {% raw %}",
    "&lt;script&gt; &amp; &#60;script&#62; &quot;",
    "\\u003cscript\\u003e \\x3cscript\\x3e",
    "javascript:alert(1)//\u{2028}alert(2)\u{2029}",
    "＜script＞ ‹script› ʺ\u{feff}",
    "a`b\\c$&$`$'$1",
    "<ſcript> \u{0130}mg",
];

/// The value of an attribute of the page's body, as a browser reads it.
fn attribute(page: &str, name: &str) -> String {
    let (_, value) = page
        .split_once(&format!(" {name}=\""))
        .expect("an attribute");
    let (value, _) = value.split_once('"').expect("an end");
    unescaped(value)
}

fn unescaped(text: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#123;", "{"),
        ("&amp;", "&"),
    ];
    entities
        .iter()
        .fold(text.to_owned(), |text, (entity, plain)| {
            text.replace(entity, plain)
        })
}

/// What makes the shape of a page, but for what stands in its texts.
fn shape(page: &str) -> [usize; 4] {
    ["<", ">", "\"", "{{"].map(|mark| page.matches(mark).count())
}

async fn page(url: &str) -> String {
    let answer = reqwest::get(url).await.expect("an answer");
    let told = answer.headers()[CONTENT_TYPE].to_str().expect("text");
    assert_eq!(told, "text/html; charset=utf-8");
    // The address of a room opens it.
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .expect("text");
    assert!(
        policy.contains("script-src 'sha256-") && !policy.contains("unsafe"),
        "{policy}"
    );
    answer.text().await.expect("text")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_is_a_text_wherever_the_page_has_it() {
    let watched = Watched::start(&[]).await;
    let client = Client::new();
    let plain = {
        let named = json!({ "name": "plain", "properties": { "title": "A plain title" } });
        let made = client
            .post(watched.url("/v1/rooms"))
            .json(&named)
            .send()
            .await;
        assert_eq!(made.expect("an answer").status(), 201);
        page(&watched.url("/r/plain")).await
    };
    assert!(plain.contains("<title>A plain title</title>"));
    for (number, text) in TEXTS.iter().enumerate() {
        let name = format!("room-{number}");
        let named = json!({ "name": name, "properties": { "title": text } });
        let made = client
            .post(watched.url("/v1/rooms"))
            .json(&named)
            .send()
            .await;
        let made: Value = made.expect("an answer").json().await.expect("JSON");
        assert_eq!(made["properties"]["title"], *text, "{made}");
        let page = page(&watched.url(&format!("/r/{name}"))).await;
        assert_eq!(shape(&page), shape(&plain), "{text}");
        assert_eq!(attribute(&page, "data-title"), *text);
        assert_eq!(attribute(&page, "data-room"), name);
        let (_, title) = page.split_once("<title>").expect("a title");
        let (title, _) = title.split_once("</title>").expect("an end");
        assert_eq!(unescaped(title), *text);
    }
    watched.stays_well().await;
}

/// The page of a link repeats what the link says.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_link_says_is_a_text() {
    let watched = Watched::start(&[]).await;
    let plain = page(&watched.url("/r/nowhere")).await;
    for text in TEXTS {
        let mut url = url::Url::parse(&watched.url("/r")).expect("a URL");
        url.path_segments_mut().expect("a path").push(text);
        url.query_pairs_mut().append_pair("from", text);
        let page = page(url.as_str()).await;
        assert_eq!(shape(&page), shape(&plain), "{text}");
        assert_eq!(attribute(&page, "data-room"), text);
        assert_eq!(attribute(&page, "data-title"), "Call");
    }
    watched.stays_well().await;
}

/// Names and messages go into no page of ours; whoever reads them by the API is told that they are no page.
#[tokio::test(flavor = "multi_thread")]
async fn names_and_messages_come_back_as_they_were_and_as_no_page() {
    let watched = Watched::start(&[("TOK_SIGNALLING__MESSAGE_RATE", "off")]).await;
    let client = Client::new();
    let hall = json!({ "name": "hall" });
    let made = client
        .post(watched.url("/v1/rooms"))
        .json(&hall)
        .send()
        .await;
    assert_eq!(made.expect("an answer").status(), 201);
    let before = page(&watched.url("/r/hall")).await;
    let socket = Polling::open(&watched.served, "ada").await;
    let told = socket.ask(json!(["join-room", "hall", "Ada"])).await;
    assert_eq!(told["success"], true, "{told}");
    for text in TEXTS {
        for event in [
            json!(["update-name", text]),
            json!(["send-message", "everyone", text]),
        ] {
            let told = socket.ask(event).await;
            assert_eq!(told["success"], true, "{text}: {told}");
        }
    }
    for (path, field) in [
        ("/v1/rooms/hall/messages?limit=100", "content"),
        ("/v1/rooms/hall/participants", "user_name"),
    ] {
        let answer = reqwest::get(watched.url(path)).await.expect("an answer");
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        assert_eq!(header("content-type"), "application/json", "{path}");
        let list: Value = answer.json().await.expect("JSON");
        let items = list["items"].as_array().expect("a list").iter();
        let told: Vec<&str> = items.filter_map(|item| item[field].as_str()).collect();
        if field == "content" {
            for text in TEXTS {
                assert!(told.contains(&text), "{text}: {told:?}");
            }
        }
        assert!(!told.is_empty(), "{path}: {list}");
    }
    assert_eq!(page(&watched.url("/r/hall")).await, before);
    watched.stays_well().await;
}

/// The operations that may answer with a page, and whatever else is asked with markup in the path.
#[tokio::test(flavor = "multi_thread")]
async fn no_other_page_repeats_what_was_asked() {
    let fakes = tokio::join!(hundred_ms::start(), opentok::start());
    let mut variables = hundred_ms::variables(&fakes.0);
    variables.extend(opentok::variables(&fakes.1));
    let watched = Watched::start(&borrowed(&variables)).await;
    let described = reqwest::get(watched.url("/openapi.json")).await;
    let described: Value = described.expect("an answer").json().await.expect("JSON");
    let mut paths: Vec<String> = described["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .filter(|(_, methods)| methods["get"].is_object())
        .map(|(path, _)| path.clone())
        // These do not end.
        .filter(|path| !path.contains("events") && !path.contains(":watch"))
        .collect();
    paths.extend(["/{x}", "/docs/{x}", "/v1/{x}", "/hms/{x}"].map(str::to_owned));
    let mut pages = 0;
    for path in &paths {
        for text in [
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
        ] {
            let word: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            let word = word.replace('+', "%20");
            let mut filled = path.clone();
            while let (Some(from), Some(to)) = (filled.find('{'), filled.find('}')) {
                filled.replace_range(from..=to, &word);
            }
            let asked = format!("{filled}?room_id={word}&q={word}&cursor={word}");
            let request = Client::new()
                .get(watched.url(&asked))
                .header("accept", "text/html");
            let answer = request.send().await.expect("an answer");
            let kind = answer.headers().get(CONTENT_TYPE);
            let kind = kind
                .map_or("", |kind| kind.to_str().expect("text"))
                .to_owned();
            let body = answer.text().await.expect("text");
            if kind.contains("html") || kind.is_empty() {
                pages += 1;
                assert!(!body.contains(text), "{path} {kind}: {body}");
                assert!(!body.contains("onerror"), "{path} {kind}: {body}");
            }
        }
    }
    assert!(pages >= 4, "there are pages: {pages}");
    watched.stays_well().await;
}

/// What people wrote is shown in rows and told in errors, whatever is in it; JSON and CSV are data.
#[test]
fn no_text_changes_what_a_terminal_shows() {
    let binary = Binary::new();
    let texts = [
        "\u{1b}[31mred",
        "two\nlines",
        "\u{202e}back",
        "bell\u{7}",
        "\u{2066}in\u{2069}",
        "\u{2028}line",
    ];
    for (number, text) in texts.iter().enumerate() {
        let (name, title) = (format!("room-{number}"), format!("title={text}"));
        binary
            .run(&["room", "create", &name, "--property", &title])
            .ok();
        binary
            .run(&["user", "create", "--id", &name, "--name", text])
            .ok();
    }
    let turns = |c: char| matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    for words in [
        &["room", "list"][..],
        &["room", "show", "room-0"],
        &["room", "show", "room-2"],
        &["user", "list"],
        &["room", "show", "\u{202e}moor"],
        &["room", "create", "\u{1b}[31m"],
    ] {
        let run = binary.run(words);
        let odd = |c: char| c != '\n' && (c.is_control() || turns(c));
        let odd = run
            .stdout
            .chars()
            .chain(run.stderr.chars())
            .find(|c| odd(*c));
        assert_eq!(odd, None, "{words:?}: {run:#?}");
    }
    let json = binary.run(&["room", "list", "--json"]).ok().stdout;
    assert!(
        !json.contains('\u{1b}') && json.contains("\\u001b[31mred"),
        "{json}"
    );
}
