//! The desk of a room: everything that is done there on this node goes over it, in one order.
//!
//! What waits is decided together and made durable in one commit, which insists that no other node
//! committed meanwhile. If one did, the desk hears what it missed, tells that first, and decides
//! anew. Only then are people answered and the others told.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};
use jiff::Timestamp;
use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::mailbox::{AGAIN, DeskJob, MeetingVersion, Waiting, What};
use super::seats::Seats;
use super::shared::Shared;
use super::state::Meeting;
use crate::error::{Error, Kind, Result};
use crate::model::meeting::{Actor, Change, Ending, JoinGrant, SeatSignIn, Standing, no_receiver};
use crate::model::session::Session;
use crate::model::{RoomName, random};
use crate::request_id::RequestId;

/// Things that are done in one commit.
const BATCH: usize = 32;
/// A desk that nobody needs is put away after so long.
const IDLE: Duration = Duration::from_secs(30);
/// Where a commit follows another sooner than this, it is waited for more to go into it: so long.
/// Nobody notices it; a busy room costs a fraction.
const BUSY: Duration = Duration::from_millis(5);
const GATHER: Duration = Duration::from_millis(1);

pub(super) struct Desk {
    pub(super) shared: Arc<Shared>,
    pub(super) name: RoomName,
    queue: mpsc::Receiver<DeskJob>,
    pub(super) meeting: Option<Meeting>,
    pub(super) session: Option<Session>,
    /// Whether that is not what the store has.
    pub(super) session_is_old: bool,
    pub(super) seats: Seats,
    /// The room that the seats are in; another one may be made under its name.
    pub(super) room_id: Option<String>,
    /// Commits that the seats know of.
    pub(super) emitted: u64,
    /// People who are to be out of the room, with their connections: they went and that could not
    /// be noted, or were told that they did not come in when perhaps they did.
    pub(super) uncertain: Vec<(String, String)>,
    /// When something was last done here.
    worked: Option<Instant>,
}

impl Desk {
    pub(super) fn new(shared: Arc<Shared>, name: RoomName, queue: mpsc::Receiver<DeskJob>) -> Self {
        Self {
            shared,
            name,
            queue,
            meeting: None,
            session: None,
            session_is_old: false,
            seats: Seats::default(),
            room_id: None,
            emitted: 0,
            uncertain: Vec::new(),
            worked: None,
        }
    }

    pub(super) async fn run(mut self) {
        let mut jobs = Vec::with_capacity(8);
        loop {
            let wait = self.next_look();
            let received = self.queue.recv_many(&mut jobs, BATCH);
            match tokio::time::timeout(wait, received).await {
                Ok(0) => return,
                Ok(_) => {
                    self.gather(&mut jobs).await;
                    self.work(&mut jobs).await;
                    if self.shared.was_behind(&self.name) {
                        self.seen(None).await;
                    }
                    self.worked = Some(Instant::now());
                }
                Err(_) if self.look_again().await => {}
                Err(_) if self.expire().await || self.take_out_uncertain().await => {}
                Err(_)
                    if self.seats.is_empty()
                        && self.shared.close_if_unused(&self.name, &self.queue) =>
                {
                    return;
                }
                Err(_) => {}
            }
        }
    }

    /// Lets those come along who are about to ask for something: what is decided together costs one
    /// commit, and each listener one packet. Where nothing happened just now nobody is waited for.
    async fn gather(&mut self, jobs: &mut Vec<DeskJob>) {
        if jobs.len() >= BATCH {
            return;
        }
        if self.worked.is_some_and(|at| at.elapsed() < BUSY) {
            tokio::time::sleep(GATHER).await;
        } else {
            tokio::task::yield_now().await;
        }
        while jobs.len() < BATCH
            && let Ok(job) = self.queue.try_recv()
        {
            jobs.push(job);
        }
    }

