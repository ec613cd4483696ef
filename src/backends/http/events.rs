//! Server-sent events: cutting a stream into them.
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>

/// One event: its name and its data, lines joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSentEvent {
    /// Its name; empty if it has none.
    pub name: String,
    /// Its data, lines joined.
    pub data: String,
    /// Its id, if it brings one: `Last-Event-ID` of whoever goes on after it.
    pub id: Option<String>,
}

/// Cuts bytes into events, however they arrive.
#[derive(Debug)]
pub(in crate::backends) struct EventParser {
    /// The longest event that is taken, in bytes.
    longest: usize,
    /// What came after the last end of a line.
    rest: Vec<u8>,
    /// How much of it was searched for an end of line already.
    searched: usize,
    name: String,
    data: Option<String>,
    id: Option<String>,
    /// The bytes of the event so far.
    size: usize,
}

/// An event is too long, or no text.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::backends) struct Garbage;

impl EventParser {
    /// A parser of a stream whose events have at most so many bytes.
    pub(in crate::backends) fn new(longest: usize) -> Self {
        Self {
            longest,
            rest: Vec::new(),
            searched: 0,
            name: String::new(),
            data: None,
            id: None,
            size: 0,
        }
    }

    /// Takes bytes in; returns the events that they complete.
    pub(in crate::backends) fn feed(
        &mut self,
        bytes: &[u8],
    ) -> Result<Vec<ServerSentEvent>, Garbage> {
        self.rest.extend_from_slice(bytes);
        if self.rest.len() + self.size > self.longest {
            return Err(Garbage);
        }
        let mut events = Vec::new();
        let mut start = 0;
        let mut from = self.searched;
        while let Some(found) = self.rest[from..].iter().position(|byte| *byte == b'\n') {
            let end = from + found;
            let line = &self.rest[start..end];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let line = std::str::from_utf8(line).map_err(|_| Garbage)?.to_owned();
            events.extend(self.line(&line));
            start = end + 1;
            from = start;
        }
        self.rest.drain(..start);
        self.searched = self.rest.len();
        Ok(events)
    }

    fn line(&mut self, line: &str) -> Option<ServerSentEvent> {
        if line.is_empty() {
            self.size = 0;
            let name = std::mem::take(&mut self.name);
            let (data, id) = (self.data.take(), self.id.take());
            // Without data nothing is told.
            return data.map(|data| ServerSentEvent { name, data, id });
        }
        self.size += line.len();
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            // What no header can send back is no id.
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            // Comments, and when to try again, which everybody decides for themselves.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LONGEST: usize = 1024;
    const TEXT: &str = "event: put\ndata: {\"path\":\"/\",\"data\":null}\n\n: hello\nevent: keep-alive\r\ndata: null\r\n\r\ndata: a\ndata: b\n\nevent: lost\n\nid: 7.0\ndata:ü\n\n";

    fn expected() -> Vec<ServerSentEvent> {
        [
            ("put", "{\"path\":\"/\",\"data\":null}", None),
            ("keep-alive", "null", None),
            ("", "a\nb", None),
            ("", "ü", Some("7.0")),
        ]
        .map(|(name, data, id)| ServerSentEvent {
            name: name.to_owned(),
            data: data.to_owned(),
            id: id.map(str::to_owned),
        })
        .to_vec()
    }

    #[test]
    fn events_are_read() {
        assert_eq!(
            EventParser::new(LONGEST).feed(TEXT.as_bytes()),
            Ok(expected())
        );
    }

    #[test]
    fn what_is_no_text_is_garbage() {
        assert_eq!(
            EventParser::new(LONGEST).feed(b"data: \xff\n\n"),
            Err(Garbage)
        );
    }

    #[test]
    fn what_is_too_long_is_garbage() {
        let line = format!("data: {}\n", "x".repeat(LONGEST / 2));
        let mut parser = EventParser::new(LONGEST);
        assert_eq!(parser.feed(line.as_bytes()), Ok(Vec::new()));
        assert_eq!(parser.feed(line.as_bytes()), Err(Garbage));
    }

    proptest! {
        /// Wherever the network cuts.
        #[test]
        fn pieces_make_the_same_events(cuts in prop::collection::vec(0..TEXT.len(), 0..20)) {
            let mut cuts = cuts;
            cuts.push(0);
            cuts.push(TEXT.len());
            cuts.sort_unstable();
            let mut parser = EventParser::new(LONGEST);
            let mut events = Vec::new();
            for pair in cuts.windows(2) {
                events.extend(parser.feed(&TEXT.as_bytes()[pair[0]..pair[1]]).expect("text"));
            }
            prop_assert_eq!(events, expected());
        }
    }
}
