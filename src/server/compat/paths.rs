//! Paths as the originals' framework takes them: in any case, and with a slash at their end or without.

use std::sync::LazyLock;

use axum::http::Uri;
use axum::http::uri::PathAndQuery;

/// The part of a route between two slashes; `None` is whatever a caller names.
type RoutePart = Option<String>;

/// Every route of every surface.
static ROUTES: LazyLock<Vec<Vec<RoutePart>>> = LazyLock::new(|| {
    let (_, described) = super::routes().split_for_parts();
    let described = described.paths.paths.into_keys();
    let undescribed = super::UNDESCRIBED.map(str::to_owned);
    let all = described.chain(undescribed);
    let mut routes: Vec<Vec<RoutePart>> = all.map(|path| parts(&path)).collect();
    // Where several fit, the one that says the most counts.
    routes.sort_by_key(|route| route.iter().filter(|part| part.is_none()).count());
    routes
});

fn parts(route: &str) -> Vec<RoutePart> {
    let parts = route.trim_end_matches('/').split('/').skip(1);
    parts
        .map(|part| (!part.starts_with('{')).then(|| part.to_owned()))
        .collect()
}

/// Writes the address of a request to a surface as its route is written here. Others stay as they are.
pub(in crate::server) fn spell(uri: &mut Uri) {
    let path = uri.path();
    let odd = path.ends_with('/') || path.bytes().any(|byte| byte.is_ascii_uppercase());
    if !odd || path == "/" {
        return;
    }
    let Some(spelt) = spelling(path).filter(|spelt| spelt != path) else {
        return;
    };
    let whole = match uri.query() {
        Some(query) => format!("{spelt}?{query}"),
        None => spelt,
    };
    let Ok(whole) = PathAndQuery::try_from(whole) else {
        return;
    };
    let mut parts = std::mem::take(uri).into_parts();
    parts.path_and_query = Some(whole);
    *uri = Uri::from_parts(parts).unwrap_or_default();
}

/// The path as the route that it means has it, if it means one.
fn spelling(path: &str) -> Option<String> {
    let asked: Vec<&str> = path
        .strip_suffix('/')
        .unwrap_or(path)
        .split('/')
        .skip(1)
        .collect();
    let fits = |route: &&Vec<RoutePart>| {
        route.len() == asked.len()
            && route.iter().zip(&asked).all(|(part, asked)| match part {
                Some(part) => part.eq_ignore_ascii_case(asked),
                None => !asked.is_empty(),
            })
    };
    let route = ROUTES.iter().find(fits)?;
    let spelt = route.iter().zip(&asked).map(|(part, asked)| match part {
        Some(part) => part.as_str(),
        None => asked,
    });
    Some(spelt.fold(String::new(), |path, part| path + "/" + part))
}

/// Whether a path is `root` or below it, in any case.
pub(super) fn is_at(path: &str, root: &str) -> bool {
    let Some(head) = path.get(..root.len()) else {
        return false;
    };
    let rest = &path[root.len()..];
    head.eq_ignore_ascii_case(root) && (rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelt(text: &str) -> String {
        let mut uri: Uri = text.parse().expect("an address");
        spell(&mut uri);
        uri.to_string()
    }

    #[test]
    fn what_a_surface_owns_is_spelt_as_its_route_and_what_callers_name_stays() {
        for (asked, meant) in [
            ("/Room/Alpha/", "/room/Alpha"),
            ("/ROOM/%41b?X=Y", "/room/%41b?X=Y"),
            ("/archive/", "/archive"),
            ("/Archive/START", "/archive/start"),
            ("/ARCHIVE/aB/View/", "/archive/aB/view"),
            ("/Delete-Room/X1/", "/delete-room/X1"),
            ("/API/", "/api"),
            ("/Api/AB/Send", "/api/AB/send"),
            ("/Compat/100ms/Auth-Token/", "/compat/100ms/auth-token"),
            (
                "/session-Analytics-by-Room/?room_id=A",
                "/session-analytics-by-room?room_id=A",
            ),
        ] {
            assert_eq!(spelt(asked), meant, "{asked}");
        }
    }

    #[test]
    fn what_is_nobodys_stays_as_it_is() {
        for path in [
            "/",
            "/v1/rooms/A",
            "/V1/rooms",
            "/room/alpha//",
            "/room//",
            "/r/Alpha/",
            "/socket.io/",
        ] {
            assert_eq!(spelt(path), path);
        }
    }

    #[test]
    fn what_is_below_a_root_is_told_by_whole_parts() {
        for (path, root, is) in [
            ("/api", "/api", true),
            ("/API/x", "/api", true),
            ("/apis", "/api", false),
            ("/ap", "/api", false),
            ("/ä", "/ab", false),
        ] {
            assert_eq!(is_at(path, root), is, "{path}");
        }
    }
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::hostile;

    fn read(bytes: &[u8]) {
        let Ok(mut uri) = Uri::try_from(bytes) else {
            return;
        };
        let asked = uri.clone();
        spell(&mut uri);
        assert_eq!(uri.query(), asked.query());
        let (spelt, told) = (uri.path(), asked.path());
        let told = told.strip_suffix('/').unwrap_or(told);
        // Letters change their case, and a slash is left out: nothing else, so that no path leads elsewhere.
        let same = spelt.eq_ignore_ascii_case(told) || spelt == asked.path();
        assert!(same, "{asked} became {uri}");
        let once = uri.clone();
        spell(&mut uri);
        assert_eq!(uri, once);
    }

    /// However a path is written, it is spelt as one route or left alone.
    #[test]
    fn surface_path_is_spelt_or_left() {
        hostile!("surface_path", read);
    }
}