    /// When something is to be done that nobody asks for.
    fn next_look(&self) -> Duration {
        let closes = self.meeting.as_ref().and_then(|of| of.room.expires_at);
        let closes = closes.into_iter().chain(self.grant_ends()).min();
        let closes = closes.filter(|_| !self.seats.is_empty());
        let wait = closes.map_or(IDLE, |at| {
            let left = at.duration_since(self.shared.clock.now());
            // What lies in the past is due now.
            Duration::try_from(left).map_or(Duration::ZERO, |left| left.min(IDLE))
        });
        let unknown = self.meeting.is_none() && !self.seats.is_empty();
        if self.uncertain.is_empty() && !unknown {
            wait
        } else {
            wait.min(AGAIN)
        }
    }

    /// Whoever sits here must hear what happens: a look that failed is repeated. Says whether it
    /// failed again.
    async fn look_again(&mut self) -> bool {
        if self.meeting.is_some() || self.seats.is_empty() {
            return false;
        }
        self.look().await;
        self.meeting.is_none() && !self.seats.is_empty()
    }

    /// Takes people out who are to be out. Says whether there were any.
    async fn take_out_uncertain(&mut self) -> bool {
        let departures = self.departures();
        let any = !departures.is_empty();
        self.commit(departures).await;
        any
    }

    /// The departures of people who are to be out.
    fn departures(&mut self) -> Vec<Waiting> {
        let gone = std::mem::take(&mut self.uncertain).into_iter();
        // Who tried again meanwhile, over the same connection, is in.
        let gone = gone.filter(|(id, seat)| !self.seats.holds(id, seat));
        let leave = |(id, seat)| {
            Waiting::unasked(What::Act {
                actor: Actor::Seated { id, seat },
                change: Change::Leave,
            })
        };
        gone.map(leave).collect()
    }

    /// When the first grant or sign-in of somebody here is over.
    fn grant_ends(&self) -> Option<Timestamp> {
        let people = &self.meeting.as_ref()?.people;
        let here = self.seats.iter().filter_map(|id| people.get(id));
        here.flat_map(|of| {
            let grant = of.grant.as_ref().map(JoinGrant::ends);
            grant
                .into_iter()
                .chain(of.signed_in.as_ref().map(SeatSignIn::ends))
        })
        .min()
    }

    /// Sends people out whose time has run out, or that of the room. Says whether there were any.
    async fn expire(&mut self) -> bool {
        let now = self.shared.clock.now();
        if self.grant_ends().is_some_and(|end| end <= now) {
            let what = What::Act {
                actor: Actor::Operator,
                change: Change::Withdraw(Standing::Time),
            };
            self.commit(vec![Waiting::unasked(what)]).await;
            return true;
        }
        let over = self
            .meeting
            .as_ref()
            .is_some_and(|of| of.room.is_expired(now));
        if !over || self.seats.is_empty() {
            return false;
        }
        let what = What::Act {
            actor: Actor::Operator,
            change: Change::End(Ending::Expired),
        };
        self.commit(vec![Waiting::unasked(what)]).await;
        true
    }

    async fn work(&mut self, jobs: &mut Vec<DeskJob>) {
        self.expire().await;
        let mut waiting = self.departures();
        for job in jobs.drain(..) {
            let what = match job {
                DeskJob::Join {
                    room,
                    newcomer,
                    seat,
                    request,
                    reply,
                } => Some(Waiting {
                    request,
                    what: What::Join {
                        room,
                        newcomer,
                        id: random::uuid(self.shared.random.as_ref()),
                        seat,
                    },
                    reply: Some(reply),
                }),
                DeskJob::Act {
                    actor,
                    change,
                    request,
                    reply,
                } => Some(Waiting {
                    request,
                    what: What::Act { actor, change },
                    reply,
                }),
                other => {
                    // What was done before is told before.
                    self.commit(std::mem::take(&mut waiting)).await;
                    waiting.extend(self.attend(other).await);
                    None
                }
            };
            waiting.extend(what);
        }
        self.commit(waiting).await;
    }

