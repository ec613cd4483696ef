//! Opens the vendors of rooms that are configured, whichever of them is the usual one.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::open::{Parts, public_url};
use crate::backends::bus::Bus;
use crate::backends::documents::Documents;
use crate::backends::rooms::opentok::Account;
use crate::backends::rooms::{
    BandwidthBackend, BandwidthCallbacks, BandwidthSettings, DailyBackend, DailyCallbacks,
    DailySettings, HundredMsBackend, HundredMsCallbacks, HundredMsSettings, OpentokBackend,
    OpentokCallbacks, OpentokSettings, RegisteredRooms, RoomBackend, Sessions, StoredSessions,
};
use crate::config::{Minting, OpentokAccount};
use crate::error::Result;
use crate::meeting::{LocalRooms, MeetingSettings, Meetings};
use crate::model::BackendName;

/// Pages of messages that may wait for a slow client.
const PAGES: u64 = 4;

impl Parts<'_> {
    pub(super) fn rooms(
        &self,
        documents: &Arc<dyn Documents>,
        bus: Option<Arc<dyn Bus>>,
    ) -> Result<(Vec<RoomBackend>, Arc<Meetings>)> {
        let (local, meetings) = self.local(documents, bus);
        let mut all = vec![local];
        all.extend(self.daily(documents)?);
        all.extend(self.hundred_ms(documents));
        all.extend(self.opentok(documents)?);
        all.extend(self.bandwidth(documents));
        Ok((all, meetings))
    }

    fn local(
        &self,
        documents: &Arc<dyn Documents>,
        bus: Option<Arc<dyn Bus>>,
    ) -> (RoomBackend, Arc<Meetings>) {
        let signalling = &self.config.signalling;
        let meetings = Arc::new(Meetings::new(
            documents.clone(),
            self.clock.clone(),
            self.random.clone(),
            MeetingSettings {
                // A page and whatever else waits must fit into what may wait.
                page_size: usize::try_from(signalling.queue_size.as_u64() / PAGES)
                    .unwrap_or(usize::MAX),
                grace: signalling.grace.0,
                longest_message: usize::try_from(signalling.longest_message.as_u64())
                    .unwrap_or(usize::MAX),
                room_size: signalling.room_size,
                heartbeat: signalling.heartbeat.0,
            },
            bus,
        ));
        let rooms = Arc::new(LocalRooms::new(
            documents.clone(),
            self.clock.clone(),
            self.random.clone(),
            public_url(self.config),
            meetings.clone(),
        ));
        let backend = RoomBackend {
            name: BackendName::Local,
            rooms: rooms.clone(),
            occupancy: rooms.clone(),
            tokens: rooms.clone(),
            history: Some(kept(documents, BackendName::Local)),
            recorder: None,
            participants: None,
            callbacks: None,
            probe: rooms,
        };
        (backend, meetings)
    }

    fn daily(&self, documents: &Arc<dyn Documents>) -> Result<Option<RoomBackend>> {
        let daily = &self.config.daily;
        let Some(api_key) = daily.api_key.clone() else {
            return Ok(None);
        };
        let settings = DailySettings {
            api_key,
            base_url: daily.base_url.clone(),
            timeout: daily.timeout.0,
            rate: daily.rate.0,
            slow_rate: daily.slow_rate.0,
            self_signed: daily.tokens == Minting::SelfSigned,
        };
        let daily = Arc::new(DailyBackend::new(settings, self.clock.clone()));
        let registered = RegisteredRooms::new(daily.clone(), documents.clone(), BackendName::Daily);
        Ok(Some(RoomBackend {
            name: BackendName::Daily,
            rooms: Arc::new(registered),
            occupancy: daily.clone(),
            tokens: daily.clone(),
            history: Some(daily.clone()),
            recorder: Some(daily.clone()),
            participants: None,
            callbacks: DailyCallbacks::listening(self.config.daily.webhook_secret.clone())?,
            probe: daily,
        }))
    }

    fn hundred_ms(&self, documents: &Arc<dyn Documents>) -> Option<RoomBackend> {
        let name = BackendName::HundredMs;
        let config = &self.config.hundred_ms;
        let (Some(access_key), Some(secret)) = (config.access_key.clone(), config.secret.clone())
        else {
            return None;
        };
        let settings = HundredMsSettings {
            access_key,
            secret,
            base_url: config.base_url.clone(),
            timeout: config.timeout.0,
        };
        let (clock, random) = (self.clock.clone(), self.random.clone());
        let vendor = Arc::new(HundredMsBackend::new(settings, clock, random));
        let registered = RegisteredRooms::new(vendor.clone(), documents.clone(), name);
        Some(RoomBackend {
            name,
            rooms: Arc::new(registered),
            occupancy: vendor.clone(),
            tokens: vendor.clone(),
            history: Some(vendor.clone()),
            recorder: Some(vendor.clone()),
            participants: None,
            callbacks: HundredMsCallbacks::listening(config.webhook_secret.clone()),
            probe: vendor,
        })
    }

    fn opentok(&self, documents: &Arc<dyn Documents>) -> Result<Option<RoomBackend>> {
        let config = &self.config.opentok;
        let account = match config.account() {
            None => return Ok(None),
            Some(OpentokAccount::Project(id, secret)) => Account::Project {
                id: id.to_owned(),
                secret: secret.clone(),
            },
            Some(OpentokAccount::Application(id, key)) => Account::application(id.to_owned(), key)?,
        };
        let settings = OpentokSettings {
            account,
            base_url: config.base_url.clone(),
            timeout: config.timeout.0,
        };
        let (clock, random) = (self.clock.clone(), self.random.clone());
        let vendor = OpentokBackend::new(settings, documents.clone(), clock, random);
        let vendor = Arc::new(vendor);
        let listens = config.webhook_secret.is_some();
        Ok(Some(RoomBackend {
            name: BackendName::Opentok,
            rooms: vendor.clone(),
            occupancy: vendor.clone(),
            tokens: vendor.clone(),
            history: listens.then(|| kept(documents, BackendName::Opentok)),
            recorder: Some(vendor.clone()),
            participants: None,
            callbacks: OpentokCallbacks::listening(config.webhook_secret.clone()),
            probe: vendor,
        }))
    }

    fn bandwidth(&self, documents: &Arc<dyn Documents>) -> Option<RoomBackend> {
        let config = &self.config.bandwidth;
        let (Some(account_id), Some(username), Some(password)) = (
            config.account_id.clone(),
            config.username.clone(),
            config.password.clone(),
        ) else {
            return None;
        };
        let settings = BandwidthSettings {
            account_id,
            username,
            password,
            base_url: config.base_url.clone(),
            timeout: config.timeout.0,
            callback: self.bandwidth_callback(),
        };
        let vendor = BandwidthBackend::new(settings, documents.clone(), self.clock.clone());
        let vendor = Arc::new(vendor);
        let listens = config.webhook_secret.is_some();
        Some(RoomBackend {
            name: BackendName::Bandwidth,
            rooms: vendor.clone(),
            occupancy: vendor.clone(),
            tokens: vendor.clone(),
            history: listens.then(|| kept(documents, BackendName::Bandwidth)),
            recorder: None,
            participants: Some(vendor.clone()),
            callbacks: BandwidthCallbacks::listening(config.webhook_secret.clone()),
            probe: vendor,
        })
    }

    /// Where Bandwidth tells who comes and goes: it signs nothing, so the link itself is the
    /// secret.
    fn bandwidth_callback(&self) -> Option<SecretString> {
        let secret = self.config.bandwidth.webhook_secret.as_ref()?;
        let mut url = self.config.server.public_url.clone()?;
        url.path_segments_mut()
            .ok()?
            .pop_if_empty()
            .extend(["webhooks", "bandwidth"]);
        url.query_pairs_mut()
            .append_pair("secret", secret.expose_secret());
        Some(SecretString::from(String::from(url)))
    }
}

fn kept(documents: &Arc<dyn Documents>, backend: BackendName) -> Arc<dyn Sessions> {
    Arc::new(StoredSessions::new(documents.clone(), backend))
}
