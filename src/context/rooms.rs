//! Opens the vendors of rooms that are configured, whichever of them is the usual one.

use std::sync::Arc;

use super::open::Parts;
use crate::backends::bus::Bus;
use crate::backends::documents::Documents;
use crate::backends::rooms::{
    BandwidthBackend, BandwidthCallbacks, DailyBackend, DailyCallbacks, HundredMsBackend,
    HundredMsCallbacks, OpentokBackend, OpentokCallbacks, RegisteredRooms, RoomBackend, Sessions,
    StoredSessions,
};
use crate::error::Result;
use crate::meeting::{LocalRooms, Meetings};
use crate::model::BackendName;

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
        let meetings = Arc::new(Meetings::new(
            documents.clone(),
            self.seal.clone(),
            self.clock.clone(),
            self.random.clone(),
            self.config.signalling.meetings(),
            bus,
            self.unknown_proxies.clone(),
        ));
        let rooms = Arc::new(LocalRooms::new(
            documents.clone(),
            self.seal.clone(),
            self.clock.clone(),
            self.random.clone(),
            self.config.server.url(),
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
        let Some(settings) = self.config.daily.settings() else {
            return Ok(None);
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
        let settings = config.settings()?;
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
        let Some(settings) = config.settings()? else {
            return Ok(None);
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
        let settings = config.settings(self.config.server.public_url.as_ref())?;
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
}

fn kept(documents: &Arc<dyn Documents>, backend: BackendName) -> Arc<dyn Sessions> {
    Arc::new(StoredSessions::new(documents.clone(), backend))
}
