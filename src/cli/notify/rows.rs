//! Notifications in tables.

use crate::cli::output::Row;
use crate::cli::table::{maybe_time, time};
use crate::commands::notify::inbox::InboxItem;
use crate::model::notification::NotificationStatus;

impl Row for NotificationStatus {
    const COLUMNS: &'static [&'static str] =
        &["id", "state", "reason", "to", "attempts", "queued", "next"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            match (self.via.as_deref(), self.taken) {
                (Some(via), Some(true)) => format!("{} by {via}, taken", self.state.as_str()),
                (Some(via), Some(false)) => format!("{} by {via}, not taken", self.state.as_str()),
                (Some(via), None) => format!("{} by {via}", self.state.as_str()),
                (None, _) => self.state.as_str().to_owned(),
            },
            self.reason.clone().unwrap_or_default(),
            self.to.clone().unwrap_or_default(),
            self.attempts.to_string(),
            time(self.queued_at),
            maybe_time(self.next_at),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}

impl Row for InboxItem {
    const COLUMNS: &'static [&'static str] = &["id", "title", "body", "at"];

    fn cells(&self) -> Vec<String> {
        let text = |name: &str| self.data.get(name).cloned().unwrap_or_default();
        vec![self.id.clone(), text("title"), text("body"), time(self.at)]
    }

    fn name(&self) -> &str {
        &self.id
    }
}
