//! What a value stands for: a home directory, the address of a host.

use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};

use toml::Value;

use super::environment::Environment;
use super::schema::{Key, Type};

/// The value with what it stands for in its place; what is wrong with it is one sentence.
pub(super) fn resolve(environment: &Environment, key: &Key, value: Value) -> Result<Value, String> {
    match (key.kind, value) {
        (Type::Path, Value::String(path)) => {
            let path = environment.at_home(&path)?;
            Ok(Value::from(path.to_string_lossy().into_owned()))
        }
        (Type::Address, Value::String(text)) => address(&text).map(Value::from),
        (_, value) => Ok(value),
    }
}

/// The address that is written so, or that the host of this name has.
fn address(text: &str) -> Result<String, String> {
    if text.parse::<SocketAddr>().is_ok() {
        return Ok(text.to_owned());
    }
    let port = text.strip_prefix("localhost:").map(str::parse);
    if let Some(Ok(port)) = port {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)).to_string());
    }
    let found: Vec<_> = text
        .to_socket_addrs()
        .map_err(|error| format!("`{text}` has no address: {error}"))?
        .collect();
    let usual = found.iter().find(|address| address.is_ipv4());
    let first = usual.or(found.first());
    first.map_or_else(
        || Err(format!("`{text}` has no address")),
        |first| Ok(first.to_string()),
    )
}
