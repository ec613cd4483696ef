//! What writes log lines: of what is wrong with the origin behind each setting that is named.

use std::io::{self, Write};
use std::sync::Arc;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

use super::origins::SettingOrigins;

/// Makes writers of lines.
pub(super) struct LogWriter<M> {
    pub(super) inner: M,
    pub(super) origins: Arc<SettingOrigins>,
    /// Whether lines are JSON.
    pub(super) is_json: bool,
}

/// Writes one line.
pub(super) struct LineWriter<W> {
    inner: W,
    /// How origins are told, in a line of what is wrong.
    origins: Option<(Arc<SettingOrigins>, bool)>,
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for LogWriter<M> {
    type Writer = LineWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        LineWriter {
            inner: self.inner.make_writer(),
            origins: None,
        }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        let is_wrong = *metadata.level() <= Level::WARN;
        LineWriter {
            inner: self.inner.make_writer_for(metadata),
            origins: is_wrong.then(|| (self.origins.clone(), self.is_json)),
        }
    }
}

impl<W: Write> Write for LineWriter<W> {
    /// A line comes as a whole.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let told = self.origins.as_ref().and_then(|(origins, is_json)| {
            let text = std::str::from_utf8(line).ok()?;
            Some(if *is_json {
                origins.tell_in_json(text)
            } else {
                origins.tell(text)
            })
        });
        match told {
            Some(told) => self.inner.write_all(told.as_bytes())?,
            None => self.inner.write_all(line)?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
