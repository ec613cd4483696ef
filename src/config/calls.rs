//! `[calls]`: calls from person to person.

use url::Url;

use super::section::section;
use crate::model::Span;
use crate::model::settings::CallSettings;

section! {
    [calls]
    /// Calls from person to person.
    pub struct CallsSection {
        /// how long a phone rings before the call is missed
        ring_for: Span = "'45s'",
        /// how long a call may last before it is ended
        longest: Span = "'9h'",
        /// how long calls that are over, and web callbacks, are kept
        keep: Span = "'30d'",
    }
}

impl CallsSection {
    /// What operations go by; `answer_url` is what Bandwidth's section says.
    pub fn settings(&self, answer_url: Url) -> CallSettings {
        CallSettings {
            ring_for: self.ring_for,
            longest: self.longest,
            keep: self.keep,
            answer_url,
        }
    }
}