    /// What needs no commit, or becomes a change by itself.
    async fn attend(&mut self, job: DeskJob) -> Option<Waiting> {
        match job {
            DeskJob::Lost {
                participant,
                seat,
                resumes,
                request,
            } => return self.lost(participant, seat, resumes, request).await,
            DeskJob::Signal {
                from,
                seat,
                to,
                data,
                reply,
            } => {
                let passed = self.signal(&from, &seat, &to, data);
                // Nobody may wait for it any more.
                let _ = reply.send(passed);
            }
            DeskJob::Deliver { from, to, data } => {
                if let (Some(wire), Some(seat)) =
                    (self.shared.wire.get(), self.seats.inside(&to, None))
                {
                    if seat.takes_signals() {
                        seat.emit(&wire.signal(&from, &data));
                    } else {
                        metrics::counter!("tok_signals_dropped_total").increment(1);
                    }
                }
            }
            DeskJob::Seen(head) => self.seen(head).await,
            DeskJob::Evict { dead, reply } => {
                // What the dead did last may not be known here.
                self.meeting = None;
                let (what, reply) = (What::Evict(dead), Some(reply));
                // By itself: what it insists on must not stop others.
                let evict = Waiting {
                    what,
                    request: None,
                    reply,
                };
                self.commit(vec![evict]).await;
            }
            DeskJob::Join { .. } | DeskJob::Act { .. } => {}
        }
        None
    }

    async fn lost(
        &mut self,
        participant: String,
        seat: String,
        resumes: bool,
        request: Option<RequestId>,
    ) -> Option<Waiting> {
        self.seats.give_up(&participant, &seat);
        if let Err(error) = self.load(None).await {
            tracing::debug!(room = %self.name, %error, "a connection of an unknown room broke");
        }
        let meeting = self.meeting.as_ref();
        // There a broken connection is a departure, as it was at the original, but for who comes back.
        let temporary = meeting.is_some_and(|meeting| super::rules::is_temporary(&meeting.room));
        let leaves = temporary && !resumes;
        let actor = Actor::Seated {
            id: participant,
            seat,
        };
        if leaves || self.shared.settings.grace.is_zero() {
            let change = Change::Leave;
            let what = What::Act { actor, change };
            return Some(Waiting {
                what,
                request,
                reply: None,
            });
        }
        self.shared.depart_later(self.name.clone(), actor, request);
        None
    }

    /// Passes something on to another participant. Another node says by the future that it has it.
    fn signal(
        &self,
        from: &str,
        seat: &str,
        to: &str,
        data: Box<RawValue>,
    ) -> Result<BoxFuture<'static, Result<()>>> {
        let passed = || future::ok(()).boxed();
        if self.seats.inside(from, Some(seat)).is_none() {
            return Err(Error::conflict("you are not in the room"));
        }
        let Some(wire) = self.shared.wire.get() else {
            return Ok(passed());
        };
        if let Some(receiver) = self.seats.inside(to, None) {
            if !receiver.takes_signals() {
                metrics::counter!("tok_signals_dropped_total").increment(1);
                let what = "too much waits for the receiver; try again in a moment";
                return Err(Error::new(Kind::RateLimited, what));
            }
            receiver.emit(&wire.signal(from, &data));
            return Ok(passed());
        }
        let there = self
            .meeting
            .as_ref()
            .and_then(|meeting| meeting.people.get(to));
        let there = there.filter(|stored| stored.person.is_inside());
        let there = there.ok_or_else(no_receiver)?;
        match there.node.as_deref() {
            Some(node) if node != self.shared.node() => {
                self.shared.pass_on(node, &self.name, from, to, data)
            }
            _ => {
                let what = "the receiver's connection broke; they may come back";
                Err(Error::new(Kind::Unavailable, what))
            }
        }
    }

    /// The store tells how the meeting stands.
    async fn seen(&mut self, stand: Option<MeetingVersion>) {
        if self.meeting.is_none() && self.seats.is_empty() {
            return;
        }
        if let (Some(meeting), Some(stand)) = (&self.meeting, &stand) {
            let head = &meeting.head;
            let same_room = head.room_id == stand.room_id;
            let old = stand.commits < head.commits
                || (stand.commits == head.commits && stand.settings == head.settings);
            if same_room && old {
                return;
            }
        }
        self.catch_up().await;
        if self.meeting.is_none() {
            self.look().await;
        }
    }

    async fn look(&mut self) {
        match self.load(None).await {
            Err(error) if error.kind() == Kind::NotFound => self.gone(),
            Err(error) => {
                tracing::warn!(room = %self.name, %error, "a room could not be looked at again");
            }
            Ok(()) => {}
        }
    }
}
